// Long because everything that people do with an answer goes one way: found, allowed, alone, shown.
#include "app/relay/features/answer_actions.hpp"

#include "app/answer/chart/chart_names.hpp"
#include "app/answer/chart/chart_obstacle.hpp"
#include "app/answer/message/answer.hpp"
#include "app/answer/message/answer_chart.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/turn/genie_failure.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace answer_actions_detail {

constexpr Duration kSlow = std::chrono::seconds(2);  // then a sign is due
constexpr Duration kReadTime = std::chrono::minutes(2);
constexpr Duration kDownloadTime = std::chrono::minutes(5);
constexpr Duration kDeliverTime = std::chrono::minutes(2);
constexpr Duration kFileTime = std::chrono::minutes(1);
constexpr Duration kGateTime = std::chrono::seconds(5);
constexpr Duration kSpaceTime = std::chrono::seconds(10);
constexpr Duration kOwnerTime = std::chrono::seconds(10);
constexpr Duration kLookTime = std::chrono::seconds(5);
constexpr std::size_t kMessagesLookedAt = 200;
constexpr Duration kPause = std::chrono::milliseconds(300);
constexpr Duration kHoldTime = std::chrono::minutes(6);  // then another process may begin the same

// The private answer's turn, as it stands where it was asked; not posted yet.
storage::Turn shared_copy(storage::Turn turn) {
    turn.progress_ts.clear();
    turn.answer_channel.clear();
    if (has_no_thread(turn))
        turn.answer_channel = turn.thread.channel;
    return turn;
}

}  // namespace answer_actions_detail

asio::awaitable<AnswerActions::Found> AnswerActions::find(const Press& press, std::string turn_id, const char* what) {
    Found found;
    auto turn = co_await services_.storage.get_turn(std::move(turn_id), options_.ack_deadline());
    found.is_storage_away = !turn;
    if (!turn)
        co_return found;
    Wish wish;
    wish.visit = press.visit;
    wish.note_place = press.note_place;
    wish.shown = answer::read_shown_answer(press.actions.message);
    wish.is_spoken = press.is_spoken;
    wish.format = press.format;
    wish.language = directory_.people.language_of(press.team(), press.user());
    if (*turn)
        wish.turn = std::move(**turn);
    wish.answer_language = directory_.people.language_of(press.team(), wish.turn.user);
    if (wish.turn.message_id.empty() || !stand_where_pressed(wish, press)) {
        tell(wish, Word::answer_forgotten);
        co_return found;
    }
    log::info("answer.action", {{"turn", wish.turn.id}, {"what", what}, {"user", wish.visit.user}});
    if (begin(wish, what))
        found.wish = std::move(wish);
    co_return found;
}

bool AnswerActions::begin(Wish& wish, const std::string& what) {
    std::erase_if(running_, [](const auto& each) { return each.second.expired(); });
    // An answer and its shared copy are two messages, each with a result of its own.
    wish.action = wish.is_shared_copy ? what + '/' + wish.turn.progress_ts : what;
    wish.owner = process_ + '/' + std::to_string(++presses_);
    std::string key = wish.action + ' ' + wish.turn.id;
    // How it was calculated is told to one person, all else is there for everyone.
    if (what == kSqlDeed || what == kCheckDeed)
        key += ' ' + wish.visit.user;
    // The other kind of file comes afterwards.
    key += ' ' + std::to_string(static_cast<int>(wish.format));
    const auto mark = std::make_shared<int>(0);
    if (!running_.emplace(std::move(key), mark).second) {
        tell(wish, Word::being_done);
        return false;
    }
    wish.running = mark;
    return true;
}

// What is wished below the shared copy of a private answer happens there, not in the direct message of its owner.
bool AnswerActions::stand_where_pressed(Wish& wish, const Press& press) {
    storage::Turn& turn = wish.turn;
    const PressedAt at = pressed_at(press, turn);
    if (at != PressedAt::shared_copy)
        return at == PressedAt::answer;
    wish.is_shared_copy = true;
    turn.progress_ts = press.actions.message_ts;
    turn.answer_thread.clear();
    turn.answer_channel = has_no_thread(turn) ? turn.thread.channel : std::string();
    return true;
}

asio::awaitable<Ack> AnswerActions::take(const Press& press, std::string turn_id, const char* what, Work work) {
    Found found = co_await find(press, std::move(turn_id), what);
    if (found.is_storage_away)
        co_return Ack::none();
    if (found.wish)
        background_.spawn(what, work(std::move(*found.wish)));
    co_return Ack::plain();
}

AnswerActions::Work AnswerActions::alone_does(Deed deed) {
    return [this, deed](Wish wish) { return alone(std::move(wish), deed); };
}

asio::awaitable<Ack> AnswerActions::press_share(const Press& press) {
    return take(press, press.action.value, storage::kShareAction, alone_does(&AnswerActions::share));
}

asio::awaitable<Ack> AnswerActions::press_chart(const Press& press) {
    auto wanted = answer::parse_chart(press.action.value);
    if (!wanted)
        co_return Ack::plain();
    // Another kind comes afterwards: who changes a message waits for whoever changes it now.
    const std::string what = "chart/" + wanted->chart;
    Work work = [this, chart = std::move(wanted->chart)](Wish wish) {
        wish.chart = chart;
        return alone(std::move(wish), &AnswerActions::draw_again);
    };
    co_return co_await take(press, std::move(wanted->turn_id), what.c_str(), std::move(work));
}

asio::awaitable<Ack> AnswerActions::press_more(const Press& press) {
    auto wanted = answer::parse_more(press.action.value);
    // The menu of a compact answer has the kinds of chart as well.
    if (!wanted)
        co_return co_await press_chart(press);
    if (wanted->choice == answer::MoreChoice::space)
        co_return co_await spaces_.offer_change(press, std::move(wanted->turn_id));
    const bool is_file = wanted->choice == answer::MoreChoice::csv;
    Work work = alone_does(is_file ? &AnswerActions::send_file : &AnswerActions::run_again);
    const char* what = is_file ? storage::kFileAction : "again";
    co_return co_await take(press, std::move(wanted->turn_id), what, std::move(work));
}

void AnswerActions::tell(const Wish& wish, Word word, std::initializer_list<words::Value> values) {
    notes_.tell(wish.visit.user, wish.note_place, words::say(wish.language, word, values));
}

void AnswerActions::tell_failure(const Wish& wish, const char* what, const genie::GenieError& error) {
    log_genie_error(wish.turn, what, error);
    tell(wish, Word::answer_unreachable);
}

// The press itself was let in by what was known within the time for its ack.
asio::awaitable<std::string> AnswerActions::why_refused(const Wish& wish) {
    const auto refusal =
        co_await directory_.gate.check(wish.visit, Deadline::after(answer_actions_detail::kGateTime), Gate::kAtOnce);
    co_return refusal ? words::say(wish.language, word_for(*refusal)) : std::string();
}

asio::awaitable<bool> AnswerActions::is_still_let_in(const Wish& wish, std::string channel) {
    Visit there = wish.visit;
    const bool is_elsewhere = there.channel != channel;
    const std::string place = channel;
    there.channel = std::move(channel);
    there.is_im = is_elsewhere ? slack::is_direct_channel(there.channel) : there.is_im;
    const auto refusal = co_await directory_.gate.check(
        std::move(there), Deadline::after(answer_actions_detail::kGateTime), Gate::kAtOnce);
    if (refusal && is_elsewhere)
        tell(wish, word_for_place(*refusal), {{"channel", "<#" + place + ">"}});
    else if (refusal)
        tell(wish, word_for(*refusal));
    co_return !refusal;
}

asio::awaitable<std::string> AnswerActions::why_closed(const Wish& wish) {
    auto space =
        co_await directory_.spaces.find(wish.turn.space_id, Deadline::after(answer_actions_detail::kSpaceTime));
    std::string why;
    // What Databricks does not tell now is no reason: reading the answer fails then by itself.
    if (space && !*space) {
        log::info("answer.space_closed", {{"turn", wish.turn.id}, {"space", wish.turn.space_id}});
        why = words::say(wish.language, Word::answer_space_closed, {{"title", slack::escape(wish.turn.space_name)}});
    }
    co_return why;
}

asio::awaitable<bool> AnswerActions::is_space_open(const Wish& wish) {
    std::string why = co_await why_closed(wish);
    if (!why.empty())
        notes_.tell(wish.visit.user, wish.note_place, why);
    co_return why.empty();
}

std::string AnswerActions::links_only_note(const Wish& wish) const {
    const std::string url = services_.genie.conversation_url(wish.turn.space_id, wish.turn.conversation_id);
    return words::say(wish.language, Word::data_only_in_genie, {{"link", url}});
}

asio::awaitable<storage::StorageResult<storage::ActionClaim>> AnswerActions::hold(const Wish& wish, std::string action,
                                                                                  Duration hold_time,
                                                                                  Patience patience) {
    using namespace answer_actions_detail;
    const Deadline until = Deadline::after(kFileTime);
    for (;;) {
        auto begun = co_await services_.storage.begin_action(wish.turn.id, action, wish.owner, hold_time,
                                                             Deadline::after(kOwnerTime));
        if (!begun || begun->granted || patience == Patience::none || until.expired())
            co_return begun;
        co_await sleep_for(kPause);
    }
}

asio::awaitable<void> AnswerActions::alone(Wish wish, Deed deed) {
    using namespace answer_actions_detail;
    const std::string turn_id = wish.turn.id;
    const std::string action = wish.action;
    const std::string owner = wish.owner;
    // Who wishes another kind of file waits for the one that is being made.
    const Patience patience = wish.format == answer::FileFormat::automatic ? Patience::none : Patience::until_free;
    auto begun = co_await hold(wish, action, kHoldTime, patience);
    if (begun && !begun->granted) {
        tell(wish, Word::being_done);
        co_return;
    }
    if (begun)
        wish.known_file = begun->result;
    const std::string refused = co_await why_refused(wish);
    if (refused.empty()) {
        auto doing = (this->*deed)(std::move(wish));
        co_await std::move(doing);
    } else {
        notes_.tell(wish.visit.user, wish.note_place, refused);
    }
    co_await services_.storage.end_action(turn_id, action, owner, Deadline::after(kOwnerTime));
}

asio::awaitable<void> AnswerActions::forget_file(const Wish& wish) {
    using namespace answer_actions_detail;
    auto begun = co_await hold(wish, storage::kFileAction, kOwnerTime, Patience::until_free);
    storage::StorageResult<bool> forgotten(begun && begun->granted);
    if (!begun)
        forgotten = begun.error();
    else if (begun->granted)
        forgotten = co_await services_.storage.keep_result(wish.turn.id, storage::kFileAction, wish.owner, "",
                                                           Deadline::after(kOwnerTime));
    if (!forgotten || !*forgotten)
        log::warn("file.stale",
                  {{"turn", wish.turn.id}, {"error", forgotten ? "held elsewhere" : forgotten.error().message}});
    if (begun && begun->granted)
        co_await services_.storage.end_action(wish.turn.id, storage::kFileAction, wish.owner,
                                              Deadline::after(kOwnerTime));
}

asio::awaitable<void> AnswerActions::draw_again(Wish wish) {
    using namespace answer_actions_detail;
    if (options_.links_only) {
        notes_.tell(wish.visit.user, wish.note_place, links_only_note(wish));
        co_return;
    }
    const bool open = co_await is_space_open(wish);
    if (!open)
        co_return;
    // Before the rows are read: whoever runs the query again at this time shows newer ones.
    ShownState state = state_of(wish);
    wish.shown = co_await state.hold(wish.shown);
    auto read =
        co_await runner_.reader().read_again(wish.turn, wish.answer_language, false, Deadline::after(kReadTime));
    if (!read) {
        tell_failure(wish, "chart.failed", read.error());
        co_await state.release();
        co_return;
    }
    if (wish.is_spoken) {
        const std::string why_not = co_await why_not_drawn(wish, *read);
        if (!why_not.empty()) {
            notes_.tell(wish.visit.user, wish.note_place, why_not);
            co_await state.release();
            co_return;
        }
    }
    if (wish.is_spoken && wish.shown.data_at == WallTime{})
        wish.shown.data_at = wish.turn.finished_at;
    answer::choose_chart(wish.shown, std::move(wish.chart));
    keep_shown(wish, *read);
    const bool is_shown = co_await show(wish, std::move(*read));
    if (!is_shown) {
        co_await state.release();
        co_return;
    }
    co_await state.keep(std::move(wish.shown));
    if (wish.is_spoken)
        tell(wish, Word::chart_is_there, {{"link", slack::escape(answer_link(self_.url, wish.turn))}});
}

// Buttons offer only what can be.
std::string AnswerActions::settle_chart(Wish& wish, const answer::AnswerInput& input) {
    if (!input.table)
        return words::say(wish.language, Word::no_table);
    if (wish.chart == "none")
        return answer::is_single_value(*input.table) ? words::say(wish.language, Word::single_value) : "";
    if (wish.chart == "any") {
        const auto kinds = answer::charts_of(input);
        if (!kinds.empty())
            wish.chart = answer::to_string(kinds.front());
        for (const answer::ChartKind kind : kinds)
            if (wish.shown.chart_before == answer::to_string(kind))
                wish.chart = wish.shown.chart_before;
    }
    return answer::why_no_chart(wish.language, *input.table, wish.chart, answer::chart_scope(input));
}

asio::awaitable<std::string> AnswerActions::why_not_drawn(Wish& wish, const answer::AnswerInput& input) {
    const bool any_chart = wish.chart == answer::kAnyChart;
    std::string why_not = settle_chart(wish, input);
    if (!why_not.empty())
        co_return why_not;
    const std::string shown = co_await kind_shown_now(wish);
    const bool is_chart = !shown.empty() && shown != answer::kNoChart;
    if (!shown.empty() && (any_chart ? is_chart : shown == wish.chart))
        why_not = answer::shown_already(wish.language, *input.table, shown, answer::chart_scope(input));
    co_return why_not;
}

asio::awaitable<std::string> AnswerActions::kind_shown_now(const Wish& wish) {
    using namespace answer_actions_detail;
    const Place place = place_of(wish.turn);
    const Deadline soon = Deadline::after(kLookTime);
    auto looking = place.thread_ts.empty()
                       ? services_.slack.conversation_history(place.channel, kMessagesLookedAt, soon)
                       : services_.slack.conversation_replies(place.channel, place.thread_ts, kMessagesLookedAt, soon);
    auto messages = co_await std::move(looking);
    std::string kind;
    if (!messages) {
        log::info("chart.not_looked_up", {{"turn", wish.turn.id}, {"error", messages.error().to_string()}});
        co_return kind;
    }
    for (const slack::ThreadMessage& message : *messages)
        if (message.ts == wish.turn.progress_ts)
            kind = answer::shown_kind(message.blocks);
    co_return kind;
}

ShownState AnswerActions::state_of(const Wish& wish) const {
    return ShownState(services_.storage, wish.turn.id, wish.is_shared_copy ? wish.turn.progress_ts : std::string(),
                      wish.owner);
}

asio::awaitable<void> AnswerActions::run_again(Wish wish) {
    using namespace answer_actions_detail;
    const bool open = co_await is_space_open(wish);
    if (!open)
        co_return;
    const auto slowness = std::make_shared<Slowness>();
    Wish watched = wish;
    watched.running.reset();
    background_.spawn("slow run", tell_when_slow(std::move(watched), slowness));
    auto rerun = co_await runner_.reader().run_again(wish.turn, wish.answer_language, Deadline::after(kReadTime));
    slowness->is_over = true;
    if (!rerun) {
        tell_failure(wish, "again.failed", rerun.error());
        co_return;
    }
    if (rerun->still_runs) {
        log::info("again.still_running", {{"turn", wish.turn.id}});
        tell(wish, Word::still_running);
        co_return;
    }
    // What stands is worth more than why there is nothing new.
    if (!rerun->input.result_note.empty()) {
        tell(wish, Word::not_run_again);
        co_return;
    }
    // The query took its time: another chart may have been chosen meanwhile.
    ShownState state = state_of(wish);
    wish.shown = co_await state.hold(wish.shown);
    answer::AnswerInput input = std::move(rerun->input);
    input.chart = wish.shown.chart;
    input.chart_before = wish.shown.chart_before;
    // Words that were older than the rows once stay so, whatever the rows do now.
    if (rerun->has_other_rows && wish.shown.text_at == WallTime{})
        wish.shown.text_at = wish.shown.data_at != WallTime{} ? wish.shown.data_at : wish.turn.finished_at;
    input.text_at = wish.shown.text_at;
    wish.shown.data_at = input.answered_at;
    const bool has_news = rerun->has_other_rows;
    const bool shown = co_await show(wish, std::move(input));
    if (!shown) {
        co_await state.release();
        co_return;
    }
    co_await state.keep(wish.shown);
    if (!wish.is_shared_copy)
        co_await forget_file(wish);
    if (!slowness->is_told)
        tell(wish, has_news ? Word::ran_with_other_rows : Word::ran_with_same_rows);
}

asio::awaitable<void> AnswerActions::tell_when_slow(Wish wish, std::shared_ptr<Slowness> slowness) {
    co_await sleep_for(answer_actions_detail::kSlow);
    if (slowness->is_over)
        co_return;
    slowness->is_told = true;
    tell(wish, Word::running_again);
}

void AnswerActions::keep_shown(const Wish& wish, answer::AnswerInput& input) {
    input.chart = wish.shown.chart;
    input.chart_before = wish.shown.chart_before;
    if (wish.shown.data_at != WallTime{})
        input.answered_at = wish.shown.data_at;
    input.text_at = wish.shown.text_at;
}

asio::awaitable<bool> AnswerActions::show(Wish& wish, answer::AnswerInput input) {
    // What was read took its time: who reads along may have changed since the press.
    const bool may_show = co_await is_still_let_in(wish, wish.visit.channel);
    if (!may_show)
        co_return false;
    const bool shown = co_await put(wish, std::move(input));
    if (!shown) {
        const Word why = co_await why_not_shown(wish);
        tell(wish, why);
    }
    co_return shown;
}

std::string AnswerActions::shared_link(const storage::Turn& turn) const {
    storage::Turn copy = answer_actions_detail::shared_copy(turn);
    copy.progress_ts = turn.shared_ts;
    return answer_link(self_.url, copy);
}

asio::awaitable<bool> AnswerActions::put(Wish& wish, answer::AnswerInput input) {
    // Since the press it may have been shared.
    storage::Turn turn = wish.turn;
    if (turn.shared_ts.empty() && input.may_share) {
        auto now = co_await services_.storage.get_turn(turn.id, Deadline::after(answer_actions_detail::kOwnerTime));
        if (now && *now)
            turn.shared_ts = (*now)->shared_ts;
    }
    const bool is_shared = !turn.shared_ts.empty();
    input.may_share = input.may_share && !wish.is_shared_copy && !is_shared;
    input.may_ask_again = !wish.is_shared_copy;
    if (!wish.is_shared_copy && is_shared)
        input.shared_link = shared_link(turn);
    const ShownAs as = wish.is_shared_copy ? ShownAs::shared_copy : ShownAs::answer;
    auto shown = co_await runner_.show_again(wish.turn, std::move(input), as,
                                             Deadline::after(answer_actions_detail::kDeliverTime));
    if (shown)
        wish.turn.progress_ts = shown->ts;
    co_return shown.has_value();
}

asio::awaitable<Word> AnswerActions::why_not_shown(const Wish& wish) {
    // Nobody takes a shared copy over.
    if (wish.is_shared_copy)
        co_return Word::answer_unreachable;
    const storage::Turn& turn = wish.turn;
    auto owner = co_await services_.storage.find_turn_by_answer(turn.thread.team, storage::answer_channel(turn),
                                                                turn.progress_ts,
                                                                Deadline::after(answer_actions_detail::kOwnerTime));
    if (owner && !*owner)
        co_return Word::answer_forgotten;
    const bool is_taken_over = owner && (*owner)->id != turn.id;
    co_return is_taken_over ? Word::newer_answer_stands : Word::answer_unreachable;
}

// Of a private answer, by the person who asked. Pressed again it finds what it posted before.
asio::awaitable<void> AnswerActions::share(Wish wish) {
    using namespace answer_actions_detail;
    if (wish.is_shared_copy)
        co_return;
    // Who reads along there may have changed since the question was asked.
    const std::string there = wish.turn.thread.channel;
    const bool may_begin = co_await is_still_let_in(wish, there);
    if (!may_begin)
        co_return;
    const bool open = co_await is_space_open(wish);
    if (!open)
        co_return;
    auto read =
        co_await runner_.reader().read_again(wish.turn, wish.answer_language, false, Deadline::after(kReadTime));
    if (!read) {
        tell_failure(wish, "share.failed", read.error());
        co_return;
    }
    keep_shown(wish, *read);
    read->may_share = read->may_ask_again = false;
    const bool may_share = co_await is_still_let_in(wish, there);
    if (!may_share)
        co_return;
    storage::Turn shared = shared_copy(wish.turn);
    auto posted = co_await runner_.show_again(std::move(shared), std::move(*read), ShownAs::new_message,
                                              Deadline::after(kDeliverTime));
    if (!posted) {
        if (wants_invitation(posted.error()))
            tell(wish, Word::not_shared_uninvited, {{"channel", "<#" + there + ">"}});
        else
            tell(wish, Word::not_shared, {{"error", posted.error().code}});
        co_return;
    }
    auto kept = co_await services_.storage.keep_result(wish.turn.id, wish.action, wish.owner, posted->ts,
                                                       Deadline::after(kOwnerTime));
    if (!kept || !*kept)
        log::warn("share.not_recorded",
                  {{"turn", wish.turn.id}, {"error", kept ? "held elsewhere by now" : kept.error().message}});
    // The answer itself says where it is to be seen now.
    wish.turn.shared_ts = posted->ts;
    if (has_no_thread(wish.turn))
        co_await serve_below_copy(wish.turn);
    // As it is by now: the rows or the chart may be others than those that were shared.
    ShownState state = state_of(wish);
    wish.shown = co_await state.hold(wish.shown);
    auto source =
        co_await runner_.reader().read_again(wish.turn, wish.answer_language, false, Deadline::after(kReadTime));
    bool says_so = false;
    if (source) {
        keep_shown(wish, *source);
        says_so = co_await put(wish, std::move(*source));
    }
    co_await state.release();
    if (!says_so)
        tell(wish, Word::was_shared,
             {{"channel", "<#" + there + ">"}, {"link", slack::escape(shared_link(wish.turn))}});
}

asio::awaitable<void> AnswerActions::serve_below_copy(storage::Turn turn) {
    const storage::ThreadKey thread(turn.thread.team, turn.thread.channel, turn.shared_ts);
    const Deadline soon = Deadline::after(answer_actions_detail::kOwnerTime);
    auto kept = co_await services_.storage.set_conversation(thread, turn.space_id, turn.space_name, soon);
    if (!kept)
        log::warn("share.thread_not_kept", {{"turn", turn.id}, {"error", kept.error().message}});
}

asio::awaitable<void> AnswerActions::send_file(Wish wish) {
    using namespace answer_actions_detail;
    if (options_.links_only) {
        notes_.tell(wish.visit.user, wish.note_place, links_only_note(wish));
        co_return;
    }
    const bool open = co_await is_space_open(wish);
    if (!open)
        co_return;
    const storage::Turn& turn = wish.turn;
    auto message = co_await services_.genie.get_message(turn.space_id, turn.conversation_id, turn.message_id,
                                                        Deadline::after(kReadTime));
    if (!message) {
        tell_failure(wish, "file.failed", message.error());
        co_return;
    }
    const auto parts = genie::select_answer(*message);
    if (!parts.query) {
        tell(wish, Word::no_table);
        co_return;
    }
    auto table = co_await runner_.reader().read_all_rows(turn, std::move(*message), parts.query->id,
                                                         Deadline::after(kDownloadTime));
    if (!table) {
        tell_failure(wish, "file.failed", table.error());
        co_return;
    }
    const bool may_share = co_await is_still_let_in(wish, wish.visit.channel);
    if (!may_share)
        co_return;
    RecordFile record = [this, &wish](std::string id) {
        return relay::keep_file(services_.storage, wish.turn.id, wish.action, wish.owner, std::move(id));
    };
    auto file = co_await runner_.files().share_again(turn, wish.visit.user, std::move(*table), parts.query->title,
                                                     wish.language, wish.format, wish.known_file, std::move(record),
                                                     Deadline::after(kFileTime));
    if (file)
        tell_file(wish, *file);
    else
        notes_.tell(wish.visit.user, wish.note_place, why_no_file(wish.language, file.error()));
}

void AnswerActions::tell_file(const Wish& wish, const ResultFile& file) {
    std::string text;
    // A new file in the thread where it was asked for is seen.
    const bool is_seen = !file.was_there && !wish.note_place.thread_ts.empty();
    if (!is_seen && file.permalink.empty())
        text = words::say(wish.language, Word::file_without_link, {{"name", file.name}});
    else if (!is_seen)
        text = words::say(wish.language, Word::file_is_there, {{"link", file.permalink}, {"name", file.name}});
    const bool is_xlsx = is_spreadsheet(file);
    const auto wished = wish.format;
    if (wished != answer::FileFormat::automatic && (wished == answer::FileFormat::xlsx) != is_xlsx) {
        const Word word = is_xlsx ? Word::file_is_xlsx : Word::file_is_csv;
        text += (text.empty() ? "" : "\n") + words::say(wish.language, word);
    }
    if (!text.empty())
        notes_.tell(wish.visit.user, wish.note_place, text);
}

}  // namespace genie_slack::relay
