// How an answer was calculated, of AnswerActions: in a window, or in a line for who asks for it in words.
#include "app/answer/view/sql_view.hpp"
#include "app/relay/features/answer_actions.hpp"
#include "app/relay/turn/genie_failure.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/mrkdwn_writer.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

namespace answer_sql_detail {

constexpr Duration kTriggerTime = std::chrono::seconds(3);  // the life of a trigger_id
constexpr Duration kViewTime = std::chrono::seconds(20);
constexpr std::size_t kShortSql = 1'500;  // bytes of mrkdwn that a note has room for

boost::json::object note_view(const std::string& text) {
    boost::json::array blocks;
    blocks.push_back(slack::blocks::section(text));
    boost::json::object view;
    view["type"] = "modal";
    view["title"] = slack::blocks::plain_text("SQL");
    view["blocks"] = std::move(blocks);
    return view;
}

// The query in a code block; "" where it is long, or is nothing without its parameters.
std::string short_sql(const genie::Attachment& query) {
    const std::string sql = slack::escape(slack::without_fences(query.sql));
    if (sql.empty() || sql.size() > kShortSql || !query.parameters.empty())
        return "";
    return "```\n" + sql + "\n```";
}

}  // namespace answer_sql_detail

asio::awaitable<Ack> AnswerActions::press_sql(const Press& press) {
    return take(press, press.action.value, kSqlDeed, [this, trigger_id = press.actions.trigger_id](Wish wish) {
        return show_sql(std::move(wish), trigger_id);
    });
}

asio::awaitable<Ack> AnswerActions::press_explain(const Press& press) {
    return take(press, press.action.value, kSqlDeed, [this](Wish wish) { return explain(std::move(wish)); });
}

asio::awaitable<Ack> AnswerActions::press_check(const Press& press) {
    return take(press, press.action.value, kCheckDeed, [this](Wish wish) { return answer_doubt(std::move(wish)); });
}

// The form opens at once, since its trigger lives for three seconds; the SQL follows.
asio::awaitable<void> AnswerActions::show_sql(Wish wish, std::string trigger_id) {
    using namespace answer_sql_detail;
    auto loading = note_view(words::say(wish.language, Word::loading));
    auto opened =
        co_await services_.slack.open_view(std::move(trigger_id), std::move(loading), Deadline::after(kTriggerTime));
    if (!opened) {
        log::warn("sql.no_form", {{"turn", wish.turn.id}, {"error", opened.error().to_string()}});
        tell(wish, Word::form_not_opened);
        co_return;
    }
    auto view = co_await sql_view(wish);
    auto updated = co_await services_.slack.update_view(*opened, std::move(view), Deadline::after(kViewTime));
    if (updated)
        co_return;
    log::warn("sql.not_shown", {{"turn", wish.turn.id}, {"error", updated.error().to_string()}});
    // What Slack minds may be the SQL; the form must not go on loading for ever.
    auto sorry = note_view(words::say(wish.language, Word::answer_unreachable));
    auto told = co_await services_.slack.update_view(*opened, std::move(sorry), Deadline::after(kViewTime));
    if (!told)
        tell(wish, Word::form_not_opened);
}

asio::awaitable<std::string> AnswerActions::why_hidden(const Wish& wish) {
    std::string why = co_await why_refused(wish);
    if (why.empty() && options_.links_only)
        why = links_only_note(wish);
    if (why.empty())
        why = co_await why_closed(wish);
    co_return why;
}

asio::awaitable<boost::json::object> AnswerActions::sql_view(const Wish& wish) {
    using namespace answer_sql_detail;
    const storage::Turn& turn = wish.turn;
    const std::string hidden = co_await why_hidden(wish);
    if (!hidden.empty())
        co_return note_view(hidden);
    auto message = co_await services_.genie.get_message(turn.space_id, turn.conversation_id, turn.message_id,
                                                        Deadline::after(kViewTime));
    if (!message) {
        log_genie_error(turn, "sql.failed", message.error());
        co_return note_view(words::say(wish.language, Word::answer_unreachable));
    }
    const auto parts = genie::select_answer(*message);
    answer::SqlViewInput input;
    input.language = wish.language;
    input.space_title = turn.space_name;
    input.identity = co_await runner_.reader().identity();
    input.conversation_url = services_.genie.conversation_url(turn.space_id, turn.conversation_id);
    if (parts.query) {
        input.title = parts.query->title;
        input.description = parts.query->description;
        input.sql = parts.query->sql;
        input.parameters = parts.query->parameters;
        input.rows = parts.query->row_count;
        input.more_rows = parts.query->truncated;
    }
    co_return answer::render_sql_view(input);
}

asio::awaitable<std::optional<genie::Attachment>> AnswerActions::query_to_tell(const Wish& wish) {
    using namespace answer_sql_detail;
    std::optional<genie::Attachment> query;
    const std::string hidden = co_await why_hidden(wish);
    if (!hidden.empty()) {
        notes_.tell(wish.visit.user, wish.note_place, hidden);
        co_return query;
    }
    const storage::Turn& turn = wish.turn;
    auto message = co_await services_.genie.get_message(turn.space_id, turn.conversation_id, turn.message_id,
                                                        Deadline::after(kViewTime));
    // Where the rest is can be said without it.
    query.emplace();
    if (!message) {
        log_genie_error(turn, "sql.failed", message.error());
        co_return query;
    }
    auto parts = genie::select_answer(*message);
    if (parts.query)
        query = std::move(parts.query);
    co_return query;
}

// Without a button there is no window: one private line says as much as it can hold, and where the rest is.
asio::awaitable<void> AnswerActions::explain(Wish wish) {
    const auto query = co_await query_to_tell(wish);
    if (!query)
        co_return;
    const std::string text = answer::sentence_of(wish.language, query->description);
    std::string rest = answer_sql_detail::short_sql(*query);
    if (rest.empty())
        rest = words::say(wish.language, Word::sql_is_there,
                          {{"button", words::say(wish.language, Word::sql_button)},
                           {"link", slack::escape(answer_link(self_.url, wish.turn))}});
    notes_.tell(wish.visit.user, wish.note_place, text.empty() ? rest : text + "\n" + rest);
}

asio::awaitable<void> AnswerActions::answer_doubt(Wish wish) {
    const auto query = co_await query_to_tell(wish);
    if (!query)
        co_return;
    std::string text = words::say(wish.language, Word::cannot_check);
    const std::string counts = answer::sentence_of(wish.language, query->description);
    if (!counts.empty())
        text += "\n" + counts;
    text += "\n" + words::say(wish.language, Word::query_is_there,
                              {{"button", words::say(wish.language, Word::sql_button)},
                               {"link", slack::escape(answer_link(self_.url, wish.turn))}});
    notes_.tell(wish.visit.user, wish.note_place, text);
}

}  // namespace genie_slack::relay
