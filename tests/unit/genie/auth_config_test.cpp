#include "core/random.hpp"
#include "genie/databrickscfg.hpp"
#include "genie/token_provider.hpp"
#include "tests/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace auth_config_test {

using namespace genie_slack;
using namespace genie_slack::genie;

using Variables = std::map<std::string, std::string>;

Result<AuthConfig> resolve(const Variables& variables) {
    return resolve_auth([variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    });
}
std::string error_of(const Variables& variables) {
    const auto config = resolve(variables);
    return config ? "no error" : config.error().message;
}

// A directory with a .databrickscfg that is gone with the test.
class Home {
 public:
    explicit Home(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("genie-slack-" + Random().uuid())) {
        std::filesystem::create_directory(path_);
        std::ofstream(path_ / ".databrickscfg") << text;
    }
    ~Home() { std::filesystem::remove_all(path_); }
    std::string path() const { return path_.string(); }
    std::string file() const { return (path_ / ".databrickscfg").string(); }

 private:
    std::filesystem::path path_;
};

const std::string kProfiles = R"(; a comment
[DEFAULT]
host = https://default.example.com
token = dapi-default

[prod]
Host=prod.example.com/
client_id : abc
client_secret = "s3cret"
# the end
[broken]
host = https://broken.example.com
auth_type = databricks-cli
)";

TEST_CASE("a personal access token from the environment", "[genie][auth]") {
    const auto config = resolve({{"DATABRICKS_HOST", "https://w.example.com"}, {"DATABRICKS_TOKEN", "dapi1\n"}});
    REQUIRE(config);
    CHECK(config->auth_type == "pat");
    CHECK(config->host == "https://w.example.com");
    CHECK(config->token.reveal() == "dapi1");
    CHECK(config->source == "environment");
}

TEST_CASE("a service principal from the environment", "[genie][auth]") {
    const auto config = resolve({{"DATABRICKS_HOST", "w.example.com"},
                                 {"DATABRICKS_CLIENT_ID", "id"},
                                 {"DATABRICKS_CLIENT_SECRET", "secret"},
                                 {"DATABRICKS_TOKEN", " "}});
    REQUIRE(config);
    CHECK(config->auth_type == "oauth-m2m");
    CHECK(config->client_id == "id");
    CHECK(config->client_secret.reveal() == "secret");
}

TEST_CASE("the host is normalised like the SDKs do", "[genie][auth]") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"w.example.com", "https://w.example.com"},
        {"https://w.example.com/", "https://w.example.com"},
        {"https://W.Example.com:443/?o=123#x", "https://w.example.com"},
        {"https://w.example.com:8443/path/", "https://w.example.com:8443"},
        {"w.example.com:443", "https://w.example.com"},
        {"http://127.0.0.1:8080/", "http://127.0.0.1:8080"},
        {"http://localhost:1", "http://localhost:1"},
    };
    for (const auto& [given, wanted] : table) {
        const auto config = resolve({{"DATABRICKS_HOST", given}, {"DATABRICKS_TOKEN", "t"}});
        REQUIRE(config);
        CHECK(config->host == wanted);
    }
}

TEST_CASE("hosts that cannot be right are refused by name", "[genie][auth]") {
    for (const char* host : {"http://w.example.com", "http://127.0.0.1.example.com", "https://user:pw@w.example.com",
                             "https://", "https://<workspace>", "wss://w.example.com", "ftp://w.example.com",
                             "https://w example.com", "https://accounts.cloud.databricks.com"}) {
        const std::string error = error_of({{"DATABRICKS_HOST", host}, {"DATABRICKS_TOKEN", "t"}});
        CHECK_THAT(error, test::contains("DATABRICKS_HOST"));
        CHECK(error.find('\n') == std::string::npos);
        CHECK(error.find("pw@") == std::string::npos);
    }
}

TEST_CASE("all problems are told at once", "[genie][auth]") {
    const std::string error = error_of({});
    CHECK_THAT(error, test::contains("DATABRICKS_HOST is not set"));
    CHECK_THAT(error, test::contains("\nno Databricks credentials"));
    CHECK_THAT(error, test::contains("DATABRICKS_CLIENT_SECRET"));

    const std::string two = error_of({{"DATABRICKS_HOST", "ftp://x"}, {"DATABRICKS_CLIENT_ID", "id"}});
    CHECK_THAT(two, test::contains("DATABRICKS_HOST"));
    CHECK_THAT(two, test::contains("\nDATABRICKS_CLIENT_SECRET is not set"));
}

TEST_CASE("more than one way to sign in is an error like the SDKs'", "[genie][auth]") {
    Variables variables = {{"DATABRICKS_HOST", "w.example.com"},
                           {"DATABRICKS_TOKEN", "t"},
                           {"DATABRICKS_CLIENT_ID", "id"},
                           {"DATABRICKS_CLIENT_SECRET", "secret"}};
    const std::string error = error_of(variables);
    CHECK_THAT(error, test::contains("validate: more than one authorization method configured: oauth and pat"));
    CHECK_THAT(error, test::contains("DATABRICKS_TOKEN, DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET"));
    CHECK_THAT(error, test::contains("DATABRICKS_AUTH_TYPE"));

    variables["DATABRICKS_AUTH_TYPE"] = "pat";
    CHECK(resolve(variables)->auth_type == "pat");
    variables["DATABRICKS_AUTH_TYPE"] = "oauth-m2m";
    const auto config = resolve(variables);
    REQUIRE(config);
    CHECK(config->auth_type == "oauth-m2m");
    CHECK(config->token.empty());

    CHECK_THAT(error_of({{"DATABRICKS_HOST", "w.example.com"}, {"DATABRICKS_TOKEN", "t"}, {"ARM_CLIENT_ID", "a"}}),
               test::contains("azure and pat"));
}

TEST_CASE("ways to sign in that are not supported say what is", "[genie][auth]") {
    for (const char* type : {"databricks-cli", "azure-cli", "external-browser", "oauth", "PAT"}) {
        const std::string error =
            error_of({{"DATABRICKS_HOST", "w.example.com"}, {"DATABRICKS_TOKEN", "t"}, {"DATABRICKS_AUTH_TYPE", type}});
        CHECK_THAT(error, test::contains("DATABRICKS_AUTH_TYPE '" + std::string(type) + "' is not supported"));
        CHECK_THAT(error, test::contains("oauth-m2m"));
    }
    const std::string basic =
        error_of({{"DATABRICKS_HOST", "w.example.com"}, {"DATABRICKS_USERNAME", "u"}, {"DATABRICKS_PASSWORD", "hush"}});
    CHECK_THAT(basic, test::contains("DATABRICKS_USERNAME, DATABRICKS_PASSWORD"));
    CHECK(basic.find("hush") == std::string::npos);
}

TEST_CASE("a chosen way without its values names what is missing", "[genie][auth]") {
    CHECK_THAT(error_of({{"DATABRICKS_HOST", "w"}, {"DATABRICKS_AUTH_TYPE", "pat"}}),
               test::contains("DATABRICKS_TOKEN is not set"));
    const std::string error = error_of({{"DATABRICKS_HOST", "w"}, {"DATABRICKS_AUTH_TYPE", "oauth-m2m"}});
    CHECK_THAT(error, test::contains("DATABRICKS_CLIENT_ID is not set"));
    CHECK_THAT(error, test::contains("\nDATABRICKS_CLIENT_SECRET is not set"));
}

TEST_CASE("a value that cannot be sent is refused without showing it", "[genie][auth]") {
    const std::string error = error_of({{"DATABRICKS_HOST", "w"}, {"DATABRICKS_TOKEN", "dapi1\r\nX-Evil: 1"}});
    CHECK_THAT(error, test::contains("DATABRICKS_TOKEN contains"));
    CHECK(error.find("Evil") == std::string::npos);
}

TEST_CASE("without variables the default profile counts", "[genie][auth]") {
    const Home home(kProfiles);
    const auto config = resolve({{"HOME", home.path()}});
    REQUIRE(config);
    CHECK(config->host == "https://default.example.com");
    CHECK(config->token.reveal() == "dapi-default");
    CHECK(config->source == "profile DEFAULT in " + home.file());
}

TEST_CASE("a named profile is read from a named file, DEFAULT is not mixed in", "[genie][auth]") {
    const Home home(kProfiles);
    const auto config = resolve({{"DATABRICKS_CONFIG_PROFILE", "prod"}, {"DATABRICKS_CONFIG_FILE", home.file()}});
    REQUIRE(config);
    CHECK(config->host == "https://prod.example.com");
    CHECK(config->auth_type == "oauth-m2m");
    CHECK(config->client_id == "abc");
    CHECK(config->client_secret.reveal() == "s3cret");
    CHECK(config->token.empty());
}

TEST_CASE("a tilde in the file's path is the home directory", "[genie][auth]") {
    const Home home(kProfiles);
    CHECK(resolve({{"HOME", home.path()}, {"DATABRICKS_CONFIG_FILE", "~/.databrickscfg"}}));
}

TEST_CASE("the environment wins over the profile", "[genie][auth]") {
    const Home home(kProfiles);
    const auto config = resolve({{"HOME", home.path()},
                                 {"DATABRICKS_CONFIG_PROFILE", "prod"},
                                 {"DATABRICKS_HOST", "other.example.com"},
                                 {"DATABRICKS_CLIENT_SECRET", "newer"}});
    REQUIRE(config);
    CHECK(config->host == "https://other.example.com");
    CHECK(config->client_id == "abc");
    CHECK(config->client_secret.reveal() == "newer");
}

TEST_CASE("the profile file is left alone when the environment says enough", "[genie][auth]") {
    const Home home(kProfiles);
    const auto config = resolve({{"HOME", home.path()},
                                 {"DATABRICKS_HOST", "w.example.com"},
                                 {"DATABRICKS_CLIENT_ID", "id"},
                                 {"DATABRICKS_CLIENT_SECRET", "s"}});
    REQUIRE(config);
    CHECK(config->source == "environment");
    CHECK_THAT(error_of({{"HOME", home.path()}, {"DATABRICKS_HOST", "w.example.com"}}),
               test::contains("no Databricks credentials"));
}

TEST_CASE("the newer tools' default profile is found", "[genie][auth]") {
    const Home home("[__settings__]\ndefault_profile = team\n[team]\nhost=https://team.example.com\ntoken=t\n");
    const auto config = resolve({{"HOME", home.path()}});
    REQUIRE(config);
    CHECK(config->host == "https://team.example.com");
}

TEST_CASE("profiles that cannot be used are named", "[genie][auth]") {
    const Home home(kProfiles);
    const std::string missing = error_of({{"HOME", home.path()}, {"DATABRICKS_CONFIG_PROFILE", "staging"}});
    CHECK_THAT(missing, test::contains("has no staging profile configured"));
    CHECK_THAT(missing, test::contains("DEFAULT, broken, prod"));
    CHECK(missing.find('\n') == std::string::npos);

    CHECK_THAT(error_of({{"HOME", home.path()}, {"DATABRICKS_CONFIG_PROFILE", "broken"}}),
               test::contains("auth_type of profile broken"));
    CHECK_THAT(error_of({{"HOME", "/nonexistent"}, {"DATABRICKS_CONFIG_PROFILE", "prod"}}),
               test::contains("/nonexistent/.databrickscfg cannot be read"));
    CHECK_THAT(error_of({{"DATABRICKS_CONFIG_FILE", "/nonexistent"}}), test::contains("DATABRICKS_CONFIG_FILE"));
    CHECK_THAT(error_of({{"DATABRICKS_CONFIG_PROFILE", "prod"}}), test::contains("no home directory"));
    CHECK_THAT(error_of({{"HOME", home.path()}, {"DATABRICKS_CONFIG_PROFILE", "__settings__"}}),
               test::contains("has no __settings__ profile"));
}

TEST_CASE("a directory in place of the profile file is an error, not a crash", "[genie][auth]") {
    const Home home("");
    CHECK_THAT(error_of({{"DATABRICKS_CONFIG_PROFILE", "p"}, {"DATABRICKS_CONFIG_FILE", home.path()}}),
               test::contains("DATABRICKS_CONFIG_PROFILE"));
}

TEST_CASE("profile files are read with all their habits", "[genie][auth]") {
    const ProfileFile file = parse_databrickscfg(
        "\xEF\xBB\xBFtoken = early\r\n[ A ]\r\nKEY = a = b\r\n'x'='q'\r\nempty=\nno "
        "assignment\n[unclosed\n[B]\nkey='v'");
    CHECK(file.at("DEFAULT").at("token") == "early");
    CHECK(file.at("A").at("key") == "a = b");
    CHECK(file.at("A").at("empty").empty());
    CHECK(file.at("B").at("key") == "v");
    CHECK(parse_databrickscfg("").empty());
}

TEST_CASE("no bytes break the reading of profile files", "[genie][auth][fuzz]") {
    Random random(99);
    for (int round = 0; round < 2000; ++round) {
        std::string text = kProfiles;
        for (int i = 0; i < 8; ++i)
            text[random.between(0, text.size() - 1)] = "[]=:\n;#\"' \0a"[random.between(0, 11)];
        CHECK_NOTHROW(parse_databrickscfg(text));
    }
}

TEST_CASE("the workspace of a host that serves many is read from its variable, the URL or the profile",
          "[genie][auth]") {
    const Variables base = {{"DATABRICKS_TOKEN", "dapi"}};
    const auto with = [&](Variables more) {
        more.insert(base.begin(), base.end());
        return more;
    };
    const auto url = resolve(with({{"DATABRICKS_HOST", "https://acme.databricks.com/?o=1234567890"}}));
    REQUIRE(url);
    CHECK(url->host == "https://acme.databricks.com");
    CHECK(url->workspace_id == "1234567890");
    CHECK(resolve(with({{"DATABRICKS_HOST", "https://acme.databricks.com/browse?a=1&o=42#x"}}))->workspace_id == "42");
    CHECK(resolve(with({{"DATABRICKS_HOST", "https://acme.databricks.com/"}}))->workspace_id.empty());
    const auto named =
        resolve(with({{"DATABRICKS_HOST", "https://acme.databricks.com"}, {"DATABRICKS_WORKSPACE_ID", "77"}}));
    REQUIRE(named);
    CHECK(named->workspace_id == "77");

    CHECK(error_of(with({{"DATABRICKS_HOST", "https://a.com/?o=1"}, {"DATABRICKS_WORKSPACE_ID", "2"}}))
              .find("DATABRICKS_WORKSPACE_ID is 2, but DATABRICKS_HOST says ?o=1") != std::string::npos);
    CHECK(error_of(with({{"DATABRICKS_HOST", "https://a.com"}, {"DATABRICKS_WORKSPACE_ID", "my workspace"}}))
              .find("DATABRICKS_WORKSPACE_ID is my workspace, but the id of a workspace is a number") !=
          std::string::npos);
    CHECK(error_of(with({{"DATABRICKS_HOST", "https://a.com/?o=x%0D%0A"}})).find("DATABRICKS_HOST has ?o=") !=
          std::string::npos);

    // The id alone, which Databricks Apps set, does not hide the profile.
    const Home home("[DEFAULT]\nhost = https://p.com\ntoken = dapi\nworkspace_id = 5\n");
    const auto profile = resolve({{"HOME", home.path()}});
    REQUIRE(profile);
    CHECK(profile->workspace_id == "5");
    CHECK(resolve({{"HOME", home.path()}, {"DATABRICKS_WORKSPACE_ID", "6"}})->workspace_id == "6");
}

TEST_CASE("a service principal by the token in a file", "[genie][auth]") {
    const Home home("");
    Variables variables = {{"DATABRICKS_HOST", "w.example.com"},
                           {"DATABRICKS_CLIENT_ID", "id"},
                           {"DATABRICKS_OIDC_TOKEN_FILEPATH", home.file()}};
    const auto config = resolve(variables);
    REQUIRE(config);
    CHECK(config->auth_type == "file-oidc");
    CHECK(config->client_id == "id");
    CHECK(config->token_file == home.file());

    variables["DATABRICKS_AUTH_TYPE"] = "file-oidc";
    variables.erase("DATABRICKS_CLIENT_ID");
    const auto of_account = resolve(variables);
    REQUIRE(of_account);
    CHECK(of_account->client_id.empty());
}

TEST_CASE("what is missing of a token in a file is named", "[genie][auth]") {
    const Home home("");
    Variables variables = {{"DATABRICKS_HOST", "w.example.com"}, {"DATABRICKS_AUTH_TYPE", "file-oidc"}};
    CHECK_THAT(error_of(variables), test::contains("DATABRICKS_OIDC_TOKEN_FILEPATH is not set"));
    variables["DATABRICKS_OIDC_TOKEN_FILEPATH"] = "/nonexistent/token";
    CHECK_THAT(error_of(variables),
               test::contains("DATABRICKS_OIDC_TOKEN_FILEPATH: the file /nonexistent/token cannot be read"));
    variables["DATABRICKS_OIDC_TOKEN_FILEPATH"] = home.file();
    variables["DATABRICKS_CLIENT_ID"] = "id";
    variables["DATABRICKS_CLIENT_SECRET"] = "secret";
    CHECK(resolve(variables));
    variables.erase("DATABRICKS_AUTH_TYPE");
    CHECK_THAT(error_of(variables),
               test::contains("more than one authorization method configured: file-oidc and oauth"));
    CHECK_THAT(
        error_of({{"DATABRICKS_HOST", "w.example.com"}, {"DATABRICKS_AUTH_TYPE", "env-oidc"}}),
        test::contains("file-oidc with DATABRICKS_OIDC_TOKEN_FILEPATH (a token in a variable cannot be renewed"));
}

}  // namespace auth_config_test
