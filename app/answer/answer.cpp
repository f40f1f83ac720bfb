#include "app/answer/answer.hpp"

#include "app/answer/cell.hpp"
#include "app/answer/parts.hpp"
#include "app/answer/table_view.hpp"
#include "slack/blocks.hpp"
#include "slack/limits.hpp"
#include "slack/markup.hpp"
#include "slack/text_table.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
using words::Word;

namespace answer_detail {

constexpr std::size_t kMarkdownBytes = 60'000;
constexpr std::size_t kSummaryCharacters = 1'500;
constexpr std::size_t kNotesRoom = 1'400;  // the lines that say what is shown and what is cut
constexpr std::size_t kTableRoom = 3'000;  // what text leaves to a table that needs it
constexpr std::size_t kSqlRoom = 600;      // what text and table leave to SQL that needs it
constexpr std::size_t kTitleCharacters = 150;
constexpr std::size_t kLinkCharacters = 1'500;
constexpr std::size_t kRemarkCharacters = 500;
constexpr std::size_t kParameterCharacters = 500;
constexpr std::size_t kTableRows = 20;
constexpr std::size_t kMonospaceColumns = 10;
constexpr std::size_t kMonospaceTableRoom = 2'900;
constexpr std::size_t kPlainTableRows = 10;
constexpr std::size_t kPlainTableRoom = 1'500;

enum class Form { rich, simple };

struct Context {
    const AnswerInput& input;
    words::Language language;
    std::string text;  // mrkdwn of all that Genie says
    std::string sql;
    std::vector<std::string> questions;
    bool has_table = false;
};

std::string italic(std::string_view escaped) {
    return "_" + std::string(escaped) + "_";
}

void append_paragraph(std::string& text, std::string_view more) {
    if (!text.empty() && !more.empty())
        text += "\n\n";
    text += more;
}

std::string to_mrkdwn(const std::string& markdown, std::size_t room) {
    std::string text = slack::markdown_to_mrkdwn(markdown, room);
    text.erase(0, std::min(text.find_first_not_of(" \n"), text.size()));
    text.erase(text.find_last_not_of(" \n") + 1);
    return text;
}

std::string text_of(const AnswerInput& input) {
    const genie::AnswerParts& parts = input.parts;
    std::string text;
    const auto append_markdown = [&](const std::string& markdown) {
        if (text.size() < kMarkdownBytes)
            append_paragraph(text, to_mrkdwn(markdown, kMarkdownBytes - text.size()));
    };
    for (const std::string& markdown : parts.texts)
        append_markdown(markdown);
    if (std::find(parts.texts.begin(), parts.texts.end(), parts.clarification) == parts.texts.end())
        append_markdown(parts.clarification);
    if (text.empty() && parts.query)
        append_markdown(parts.query->description);
    if (text.empty() && parts.query)
        append_paragraph(text, escape_within(parts.query->title, kTitleCharacters));
    if (text.empty() && !parts.query && !input.table)
        text = words::say(input.language, Word::no_answer);
    return text;
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Context make_context(const AnswerInput& input) {
    Context context{input, input.language, text_of(input), {}, usable_questions(input.parts.suggested_questions),
                    false};
    if (input.parts.query && !is_blank(input.parts.query->sql)) {
        context.sql = input.parts.query->sql;
        context.sql.erase(context.sql.find_last_not_of(" \t\r\n") + 1);
        context.sql.erase(0, context.sql.find_first_not_of("\r\n"));
    }
    context.has_table = input.table && has_rows(*input.table);
    return context;
}

// What there is to say about the result besides its rows; escaped, "" for nothing.
std::string result_remark(const Context& context) {
    if (context.has_table)
        return {};
    if (context.input.table)
        return words::say(context.language, Word::no_rows);
    if (!context.input.result_note.empty() && !context.sql.empty())
        return italic(escape_within(context.input.result_note, kRemarkCharacters));
    return {};
}

std::string parameters_line(const Context& context) {
    if (context.sql.empty() || context.input.parts.query->parameters.empty())
        return {};
    std::string line;
    for (const genie::QueryParameter& parameter : context.input.parts.query->parameters)
        line += (line.empty() ? "" : ", ") + parameter.keyword + " = " + parameter.value;
    return words::say(context.language, Word::parameters, {{"list", escape_within(line, kParameterCharacters)}});
}

std::string powered_by(const AnswerInput& input) {
    std::string line = words::say(input.language, Word::powered_by_genie);
    const std::string title = escape_within(input.space_title, kTitleCharacters);
    if (!title.empty())
        line += " · " + title;
    const std::string link = slack::link(input.conversation_url, words::say(input.language, Word::open_in_genie));
    if (link.starts_with('<') && slack::count_characters(link) <= kLinkCharacters)
        line += " · " + link;
    return line;
}

// For notifications and screen readers, which see nothing else.
std::string summary(const Context& context) {
    std::string text = cut_mrkdwn(context.text, kSummaryCharacters).text;
    if (context.has_table)
        append_paragraph(text, describe_result(context.language, *context.input.table));
    append_paragraph(text, result_remark(context));
    return text.empty() ? words::say(context.language, Word::genie_answered) : text;
}

void append_rating(json::array& out, Form form, const Context& context) {
    const std::string& turn_id = context.input.turn_id;
    if (turn_id.empty())
        return;
    const std::string good = words::say(context.language, Word::good_answer);
    const std::string bad = words::say(context.language, Word::bad_answer);
    if (form == Form::rich) {
        out.push_back(blocks::feedback(kRatingAction, good, bad, turn_id));
        return;
    }
    json::array buttons;
    buttons.push_back(blocks::button(kRateUpAction, good, "up:" + turn_id));
    buttons.push_back(blocks::button(kRateDownAction, bad, "down:" + turn_id));
    out.push_back(blocks::actions("", std::move(buttons)));
}

ViewLimits view_limits(std::size_t rows, std::size_t columns, std::size_t characters) {
    ViewLimits view;
    view.rows = rows;
    view.columns = columns;
    view.characters = characters;
    return view;
}

std::size_t blanks_of(std::size_t room) {
    return std::min(room, limits::kTableCharacters);
}

json::object table_block(const TableView& view) {
    std::vector<blocks::TableColumn> columns;
    for (const bool right : view.right_aligned) {
        blocks::TableColumn column;
        column.right_aligned = right;
        columns.push_back(column);
    }
    return blocks::table(columns, view.rows_with_header());
}

// The table in a fixed-width font, with as many rows as fit; `view` is left with just these.
std::optional<Preformatted> monospace_table(TableView& view, std::size_t characters) {
    for (;;) {
        const std::string text = slack::text_table(view.rows_with_header(), view.right_aligned);
        auto fitted = fit_preformatted(text, characters);
        if (fitted && !fitted->was_cut)
            return fitted;
        if (view.rows.empty())
            return std::nullopt;
        view.rows.pop_back();
    }
}

// The table into `out` and the line under it into `notes`; the view that is shown.
TableView append_table(json::array& out, json::array& notes, Form form, const Context& context, std::size_t room) {
    const genie::ResultTable& table = *context.input.table;
    const std::string title =
        context.input.parts.query ? escape_within(context.input.parts.query->title, kTitleCharacters) : std::string();
    const std::size_t columns = form == Form::rich ? limits::kTableColumns : kMonospaceColumns;
    TableView view =
        view_table(context.language, table, view_limits(kTableRows, columns, std::min(room, limits::kTableCharacters)));
    if (form == Form::rich)
        out.push_back(table_block(view));
    else if (auto fitted = monospace_table(view, std::min(room, kMonospaceTableRoom)))
        out.push_back(std::move(fitted->block));
    notes.push_back(
        blocks::context((title.empty() ? "" : "*" + title + "* · ") + describe_view(context.language, view)));
    return view;
}

void append_sql(json::array& out, const Context& context, std::size_t room) {
    const auto fitted = fit_preformatted(context.sql, room);
    if (fitted)
        out.push_back(fitted->block);
    if (!fitted)
        out.push_back(blocks::context(words::say(context.language, Word::sql_too_long)));
    else if (fitted->was_cut)
        out.push_back(
            blocks::context(words::say(context.language, Word::sql_cut,
                                       {{"shown", fitted->shown}, {"all", slack::count_characters(context.sql)}})));
    const std::string parameters = parameters_line(context);
    if (!parameters.empty())
        out.push_back(blocks::context(parameters));
}

Rendered render_form(const Context& context, Form form) {
    json::array tail;
    append_follow_ups(tail, context.questions);
    append_rating(tail, form, context);
    tail.push_back(blocks::context(powered_by(context.input)));

    std::size_t left = limits::kMessageTextCharacters - kNotesRoom - count_text(tail);
    const std::size_t sql_wants =
        context.sql.empty() ? 0 : std::min(kSqlRoom, slack::count_characters(context.sql) + 100);
    std::size_t table_wants = 0;
    if (context.has_table)
        table_wants =
            form == Form::simple
                ? kTableRoom
                : count_view_characters(view_table(context.language, *context.input.table,
                                                   view_limits(kTableRows, limits::kTableColumns, kTableRoom)));

    Rendered rendered;
    rendered.text = summary(context);
    json::array& out = rendered.blocks;
    const Cut text = cut_mrkdwn(context.text, left - sql_wants - table_wants);
    append_sections(out, text.text);
    left -= std::min(left, count_text(out));
    if (text.was_cut)
        out.push_back(blocks::context(words::say(context.language, Word::text_is_cut)));
    if (!context.input.parts.clarification.empty())
        out.push_back(blocks::context(words::say(context.language, Word::answer_in_thread)));
    const std::string remark = result_remark(context);
    if (!remark.empty())
        out.push_back(blocks::section(remark));
    if (context.has_table) {
        json::array notes;
        const std::size_t before = count_text(out);
        const TableView view = append_table(out, notes, form, context, left - sql_wants);
        rendered.leaves_out_data = leaves_out_data(view, *context.input.table);
        left -= std::min(left, count_text(out) - before);
        out.insert(out.end(), notes.begin(), notes.end());
    }
    if (!context.sql.empty())
        append_sql(out, context, left);
    out.insert(out.end(), tail.begin(), tail.end());
    return rendered;
}

// Joins what the plain form leaves out: "the SQL and 3 follow-up questions".
std::string joined(words::Language language, const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i + 1 < names.size(); ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    return text.empty() ? names.back() : words::say(language, Word::list_end, {{"most", text}, {"last", names.back()}});
}

class PlainText {
 public:
    explicit PlainText(std::size_t room) : room_(room) {}
    std::size_t room() const {
        const std::size_t used = slack::count_characters(text_) + 2;
        return used < room_ ? room_ - used : 0;
    }
    bool append(std::string_view paragraph) {
        if (slack::count_characters(paragraph) > room())
            return false;
        append_paragraph(text_, paragraph);
        return true;
    }
    std::string take() { return std::move(text_); }

 private:
    std::size_t room_;
    std::string text_;
};

std::string text_in(const json::object& section) {
    const json::string& text = section.at("text").as_object().at("text").as_string();
    return std::string(text.data(), text.size());
}

Rendered render_plain(const Context& context) {
    constexpr std::size_t kLeftOutRoom = 200;
    const std::string closing = powered_by(context.input);
    PlainText plain(limits::kTextCharacters - kLeftOutRoom - slack::count_characters(closing) - 4);
    std::vector<std::string> left_out;
    Rendered rendered;

    const Cut text = cut_mrkdwn(context.text, plain.room() - (context.has_table ? kPlainTableRoom : 0));
    plain.append(text.text);
    if (text.was_cut)
        left_out.push_back(words::say(context.language, Word::left_out_text));
    plain.append(result_remark(context));
    if (context.has_table) {
        TableView view = view_table(context.language, *context.input.table,
                                    view_limits(kPlainTableRows, kMonospaceColumns, kPlainTableRoom));
        const std::size_t line_room = 150;
        const auto fitted = monospace_table(view, std::max(plain.room(), line_room) - line_room);
        const bool shown = fitted && plain.append(text_in(fitted->block));
        if (shown)
            plain.append(describe_view(context.language, view));
        else
            left_out.push_back(words::say(context.language, Word::left_out_table));
        rendered.leaves_out_data = !shown || leaves_out_data(view, *context.input.table);
    }
    if (!context.sql.empty()) {
        const auto fitted = fit_preformatted(context.sql, plain.room());
        if (!fitted || fitted->was_cut || !plain.append(text_in(fitted->block)))
            left_out.push_back(words::say(context.language, Word::left_out_sql));
    }
    if (!context.questions.empty()) {
        std::string questions = words::say(context.language, Word::ask_next);
        for (const std::string& question : context.questions)
            questions += "\n• " + slack::escape(question);
        if (!plain.append(questions))
            left_out.push_back(
                words::say(context.language, Word::left_out_questions, {{"n", context.questions.size()}}));
    }

    rendered.text = plain.take();
    if (!left_out.empty())
        append_paragraph(rendered.text, italic(words::say(context.language, Word::left_out,
                                                          {{"what", joined(context.language, left_out)}})));
    append_paragraph(rendered.text, closing);
    return rendered;
}

}  // namespace answer_detail

std::vector<Rendered> render_answer(const AnswerInput& input) {
    const answer_detail::Context context = answer_detail::make_context(input);
    std::vector<Rendered> ladder;
    ladder.push_back(answer_detail::render_form(context, answer_detail::Form::rich));
    ladder.push_back(answer_detail::render_form(context, answer_detail::Form::simple));
    ladder.push_back(answer_detail::render_plain(context));
    return ladder;
}

}  // namespace genie_slack::answer
