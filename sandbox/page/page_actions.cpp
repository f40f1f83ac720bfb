#include "sandbox/page/page_actions.hpp"

#include "sandbox/page/genie_faults_json.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace genie_slack::sandbox {

namespace json = boost::json;
namespace asio = boost::asio;

namespace page_actions_detail {

constexpr std::size_t kMaxText = 40'000;

// An argument that is missing or wrong; the text is for the person at the page.
struct BadArgument : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};
struct Gone : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Arguments {
 public:
    Arguments(const json::object& values, const SlackServer& slack) : values_(values), slack_(slack) {}

    std::string optional_text(std::string_view name) const {
        const json::value* found = values_.if_contains(name);
        if (!found || found->is_null())
            return {};
        if (!found->is_string() || found->get_string().size() > kMaxText)
            throw BadArgument(std::string(name) + " has to be a text of at most 40,000 bytes");
        return std::string(found->get_string());
    }
    std::string text(std::string_view name) const {
        std::string out = optional_text(name);
        if (out.empty())
            throw BadArgument(std::string(name) + " is missing");
        return out;
    }
    bool flag(std::string_view name) const {
        const json::value* found = values_.if_contains(name);
        return found && found->is_bool() && found->get_bool();
    }
    json::object optional_object(std::string_view name) const {
        const json::value* found = values_.if_contains(name);
        return found && found->is_object() ? found->get_object() : json::object();
    }
    json::object object(std::string_view name) const {
        const json::value* found = values_.if_contains(name);
        if (!found || !found->is_object())
            throw BadArgument(std::string(name) + " has to be an object");
        return found->get_object();
    }
    std::string user() const {
        std::string id = text("user");
        const auto& users = slack_.users();
        if (std::none_of(users.begin(), users.end(), [&id](const SlackUser& user) { return user.id == id; }))
            throw BadArgument("there is no such person");
        return id;
    }
    std::string channel() const {
        std::string id = text("channel");
        const auto& channels = slack_.channels();
        if (std::none_of(channels.begin(), channels.end(),
                         [&id](const SlackChannel& channel) { return channel.id == id; }))
            throw BadArgument("there is no such channel");
        const std::string person = optional_text("user");
        if (!person.empty() && !slack_.sees(person, id))
            throw BadArgument("this person is not in the channel");
        return id;
    }
    // The channel named by `to`, which the person sees as well.
    std::string target() const {
        std::string id = text("to");
        if (!slack_.sees(user(), id))
            throw BadArgument("this person is not in the channel to which this goes");
        return id;
    }
    // The message named by channel and ts.
    const SlackMessage& message() const {
        const SlackMessage* found = slack_.find_message(channel(), text("ts"));
        if (!found)
            throw Gone("the message is gone");
        return *found;
    }
    // The same, when `user` wrote it.
    const SlackMessage& own_message() const {
        const SlackMessage& found = message();
        if (found.user != user() || !found.bot_id.empty())
            throw BadArgument("only the writer of a message can change it");
        return found;
    }

 private:
    const json::object& values_;
    const SlackServer& slack_;
};

struct Context {
    const Arguments& in;
    SlackServer& slack;
    GenieServer& genie;
    json::object& out;
};

void change_faults(Context& context, const json::object& slack_change, const json::object& genie_change) {
    SlackFaults slack_before = context.slack.faults();
    if (const auto wrong = apply_faults(context.slack.faults(), slack_change))
        throw BadArgument(*wrong);
    if (const auto wrong = apply_faults(context.genie.faults(), genie_change)) {
        context.slack.faults() = std::move(slack_before);
        throw BadArgument(*wrong);
    }
    json::object faults;
    faults["slack"] = describe_faults(context.slack.faults());
    faults["genie"] = describe_faults(context.genie.faults());
    context.out["faults"] = std::move(faults);
}

// Does something with all sockets of the bot.
void change_sockets(Context& context) {
    const std::string what = context.in.text("what");
    int count = 0;
    for (const int id : context.slack.connection_ids()) {
        if (what == "reset")
            context.slack.drop_connection(id, true);
        else if (what == "finish")
            context.slack.drop_connection(id, false);
        else if (what == "refresh")
            context.slack.send_disconnect(id, "refresh_requested");
        else if (what == "warning")
            context.slack.send_disconnect(id, "warning");
        else if (what == "link_disabled")
            context.slack.send_disconnect(id, "link_disabled");
        else if (what == "garbage")
            context.slack.send_raw_text(id, "{not json");
        else
            throw BadArgument("what has to be reset, finish, refresh, warning, link_disabled or garbage");
        ++count;
    }
    context.out["sockets"] = count;
}

// Presses an element of a message, or of the view `view_id`.
void press(Context& context) {
    const std::string user = context.in.user();
    const std::string view = context.in.optional_text("view_id");
    json::object action = context.in.object("action");
    json::object state = context.in.optional_object("state");
    const bool found = view.empty() ? context.slack.press(user, context.in.channel(), context.in.text("ts"),
                                                          std::move(action), std::move(state))
                                    : context.slack.press_view(user, view, std::move(action), std::move(state));
    if (!found)
        throw Gone("this element is not there any more");
}

void react(Context& context) {
    const SlackMessage& message = context.in.message();
    context.slack.react(context.in.user(), std::string(message.channel), std::string(message.ts),
                        context.in.text("name"), context.in.flag("add"));
}

void share_file(Context& context) {
    context.out["ts"] = context.slack.share_file(context.in.user(), context.in.channel(), context.in.text("name"),
                                                 context.in.text("content"), context.in.optional_text("text"),
                                                 context.in.optional_text("thread_ts"));
}

void forward(Context& context) {
    const SlackMessage& message = context.in.message();
    context.out["ts"] = context.slack.forward(context.in.user(), std::string(message.channel), std::string(message.ts),
                                              context.in.target(), context.in.optional_text("text"));
}

// A clip without words is one that Slack has not transcribed yet.
void speak(Context& context) {
    const std::string words = context.in.optional_text("text");
    const auto transcript = words.empty() ? std::nullopt : std::optional<std::string>(words);
    context.out["ts"] =
        context.slack.speak(context.in.user(), context.in.channel(), transcript, context.in.optional_text("thread_ts"));
}

void share_channel(Context& context) {
    const std::string user = context.in.user();
    const auto& users = context.slack.users();
    const auto person =
        std::find_if(users.begin(), users.end(), [&](const SlackUser& each) { return each.id == user; });
    if (!person->team_id.empty() || person->is_guest)
        throw BadArgument("only people of this workspace share its channels");
    context.slack.share_channel(context.in.channel(), context.in.flag("shared"));
}

using Action = void (*)(Context&);

const std::map<std::string, Action, std::less<>>& actions() {
    static const std::map<std::string, Action, std::less<>> all = {
        {"say",
         [](Context& c) {
             c.out["ts"] = c.slack.say(c.in.user(), c.in.channel(), c.in.text("text"), c.in.optional_text("thread_ts"));
         }},
        {"edit",
         [](Context& c) {
             const SlackMessage& message = c.in.own_message();
             c.slack.edit(std::string(message.channel), std::string(message.ts), c.in.text("text"));
         }},
        {"remove",
         [](Context& c) {
             const SlackMessage& message = c.in.own_message();
             c.slack.remove(std::string(message.channel), std::string(message.ts));
         }},
        {"react", react},
        {"press", press},
        {"slash",
         [](Context& c) {
             c.slack.slash(c.in.user(), c.in.channel(), c.in.text("command"), c.in.optional_text("text"));
         }},
        {"shortcut",
         [](Context& c) {
             const SlackMessage& message = c.in.message();
             c.slack.message_shortcut(c.in.user(), std::string(message.channel), std::string(message.ts),
                                      c.in.text("callback_id"));
         }},
        {"global_shortcut", [](Context& c) { c.slack.global_shortcut(c.in.user(), c.in.text("callback_id")); }},
        {"share_file", share_file},
        {"forward", forward},
        {"speak", speak},
        {"run_workflow",
         [](Context& c) { c.out["ts"] = c.slack.run_workflow(c.in.text("name"), c.in.channel(), c.in.text("text")); }},
        {"unfurl",
         [](Context& c) {
             const SlackMessage& message = c.in.message();
             c.slack.unfurl(std::string(message.channel), std::string(message.ts), c.in.text("url"));
         }},
        {"share_channel", share_channel},
        {"invite", [](Context& c) { c.slack.invite_bot(c.in.user(), c.in.channel()); }},
        {"submit_view",
         [](Context& c) { c.slack.submit_view(c.in.user(), c.in.text("view_id"), c.in.object("values")); }},
        {"close_view", [](Context& c) { c.slack.close_view(c.in.user(), c.in.text("view_id")); }},
        {"stop", [](Context& c) { c.slack.stop_session(c.in.user(), c.in.channel(), c.in.text("thread_ts")); }},
        {"home", [](Context& c) { c.slack.open_home(c.in.user(), c.in.text("tab")); }},
        {"direct_message", [](Context& c) { c.out["channel"] = c.slack.direct_message(c.in.user()); }},
        {"faults", [](Context& c) { change_faults(c, c.in.optional_object("slack"), c.in.optional_object("genie")); }},
        {"finish_questions", [](Context& c) { c.genie.finish_questions(); }},
        {"sockets", change_sockets},
    };
    return all;
}

ActionAnswer refusal(int status, std::string_view why) {
    ActionAnswer answer;
    answer.status = status;
    answer.body["ok"] = false;
    answer.body["error"] = why;
    return answer;
}

// The only action that waits for the bot: the options of an external select in a message or a view.
asio::awaitable<ActionAnswer> suggest(json::object values, SlackServer& slack) {
    std::string user;
    std::string view;
    std::string channel;
    std::string ts;
    std::string action_id;
    std::string typed;
    std::string wrong;
    try {
        const Arguments in(values, slack);
        user = in.user();
        view = in.optional_text("view_id");
        channel = view.empty() ? in.channel() : std::string();
        ts = view.empty() ? in.text("ts") : std::string();
        action_id = in.text("action_id");
        typed = in.optional_text("typed");
    } catch (const BadArgument& error) {
        wrong = error.what();
    }
    if (!wrong.empty())
        co_return refusal(400, std::move(wrong));
    auto asking = view.empty() ? slack.suggest(user, channel, ts, action_id, typed)
                               : slack.suggest_view(user, view, action_id, typed);
    auto options = co_await std::move(asking);
    if (!options)
        co_return refusal(504, "the bot did not answer in time");
    ActionAnswer answer;
    answer.body["ok"] = true;
    answer.body["suggestions"] = std::move(*options);
    co_return answer;
}

ActionAnswer run_now(const std::string& name, const json::object& values, SlackServer& slack, GenieServer& genie) {
    const auto found = actions().find(name);
    if (found == actions().end())
        return refusal(404, "there is no such action");
    ActionAnswer answer;
    answer.body["ok"] = true;
    try {
        const Arguments in(values, slack);
        Context context{in, slack, genie, answer.body};
        found->second(context);
        return answer;
    } catch (const Gone& error) {
        return refusal(404, error.what());
    } catch (const std::exception& error) {
        return refusal(400, error.what());
    }
}

}  // namespace page_actions_detail

asio::awaitable<ActionAnswer> run_page_action(std::string name, json::object arguments, SlackServer& slack,
                                              GenieServer& genie) {
    if (name == "suggest") {
        auto answer = co_await page_actions_detail::suggest(std::move(arguments), slack);
        co_return answer;
    }
    co_return page_actions_detail::run_now(name, arguments, slack, genie);
}

}  // namespace genie_slack::sandbox
