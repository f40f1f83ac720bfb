#include "app/doctor/databricks_findings.hpp"

#include "app/near_miss.hpp"
#include "genie/json_text.hpp"

namespace genie_slack::doctor {

namespace databricks_findings_detail {

constexpr std::size_t kShownSpaces = 5;
constexpr std::size_t kSlips = 3;  // ids of 32 digits that are no neighbours differ in far more

std::string share_with(const std::string& caller) {
    return "open the space in Databricks, Share: add " + caller + " with CAN RUN";
}

std::string login_fix(const genie::AuthConfig& auth) {
    if (auth.auth_type == "oauth-m2m")
        return "check DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET (the service principal's page, Secrets), and "
               "that the service principal belongs to this workspace; read from " +
               auth.source;
    if (auth.auth_type == "file-oidc")
        return "account console, the service principal, Credentials & secrets, Federation policies: issuer, audience "
               "and subject have to be those of the token in " +
               auth.token_file + "; and the service principal has to belong to this workspace";
    return "make a new personal access token (Settings, Developer, Access tokens) and set DATABRICKS_TOKEN; read "
           "from " +
           auth.source;
}

std::string method_of(const genie::AuthConfig& auth) {
    if (auth.auth_type == "file-oidc")
        return "the token of another identity provider";
    return auth.auth_type == "oauth-m2m" ? "OAuth of a service principal" : "a personal access token";
}

// What an error means wherever it comes; `refused` is the fix for one that is about this very call.
Finding explained(const Peer& peer, const std::string& check, const genie::GenieError& error,
                  const std::string& refused) {
    if (error.subject == genie::Subject::network)
        return Finding(peer.part, check, Status::failed, error.message,
                       "an admin of the workspace has to allow the address that this machine calls from: Settings, "
                       "Security, IP access list, or the account's network policy");
    switch (error.fault) {
        case genie::GenieFault::rate_limited:
            return Finding(peer.part, check, Status::warning, error.message, "check again in a minute");
        case genie::GenieFault::configuration:
            return Finding(peer.part, check, Status::failed, error.message,
                           "check DATABRICKS_HOST: it is https:// and the workspace's host, as the browser shows it");
        case genie::GenieFault::unavailable:
        case genie::GenieFault::ambiguous:
        case genie::GenieFault::timeout:
        case genie::GenieFault::cancelled:
            return Finding(peer.part, check, Status::failed, error.message,
                           "try again; https://status.databricks.com says whether Databricks is well");
        case genie::GenieFault::auth:
        case genie::GenieFault::permission:
        case genie::GenieFault::not_found:
        case genie::GenieFault::invalid:
        case genie::GenieFault::result_expired:
        case genie::GenieFault::query_failed:
            break;
    }
    return Finding(peer.part, check, Status::failed, error.message, refused);
}

// The visible space whose id was copied with a slip.
std::string meant_space(const std::string& id, const std::vector<genie::Space>& visible) {
    std::vector<std::string> ids;
    for (const genie::Space& space : visible)
        ids.push_back(space.id);
    const std::string meant = meant_among(id, ids, kSlips);
    for (const genie::Space& space : visible)
        if (space.id == meant)
            return "; did you mean " + meant + " (" + space.title + ")?";
    return "";
}

std::string fix_for(genie::Remedy remedy, const std::string& type) {
    switch (remedy) {
        case genie::Remedy::admin:
            return type.starts_with("WAREHOUSE")
                       ? "give the identity CAN USE on the space's SQL warehouse, or choose another one in the space"
                       : "whoever owns the space has to mend it: its tables, and SELECT on them for the identity";
        case genie::Remedy::rephrase:
            return "ask what the space's tables can answer, or mend the space's instructions";
        case genie::Remedy::retry_later:
        case genie::Remedy::wait_for_other:
            return "try again in a minute";
        case genie::Remedy::cancelled:
        case genie::Remedy::other:
            return "ask the same in the space's own page in Databricks, which says more";
    }
    return "";
}

}  // namespace databricks_findings_detail

using namespace databricks_findings_detail;

std::string caller_name(const genie::AuthConfig& auth, const genie::GenieResult<genie::Identity>& identity) {
    if (!identity || identity->name().empty())
        return auth.client_id.empty() ? "the identity of the bot" : auth.client_id;
    return identity->name() == identity->user_name ? identity->user_name
                                                   : identity->display_name + " (" + identity->user_name + ")";
}

Finding login_finding(const Peer& peer, const genie::AuthConfig& auth,
                      const genie::GenieResult<genie::Identity>& identity) {
    constexpr const char* kCheck = "Login";
    if (identity && identity->name().empty())
        return Finding(peer.part, kCheck, Status::warning,
                       "by " + method_of(auth) +
                           ", but the answer names nobody: it is perhaps not Databricks that "
                           "answers at " +
                           peer.host,
                       "check DATABRICKS_HOST, and what stands between; nothing, where the spaces below are right");
    if (identity)
        return Finding(peer.part, kCheck, Status::ok, "as " + caller_name(auth, identity) + " by " + method_of(auth));
    const genie::GenieError& error = identity.error();
    const bool is_only_hidden =
        error.subject != genie::Subject::network &&
        (error.fault == genie::GenieFault::permission || error.fault == genie::GenieFault::not_found);
    if (is_only_hidden)
        return Finding(peer.part, kCheck, Status::warning,
                       "by " + method_of(auth) + ", but Databricks does not say as whom: " + error.message,
                       "nothing, where the spaces below are right; else " + login_fix(auth));
    return explained(peer, kCheck, error, login_fix(auth));
}

Finding visible_spaces_finding(const Peer& peer, const std::string& caller,
                               const genie::GenieResult<std::vector<genie::Space>>& spaces) {
    constexpr const char* kCheck = "Genie spaces";
    if (!spaces)
        return explained(peer, kCheck, spaces.error(),
                         "an admin of the workspace has to give " + caller + " access to the workspace and to Genie");
    if (spaces->empty())
        return Finding(peer.part, kCheck, Status::failed, "none is visible to " + caller, share_with(caller));
    std::string found = std::to_string(spaces->size()) + " visible: ";
    for (std::size_t i = 0; i < spaces->size() && i < kShownSpaces; ++i)
        found += (i > 0 ? ", " : "") + (*spaces)[i].title + " (" + (*spaces)[i].id + ")";
    if (spaces->size() > kShownSpaces)
        found += " and " + std::to_string(spaces->size() - kShownSpaces) + " more";
    return Finding(peer.part, kCheck, Status::ok, found);
}

Finding space_finding(const Peer& peer, const std::string& caller, const std::string& id,
                      const genie::GenieResult<genie::Space>& space, const std::vector<genie::Space>& visible) {
    const std::string check = "Space " + id;
    if (space)
        return Finding(peer.part, check, Status::ok, space->title + ", shared with " + caller);
    if (space.error().fault == genie::GenieFault::not_found)
        return Finding(peer.part, check, Status::failed,
                       "it does not exist, or is not shared with " + caller + ": Databricks answers the same to both",
                       share_with(caller) + "; or correct GENIE_SPACE_IDS (the id is in the address of the space)" +
                           meant_space(id, visible));
    return explained(peer, check, space.error(), share_with(caller));
}

Finding warehouse_finding(const Peer& peer, const std::string& caller, const std::string& id,
                          const genie::GenieResult<boost::json::value>& warehouse) {
    const std::string check = "Warehouse " + id;
    const std::string choose = "choose another SQL warehouse in the settings of the space";
    const std::string use = "SQL Warehouses, " + id + ", Permissions: give " + caller + " CAN USE";
    if (!warehouse) {
        const genie::GenieError& error = warehouse.error();
        if (error.fault == genie::GenieFault::not_found)
            return Finding(peer.part, check, Status::failed, "it does not exist any more", choose);
        if (error.fault == genie::GenieFault::permission)
            return Finding(peer.part, check, Status::warning, caller + " may not see it, and perhaps not use it", use);
        return explained(peer, check, error, use);
    }
    const std::string state = genie::member_text(*warehouse, "state");
    const std::string name = genie::member_text(*warehouse, "name");
    if (state == "DELETED" || state == "DELETING")
        return Finding(peer.part, check, Status::failed, name + " is deleted", choose);
    const bool rests = state == "STOPPED" || state == "STOPPING";
    return Finding(peer.part, check, Status::ok,
                   name + " is " + (state.empty() ? "there" : state) +
                       (rests ? "; the first question starts it and waits for that" : ""));
}

Finding question_finding(const Peer& peer, const std::string& space, const genie::GenieResult<genie::Message>& ended,
                         Duration took) {
    const std::string check = "Question to " + space;
    if (!ended)
        return explained(peer, check, ended.error(), "share the space with the identity, CAN RUN");
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count();
    const std::string in_time = " after " + std::to_string(seconds) + " s";
    if (ended->status == genie::MessageStatus::completed) {
        const genie::AnswerParts parts = genie::select_answer(*ended);
        const bool has_rows = parts.query && parts.query->row_count;
        return Finding(peer.part, check, Status::ok,
                       "answered" + in_time +
                           (has_rows ? ", " + std::to_string(*parts.query->row_count) + " rows" : ", in words"));
    }
    const std::string why = ended->error_type.empty() ? "" : ": " + ended->error_type;
    return Finding(peer.part, check, Status::failed,
                   std::string("ended as ") + genie::to_string(ended->status) + in_time + why,
                   fix_for(genie::remedy_for(ended->error_type), ended->error_type));
}

}  // namespace genie_slack::doctor
