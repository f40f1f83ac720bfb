// The ladder of one answer: its forms in blocks, and the plain text at the end.
#include "app/answer/message/answer.hpp"
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
using words::Word;

namespace answer_detail {

constexpr std::size_t kNotesRoom = 1'400;  // the lines that say what is shown and what is cut
constexpr std::size_t kPlainTableRoom = 1'500;

std::size_t counted(const json::array& all) {
    std::size_t count = 0;
    for (const json::value& block : all)
        // Such a block has a limit of its own.
        if (block.at("type").as_string() != "data_table")
            count += count_text(block);
    return count;
}

void append_all(json::array& out, const json::array& more) {
    out.insert(out.end(), more.begin(), more.end());
}

Rendered render_form(const AnswerContext& context, Form form) {
    json::array tail;
    append_buttons(tail, context, form);
    tail.push_back(blocks::context(footer(context)));
    const std::string& shared_link = context.input.shared_link;
    const std::string channel = "<#" + context.input.share_channel + ">";
    if (context.input.may_share) {
        const Word only_here = context.input.shares_at_root ? Word::only_here_channel : Word::only_here;
        tail.push_back(blocks::context(words::say(context.language, only_here, {{"channel", channel}})));
    } else if (!shared_link.empty()) {
        tail.push_back(blocks::context(words::say(context.language, Word::was_shared,
                                                  {{"channel", channel}, {"link", slack::escape(shared_link)}})));
    }
    json::array chart;
    const Glance glance = glance_of(context, form);
    if (glance.chart)
        append_chart(chart, context, form);

    const std::size_t left = limits::kMessageTextCharacters - kNotesRoom - counted(tail) - counted(chart);
    const ShownText text = show_text(context, form, left - room_for_table(context, form));

    Rendered rendered;
    rendered.text = summarise(context, form);
    json::array& out = rendered.blocks;
    append_all(out, text.blocks);
    if (!context.assumption.empty())
        out.push_back(blocks::context(slack::escape(context.assumption)));
    const std::size_t after_text = left - std::min(left, counted(out));
    rendered.further = text.further;
    if (!text.further.is_empty())
        out.push_back(blocks::context(goes_on_note(context.language, text.further)));
    if (!context.input.parts.clarification.empty() && !context.input.links_only)
        out.push_back(blocks::context(words::say(context.language, Word::answer_in_thread)));
    const std::string times = times_line(context);
    if (!times.empty())
        out.push_back(blocks::context(times));
    const std::string remark = result_remark(context);
    if (!remark.empty())
        out.push_back(blocks::section(remark));
    append_all(out, chart);
    rendered.needs_chart = wants_chart_file(rendered) && context.has_table && !glance.table;
    if (!glance.number.empty())
        out.push_back(blocks::section(glance.number));
    if (context.has_table) {
        const ShownTable table = show_table(context, form, after_text);
        if (glance.table)
            append_all(out, table.blocks);
        rendered.leaves_out_data = table.leaves_out_data;
    }
    append_all(out, tail);
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

Rendered render_plain(const AnswerContext& context) {
    constexpr std::size_t kLeftOutRoom = 350;
    const std::string closing = footer(context);
    PlainText plain(limits::kTextCharacters - kLeftOutRoom - slack::count_characters(closing) - 4);
    std::vector<std::string> left_out;
    const auto leave_out = [&](Word word, std::size_t n = 0) {
        left_out.push_back(words::say(context.language, word, {{"n", n}}));
    };
    Rendered rendered;

    const Cut text = cut_mrkdwn(context.text, plain.room() - (context.has_table ? kPlainTableRoom : 0));
    plain.append(text.text);
    rendered.further = further_messages(text.rest, context.text_leaves_out);
    plain.append(slack::escape(context.assumption));
    plain.append(times_line(context));
    plain.append(result_remark(context));
    if (context.has_table) {
        const PlainTable table = show_plain_table(context, plain.room());
        if (table.text.empty() || !plain.append(table.text))
            leave_out(Word::left_out_table);
        rendered.leaves_out_data = table.leaves_out_data;
    }
    if (context.has_sql)
        leave_out(Word::left_out_sql);
    if (!context.questions.empty()) {
        std::string questions = words::say(context.language, Word::ask_next);
        for (const std::string& question : context.questions)
            questions += "\n• " + slack::escape(question);
        if (!plain.append(questions))
            leave_out(Word::left_out_questions, context.questions.size());
    }

    rendered.text = plain.take();
    const std::string goes_on = goes_on_note(context.language, rendered.further);
    append_paragraph(rendered.text, goes_on.empty() ? goes_on : "_" + goes_on + "_");
    if (!left_out.empty())
        append_paragraph(
            rendered.text,
            "_" + words::say(context.language, Word::left_out, {{"what", joined(context.language, left_out)}}) + "_");
    append_paragraph(rendered.text, closing);
    return rendered;
}

}  // namespace answer_detail

std::vector<Rendered> render_answer(const AnswerInput& input) {
    const AnswerContext context = make_context(input);
    std::vector<Rendered> ladder;
    for (const Form form : {Form::native, Form::table, Form::simple, Form::no_picture}) {
        Rendered rendered = answer_detail::render_form(context, form);
        if (ladder.empty() || rendered.blocks != ladder.back().blocks)
            ladder.push_back(std::move(rendered));
    }
    ladder.push_back(answer_detail::render_plain(context));
    return ladder;
}

Rendered render_in_file(words::Language language) {
    Rendered rendered;
    rendered.text = words::say(language, Word::answer_in_file);
    rendered.only_in_file = rendered.leaves_out_data = rendered.further.in_file = true;
    return rendered;
}

}  // namespace genie_slack::answer
