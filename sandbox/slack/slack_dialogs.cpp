// What people do in modals and in menus whose options the bot is asked for.
#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server_impl.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace genie_slack::sandbox {

namespace asio = boost::asio;
namespace json = boost::json;

namespace slack_dialogs_detail {

struct OptionsWait {
    explicit OptionsWait(const asio::any_io_executor& executor) : timer(executor) {}
    Timer timer;
    bool ended = false;
    std::optional<json::object> answer;
};

}  // namespace slack_dialogs_detail

void SlackServerImpl::submit_view(const std::string& user, const std::string& view_id, json::object state_values) {
    const auto* person = workspace_.user(user);
    std::string owner;
    auto* view = workspace_.modal(view_id, &owner);
    if (!view || !person || owner != user)
        return;
    json::object values;
    if (const auto* blocks = array_member(*view, "blocks"))
        values = initial_state(*blocks);
    if (const auto* known = object_member((*view)["state"].get_object(), "values"))
        merge_state(values, *known);
    merge_state(values, state_values);
    (*view)["state"] = json::object{{"values", std::move(values)}};
    json::object payload = interaction(workspace_, "view_submission", *person);
    payload["trigger_id"] = workspace_.new_trigger(user, view_id);
    payload["view"] = *view;
    payload["response_urls"] = json::array();
    hub_.send_envelope("interactive", std::move(payload), true, 0, false,
                       [this, user, view_id](const json::value* answer) { take_submission(user, view_id, answer); });
}

void SlackServerImpl::take_submission(const std::string& user, const std::string& view_id, const json::value* payload) {
    const auto complain = [&](std::string_view text) {
        tell({{"type", "view_errors"}, {"user", user}, {"view_id", view_id}, {"errors", {{"", text}}}});
    };
    if (!payload) {
        complain("We had some trouble connecting. Try again?");
        return;
    }
    const auto* answer = payload->if_object();
    const std::string action = answer ? text_member(*answer, "response_action") : "";
    auto* view = workspace_.modal(view_id);
    if (!view)
        return;
    if (action.empty()) {
        workspace_.close_modal(user, view_id);
        return;
    }
    if (action == "clear") {
        workspace_.close_all_modals(user);
        return;
    }
    if (action == "errors") {
        const auto* errors = object_member(*answer, "errors");
        tell({{"type", "view_errors"},
              {"user", user},
              {"view_id", view_id},
              {"errors", errors ? *errors : json::object()}});
        return;
    }
    const auto* next = answer->if_contains("view");
    const bool known = action == "update" || action == "push";
    const BlockVerdict verdict =
        next ? check_view(*next, "modal", BlockWorld(faults_.refused_blocks, {})) : BlockVerdict();
    if (!known || !next || !verdict.fine()) {
        hub_.violations().push_back("ack of a view_submission with a bad answer: " + action + " " + verdict.error);
        complain("We had some trouble connecting. Try again?");
        return;
    }
    auto& stack = workspace_.modal_stacks[user];
    json::object shown = next->get_object();
    if (action == "update") {
        shown["id"] = view_id;
        shown = workspace_.finish_view(std::move(shown), text_member(*view, "root_view_id"),
                                       text_member(*view, "previous_view_id"));
        *view = shown;
    } else {
        if (stack.size() >= 3) {
            complain("No more than three views can be open.");
            return;
        }
        shown = workspace_.finish_view(std::move(shown), text_member(*view, "root_view_id"), view_id);
        stack.push_back(shown);
    }
    tell({{"type", "view"}, {"user", user}, {"view", std::move(shown)}});
}

void SlackServerImpl::close_view(const std::string& user, const std::string& view_id) {
    const auto* person = workspace_.user(user);
    std::string owner;
    auto* view = workspace_.modal(view_id, &owner);
    if (!view || !person || owner != user)
        return;
    const auto* notify = view->if_contains("notify_on_close");
    if (notify && notify->is_bool() && notify->get_bool()) {
        json::object payload = interaction(workspace_, "view_closed", *person);
        payload["view"] = *view;
        payload["is_cleared"] = false;
        send_interaction(std::move(payload), user, "");
    }
    workspace_.close_modal(user, view_id);
}

asio::awaitable<std::optional<json::object>> SlackServerImpl::ask_options(json::object payload) {
    auto wait = std::make_shared<slack_dialogs_detail::OptionsWait>(executor_);
    AckHandler handler = [wait](const json::value* answer) {
        wait->ended = true;
        if (answer && answer->is_object())
            wait->answer = answer->get_object();
        wait->timer.cancel();
    };
    hub_.send_envelope("interactive", std::move(payload), true, 0, false, std::move(handler));
    const TimePoint limit = Clock::now() + options_.ack_timeout + std::chrono::seconds(1);
    while (!wait->ended && Clock::now() < limit) {
        wait->timer.expires_at(limit);
        VirtualWait registered(limit);
        boost::system::error_code ignored;
        co_await wait->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return std::move(wait->answer);
}

asio::awaitable<std::optional<json::object>> SlackServerImpl::suggest(const std::string& user,
                                                                      const std::string& channel, const std::string& ts,
                                                                      const std::string& action_id,
                                                                      const std::string& typed) {
    const auto* message = workspace_.message(channel, ts);
    const auto* person = workspace_.user(user);
    const json::object* block = nullptr;
    if (!message || !person || !find_element(message->blocks, "", action_id, &block))
        co_return std::nullopt;
    json::object payload = interaction(workspace_, "block_suggestion", *person);
    add_message_context(payload, workspace_, *message);
    payload["action_id"] = action_id;
    payload["block_id"] = text_member(*block, "block_id");
    payload["value"] = typed;
    auto question = ask_options(std::move(payload));
    auto answer = co_await std::move(question);
    co_return answer;
}

asio::awaitable<std::optional<json::object>> SlackServerImpl::suggest_view(const std::string& user,
                                                                           const std::string& view_id,
                                                                           const std::string& action_id,
                                                                           const std::string& typed) {
    const json::object* view = workspace_.modal(view_id);
    const auto home = workspace_.home_views.find(user);
    if (!view && home != workspace_.home_views.end() && text_member(home->second.view, "id") == view_id)
        view = &home->second.view;
    const auto* person = workspace_.user(user);
    const auto* blocks = view ? array_member(*view, "blocks") : nullptr;
    const json::object* block = nullptr;
    if (!blocks || !person || !find_element(*blocks, "", action_id, &block))
        co_return std::nullopt;
    json::object payload = interaction(workspace_, "block_suggestion", *person);
    add_view_context(payload, *view);
    payload["action_id"] = action_id;
    payload["block_id"] = text_member(*block, "block_id");
    payload["value"] = typed;
    auto question = ask_options(std::move(payload));
    auto answer = co_await std::move(question);
    co_return answer;
}

}  // namespace genie_slack::sandbox
