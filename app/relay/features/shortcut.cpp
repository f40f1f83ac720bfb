#include "app/relay/features/shortcut.hpp"

#include "app/answer/message/help.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace genie_slack::relay {

namespace asio = boost::asio;
namespace json = boost::json;
using slack::Ack;
using words::Word;

namespace message_shortcut_detail {

// A trigger_id lives for 3 s (slack.md 3.12).
constexpr Duration kOpenTime = std::chrono::milliseconds(2800);

// The message of which the shortcut was used, as the form carries it.
struct Target {
    std::string channel;
    std::string message_ts;
    std::string thread_ts;
};

std::string encode(const slack::Shortcut& shortcut) {
    json::object target;
    target["channel"] = shortcut.channel;
    target["message_ts"] = shortcut.message_ts;
    target["thread_ts"] = shortcut.thread_ts;
    return json::serialize(target);
}

Target decode(const std::string& metadata) {
    Target target;
    boost::system::error_code failure;
    const json::value value = json::parse(metadata, failure);
    const json::object* object = failure ? nullptr : value.if_object();
    if (!object)
        return target;
    const auto text = [&](const char* key) {
        const json::value* member = object->if_contains(key);
        return member && member->is_string() ? std::string(member->get_string()) : std::string();
    };
    target.channel = text("channel");
    target.message_ts = text("message_ts");
    target.thread_ts = text("thread_ts");
    return target;
}

// Stands below the field of the form, which stays open.
Ack refuse(std::string why) {
    json::object errors;
    errors[answer::kQuestionInput] = std::move(why);
    json::object reply;
    reply["response_action"] = "errors";
    reply["errors"] = std::move(errors);
    return Ack::with(std::move(reply));
}

}  // namespace message_shortcut_detail

RelayPart::Answer<Ack> MessageShortcut::on_shortcut(const slack::Shortcut& shortcut) {
    if (!shortcut.on_message || shortcut.callback_id != kAskShortcut)
        co_return std::nullopt;
    context_.spawn("question form", open_form(shortcut));
    co_return Ack::plain();
}

asio::awaitable<void> MessageShortcut::open_form(slack::Shortcut shortcut) {
    using namespace message_shortcut_detail;
    const std::string team = shortcut.team.empty() ? context_.self.team : shortcut.team;
    const auto language = context_.language_of(team, shortcut.user);
    auto view = answer::render_question_view(language, kAskShortcut, encode(shortcut),
                                             slack::plain_text(shortcut.message_text, context_.self.user_id));
    auto opened = co_await context_.slack.open_view(shortcut.trigger_id, std::move(view), Deadline::after(kOpenTime));
    if (opened)
        co_return;
    log::warn("form.not_opened", {{"error", opened.error().to_string()}});
    const storage::ThreadKey thread(team, shortcut.channel,
                                    shortcut.thread_ts.empty() ? shortcut.message_ts : shortcut.thread_ts);
    context_.tell(shortcut.user, thread, words::say(language, Word::form_not_opened));
}

RelayPart::Answer<Ack> MessageShortcut::on_submission(const slack::ViewSubmission& submission) {
    using namespace message_shortcut_detail;
    if (submission.callback_id != kAskShortcut)
        co_return std::nullopt;
    if (submission.closed)
        co_return Ack::plain();
    const Target target = decode(submission.private_metadata);
    const std::string team = submission.team.empty() ? context_.self.team : submission.team;
    const auto language = context_.language_of(team, submission.user);
    std::string question;
    for (const slack::Action& value : submission.values)
        if (value.action_id == answer::kQuestionInput)
            question = value.value;
    const bool is_blank = question.find_first_not_of(" \t\r\n") == std::string::npos;
    if (is_blank)
        co_return refuse(words::say(language, Word::help_empty));
    if (target.channel.empty() || target.message_ts.empty())
        co_return Ack::plain();
    const auto refusal = context_.refusal(team, submission.user, target.channel);
    if (refusal) {
        log::info("question.refused", {{"user", submission.user}, {"why", to_string(*refusal)}});
        co_return refuse(words::say(language, word_for(*refusal)));
    }
    storage::Turn turn;
    turn.thread =
        storage::ThreadKey(team, target.channel, target.thread_ts.empty() ? target.message_ts : target.thread_ts);
    // One question of each person about a message, however often the form is sent.
    turn.question_ts = target.message_ts + "/shortcut/" + submission.user;
    turn.message_ts = target.message_ts;
    turn.origin = storage::Origin::shortcut;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = submission.user;
    turn.question = std::move(question);
    turn.received_at = wall_now();
    auto known = co_await context_.storage.get_turn(turn.id, context_.ack_deadline());
    if (known && *known)
        co_return refuse(words::say(language, Word::asked_already));
    auto ack = co_await context_.accept(std::move(turn), "");
    if (!ack.send)
        co_return refuse(words::say(language, Word::command_not_recorded));
    co_return ack;
}

}  // namespace genie_slack::relay
