// What Slack's answers to the doctor's two calls mean, and how to mend it (slack.md 1.1, 2.2). Pure.
#pragma once

#include "app/doctor/network_findings.hpp"
#include "core/net/http_client.hpp"
#include "slack/api/web_api.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::doctor {

// The answer to auth.test: who we are, else why not. `identity` gets what Slack says, when it says something.
Finding bot_token_finding(const Peer& peer, const net::NetResult<net::HttpResponse>& reply,
                          std::optional<slack::Identity>& identity);

// One line for each scope of our manifest that the token lacks, with what does not work without it.
Findings scope_findings(const Peer& peer, const std::vector<std::string>& granted);
// What a scope is for, for people; "" for one that the manifest does not ask for.
std::string_view purpose_of_scope(std::string_view scope);

// The answer to apps.connections.open. No socket is opened: events would be delivered to it, away from the bot.
Finding app_token_finding(const Peer& peer, const net::NetResult<net::HttpResponse>& reply);

// Whether both tokens are of one app, as far as Slack says which: an app-level token (xapp-1-A…-…) names it, auth.test
// may.
std::optional<Finding> same_app_finding(const Peer& peer, const std::string& app_of_bot_token,
                                        std::string_view app_token);

// Whether the bot's own team is among those whose people may ask.
std::optional<Finding> team_finding(const Peer& peer, const slack::Identity& identity,
                                    const std::vector<std::string>& allowed_teams);

// What no call of a bot's token can tell.
Finding subscriptions_finding(const Peer& peer);

}  // namespace genie_slack::doctor
