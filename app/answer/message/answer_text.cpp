// What Genie says in an answer, as Markdown and as mrkdwn.
#include "app/answer/message/answer_chart.hpp"
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/message/assumption.hpp"
#include "app/answer/message/repeated_questions.hpp"
#include "app/answer/result/cell.hpp"
#include "app/answer/result/table_view.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markdown_tables.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
using words::Word;

namespace answer_text_detail {

constexpr std::size_t kMrkdwnBytes = 400'000;  // far more than goes into messages
constexpr std::size_t kMostFurtherMessages = 8;
constexpr std::size_t kCompactQuestions = 2;
constexpr std::size_t kLeastRepeated = 5;  // bytes of a list item; blanks at the end are none
constexpr std::size_t kSummaryCharacters = 1'500;
constexpr std::size_t kTitleCharacters = 150;
constexpr std::size_t kRemarkCharacters = 500;

// The parts of the answer that are Markdown, one below the other.
std::vector<std::string> markdown_parts(const genie::AnswerParts& parts) {
    std::vector<std::string> found;
    for (const std::string& markdown : parts.texts)
        if (!slack::is_blank(markdown))
            found.push_back(markdown);
    if (!slack::is_blank(parts.clarification) &&
        std::find(parts.texts.begin(), parts.texts.end(), parts.clarification) == parts.texts.end())
        found.push_back(parts.clarification);
    if (found.empty() && parts.query && !slack::is_blank(parts.query->description))
        found.push_back(parts.query->description);
    return found;
}

// Slack refuses a second table, and nobody knows what exactly it takes for one in Markdown: every line of dashes and
// bars counts.
std::size_t count_possible_tables(std::string_view markdown) {
    std::size_t count = 0;
    while (!markdown.empty()) {
        const std::size_t end = std::min(markdown.find('\n'), markdown.size() - 1) + 1;
        const std::string_view line = markdown.substr(0, end);
        markdown.remove_prefix(end);
        if (line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
            line.find_first_not_of("|-: >\t\r\n") == std::string_view::npos)
            ++count;
    }
    return count;
}

// The query's assumption, where the person reads nothing of it yet.
void read_assumption(AnswerContext& context) {
    const auto& query = context.input.parts.query;
    std::string assumption = query ? assumption_of(query->description) : std::string();
    if (!assumption.empty() && one_line(context.markdown).find(assumption) == std::string::npos)
        context.assumption = std::move(assumption);
}

void read_text(AnswerContext& context) {
    const bool is_compact = context.input.style == AnswerStyle::compact;
    bool repeats = false;
    for (std::string markdown : markdown_parts(context.input.parts)) {
        if (is_compact) {
            std::string told = without_questions(markdown, context.questions);
            // Where there is nothing but questions, they are the answer.
            if (told.find_first_not_of(" \n") != std::string::npos) {
                repeats = repeats || told.size() + kLeastRepeated < markdown.size();
                markdown = std::move(told);
            }
        }
        append_paragraph(context.markdown, harmless_markdown(markdown));
        if (context.text.size() >= kMrkdwnBytes)
            continue;
        const Mrkdwn mrkdwn = to_mrkdwn(context.language, markdown, kMrkdwnBytes - context.text.size());
        append_paragraph(context.text, mrkdwn.text);
        context.text_leaves_out = context.text_leaves_out || mrkdwn.leaves_out;
    }
    // Questions that were taken out of the text are all there as buttons.
    if (is_compact && !repeats && context.questions.size() > kCompactQuestions)
        context.questions.resize(kCompactQuestions);
    // This Markdown shows nothing that can be seen.
    if (context.text.empty())
        context.markdown.clear();
    const bool is_silent = context.text.empty();
    if (is_silent)
        context.text = escape_within(context.title, kTitleCharacters);
    context.text_is_title = is_silent && !context.text.empty();
    context.is_nothing = context.text.empty() && !context.input.parts.query && !context.input.table;
    if (context.is_nothing)
        context.text = words::say(context.language, Word::no_answer);
}

bool is_table_line(std::string_view line) {
    return line.find('|') != std::string_view::npos;
}

bool is_table_rule(std::string_view line) {
    return is_table_line(line) && line.find('-') != std::string_view::npos &&
           line.find_first_not_of("|:- \t\r") == std::string_view::npos;
}

// Header and rule of the Markdown table in which a cut after `before` falls, as lines; "" when it falls in none.
std::string table_head(std::string_view before, std::string_view rest) {
    const std::size_t first = rest.find_first_not_of("\n\r ");
    if (first == std::string_view::npos || !is_table_line(rest.substr(first, rest.find('\n', first) - first)))
        return {};
    std::vector<std::string_view> lines;  // of the table, from its last one up
    while (!before.empty()) {
        const std::size_t end = before.find_last_of('\n');
        const std::string_view line = end == std::string_view::npos ? before : before.substr(end + 1);
        before = before.substr(0, end == std::string_view::npos ? 0 : end);
        if (line.empty() && lines.empty())
            continue;
        if (!is_table_line(line))
            break;
        lines.push_back(line);
    }
    if (lines.size() < 2 || !is_table_rule(lines[lines.size() - 2]))
        return {};
    return std::string(lines.back()) + "\n" + std::string(lines[lines.size() - 2]) + "\n";
}

}  // namespace answer_text_detail

AnswerContext make_context(const AnswerInput& input) {
    using namespace answer_text_detail;
    AnswerContext context{input, input.language, {},   {}, {}, {}, false, false, false, false, {}, {}, {}, {},
                          {},    false,          false};
    if (input.links_only) {
        context.text = words::say(input.language, Word::answered_in_genie);
        return context;
    }
    context.questions = usable_questions(input.parts.suggested_questions);
    if (input.parts.query) {
        context.title = slack::truncate(one_line(input.parts.query->title), kTitleCharacters);
        context.has_sql = !slack::is_blank(input.parts.query->sql);
    }
    context.has_table = input.table && has_rows(*input.table);
    read_text(context);
    if (input.has_newer)
        context.questions.clear();
    read_assumption(context);
    const std::size_t tables =
        std::max(slack::count_markdown_tables(context.markdown), count_possible_tables(context.markdown));
    context.markdown_block = !context.markdown.empty() && tables + (context.has_table ? 1 : 0) <= 1;
    if (context.has_table) {
        context.chart_kinds = charts_of(input);
        context.chart_wish = wished_chart(input);
        context.chart = chart_of(input);
    }
    if (context.chart)
        context.chart_block = chart_block(*context.chart);
    return context;
}

std::string result_remark(const AnswerContext& context) {
    if (context.has_table || context.input.links_only)
        return {};
    if (context.input.table)
        return words::say(context.language, Word::no_rows);
    if (!context.input.result_note.empty() && context.has_sql)
        return "_" + escape_within(context.input.result_note, answer_text_detail::kRemarkCharacters) + "_";
    return {};
}

std::string summarise(const AnswerContext& context, Form form) {
    std::string text = cut_mrkdwn(context.text, answer_text_detail::kSummaryCharacters).text;
    if (context.has_table)
        append_paragraph(text, describe_result(context.language, *context.input.table));
    if (glance_of(context, form).chart)
        append_paragraph(text, slack::escape(describe_chart(*context.chart, context.language)));
    append_paragraph(text, times_line(context));
    append_paragraph(text, result_remark(context));
    return text.empty() ? words::say(context.language, Word::genie_answered) : text;
}

ShownText show_text(const AnswerContext& context, Form form, std::size_t room) {
    ShownText shown;
    // A chart and a table have the title themselves.
    const Glance glance = glance_of(context, form);
    if (context.input.style == AnswerStyle::compact && context.text_is_title && (glance.table || glance.chart))
        return shown;
    if (context.markdown_block && (form == Form::native || form == Form::table)) {
        const Cut cut = cut_mrkdwn(context.markdown, std::min(room, limits::kMarkdownCharacters));
        if (!cut.text.empty())
            shown.blocks.push_back(blocks::markdown(cut.text));
        if (cut.was_cut) {
            const std::string head = answer_text_detail::table_head(cut.text, cut.rest);
            const std::string_view rows = std::string_view(cut.rest).substr(
                head.empty() ? 0 : std::min(cut.rest.find_first_not_of("\n\r"), cut.rest.size()));
            const Mrkdwn rest = to_mrkdwn(context.language, head + std::string(rows), answer_text_detail::kMrkdwnBytes);
            shown.further = further_messages(rest.text, rest.leaves_out);
        }
        return shown;
    }
    const Cut cut = cut_mrkdwn(context.text, room);
    append_sections(shown.blocks, cut.text);
    shown.further = further_messages(cut.rest, context.text_leaves_out);
    return shown;
}

Further further_messages(std::string_view rest, bool leaves_out) {
    using answer_text_detail::kMostFurtherMessages;
    Further further;
    further.in_file = leaves_out;
    // More than this is a file anyway.
    if (slack::count_characters(rest) <= kMostFurtherMessages * limits::kTextCharacters)
        further.messages = slack::split_text(rest, limits::kTextCharacters);
    if (further.messages.size() > kMostFurtherMessages)
        further.messages.clear();
    if (further.messages.empty() && !rest.empty())
        further.in_file = true;
    return further;
}

std::string goes_on_note(words::Language language, const Further& further) {
    if (further.is_empty())
        return {};
    return words::say(language, further.in_file ? Word::whole_text_in_file : Word::text_goes_on);
}

std::string answer_markdown(const AnswerInput& input) {
    std::string markdown;
    for (const std::string& part : answer_text_detail::markdown_parts(input.parts))
        append_paragraph(markdown, part);
    return markdown;
}

}  // namespace genie_slack::answer
