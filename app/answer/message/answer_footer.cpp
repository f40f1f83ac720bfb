// The line under an answer: where it is from, who was asked as whom, when, and that a machine wrote it.
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace genie_slack::answer {

using words::Word;

namespace answer_footer_detail {

constexpr std::size_t kTitleCharacters = 150;
constexpr std::size_t kIdentityCharacters = 100;
constexpr std::size_t kLinkCharacters = 1'300;

// Writes the time in the reader's time zone, as Slack does it; UTC where Slack cannot.
std::string say_time(WallTime time, const char* form = "{date_short_pretty} {time}") {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    std::string utc = format_utc(time).substr(0, 16);
    std::replace(utc.begin(), utc.end(), 'T', ' ');
    return "<!date^" + std::to_string(seconds) + "^" + form + "|" + utc + " UTC>";
}

// Whether what the query finds depends on what day it is in the session of the warehouse.
bool depends_on_today(std::string sql) {
    std::transform(sql.begin(), sql.end(), sql.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto names = [&sql](std::initializer_list<const char*> words) {
        return std::any_of(words.begin(), words.end(), [&](const char* word) { return sql.find(word) != sql.npos; });
    };
    return names({"current_date", "current_timestamp", "now()", "curdate()", "getdate()"}) &&
           !names({"from_utc_timestamp", "to_utc_timestamp", "convert_timezone"});
}

// "2026-11-29" where the person's calendar shows another day than Databricks', whose sessions run in UTC unless a
// workspace decides otherwise; else "".
std::string foreign_day(const AnswerInput& input) {
    if (!input.utc_offset || input.answered_at == WallTime{} || !input.parts.query || input.links_only)
        return {};
    const std::string there = format_utc(input.answered_at).substr(0, 10);
    const std::string here = format_utc(input.answered_at + *input.utc_offset).substr(0, 10);
    return here != there && depends_on_today(input.parts.query->sql) ? there : std::string();
}

}  // namespace answer_footer_detail

std::string times_line(const AnswerContext& context) {
    using namespace answer_footer_detail;
    const AnswerInput& input = context.input;
    if (input.text_at == WallTime{} || input.answered_at == WallTime{} || input.links_only)
        return {};
    const bool same_day = format_utc(input.text_at).substr(0, 10) == format_utc(input.answered_at).substr(0, 10);
    const char* form = same_day ? "{time}" : "{date_short_pretty} {time}";
    const std::string text = say_time(input.text_at, form);
    const std::string data = say_time(input.answered_at, form);
    return words::say(context.language, Word::text_and_data, {{"text", text}, {"data", data}});
}

std::string footer(const AnswerContext& context) {
    using namespace answer_footer_detail;
    const AnswerInput& input = context.input;
    std::string line = words::say(context.language, Word::powered_by_genie);
    const auto append = [&](const std::string& part) {
        if (!part.empty())
            line += " · " + part;
    };
    append(escape_within(input.space_title, kTitleCharacters));
    const bool is_compact = input.style == AnswerStyle::compact;
    // In a compact answer, "How it was calculated" tells as whom, where it is there.
    const std::string identity =
        is_compact && context.has_sql ? "" : escape_within(input.identity, kIdentityCharacters);
    if (!identity.empty())
        append(words::say(context.language, Word::asked_as, {{"identity", identity}}));
    if (input.answered_at != WallTime{})
        append(say_time(input.answered_at));
    const std::string day = foreign_day(input);
    if (!day.empty())
        append(words::say(context.language, Word::today_is, {{"day", day}}));
    if (is_compact && !input.links_only)
        append(words::say(context.language, Word::ai_notice_short));
    const std::string link = slack::link(input.conversation_url, words::say(context.language, Word::open_in_genie));
    if (link.starts_with('<') && slack::count_characters(link) <= kLinkCharacters)
        append(link);
    if (!is_compact && !input.links_only)
        line += "\n_" + words::say(context.language, Word::ai_notice) + "_";
    return line;
}

}  // namespace genie_slack::answer
