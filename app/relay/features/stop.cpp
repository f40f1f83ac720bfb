#include "app/relay/features/stop.hpp"

#include "app/relay/intake.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "slack/text/emoji.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <vector>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace stop_detail {

constexpr std::size_t kTurnsLookedAt = 20;  // the person's newest ones
constexpr std::string_view kStops[] = {"stop",        "stopp",   "stop it", "stop that", "cancel",    "cancel it",
                                       "cancel that", "abort",   "halt",    "anhalten",  "abbrechen", "abbruch",
                                       "brich ab",    "hör auf", "para",    "detente",   "detener",   "cancela",
                                       "cancelar",    "arrête",  "arrêter", "arrete",    "annule",    "annuler"};
constexpr std::string_view kCourtesies[] = {"please", "bitte", "por favor", "s'il te plaît", "now", "jetzt"};

// Small letters without what stands around the words; other letters than ASCII's stay as they are.
std::string plain(std::string_view text) {
    constexpr std::string_view kAround = " \t\n.!,¡";
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    const std::size_t from = out.find_first_not_of(kAround);
    return from == std::string::npos ? "" : out.substr(from, out.find_last_not_of(kAround) - from + 1);
}

bool stands_in(const storage::Turn& turn, const slack::MessageEvent& message) {
    const bool is_reply = !message.thread_ts.empty() && message.thread_ts != message.ts;
    const storage::ThreadKey answered = thread_of_answer(turn);
    const auto is_here = [&](const std::string& channel, const std::string& thread_ts) {
        return channel == message.channel && (!is_reply || thread_ts == message.thread_ts);
    };
    return is_here(turn.thread.channel, turn.thread.thread_ts) || is_here(answered.channel, answered.thread_ts);
}

}  // namespace stop_detail

bool says_stop(std::string_view question) {
    using namespace stop_detail;
    if (question.size() > 60)
        return false;
    std::string text = plain(slack::without_emoji(question));
    for (const std::string_view courtesy : kCourtesies) {
        if (text.ends_with(courtesy))
            text = plain(std::string_view(text).substr(0, text.size() - courtesy.size()));
        if (text.starts_with(courtesy))
            text = plain(std::string_view(text).substr(courtesy.size()));
    }
    return std::find(std::begin(kStops), std::end(kStops), text) != std::end(kStops);
}

asio::awaitable<std::optional<Ack>> Stop::written(const slack::Event& event, const slack::MessageEvent& message) {
    using Kind = IntakeDecision::Kind;
    const IntakeDecision decision = decide(event, message, self_);
    if (decision.kind == Kind::ignore || !says_stop(make_turn(event, message, self_).question))
        co_return std::nullopt;
    auto turns = co_await storage_.recent_turns(team_of(event.team, self_), message.user, stop_detail::kTurnsLookedAt,
                                                options_.ack_deadline());
    if (!turns)
        co_return Ack::none();
    bool is_any = false;
    for (const storage::Turn& turn : *turns) {
        if (storage::is_final(turn.state) || !stop_detail::stands_in(turn, message))
            continue;
        is_any = true;
        const auto requested = co_await request(turn, message.user);
        if (!requested)
            co_return Ack::none();
    }
    // Among people it may be meant for one of them; a question it is never.
    if (!is_any && decision.kind == Kind::if_served)
        co_return Ack::plain();
    if (!is_any && !mentions_.comes_as_mention(message))
        notes_.tell(message.user, note_place(message),
                    words::say(people_.language_of(team_of(event.team, self_), message.user), Word::nothing_to_stop));
    co_return Ack::plain();
}

asio::awaitable<storage::StorageResult<void>> Stop::request(const storage::Turn& turn, std::string by) {
    if (storage::is_final(turn.state))
        co_return storage::StorageResult<void>();
    auto asked = co_await storage_.request_stop(turn.id, by, options_.ack_deadline());
    if (!asked)
        co_return asked.error();
    log::info("turn.stop_wanted", {{"turn", turn.id}, {"by", by}});
    runner_.nudge(turn.id);
    // Nobody works on a question that waits for its space.
    if (*asked && (*asked)->state == storage::TurnState::awaiting_space)
        lanes_.put_first(turn.thread, turn.id);
    co_return storage::StorageResult<void>();
}

bool Stop::may_stop(const storage::Turn& turn, const std::string& user) const {
    return user == turn.user || options_.admins.contains(user);
}

void Stop::refuse(const storage::Turn& turn, const std::string& user, const NotePlace& place) {
    const std::string asker = "<@" + turn.user + ">";
    notes_.tell(user, place,
                words::say(people_.language_of(turn.thread.team, user), Word::only_asker_may_stop, {{"user", asker}}));
}

asio::awaitable<Ack> Stop::press(const Press& press) {
    auto found = co_await storage_.get_turn(press.action.value, options_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    const storage::Turn& turn = **found;
    if (!may_stop(turn, press.user())) {
        refuse(turn, press.user(), press.note_place);
        co_return Ack::plain();
    }
    const auto requested = co_await request(turn, press.user());
    co_return requested ? Ack::plain() : Ack::none();
}

asio::awaitable<Ack> Stop::session_stopped(const slack::Event& event, const slack::AgentSessionStopped& stopped) {
    const storage::ThreadKey thread(team_of(event.team, self_), stopped.channel, stopped.thread_ts);
    auto newest = co_await storage_.newest_turn(thread, options_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (!*newest || storage::is_final((*newest)->state))
        co_return Ack::plain();
    // Slack offers it to everybody who sees the thread.
    if (!may_stop(**newest, stopped.user)) {
        runner_.stopped_by_another((*newest)->id);
        refuse(**newest, stopped.user, note_place(**newest));
        co_return Ack::plain();
    }
    const auto requested = co_await request(**newest, stopped.user);
    co_return requested ? Ack::plain() : Ack::none();
}

}  // namespace genie_slack::relay
