// resolve_auth: the environment and the profile file -> who we are (databricks.md 3.1, 3.2).
#include "core/net/url.hpp"
#include "genie/databrickscfg.hpp"
#include "genie/token_provider.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

namespace genie_slack::genie {

namespace auth_config_detail {

using Lookup = std::function<std::optional<std::string>(const std::string&)>;

// Attribute of the SDKs, its variable, and the way of signing in that it belongs to ("" for none).
struct Attribute {
    const char* name;
    const char* variable;
    const char* family;
};
constexpr std::array kAttributes = {
    Attribute{"host", "DATABRICKS_HOST", ""},
    Attribute{"auth_type", "DATABRICKS_AUTH_TYPE", ""},
    Attribute{"workspace_id", "DATABRICKS_WORKSPACE_ID", ""},
    Attribute{"token", "DATABRICKS_TOKEN", "pat"},
    Attribute{"client_id", "DATABRICKS_CLIENT_ID", "oauth"},
    Attribute{"client_secret", "DATABRICKS_CLIENT_SECRET", "oauth"},
    Attribute{"databricks_id_token_filepath", "DATABRICKS_OIDC_TOKEN_FILEPATH", "file-oidc"},
    Attribute{"oidc_token_env", "DATABRICKS_OIDC_TOKEN_ENV", "env-oidc"},
    Attribute{"username", "DATABRICKS_USERNAME", "basic"},
    Attribute{"password", "DATABRICKS_PASSWORD", "basic"},
    Attribute{"azure_client_id", "ARM_CLIENT_ID", "azure"},
    Attribute{"azure_client_secret", "ARM_CLIENT_SECRET", "azure"},
    Attribute{"azure_tenant_id", "ARM_TENANT_ID", "azure"},
    Attribute{"azure_use_msi", "ARM_USE_MSI", "azure"},
    Attribute{"azure_workspace_resource_id", "DATABRICKS_AZURE_RESOURCE_ID", "azure"},
    Attribute{"google_service_account", "DATABRICKS_GOOGLE_SERVICE_ACCOUNT", "google"},
    Attribute{"google_credentials", "GOOGLE_CREDENTIALS", "google"},
};

constexpr const char* kHowToSignIn =
    "set DATABRICKS_TOKEN (a personal access token), or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET (a service "
    "principal), or DATABRICKS_CLIENT_ID and DATABRICKS_OIDC_TOKEN_FILEPATH (a service principal by the token of "
    "another identity provider), or DATABRICKS_CONFIG_PROFILE (a profile of ~/.databrickscfg)";

constexpr const char* kWhyNoVariable = " (a token in a variable cannot be renewed while the process runs)";

std::string trimmed(std::string text) {
    constexpr const char* kBlank = " \t\r\n";
    text.erase(0, std::min(text.find_first_not_of(kBlank), text.size()));
    text.erase(text.find_last_not_of(kBlank) + 1);
    return text;
}

// An empty variable counts as none, as in the SDKs; a line break at the end is a common slip with mounted secrets.
std::string variable(const Lookup& lookup, const std::string& name) {
    return trimmed(lookup(name).value_or(""));
}

// Collects values and what is wrong with them.
class Resolver {
 public:
    explicit Resolver(const Lookup& lookup) : lookup_(lookup) {}

    Result<AuthConfig> resolve() {
        for (const Attribute& attribute : kAttributes) {
            const std::string value = variable(lookup_, attribute.variable);
            if (!value.empty())
                set(attribute.name, value, attribute.variable);
        }
        read_profile();
        AuthConfig config;
        config.source = source_;
        config.host = checked_host();
        config.workspace_id = checked_workspace_id();
        config.auth_type = chosen_auth_type();
        if (config.auth_type == "pat") {
            config.token = Secret(required("token"));
        } else if (config.auth_type == "oauth-m2m") {
            config.client_id = required("client_id");
            config.client_secret = Secret(required("client_secret"));
        } else if (config.auth_type == "file-oidc") {
            config.client_id = has("client_id") ? required("client_id") : "";
            config.token_file = checked_token_file();
        }
        if (!problems_.empty())
            return Error(joined(problems_, "\n"));
        return config;
    }

 private:
    struct Setting {
        std::string value;
        std::string origin;  // the variable, or "key of profile NAME"
    };

    void set(const std::string& name, std::string value, std::string origin) {
        settings_[name] = Setting{std::move(value), std::move(origin)};
    }
    bool has(const std::string& name) const { return settings_.count(name) != 0; }
    std::string value_of(const std::string& name) const { return has(name) ? settings_.at(name).value : ""; }
    std::string origin_of(const std::string& name) const {
        if (has(name))
            return settings_.at(name).origin;
        const auto* attribute = std::find_if(kAttributes.begin(), kAttributes.end(),
                                             [&name](const Attribute& each) { return name == each.name; });
        return attribute->variable;
    }
    static std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
        std::string text;
        for (const std::string& part : parts)
            text += (text.empty() ? "" : separator) + part;
        return text;
    }

    std::string profile_path() const {
        std::string path = variable(lookup_, "DATABRICKS_CONFIG_FILE");
        const std::string home = variable(lookup_, "HOME");
        if (path.empty())
            return home.empty() ? "" : home + "/.databrickscfg";
        if (path.substr(0, 2) == "~/" && !home.empty())
            path = home + path.substr(1);
        return path;
    }

    // The file counts when a profile is named, or when the environment says neither host nor credentials
    // (databricks.md 3.1).
    void read_profile() {
        const std::string wanted = variable(lookup_, "DATABRICKS_CONFIG_PROFILE");
        const bool configured = std::any_of(kAttributes.begin(), kAttributes.end(), [this](const Attribute& each) {
            const std::string_view name = each.name;
            return has(each.name) && name != "auth_type" && name != "workspace_id";
        });
        if (wanted.empty() && configured)
            return;
        const std::string path = profile_path();
        const std::size_t problems_before = problems_.size();
        read_profile_file(wanted, path);
        profile_failed_ = problems_.size() > problems_before;
    }

    void read_profile_file(const std::string& wanted, const std::string& path) {
        std::string text;
        if (path.empty() || !read_file(path, text)) {
            if (!wanted.empty())
                problems_.push_back("DATABRICKS_CONFIG_PROFILE names profile '" + wanted + "', but " +
                                    (path.empty() ? std::string("there is no home directory to look in")
                                                  : "the file " + path + " cannot be read") +
                                    ": create it, or set DATABRICKS_CONFIG_FILE to its path");
            else if (!variable(lookup_, "DATABRICKS_CONFIG_FILE").empty())
                problems_.push_back("DATABRICKS_CONFIG_FILE: the file " + path +
                                    " cannot be read: correct the path, or remove the variable");
            return;
        }
        ProfileFile file = parse_databrickscfg(text);
        std::string name = wanted;
        if (name.empty())
            name = file["__settings__"]["default_profile"];
        if (name.empty())
            name = "DEFAULT";
        if (file.count(name) == 0 || name == "__settings__") {
            if (!wanted.empty() || name != "DEFAULT")
                problems_.push_back((wanted.empty() ? "default_profile" : "DATABRICKS_CONFIG_PROFILE") +
                                    std::string(": ") + path + " has no " + name +
                                    " profile configured: name one of its profiles" + known_profiles(file));
            return;
        }
        source_ = "profile " + name + " in " + path;
        for (const Attribute& attribute : kAttributes) {
            const auto found = file[name].find(attribute.name);
            if (found != file[name].end() && !found->second.empty() && !has(attribute.name))
                set(attribute.name, found->second, std::string(attribute.name) + " of " + source_);
        }
    }

    static bool read_file(const std::string& path, std::string& text) {
        constexpr std::streamsize kMaxBytes = 1 << 20;
        std::ifstream in(path, std::ios::binary);
        if (!in)
            return false;
        text.resize(static_cast<std::size_t>(kMaxBytes));
        in.read(text.data(), kMaxBytes);
        text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
        return !in.bad();
    }

    static std::string known_profiles(const ProfileFile& file) {
        std::string names;
        std::size_t shown = 0;
        for (const auto& [name, values] : file)
            if (name != "__settings__" && !values.empty() && shown++ < 10)
                names += (names.empty() ? " (" : ", ") + name;
        return names.empty() ? "" : names + ")";
    }

    // https://workspace, as the SDKs normalise it: scheme added, path, trailing slash and :443 dropped.
    std::string checked_host() {
        const std::string origin = origin_of("host");
        std::string text = value_of("host");
        if (text.empty()) {
            // A profile that could not be read is the one thing to mend.
            if (profile_failed_)
                return "";
            problems_.push_back(
                "DATABRICKS_HOST is not set: set it to the URL of the workspace, "
                "e.g. https://dbc-a1b2c3d4-e5f6.cloud.databricks.com");
            return "";
        }
        if (text.find("://") == std::string::npos)
            text = "https://" + text;
        const auto url = net::parse_url(text);
        if (!url) {
            problems_.push_back(origin + " is no usable workspace URL: " + url.error().message +
                                "; write it like https://dbc-a1b2c3d4-e5f6.cloud.databricks.com");
            return "";
        }
        if (url->scheme != "https" && url->scheme != "http") {
            problems_.push_back(origin + " starts with " + url->scheme + "://: write https://");
            return "";
        }
        if (url->host.rfind("accounts.", 0) == 0 && url->host.find("databricks") != std::string::npos)
            problems_.push_back(origin + " is the account console (" + url->host +
                                "): Genie lives in a workspace, set the URL of the workspace");
        read_host_query(url->target);
        return url->origin();
    }

    // "https://acme.databricks.com/?o=1234567890", as a browser shows it.
    void read_host_query(std::string_view target) {
        for (std::size_t at = target.find('?'); at != std::string_view::npos; at = target.find('&', at)) {
            ++at;
            if (target.substr(at, 2) == "o=")
                host_workspace_ = std::string(target.substr(at + 2, target.find('&', at) - at - 2));
        }
    }

    std::string checked_workspace_id() {
        const std::string named = value_of("workspace_id");
        const std::string& id = named.empty() ? host_workspace_ : named;
        const bool is_number = std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!is_number || id.size() > 20) {
            problems_.push_back((named.empty() ? origin_of("host") + " has ?o=" : origin_of("workspace_id") + " is ") +
                                id.substr(0, 40) + ", but the id of a workspace is a number, as behind ?o= in its URL");
            return "";
        }
        if (!named.empty() && !host_workspace_.empty() && named != host_workspace_)
            problems_.push_back(origin_of("workspace_id") + " is " + named + ", but " + origin_of("host") +
                                " says ?o=" + host_workspace_.substr(0, 40) + ": remove one of them");
        return id;
    }

    std::string chosen_auth_type() {
        std::set<std::string> families;  // sorted, as the SDKs list them
        for (const Attribute& attribute : kAttributes)
            if (*attribute.family && has(attribute.name))
                families.insert(attribute.family);
        const std::string wanted = value_of("auth_type");
        if (wanted == "pat" || wanted == "oauth-m2m" || wanted == "file-oidc")
            return wanted;
        if (!wanted.empty()) {
            problems_.push_back(origin_of("auth_type") + " '" + wanted +
                                "' is not supported here: use pat with DATABRICKS_TOKEN, oauth-m2m with "
                                "DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or file-oidc with "
                                "DATABRICKS_OIDC_TOKEN_FILEPATH" +
                                (wanted == "env-oidc" ? kWhyNoVariable : ""));
            return "";
        }
        // The id beside a token's file says whose policy is meant, and is no second way to sign in.
        if (families.count("file-oidc") && !has("client_secret"))
            families.erase("oauth");
        if (families.size() > 1) {
            problems_.push_back("validate: more than one authorization method configured: " + listed(families) +
                                ": remove all but one of them (" + origins_of(families) +
                                "), or set DATABRICKS_AUTH_TYPE to pat, oauth-m2m or file-oidc");
            return "";
        }
        if (families.empty()) {
            if (!profile_failed_)
                problems_.push_back(std::string("no Databricks credentials: ") + kHowToSignIn);
            return "";
        }
        if (families.count("pat"))
            return "pat";
        if (families.count("oauth"))
            return "oauth-m2m";
        if (families.count("file-oidc"))
            return "file-oidc";
        problems_.push_back(origins_of(families) + ": signing in by " + *families.begin() + " is not supported here: " +
                            kHowToSignIn + (families.count("env-oidc") ? kWhyNoVariable : ""));
        return "";
    }

    static std::string listed(const std::set<std::string>& families) {
        return joined(std::vector<std::string>(families.begin(), families.end()), " and ");
    }

    std::string origins_of(const std::set<std::string>& families) const {
        std::vector<std::string> origins;
        for (const Attribute& attribute : kAttributes)
            if (families.count(attribute.family) && has(attribute.name))
                origins.push_back(origin_of(attribute.name));
        return joined(origins, ", ");
    }

    // Only whether it can be read: what is in it changes while the process runs.
    std::string checked_token_file() {
        constexpr const char* kName = "databricks_id_token_filepath";
        const std::string path = value_of(kName);
        if (path.empty())
            problems_.push_back(origin_of(kName) +
                                " is not set: set it to the file in which the identity provider of this machine keeps "
                                "the token, e.g. that of a projected service account token");
        else if (!std::ifstream(path))
            problems_.push_back(origin_of(kName) + ": the file " + path +
                                " cannot be read: mount the token there, readable for this process");
        return path;
    }

    std::string required(const std::string& name) {
        const std::string origin = origin_of(name);
        std::string value = value_of(name);
        if (value.empty()) {
            const bool pat = name == "token";
            problems_.push_back(origin + " is not set: " +
                                (pat ? "set it to a personal access token"
                                     : "a service principal needs both DATABRICKS_CLIENT_ID and "
                                       "DATABRICKS_CLIENT_SECRET") +
                                (source_ == "environment" ? "" : ", or add " + name + " to " + source_));
            return "";
        }
        // Anything else cannot be sent in a header, and is a slip of copying.
        if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; })) {
            problems_.push_back(origin +
                                " contains a space, a line break or another character that no such value has: "
                                "copy it again");
            return "";
        }
        return value;
    }

    const Lookup& lookup_;
    std::map<std::string, Setting> settings_;
    std::string source_ = "environment";
    std::vector<std::string> problems_;
    bool profile_failed_ = false;
    std::string host_workspace_;  // behind ?o= of the host
};

}  // namespace auth_config_detail

Result<AuthConfig> resolve_auth(const std::function<std::optional<std::string>(const std::string&)>& lookup) {
    auth_config_detail::Resolver resolver(lookup);
    return resolver.resolve();
}

}  // namespace genie_slack::genie
