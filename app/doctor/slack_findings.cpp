#include "app/doctor/slack_findings.hpp"

#include "slack/api/api_objects.hpp"
#include "slack/api/api_verdict.hpp"
#include "slack/api/app_needs.hpp"
#include "slack/json_read.hpp"

#include <algorithm>

namespace genie_slack::doctor {

namespace slack_findings_detail {

constexpr const char* kCopyBotToken =
    "api.slack.com/apps, the app, OAuth & Permissions: copy the Bot User OAuth Token into SLACK_BOT_TOKEN";
constexpr const char* kCopyAppToken =
    "api.slack.com/apps, the app, Basic Information, App-Level Tokens: copy the token, or generate one with the scope "
    "connections:write, into SLACK_APP_TOKEN";
constexpr const char* kReinstall =
    "api.slack.com/apps, the app, Install App: install it to the workspace again, then copy the new token into "
    "SLACK_BOT_TOKEN";
constexpr const char* kNewAppToken =
    "api.slack.com/apps, the app, Basic Information, App-Level Tokens: generate a new token with the scope "
    "connections:write and set SLACK_APP_TOKEN";
constexpr const char* kWait = "try again in a minute; https://slack-status.com says whether Slack is well";

struct Explained {
    std::string_view code;
    const char* found;
    const char* fix_bot;
    const char* fix_app;
};

constexpr const char* kAskOwner = "ask an owner of the Slack workspace or organisation to allow the app there";
constexpr const char* kReinstallBoth =
    "api.slack.com/apps, the app, Install App: install it again, and generate a new "
    "app-level token with the scope connections:write";

constexpr Explained kExplained[] = {
    {"invalid_auth", "Slack does not know this token", kCopyBotToken, kCopyAppToken},
    {"not_authed", "no token arrived at Slack", kCopyBotToken, kCopyAppToken},
    {"account_inactive", "the app was removed from the workspace, or its account is gone", kReinstall, kReinstallBoth},
    {"token_revoked", "the token was revoked", kReinstall, kNewAppToken},
    {"token_expired", "the token has expired: the app has token rotation, which is not supported",
     "use an app without token rotation (it cannot be turned off again): make one from `genie-slack manifest`",
     kNewAppToken},
    {"not_allowed_token_type", "this kind of token is not taken here",
     "SLACK_BOT_TOKEN has to be the Bot User OAuth Token (xoxb-…), SLACK_APP_TOKEN the app-level token (xapp-…)",
     "SLACK_APP_TOKEN has to be the app-level token (xapp-…) of Basic Information, App-Level Tokens"},
    {"missing_scope", "the token lacks a scope", kReinstall, kNewAppToken},
    {"user_removed_from_team", "the account behind the token was removed from the workspace", kReinstall, kNewAppToken},
    {"team_disabled", "the workspace is disabled", "ask its owner, or Slack", "ask its owner, or Slack"},
    {"socket_mode_not_enabled", "Socket Mode is off for the app", kCopyBotToken,
     "api.slack.com/apps, the app, Socket Mode: turn on Enable Socket Mode"},
    {"forbidden_team", "the workspace may not use this", kAskOwner, kAskOwner},
    {"team_access_not_granted", "the app may not enter this workspace", kAskOwner, kAskOwner},
    {"team_added_to_org", "the workspace is being moved into an organisation", kWait, kWait},
    {"enterprise_is_restricted", "the organisation restricts the app", kAskOwner, kAskOwner},
    {"org_login_required", "the workspace has moved into an organisation", kReinstall, kReinstallBoth},
    {"two_factor_setup_required", "the account behind the token has to set up two-factor authentication", kAskOwner,
     kAskOwner},
    {"ekm_access_denied", "the organisation's key management refuses access", kAskOwner, kAskOwner},
    {"access_denied", "access is denied", kAskOwner, kAskOwner},
    {"accesslimited", "access is limited on this network or workspace", kAskOwner, kAskOwner},
    {"no_permission", "the app has not the permission", kReinstall, kNewAppToken},
    {"internal_error", "Slack has trouble", kWait, kWait},
    {"fatal_error", "Slack has trouble", kWait, kWait},
    {"service_unavailable", "Slack has trouble", kWait, kWait},
    {"request_timeout", "the request did not arrive whole", kWait, kWait},
};

struct Purpose {
    std::string_view scope;
    std::string_view purpose;
    std::string_view without = "";  // what becomes of it, where the bot works all the same; "" where it is needed
};

constexpr Purpose kPurposes[] = {
    {"app_mentions:read", "questions by mention"},
    {"assistant:write", "titles and suggested questions in the agent's pane"},
    {"channels:history", "replies in threads of public channels"},
    {"channels:read", "which public channels may be answered in"},
    {"chat:write", "every answer"},
    {"commands", "/genie and the message shortcut"},
    {"files:write", "files with results, and drawn charts"},
    {"groups:history", "replies in threads of private channels"},
    {"groups:read", "which private channels may be answered in"},
    {"im:history", "questions in direct messages"},
    {"im:read", "questions in direct messages"},
    {"im:write", "private answers, which go to a direct message"},
    {"mpim:history", "questions in group messages"},
    {"mpim:read", "questions in group messages"},
    {"reactions:read", "ratings by reaction", "a reaction is no rating, only the buttons are"},
    {"users:read", "who may ask, names and languages"},
    {"users:read.email", "people's own chats in a Chainlit app on the same database",
     "people do not find their chats in a Chainlit app on the same database"},
};

const Purpose* find_purpose(std::string_view scope) {
    const auto known = std::find_if(std::begin(kPurposes), std::end(kPurposes),
                                    [&](const Purpose& one) { return one.scope == scope; });
    return known == std::end(kPurposes) ? nullptr : known;
}

Finding missing_scope(const Peer& peer, const std::string& scope) {
    const Purpose* known = find_purpose(scope);
    const std::string fix = "api.slack.com/apps, the app, OAuth & Permissions: add the bot token scope " + scope +
                            ", then install the app to the workspace again";
    if (known && !known->without.empty())
        return Finding(peer.part, "Scopes", Status::warning,
                       scope + " is missing, and without it " + std::string(known->without),
                       fix + ", unless that is meant");
    return Finding(peer.part, "Scopes", Status::failed,
                   scope + " is missing, for: " + std::string(purpose_of_scope(scope)), fix);
}

Finding refused(const Peer& peer, const char* check, const char* variable, const slack::ApiError& error,
                bool is_app_token) {
    const std::string name = std::string(variable) + ": ";
    if (error.fault == slack::ApiFault::rate) {
        const auto wait = error.retry_after.value_or(std::chrono::minutes(1));
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait).count();
        return Finding(peer.part, check, Status::warning, name + "Slack was asked too often (ratelimited)",
                       "check again in " + std::to_string(seconds) + " s");
    }
    const auto known = std::find_if(std::begin(kExplained), std::end(kExplained),
                                    [&](const Explained& one) { return one.code == error.code; });
    if (known != std::end(kExplained))
        return Finding(
            peer.part, check, Status::failed,
            name + known->found + " (" + error.code + ")" + (error.needed.empty() ? "" : ", it needs " + error.needed),
            is_app_token ? known->fix_app : known->fix_bot);
    if (error.code.starts_with("http_") || error.code == "invalid_response")
        return Finding(peer.part, check, Status::failed,
                       peer.host + " does not answer as Slack does (" + error.code + ")",
                       "check SLACK_API_URL, and that no proxy answers in Slack's place; else " + std::string(kWait));
    return Finding(peer.part, check, Status::failed, name + "Slack refuses it: " + error.code,
                   "https://docs.slack.dev/reference/methods/" + error.method + " explains the code");
}

// "xapp-1-A012345-67-89" -> "A012345"; "" when it is written otherwise.
std::string app_of_token(std::string_view token) {
    constexpr std::string_view kStart = "xapp-1-";
    if (!token.starts_with(kStart))
        return "";
    token.remove_prefix(kStart.size());
    const std::string id(token.substr(0, token.find('-')));
    const bool is_id = id.size() > 4 && id.front() == 'A' && std::all_of(id.begin(), id.end(), [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                       });
    return is_id ? id : "";
}

}  // namespace slack_findings_detail

using namespace slack_findings_detail;

Finding bot_token_finding(const Peer& peer, const net::NetResult<net::HttpResponse>& reply,
                          std::optional<slack::Identity>& identity) {
    constexpr const char* kCheck = "Bot token";
    if (!reply)
        return no_answer(peer, kCheck, reply.error());
    const slack::Verdict verdict = slack::judge(slack::methods::kAuthTest, reply);
    if (verdict.kind != slack::Verdict::Kind::ok)
        return refused(peer, kCheck, "SLACK_BOT_TOKEN", verdict.error, false);
    identity = slack::parse_identity(verdict.body, verdict.scopes);
    if (identity->bot_id.empty())
        return Finding(peer.part, kCheck, Status::failed, "SLACK_BOT_TOKEN belongs to a person, not to a bot",
                       kCopyBotToken);
    return Finding(peer.part, kCheck, Status::ok,
                   "signed in to " + identity->team + " (" + identity->team_id + ") as " + identity->user + " (" +
                       identity->user_id + ")");
}

std::string_view purpose_of_scope(std::string_view scope) {
    const Purpose* known = find_purpose(scope);
    return known ? known->purpose : std::string_view();
}

Findings scope_findings(const Peer& peer, const std::vector<std::string>& granted) {
    if (granted.empty())
        return {Finding(peer.part, "Scopes", Status::skipped,
                        "Slack's answer does not say which scopes the token has (no header x-oauth-scopes)",
                        "api.slack.com/apps, the app, OAuth & Permissions: compare the bot token scopes with those of "
                        "`genie-slack manifest`")};
    Findings findings;
    const auto needed = slack::needed_scopes(slack::AppSurface::agent);
    for (const std::string& scope : needed)
        if (std::find(granted.begin(), granted.end(), scope) == granted.end())
            findings.push_back(missing_scope(peer, scope));
    if (findings.empty())
        findings.emplace_back(peer.part, "Scopes", Status::ok,
                              "all " + std::to_string(needed.size()) + " of the manifest are granted");
    return findings;
}

Finding app_token_finding(const Peer& peer, const net::NetResult<net::HttpResponse>& reply) {
    constexpr const char* kCheck = "App token";
    if (!reply)
        return no_answer(peer, kCheck, reply.error());
    const slack::Verdict verdict = slack::judge(slack::methods::kConnectionsOpen, reply);
    if (verdict.kind != slack::Verdict::Kind::ok)
        return refused(peer, kCheck, "SLACK_APP_TOKEN", verdict.error, true);
    // Bots are seen that get no events then, and others that get them all the same.
    for (const auto& message : slack::array_at(slack::object_at(verdict.body, "response_metadata"), "messages"))
        if (message.is_string() && message.get_string().find("Socket Mode is not turned on") != std::string::npos)
            return Finding(peer.part, kCheck, Status::warning,
                           "Slack opens connections, but says that Socket Mode is not turned on",
                           "api.slack.com/apps, the app, Socket Mode: turn on Enable Socket Mode; when it is on, turn "
                           "it off and on again");
    return Finding(peer.part, kCheck, Status::ok, "Slack opens Socket Mode connections for it");
}

std::optional<Finding> same_app_finding(const Peer& peer, const std::string& app_of_bot_token,
                                        std::string_view app_token) {
    const std::string other = app_of_token(app_token);
    if (app_of_bot_token.empty() || other.empty())
        return std::nullopt;
    if (app_of_bot_token == other)
        return Finding(peer.part, "One app", Status::ok, "both tokens are of the app " + other);
    return Finding(peer.part, "One app", Status::failed,
                   "SLACK_BOT_TOKEN is of the app " + app_of_bot_token + ", SLACK_APP_TOKEN of the app " + other +
                       ": events of one cannot be answered as the other",
                   "copy both tokens from the same app of api.slack.com/apps");
}

std::optional<Finding> team_finding(const Peer& peer, const slack::Identity& identity,
                                    const std::vector<std::string>& allowed_teams) {
    if (allowed_teams.empty() ||
        std::find(allowed_teams.begin(), allowed_teams.end(), identity.team_id) != allowed_teams.end())
        return std::nullopt;
    return Finding(peer.part, "Allowed teams", Status::warning,
                   "ALLOWED_TEAMS does not name the bot's own team " + identity.team_id + ": its people may not ask",
                   "add " + identity.team_id + " to ALLOWED_TEAMS, unless that is meant");
}

Finding subscriptions_finding(const Peer& peer) {
    return Finding(peer.part, "Events", Status::skipped,
                   "Slack tells no bot which events, commands and shortcuts the app has",
                   "api.slack.com/apps, the app, App Manifest: compare it with `genie-slack manifest`");
}

}  // namespace genie_slack::doctor
