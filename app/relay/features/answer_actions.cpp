#include "app/relay/features/answer_actions.hpp"

#include "app/answer/message/answer.hpp"
#include "app/relay/turn/genie_failure.hpp"
#include "core/log.hpp"
#include "slack/blocks/blocks.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace answer_actions_detail {

constexpr Duration kReadTime = std::chrono::minutes(2);
constexpr Duration kDownloadTime = std::chrono::minutes(5);
constexpr Duration kDeliverTime = std::chrono::minutes(2);
constexpr Duration kFileTime = std::chrono::minutes(1);
constexpr Duration kGateTime = std::chrono::seconds(5);
constexpr Duration kTriggerTime = std::chrono::seconds(3);  // the life of a trigger_id (slack.md 3.12)
constexpr Duration kViewTime = std::chrono::seconds(20);

// What is wanted of which turn: "csv:TURN", or only the turn.
std::pair<std::string, std::string> split(const std::string& value) {
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos)
        return {"", value};
    return {value.substr(0, colon), value.substr(colon + 1)};
}

boost::json::object note_view(words::Language language, Word word) {
    boost::json::array blocks;
    blocks.push_back(slack::blocks::section(words::say(language, word)));
    boost::json::object view;
    view["type"] = "modal";
    view["title"] = slack::blocks::plain_text("SQL");
    view["blocks"] = std::move(blocks);
    return view;
}

}  // namespace answer_actions_detail

RelayPart::Answer<Ack> AnswerActions::on_actions(const slack::BlockActions& actions) {
    for (const slack::Action& action : actions.actions) {
        if (action.action_id.starts_with(answer::kFollowUpAction))
            co_return co_await ask_follow_up(actions, action);
        const auto [what, turn_id] = answer_actions_detail::split(action.value);
        if (action.action_id == answer::kSqlAction)
            co_return co_await carry_out(actions, "sql", turn_id);
        if (action.action_id == answer::kShareAction)
            co_return co_await carry_out(actions, "share", turn_id);
        if (action.action_id == answer::kChartAction) {
            std::string chart = "chart:" + what;
            co_return co_await carry_out(actions, std::move(chart), turn_id);
        }
        if (action.action_id == answer::kMoreAction && what == "space")
            co_return co_await spaces_.offer_change(turn_id, actions.user, thread_of(actions, context_.self));
        if (action.action_id == answer::kMoreAction)
            co_return co_await carry_out(actions, what, turn_id);
    }
    co_return std::nullopt;
}

// The button of a message asks once, however often it is pressed: the turn's id is made of message and button.
asio::awaitable<Ack> AnswerActions::ask_follow_up(const slack::BlockActions& actions, const slack::Action& action) {
    if (actions.channel.empty() || actions.message_ts.empty() || action.value.empty())
        co_return Ack::plain();
    storage::Turn turn;
    turn.thread = thread_of(actions, context_.self);
    turn.question_ts = actions.message_ts + "/" + action.action_id;
    turn.message_ts = actions.message_ts;
    turn.origin = storage::Origin::follow_up;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = actions.user;
    turn.question = action.value;
    turn.received_at = wall_now();
    // Below a private answer the question is private already.
    auto pressed = co_await context_.storage.find_turn_by_answer(turn.thread.team, actions.channel, actions.message_ts,
                                                                 context_.ack_deadline());
    if (!pressed)
        co_return Ack::none();
    if (*pressed)
        turn.channel_type = (*pressed)->answer_channel == actions.channel ? "im" : (*pressed)->channel_type;
    co_return co_await context_.accept(std::move(turn), "");
}

asio::awaitable<Ack> AnswerActions::carry_out(const slack::BlockActions& actions, std::string what,
                                              std::string turn_id) {
    Wish wish;
    wish.user = actions.user;
    wish.pressed_in = thread_of(actions, context_.self);
    wish.language = context_.language_of(context_.self.team, actions.user);
    auto found = co_await context_.storage.get_turn(std::move(turn_id), context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found || (*found)->message_id.empty()) {
        tell(wish, Word::answer_forgotten);
        co_return Ack::plain();
    }
    wish.turn = std::move(**found);
    log::info("answer.action", {{"turn", wish.turn.id}, {"what", what}, {"user", wish.user}});
    if (what == "sql")
        context_.spawn("sql", show_sql(std::move(wish), actions.trigger_id));
    else if (what == "share")
        context_.spawn("share", share(std::move(wish)));
    else if (what == "csv")
        context_.spawn("csv", send_csv(std::move(wish)));
    else if (what == "again")
        context_.spawn("run again", run_again(std::move(wish)));
    else if (what.starts_with("chart:"))
        context_.spawn("chart", draw_again(std::move(wish), what.substr(6)));
    co_return Ack::plain();
}

void AnswerActions::tell(const Wish& wish, Word word, std::initializer_list<words::Value> values) {
    context_.tell(wish.user, wish.pressed_in, words::say(wish.language, word, values));
}

void AnswerActions::tell_failure(const Wish& wish, const char* what, const genie::GenieError& error) {
    log_genie_error(wish.turn, what, error);
    tell(wish, Word::answer_unreachable);
}

// More of the data is shown only to those who may ask for it.
asio::awaitable<bool> AnswerActions::may_see(const Wish& wish) {
    Visit visit;
    visit.team = wish.turn.thread.team;
    visit.user = wish.user;
    visit.channel = wish.pressed_in.channel;
    visit.is_im = wish.turn.channel_type == "im" || !wish.turn.answer_channel.empty();
    const auto refusal =
        co_await context_.gate.check(std::move(visit), Deadline::after(answer_actions_detail::kGateTime));
    if (refusal)
        tell(wish, word_for(*refusal));
    co_return !refusal;
}

AnswerActions::Work AnswerActions::draw_again(Wish wish, std::string chart) {
    using namespace answer_actions_detail;
    auto read = co_await runner_.reader().read_again(wish.turn, wish.language, false, Deadline::after(kReadTime));
    if (!read) {
        tell_failure(wish, "chart.failed", read.error());
        co_return;
    }
    read->chart = std::move(chart);
    const bool shown = co_await runner_.show_again(wish.turn, std::move(*read), Deadline::after(kDeliverTime));
    if (!shown)
        tell(wish, Word::answer_unreachable);
}

AnswerActions::Work AnswerActions::run_again(Wish wish) {
    using namespace answer_actions_detail;
    const bool allowed = co_await may_see(wish);
    if (!allowed)
        co_return;
    tell(wish, Word::running_again);
    auto read = co_await runner_.reader().read_again(wish.turn, wish.language, true, Deadline::after(kReadTime));
    if (!read) {
        tell_failure(wish, "again.failed", read.error());
        co_return;
    }
    const bool shown = co_await runner_.show_again(wish.turn, std::move(*read), Deadline::after(kDeliverTime));
    tell(wish, shown ? Word::was_run_again : Word::answer_unreachable);
}

// Of a private answer, by the person who asked. Pressed again it finds what it posted before.
AnswerActions::Work AnswerActions::share(Wish wish) {
    using namespace answer_actions_detail;
    auto read = co_await runner_.reader().read_again(wish.turn, wish.language, false, Deadline::after(kReadTime));
    if (!read) {
        tell_failure(wish, "share.failed", read.error());
        co_return;
    }
    read->may_share = false;
    storage::Turn shared = wish.turn;
    shared.progress_ts.clear();
    shared.answer_channel.clear();
    if (shared.thread.thread_ts.starts_with("slash/"))
        shared.answer_channel = shared.thread.channel;
    auto posted = co_await runner_.post_again(std::move(shared), std::move(*read), Deadline::after(kDeliverTime));
    if (!posted) {
        tell(wish, Word::not_shared, {{"error", posted.error().code}});
        co_return;
    }
    const std::string link = message_link(context_.self.url, wish.turn.thread.channel, posted->ts);
    tell(wish, Word::was_shared, {{"link", link}});
}

AnswerActions::Work AnswerActions::send_csv(Wish wish) {
    using namespace answer_actions_detail;
    const bool allowed = co_await may_see(wish);
    if (!allowed)
        co_return;
    const storage::Turn& turn = wish.turn;
    auto message = co_await context_.genie.get_message(turn.space_id, turn.conversation_id, turn.message_id,
                                                       Deadline::after(kReadTime));
    if (!message) {
        tell_failure(wish, "csv.failed", message.error());
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
        tell_failure(wish, "csv.failed", table.error());
        co_return;
    }
    auto file = co_await runner_.files().share_again(turn, std::move(*table), parts.query->title, wish.language, "",
                                                     Deadline::after(kFileTime));
    if (file)
        tell(wish, Word::csv_is_there, {{"link", file->permalink}, {"name", file->name}});
    else
        tell(wish, Word::csv_failed);
}

// The form opens at once, since its trigger lives for three seconds; the SQL follows.
AnswerActions::Work AnswerActions::show_sql(Wish wish, std::string trigger_id) {
    using namespace answer_actions_detail;
    auto opened = co_await context_.slack.open_view(std::move(trigger_id), note_view(wish.language, Word::loading),
                                                    Deadline::after(kTriggerTime));
    if (!opened) {
        log::warn("sql.no_form", {{"turn", wish.turn.id}, {"error", opened.error().to_string()}});
        tell(wish, Word::form_not_opened);
        co_return;
    }
    const storage::Turn& turn = wish.turn;
    auto view = note_view(wish.language, Word::answer_unreachable);
    const bool allowed = co_await may_see(wish);
    auto message = co_await context_.genie.get_message(turn.space_id, turn.conversation_id, turn.message_id,
                                                       Deadline::after(kViewTime));
    if (!message) {
        log_genie_error(turn, "sql.failed", message.error());
    } else if (allowed) {
        const auto parts = genie::select_answer(*message);
        answer::SqlViewInput input;
        input.language = wish.language;
        input.space_title = turn.space_name;
        input.conversation_url = context_.genie.conversation_url(turn.space_id, turn.conversation_id);
        if (parts.query) {
            input.title = parts.query->title;
            input.description = parts.query->description;
            input.sql = parts.query->sql;
            input.parameters = parts.query->parameters;
            input.rows = parts.query->row_count;
            input.more_rows = parts.query->truncated;
        }
        view = answer::render_sql_view(input);
    }
    auto updated = co_await context_.slack.update_view(*opened, std::move(view), Deadline::after(kViewTime));
    if (!updated)
        log::warn("sql.not_shown", {{"turn", turn.id}, {"error", updated.error().to_string()}});
}

}  // namespace genie_slack::relay
