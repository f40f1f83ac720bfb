// Long because all that makes a message a question, or keeps it from being one, is decided in one order.
#include "app/relay/intake.hpp"

#include "app/answer/message/left_alone.hpp"
#include "app/relay/help.hpp"
#include "app/relay/lanes.hpp"
#include "app/relay/manners/banter.hpp"
#include "app/relay/manners/button_request.hpp"
#include "app/relay/manners/clear_wish.hpp"
#include "app/relay/manners/passing_mention.hpp"
#include "app/relay/manners/quiet_wish.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/question_words.hpp"
#include "app/relay/record/chat_rows.hpp"
#include "app/relay/shared_above.hpp"
#include "app/relay/thread_facts.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <cstdlib>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace intake_detail {

using Kind = IntakeDecision::Kind;

constexpr std::size_t kLongestQuestion = 10'000;  // characters
constexpr std::size_t kMessagesLookedAt = 30;     // the newest ones of a thread
constexpr std::size_t kLastSteps = 40;            // of the thread's record: about ten questions
constexpr Duration kHelpGateTime = std::chrono::seconds(5);
constexpr Duration kSoonBehindAnswer = std::chrono::minutes(2);

IntakeDecision ignore(const char* reason) {
    IntakeDecision decision;
    decision.reason = reason;
    return decision;
}

// What was written; what was said in a clip where nothing was. What somebody else wrote, and is only forwarded, says
// nothing of what the writer wants.
std::string line_of(const slack::MessageEvent& message, const storage::Turn& turn) {
    return message.text.empty() && message.forwarded.empty() ? slack::escape(turn.question) : message.text;
}

// Whether the message `ts` was written before `time`; "" was.
bool is_before(const std::string& ts, WallTime time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    return ts.empty() || std::atoll(ts.c_str()) <= seconds;
}

// What somebody sent of which Slack gives us no words.
std::optional<Word> unread_in(const slack::MessageEvent& message, const Self& self) {
    if (has_unread_forward(message))
        return Word::forward_unreadable;
    if (asks_cut_clip(message, self))
        return Word::clip_is_cut;
    return message.file_count > 0 ? std::optional(Word::only_text_works) : std::nullopt;
}

}  // namespace intake_detail

IntakeDecision decide(const slack::Event& event, const slack::MessageEvent& message, const Self& self) {
    using namespace intake_detail;
    if (!message.bot_id.empty() || message.user == self.user_id || message.user.empty())
        return ignore("written by a bot");
    // A mention that an edit added comes as a mention; that of a question which is known already is no new one.
    if (message.edited && !message.mention)
        return ignore("edited");
    if (!message.subtype.empty() && message.subtype != "file_share" && message.subtype != "thread_broadcast" &&
        message.subtype != "me_message")
        return ignore("subtype");
    if (message.channel.empty() || message.ts.empty())
        return ignore("incomplete");
    if (event.team.empty() && self.team.empty())
        return ignore("no team");
    if (message.mention || message.is_direct() || names_us(message.text, self))
        return {Kind::question, ""};
    if (message.thread_ts.empty() || message.thread_ts == message.ts)
        return ignore("not addressed to us");
    return {Kind::if_served, ""};
}

storage::Turn make_turn(const slack::Event& event, const slack::MessageEvent& message, const Self& self) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey(team_of(event.team, self), message.channel, message.root_ts());
    turn.question_ts = message.ts;
    turn.message_ts = message.ts;
    turn.edited_ts = message.edited_ts;
    turn.id = storage::turn_id(turn.thread, message.ts);
    turn.user = message.user;
    turn.channel_type = message.is_direct() ? kDirectMessage : message.channel_type;
    if (message.is_direct())
        turn.origin = storage::Origin::direct_message;
    else if (!message.mention && !names_us(message.text, self))
        turn.origin = storage::Origin::thread_reply;
    turn.question = question_of(message, self);
    turn.received_at = wall_now();
    return turn;
}

storage::Turn make_private_turn(storage::Origin origin, const Visit& visit, const std::string& trigger,
                                std::string question) {
    storage::Turn turn;
    turn.origin = origin;
    // Such a question has no thread in Slack: the key only tells it from others.
    turn.question_ts = "slash/" + trigger;
    turn.thread = storage::ThreadKey(visit.team, visit.channel, turn.question_ts);
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = visit.user;
    turn.question = std::move(question);
    turn.received_at = wall_now();
    return turn;
}

std::string kept_question(const std::string& question) {
    using namespace intake_detail;
    return slack::truncate(question, kLongestQuestion);
}

// Thanks, compliments and emoji, and agreement where nothing was asked: what else is written to the bot alone, or names
// it, is for it.
asio::awaitable<bool> Intake::is_courtesy(const slack::MessageEvent& message, const storage::Turn& turn) {
    using namespace intake_detail;
    const std::string line = slack::escape(turn.question);
    if (is_banter(line_of(message, turn), self_.user_id))
        co_return true;
    ThreadFacts facts;
    facts.is_direct = true;
    if (line.empty() || manner(line, facts) != Manner::courtesy)
        co_return false;
    facts.asked_back = true;
    // Thanks are thanks, whatever was asked.
    if (manner(line, facts) != Manner::courtesy)
        facts.asked_back = co_await has_asked_back(message, turn);
    co_return manner(line, facts) == Manner::courtesy;
}

void Intake::tell_idle(const slack::MessageEvent& message, const storage::Turn& turn) {
    const auto word = word_for_idle(slack::escape(turn.question));
    if (word && !mentions_.comes_as_mention(message) && told_idle_.first(turn.id))
        notes_.tell(turn.user, note_place(message), words::say(language_of(turn), *word));
}

asio::awaitable<bool> Intake::has_asked_back(const slack::MessageEvent& message, const storage::Turn& turn) {
    using namespace intake_detail;
    storage::ThreadKey thread = turn.thread;
    if (message.root_ts() == message.ts) {
        auto last = co_await storage_.recent_turns(turn.thread.team, turn.user, 1, options_.ack_deadline());
        if (!last)
            co_return true;
        if (last->empty())
            co_return false;
        thread = thread_of_answer(last->front());
    }
    auto steps = co_await storage_.get_steps(storage::thread_id(thread), kLastSteps, options_.ack_deadline());
    ThreadFacts facts;
    facts.asked_back = !steps;
    if (steps)
        learn_from(*steps, turn.user, facts);
    co_return facts.asked_back;
}

bool Intake::drop(const slack::Event& event, const slack::MessageEvent& message) {
    using namespace intake_detail;
    const IntakeDecision decision = decide(event, message, self_);
    if (decision.kind != Kind::ignore)
        return false;
    ++status_.ignored;
    if (log::enabled(log::Level::debug))
        log::debug("message.ignored", {{"event_id", event.event_id}, {"why", decision.reason}});
    return true;
}

bool Intake::is_said_of_answer(const storage::Turn& turn) const {
    return spoken_press_ && options_.thread_replies == ThreadReplies::automatic &&
           talk_.talk(turn.thread).value_or(0) < kTalkAmongPeople && button_request(turn.question) &&
           !gate_.check_known(visit_of(turn));
}

void Intake::leave(const std::string& line, const storage::Turn& turn, const ThreadFacts& facts) {
    if (is_said_of_answer(turn))
        return;
    talk_.note_talk(turn.thread, turn.user, turn.message_ts);
    const bool names_button = spoken_press_ && options_.thread_replies == ThreadReplies::automatic &&
                              facts.talk.value_or(0) >= kTalkAmongPeople && button_request(turn.question);
    if (!names_button && !is_held_back(line, facts, options_.thread_replies, self_.user_id))
        return;
    const bool may_ask = facts.has_asked || !gate_.check_known(visit_of(turn));
    if (may_ask && talk_.note_hint(turn.thread, turn.user, Clock::now()))
        notes_.tell(turn.user, note_place(turn),
                    answer::render_left_alone(language_of(turn), {turn.thread.thread_ts, turn.message_ts}));
}

// Such a line is talk among people.
bool Intake::mentions_in_passing(const slack::MessageEvent& message, const storage::Turn& turn) {
    const bool is_passing = !is_asked_directly(turn) && only_speaks_of_bot(message.text, self_.user_id);
    if (is_passing)
        talk_.note_talk(turn.thread, turn.user, turn.message_ts);
    return is_passing;
}

asio::awaitable<Ack> Intake::take(const slack::Event& event, const slack::MessageEvent& message) {
    if (drop(event, message))
        co_return Ack::plain();
    const IntakeDecision decision = decide(event, message, self_);
    storage::Turn turn = make_turn(event, message, self_);
    Reply reply = mentions_in_passing(message, turn) ? Reply::drop : Reply::ask;
    if (decision.kind == IntakeDecision::Kind::if_served)
        reply = co_await hear(message, turn, event.event_id);
    if (reply == Reply::not_recorded) {
        ++status_.not_recorded;
        co_return Ack::none();
    }
    if (said_to_genie(read_line(intake_detail::line_of(message, turn), self_.user_id)))
        turn.question = without_name(turn.question);
    bool is_for_us = reply != Reply::drop;
    Said said = Said::nothing;
    if (!is_for_us && decision.kind == IntakeDecision::Kind::if_served && is_said_of_answer(turn))
        said = co_await press_in_words(event, message, turn);
    if (said == Said::unknown)
        co_return Ack::none();
    if (is_for_us) {
        const bool is_turned_away = co_await turn_away(event, message);
        is_for_us = !is_turned_away;
    }
    if (!is_for_us) {
        ++status_.ignored;
        co_return Ack::plain();
    }
    if (keeps_out(decision, message, turn))
        co_return Ack::plain();
    const auto reason = Help::reason_for(message, turn);
    if (decision.kind == IntakeDecision::Kind::question && reason) {
        if (!mentions_.comes_as_mention(message) && help_.begin(message))
            background_.spawn("help", help(event, message, std::move(turn), *reason));
        co_return Ack::plain();
    }
    bool is_idle = false;
    if (decision.kind == IntakeDecision::Kind::question)
        is_idle = co_await is_courtesy(message, turn);
    if (is_idle) {
        ++status_.ignored;
        tell_idle(message, turn);
        co_return Ack::plain();
    }
    said = co_await press_in_words(event, message, turn);
    if (said == Said::unknown)
        co_return Ack::none();
    if (said == Said::done) {
        talk_.note_question(turn.thread, turn.user);
        co_return Ack::plain();
    }
    co_return co_await ask(event, message, std::move(turn));
}

bool Intake::keeps_out(const IntakeDecision& decision, const slack::MessageEvent& message, const storage::Turn& turn) {
    const bool is_reply = message.root_ts() != message.ts;
    if (decision.kind != IntakeDecision::Kind::question || !is_reply || message.is_direct() ||
        options_.thread_replies != ThreadReplies::automatic || !asks_for_quiet(message.text, self_.user_id))
        return false;
    ++status_.ignored;
    talk_.note_quiet(turn.thread);
    if (!mentions_.comes_as_mention(message) && told_idle_.first(turn.id))
        notes_.tell(turn.user, note_place(message), words::say(language_of(turn), Word::keeping_quiet));
    return true;
}

asio::awaitable<Ack> Intake::take_after_all(const slack::Event& event, const slack::MessageEvent& message) {
    storage::Turn turn = make_turn(event, message, self_);
    turn.origin = storage::Origin::after_all;
    const Said said = co_await press_in_words(event, message, turn);
    if (said == Said::unknown)
        co_return Ack::none();
    if (said == Said::nothing)
        co_return co_await accept(std::move(turn), "");
    talk_.note_question(turn.thread, turn.user);
    co_return Ack::plain();
}

asio::awaitable<Ack> Intake::ask(const slack::Event& event, const slack::MessageEvent& message, storage::Turn turn) {
    const auto unread = intake_detail::unread_in(message, self_);
    if (turn.question.empty() && unread) {
        ++status_.ignored;
        tell_unread(message, turn, *unread);
        co_return Ack::plain();
    }
    const storage::Turn asked = turn;
    auto ack = co_await accept(std::move(turn), event.event_id);
    // Files beside a question are no surprise.
    if (ack.send && unread && *unread != Word::only_text_works)
        tell_unread(message, asked, *unread);
    co_return ack;
}

asio::awaitable<Said> Intake::press_in_words(const slack::Event& event, const slack::MessageEvent& message,
                                             storage::Turn turn) {
    Said said = Said::nothing;
    if (spoken_press_)
        said = co_await spoken_press_(std::move(turn), visit_of(event, message, self_),
                                      mentions_.comes_as_mention(message));
    if (said == Said::unknown) {
        ++status_.not_recorded;
        log::error("words.not_done", {{"event_id", event.event_id}});
    }
    co_return said;
}

asio::awaitable<void> Intake::help(slack::Event event, slack::MessageEvent message, storage::Turn turn,
                                   answer::HelpReason reason) {
    using namespace intake_detail;
    Visit visit = visit_of(event, message, self_);
    const auto refusal = co_await gate_.check(std::move(visit), Deadline::after(kHelpGateTime), Gate::kAtOnce);
    if (refusal)
        refuse(event, message, *refusal);
    else
        co_await help_.post(turn.thread, turn.user, reason);
}

asio::awaitable<Intake::Reply> Intake::hear(const slack::MessageEvent& message, const storage::Turn& turn,
                                            std::string event_id) {
    ThreadFacts facts;
    Reply reply = co_await weigh(message, turn, std::move(event_id), facts);
    if (reply == Reply::look)
        reply = co_await look(message, turn, facts);
    // Perhaps it was said to them.
    if (reply == Reply::ask && !facts.is_alone)
        lanes_.hush(turn.id);
    talk_.note_line(turn.thread, turn.user, turn.message_ts);
    co_return reply;
}

// The words alone decide where they can: most of what people write to each other needs no look-up.
asio::awaitable<Intake::Reply> Intake::weigh(const slack::MessageEvent& message, const storage::Turn& turn,
                                             std::string event_id, ThreadFacts& facts) {
    using namespace intake_detail;
    const std::string line = line_of(message, turn);
    ThreadFacts best;
    best.has_asked = best.asked_back = true;
    best.talk = talk_.talk(turn.thread).value_or(0);
    // Who has asked here and forwards a message without a word asks what stands in it; who shares only a file is told
    // that this does not work.
    const bool is_only_file = turn.question.empty() && unread_in(message, self_).has_value();
    const bool is_wordless = message.text.empty() && (!message.forwarded.empty() || is_only_file);
    if (!is_wordless && (turn.question.empty() || manner(line, best) != Manner::take_up)) {
        if (manner(line, best) != Manner::leave)
            co_return Reply::drop;
        const ThreadFacts known = seen(turn);
        const bool follows = co_await follows_answer(line, turn, known, talk_.newest_line(turn.thread));
        if (!follows)
            leave(line, turn, known);
        co_return follows ? Reply::ask : Reply::drop;
    }
    const Deadline deadline = options_.ack_deadline();
    auto served = co_await storage_.is_served(turn.thread, deadline);
    if (served && !*served)
        co_return Reply::drop;
    storage::StorageResult<std::vector<storage::Step>> steps(std::vector<storage::Step>{});
    if (served)
        steps = co_await storage_.get_steps(storage::thread_id(turn.thread), kLastSteps, deadline);
    if (!served || !steps) {
        log::error("question.not_recorded",
                   {{"event_id", event_id}, {"error", served ? steps.error().message : served.error().message}});
        co_return Reply::not_recorded;
    }
    facts.has_asked = talk_.has_asked(turn.thread, turn.user);
    facts.follows_colleague = talk_.follows_colleague(turn.thread, turn.user);
    learn_from(*steps, turn.user, facts);
    facts.is_alone = !have_others_asked(*steps, turn.user) && !talk_.has_others(turn.thread, turn.user);
    if (steps->empty() && !facts.has_asked) {
        auto above = co_await shared_above(slack_, storage_, turn.thread, options_.look_deadline());
        facts.has_asked = above && above->user == turn.user;
    }
    facts.talk = talk_.talk(turn.thread);
    if (is_wordless) {
        const bool is_asked = facts.has_asked && facts.talk.value_or(0) == 0;
        co_return is_asked ? Reply::ask : Reply::drop;
    }
    // Nobody knows what was said before this process began, or to another one.
    const bool knows_all = facts.talk && !options_.hand_over;
    ThreadFacts quiet = facts;
    quiet.talk = quiet.misunderstood = 0;
    if (!knows_all && manner(line, quiet) == Manner::take_up)
        co_return Reply::look;
    const Manner decided = manner(line, facts);
    if (decided == Manner::leave)
        leave(line, turn, facts);
    co_return decided == Manner::take_up ? Reply::ask : Reply::drop;
}

// Reads in the thread how long people have talked there. Before the ack, so that no question is lost with this process;
// where Slack does not answer soon, nobody knows.
asio::awaitable<Intake::Reply> Intake::look(const slack::MessageEvent& message, const storage::Turn& turn,
                                            ThreadFacts& facts) {
    using namespace intake_detail;
    const std::string line = line_of(message, turn);
    auto messages = co_await slack_.conversation_replies(turn.thread.channel, turn.thread.thread_ts, kMessagesLookedAt,
                                                         options_.look_deadline());
    std::string line_above;
    if (messages) {
        TalkAbove above = talk_above(*messages, turn, facts, options_.thread_replies, self_);
        facts.talk = above.talk;
        facts.follows_colleague = above.follows_colleague;
        facts.is_alone = facts.is_alone && !above.has_others;
        line_above = std::move(above.newest_line);
    } else
        log::warn("thread.not_read", {{"turn", turn.id}, {"error", messages.error().to_string()}});
    bool is_asked = manner(line, facts) == Manner::take_up;
    if (!is_asked && messages)
        is_asked = co_await follows_answer(line, turn, facts, std::move(line_above));
    if (!is_asked)
        leave(line, turn, facts);
    co_return is_asked ? Reply::ask : Reply::drop;
}

asio::awaitable<bool> Intake::follows_answer(std::string line, const storage::Turn& turn, ThreadFacts facts,
                                             std::string line_above) {
    using namespace intake_detail;
    if (!may_follow_answer(line, facts, options_.thread_replies, self_.user_id))
        co_return false;
    auto newest = co_await storage_.newest_turn(turn.thread, options_.look_deadline());
    if (!newest || !*newest)
        co_return false;
    const storage::Turn& answered = **newest;
    const bool follows = answered.user == turn.user && answered.state == storage::TurnState::delivered &&
                         wall_now() - answered.finished_at <= kSoonBehindAnswer &&
                         is_before(line_above, answered.finished_at);
    co_return follows;
}

asio::awaitable<bool> Intake::turn_away(const slack::Event& event, const slack::MessageEvent& message) {
    const Visit visit = visit_of(event, message, self_);
    auto refusal = gate_.check_known(visit);
    // A colleague of another workspace is known by what Slack tells of the person.
    if (refusal == Refusal::foreigner)
        refusal = co_await gate_.check(visit, options_.look_deadline());
    if (refusal)
        refuse(event, message, *refusal);
    co_return refusal.has_value();
}

void Intake::refuse(const slack::Event& event, const slack::MessageEvent& message, Refusal refusal) {
    log::info("question.refused", {{"event_id", event.event_id}, {"user", message.user}, {"why", to_string(refusal)}});
    if (!mentions_.comes_as_mention(message) && turned_away_.first({message.channel, message.ts}))
        notes_.tell(message.user, note_place(message),
                    words::say(people_.language_of(team_of(event.team, self_), message.user), word_for(refusal)));
}

asio::awaitable<Ack> Intake::accept(storage::Turn turn, std::string event_id) {
    if (lanes_.is_stopping())
        co_return Ack::none();
    auto question = co_await question_below_copy(slack_, storage_, turn, options_.look_deadline());
    turn.question = kept_question(question);
    // Buttons, commands and shortcuts tell no type.
    if (turn.channel_type.empty() && slack::is_direct_channel(turn.thread.channel))
        turn.channel_type = kDirectMessage;
    const bool is_private = options_.private_answers || turn.audience == storage::Audience::person;
    turn.audience = audience_of(turn, is_private);
    // Also when the clock is set back: steps of a thread are sorted by their times.
    turn.received_at = step_time(std::max(turn.received_at, last_received_ + std::chrono::microseconds(1)));
    last_received_ = turn.received_at;
    auto rows = question_rows(turn, people_.known(turn.thread.team, turn.user));
    auto accepted = co_await storage_.accept(turn, event_id, std::move(rows), options_.ack_deadline());
    if (!accepted) {
        ++status_.not_recorded;
        log::error("question.not_recorded",
                   {{"turn", turn.id}, {"event_id", event_id}, {"error", accepted.error().message}});
        lanes_.expect_late_record();
        tell_not_recorded(turn);
        co_return Ack::none();
    }
    if (!accepted->first) {
        ++status_.duplicates;
        log::debug("question.again", {{"turn", accepted->turn.id}, {"event_id", event_id}});
        // It may have been recorded late, when nobody waited for it any more.
        lanes_.look_after(accepted->turn);
        co_return Ack::plain();
    }
    ++status_.questions;
    talk_.note_question(turn.thread, turn.user);
    log::info("question.accepted", {{"turn", turn.id},
                                    {"event_id", event_id},
                                    {"channel", turn.thread.channel},
                                    {"thread", turn.thread.thread_ts},
                                    {"user", turn.user}});
    if (turn.question != question)
        notes_.tell(turn.user, note_place(turn),
                    words::say(language_of(turn), Word::question_cut, {{"n", intake_detail::kLongestQuestion}}));
    std::string parked_at = lanes_.parked_at(turn.thread);
    const std::size_t ahead = lanes_.waiting(turn.thread);
    lanes_.append(turn.thread, turn.id);
    // What takes another question's message over ends that one, and shows itself there.
    if (parked_at.empty() && ahead > 0 && turn.replaces.empty())
        background_.spawn("next", tell_its_turn(std::move(turn), ahead));
    else if (!parked_at.empty())
        background_.spawn("choose first", ask_to_choose_first(std::move(turn), std::move(parked_at)));
    co_return Ack::plain();
}

// Nobody is promised an answer whom the gate turns away when it is their turn.
asio::awaitable<void> Intake::tell_its_turn(storage::Turn turn, std::size_t ahead) {
    const auto refusal = co_await gate_.check(visit_of(turn), Deadline::after(intake_detail::kHelpGateTime));
    if (refusal)
        co_return;
    notes_.tell(turn.user, note_place(turn),
                ahead == 1 ? words::say(language_of(turn), Word::next_in_thread)
                           : words::say(language_of(turn), Word::later_in_thread, {{"n", ahead}}));
}

// Unless the choice was made in another process.
asio::awaitable<void> Intake::ask_to_choose_first(storage::Turn turn, std::string parked_at) {
    const auto refusal = co_await gate_.check(visit_of(turn), Deadline::after(intake_detail::kHelpGateTime));
    if (refusal)
        co_return;
    auto waiting = co_await storage_.get_turn(std::move(parked_at), Deadline::after(options_.storage_time));
    if (waiting && *waiting && storage::waits_for_choice(**waiting))
        notes_.tell(turn.user, note_place(turn), words::say(language_of(turn), Word::choose_space_first));
}

void Intake::tell_unread(const slack::MessageEvent& message, const storage::Turn& turn, Word what) {
    // Each event may come again.
    if (!mentions_.comes_as_mention(message) && told_unread_.first(turn.id))
        notes_.tell(turn.user, note_place(message), words::say(language_of(turn), what));
}

// Once for each question, however often Slack delivers it while storage is away.
void Intake::tell_not_recorded(const storage::Turn& turn) {
    if (told_not_recorded_.first(turn.id))
        notes_.tell(turn.user, note_place(turn), words::say(language_of(turn), Word::not_recorded));
}

}  // namespace genie_slack::relay
