// What people do in the page, as named actions with JSON arguments.
#pragma once

#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/slack_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace genie_slack::sandbox {

struct ActionAnswer {
    int status = 200;  // 400 for wrong arguments, 404 for an unknown action or a thing that is gone
    boost::json::object body;
};

// Runs the action; never throws for bad input. The servers must outlive the returned coroutine.
boost::asio::awaitable<ActionAnswer> run_page_action(std::string name, boost::json::object arguments,
                                                     SlackServer& slack, GenieServer& genie);

}  // namespace genie_slack::sandbox
