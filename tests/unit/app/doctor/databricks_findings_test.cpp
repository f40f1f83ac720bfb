// What Databricks' answers mean for whoever set the bot up.
#include "app/doctor/databricks_findings.hpp"

#include "genie/json_text.hpp"
#include "tests/catch.hpp"

namespace databricks_findings_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using doctor::Status;
using genie::GenieError;
using genie::GenieFault;

const doctor::Peer kPeer = doctor::make_peer("databricks", "DATABRICKS_HOST", "https://acme.cloud.databricks.com", {});

genie::AuthConfig auth(const std::string& type) {
    genie::AuthConfig config;
    config.auth_type = type;
    config.client_id = type == "oauth-m2m" ? "app-id" : "";
    config.source = "environment";
    return config;
}

genie::Identity identity(const std::string& user, const std::string& name) {
    genie::Identity out;
    out.user_name = user;
    out.display_name = name;
    return out;
}

genie::Space space(const std::string& id, const std::string& title) {
    genie::Space out;
    out.id = id;
    out.title = title;
    return out;
}

TEST_CASE("the caller is named as people find it in the workspace", "[doctor]") {
    CHECK(doctor::caller_name(auth("pat"), identity("ann@acme.com", "")) == "ann@acme.com");
    CHECK(doctor::caller_name(auth("oauth-m2m"), identity("app-id", "Genie bot")) == "Genie bot (app-id)");
    CHECK(doctor::caller_name(auth("oauth-m2m"), GenieError(GenieFault::permission, "no")) == "app-id");
    CHECK(doctor::caller_name(auth("pat"), GenieError(GenieFault::permission, "no")) == "the identity of the bot");
}

TEST_CASE("an id that was copied with a slip leads to the space that is meant", "[doctor]") {
    const std::string id = "01ef0123456789abcdef0123456789ab";
    const GenieError missing(GenieFault::not_found, "no");
    const std::vector<genie::Space> visible = {space("01efffffffffffffffffffffffffffff", "Other"), space(id, "Sales")};
    std::string slip = id;
    slip.erase(7, 1);
    CHECK_THAT(doctor::space_finding(kPeer, "bot", slip, missing, visible).fix,
               test::contains("did you mean " + id + " (Sales)?"));
    CHECK(doctor::space_finding(kPeer, "bot", std::string(32, '7'), missing, visible).fix.find("did you mean") ==
          std::string::npos);
}

TEST_CASE("an answer that names nobody is no proof of a login", "[doctor]") {
    const auto finding = doctor::login_finding(kPeer, auth("pat"), identity("", ""));
    CHECK(finding.status == Status::warning);
    CHECK_THAT(finding.fix, test::contains("DATABRICKS_HOST"));
}

TEST_CASE("why nobody logs in, by what can be done about it", "[doctor]") {
    struct Case {
        GenieFault kind;
        const char* type;
        Status status;
        const char* fix;
    };
    for (const Case& one : {Case{GenieFault::auth, "pat", Status::failed, "DATABRICKS_TOKEN"},
                            Case{GenieFault::auth, "oauth-m2m", Status::failed, "DATABRICKS_CLIENT_SECRET"},
                            Case{GenieFault::auth, "file-oidc", Status::failed, "Federation policies"},
                            Case{GenieFault::configuration, "pat", Status::failed, "DATABRICKS_HOST"},
                            Case{GenieFault::permission, "pat", Status::warning, "spaces below"},
                            Case{GenieFault::rate_limited, "pat", Status::warning, "in a minute"},
                            Case{GenieFault::unavailable, "pat", Status::failed, "status.databricks.com"},
                            Case{GenieFault::timeout, "pat", Status::failed, "status.databricks.com"}}) {
        const auto finding = doctor::login_finding(kPeer, auth(one.type), GenieError(one.kind, "why"));
        CHECK(finding.status == one.status);
        CHECK_THAT(finding.found, test::contains("why"));
        CHECK_THAT(finding.fix, test::contains(one.fix));
    }
    GenieError network(GenieFault::configuration, "blocked");
    network.subject = genie::Subject::network;
    CHECK_THAT(doctor::login_finding(kPeer, auth("pat"), network).fix, test::contains("IP access list"));
    CHECK(doctor::login_finding(kPeer, auth("oauth-m2m"), identity("app-id", "Genie bot")).found ==
          "as Genie bot (app-id) by OAuth of a service principal");
}

TEST_CASE("spaces are listed, and none at all is a failure", "[doctor]") {
    std::vector<genie::Space> spaces;
    CHECK(doctor::visible_spaces_finding(kPeer, "bot", spaces).status == Status::failed);
    CHECK_THAT(doctor::visible_spaces_finding(kPeer, "bot", spaces).fix, test::contains("add bot with CAN RUN"));
    for (int i = 1; i <= 7; ++i)
        spaces.push_back(space("id" + std::to_string(i), "S" + std::to_string(i)));
    CHECK(doctor::visible_spaces_finding(kPeer, "bot", spaces).found ==
          "7 visible: S1 (id1), S2 (id2), S3 (id3), S4 (id4), S5 (id5) and 2 more");
}

TEST_CASE("a space that is not there is one that is not shared", "[doctor]") {
    CHECK(doctor::space_finding(kPeer, "bot", "id1", space("id1", "Sales")).found == "Sales, shared with bot");
    const auto gone = doctor::space_finding(kPeer, "bot", "id1", GenieError(GenieFault::not_found, "HTTP 404"));
    CHECK(gone.check == "Space id1");
    CHECK(gone.status == Status::failed);
    CHECK_THAT(gone.fix, test::contains("add bot with CAN RUN"));
    CHECK_THAT(gone.fix, test::contains("GENIE_SPACE_IDS"));
    const auto refused = doctor::space_finding(kPeer, "bot", "id1", GenieError(GenieFault::permission, "HTTP 403"));
    CHECK(refused.status == Status::failed);
    CHECK_THAT(refused.fix, test::contains("CAN RUN"));
}

TEST_CASE("a warehouse may rest, but must be there", "[doctor]") {
    const auto of_state = [](const std::string& state) {
        return doctor::warehouse_finding(kPeer, "bot", "w1",
                                         *genie::parse_json(R"({"id":"w1","name":"Big","state":")" + state + R"("})"));
    };
    CHECK(of_state("RUNNING").found == "Big is RUNNING");
    CHECK(of_state("STOPPED").status == Status::ok);
    CHECK_THAT(of_state("STOPPED").found, test::contains("first question starts it"));
    CHECK(of_state("DELETED").status == Status::failed);
    const auto of_error = [](GenieFault kind) {
        return doctor::warehouse_finding(kPeer, "bot", "w1", GenieError(kind, "HTTP"));
    };
    CHECK(of_error(GenieFault::not_found).status == Status::failed);
    CHECK(of_error(GenieFault::permission).status == Status::warning);
    CHECK_THAT(of_error(GenieFault::permission).fix, test::contains("give bot CAN USE"));
}

TEST_CASE("a question's end is told without its text", "[doctor]") {
    genie::Message message;
    message.content = "revenue of Acme";
    message.status = genie::MessageStatus::completed;
    genie::Attachment query;
    query.kind = genie::Attachment::Kind::query;
    query.sql = "SELECT 1";
    query.row_count = 12;
    message.attachments.push_back(query);
    const auto answered = doctor::question_finding(kPeer, "Sales", message, 3s);
    CHECK(answered.status == Status::ok);
    CHECK(answered.found == "answered after 3 s, 12 rows");

    message.status = genie::MessageStatus::failed;
    struct Case {
        const char* type;
        const char* fix;
    };
    for (const Case& one :
         {Case{"WAREHOUSE_ACCESS_MISSING_EXCEPTION", "CAN USE"}, Case{"NO_TABLES_TO_QUERY_EXCEPTION", "tables"},
          Case{"SOMETHING_NEW", "own page in Databricks"}}) {
        message.error_type = one.type;
        message.error_text = "revenue of Acme";
        const auto failed = doctor::question_finding(kPeer, "Sales", message, 3s);
        CHECK(failed.status == Status::failed);
        CHECK_THAT(failed.found, test::contains(one.type));
        CHECK(failed.found.find("revenue") == std::string::npos);
        CHECK_THAT(failed.fix, test::contains(one.fix));
    }
    CHECK_THAT(doctor::question_finding(kPeer, "Sales", GenieError(GenieFault::permission, "HTTP 403"), 0s).fix,
               test::contains("CAN RUN"));
}

}  // namespace databricks_findings_test
