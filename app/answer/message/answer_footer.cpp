// The line under an answer: where it is from, who was asked as whom, when, and that a machine wrote it.
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

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
    // In a compact answer, "How it was calculated" tells as whom.
    const std::string identity = is_compact ? "" : escape_within(input.identity, kIdentityCharacters);
    if (!identity.empty())
        append(words::say(context.language, Word::asked_as, {{"identity", identity}}));
    if (input.answered_at != WallTime{})
        append(say_time(input.answered_at));
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
