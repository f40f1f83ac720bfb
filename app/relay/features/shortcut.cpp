#include "app/relay/features/shortcut.hpp"

#include "app/answer/actions.hpp"
#include "app/answer/message/help.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
namespace json = boost::json;
using slack::Ack;
using words::Word;

namespace shortcut_detail {

constexpr Duration kLookTime = std::chrono::milliseconds(800);
constexpr Duration kOpenTime = std::chrono::milliseconds(2800);  // a trigger_id lives for 3 s

storage::Turn make_turn(const answer::ShortcutTarget& target, const Visit& visit, std::string question) {
    storage::Turn turn;
    turn.thread =
        storage::ThreadKey(visit.team, target.channel, target.thread_ts.empty() ? target.message_ts : target.thread_ts);
    // One question of each person about a message, however often the form is sent.
    turn.question_ts = target.message_ts + "/shortcut/" + visit.user;
    turn.message_ts = target.message_ts;
    turn.origin = storage::Origin::shortcut;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = visit.user;
    turn.question = std::move(question);
    if (target.is_private)
        turn.audience = storage::Audience::person;
    turn.received_at = wall_now();
    return turn;
}

}  // namespace shortcut_detail

Ack refuse_form(const char* block_id, std::string why) {
    json::object errors;
    errors[block_id] = why;
    json::object reply;
    reply["response_action"] = "errors";
    reply["errors"] = std::move(errors);
    return Ack::with(std::move(reply));
}

asio::awaitable<Ack> Shortcut::use(const slack::Shortcut& shortcut, const Visit& visit) {
    if (shortcut.on_message)
        background_.spawn("question form", open_form(shortcut, visit.team));
    co_return Ack::plain();
}

asio::awaitable<void> Shortcut::open_form(slack::Shortcut shortcut, std::string team) {
    const auto language = people_.language_of(team, shortcut.user);
    answer::ShortcutTarget target;
    target.channel = shortcut.channel;
    target.message_ts = shortcut.message_ts;
    target.thread_ts = shortcut.thread_ts;
    answer::QuestionView form;
    form.language = language;
    form.callback_id = answer::kAskShortcut;
    const bool is_direct = slack::is_direct_channel(shortcut.channel);
    if (!is_direct && !options_.private_answers)
        target.is_private = co_await is_closed(shortcut.channel);
    form.private_metadata = answer::shortcut_metadata(target);
    // Nobody asks the words of an answer.
    if (shortcut.message_user != self_.user_id)
        form.question = slack::plain_text(shortcut.message_text, self_.user_id);
    form.answers_privately = target.is_private || (options_.private_answers && !is_direct);
    auto view = answer::render_question_view(form);
    auto opened = co_await services_.slack.open_view(shortcut.trigger_id, std::move(view),
                                                     Deadline::after(shortcut_detail::kOpenTime));
    if (opened)
        co_return;
    log::warn("form.not_opened", {{"error", opened.error().to_string()}});
    notes_.tell(shortcut.user, note_place(shortcut), words::say(language, Word::form_not_opened));
}

// Whether the bot is not in the channel, and cannot answer in its threads.
asio::awaitable<bool> Shortcut::is_closed(std::string channel) {
    auto info =
        co_await services_.slack.conversation_info(std::move(channel), Deadline::after(shortcut_detail::kLookTime));
    co_return info ? !info->is_member.value_or(true) : wants_invitation(info.error());
}

asio::awaitable<Ack> Shortcut::submit(const slack::ViewSubmission& submission, const Visit& visit) {
    const auto target = answer::parse_shortcut(submission.private_metadata);
    const auto language = people_.language_of(visit.team, visit.user);
    std::string question;
    for (const slack::Action& value : submission.values)
        if (value.action_id == answer::kQuestionInput)
            question = value.value;
    if (slack::is_blank(question))
        co_return refuse_form(answer::kQuestionInput, words::say(language, Word::help_empty));
    if (!target)
        co_return Ack::plain();
    storage::Turn turn = shortcut_detail::make_turn(*target, visit, std::move(question));
    auto known = co_await services_.storage.get_turn(turn.id, options_.ack_deadline());
    if (known && *known)
        co_return refuse_form(answer::kQuestionInput, words::say(language, Word::asked_already));
    auto ack = co_await intake_.accept(std::move(turn), "");
    if (!ack.send)
        co_return refuse_form(answer::kQuestionInput, words::say(language, Word::command_not_recorded));
    co_return ack;
}

}  // namespace genie_slack::relay
