// Everything in an answer that can be pressed.
#include "app/answer/chart/chart_names.hpp"
#include "app/answer/message/answer_forms.hpp"
#include "slack/blocks/blocks.hpp"

#include <algorithm>
#include <optional>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
using words::Word;

namespace answer_buttons_detail {

blocks::Option option(const AnswerContext& context, Word word, std::string value) {
    blocks::Option made;
    made.text = words::say(context.language, word);
    made.value = std::move(value);
    return made;
}

// Of the chart that is shown; beside a table, of the one that the button brings back.
ChartKind kind_at_hand(const AnswerContext& context, const Glance& glance) {
    if (glance.chart && context.chart)
        return context.chart->kind;
    ChartKind kind = context.chart_kinds.front();
    for (const ChartKind each : context.chart_kinds)
        if (context.input.chart_before == to_string(each))
            kind = each;
    return kind;
}

// Shows the other view of the result; nothing where there is none.
std::optional<json::object> view_switch(const AnswerContext& context, const Glance& glance) {
    const std::string& turn_id = context.input.turn_id;
    if (context.chart_kinds.empty() || (!glance.chart && !glance.table))
        return std::nullopt;
    if (glance.chart)
        return blocks::button(kViewAction, words::say(context.language, Word::show_table),
                              chart_value({kNoChart, turn_id}));
    return blocks::button(kViewAction, words::say(context.language, Word::show_chart),
                          chart_value({to_string(kind_at_hand(context, glance)), turn_id}));
}

json::object chart_switch(const AnswerContext& context) {
    const std::string& turn_id = context.input.turn_id;
    std::vector<blocks::Option> options;
    for (const ChartKind kind : context.chart_kinds)
        options.push_back(option(context, word_of(kind), chart_value({to_string(kind), turn_id})));
    options.push_back(option(context, Word::chart_none, chart_value({kNoChart, turn_id})));
    json::object select =
        blocks::static_select(kChartAction, words::say(context.language, Word::chart_placeholder), options);
    const std::string now = chart_value({context.chart ? to_string(context.chart->kind) : kNoChart, turn_id});
    for (const json::value& each : select.at("options").as_array())
        if (each.at("value").as_string() == now)
            select["initial_option"] = each;
    return select;
}

std::vector<blocks::Option> more_options(const AnswerContext& context, const Glance& glance) {
    constexpr std::size_t kMostOptions = 5;  // of an overflow menu
    const std::string& turn_id = context.input.turn_id;
    std::vector<blocks::Option> options;
    if (context.has_table)
        options.push_back(option(context, Word::more_file, more_value({MoreChoice::csv, turn_id})));
    if (context.has_sql || context.input.links_only)
        options.push_back(option(context, Word::more_again, more_value({MoreChoice::again, turn_id})));
    // Other kinds of chart, in an answer that has no list of them; the same ones whichever view is shown.
    const bool has_views = !context.chart_kinds.empty() && (glance.chart || glance.table);
    if (context.input.style == AnswerStyle::compact && has_views)
        for (const ChartKind kind : context.chart_kinds)
            if (kind != kind_at_hand(context, glance) && options.size() + 1 < kMostOptions)
                options.push_back(option(context, word_of(kind), chart_value({to_string(kind), turn_id})));
    if (context.input.has_other_spaces)
        options.push_back(option(context, Word::more_space, more_value({MoreChoice::space, turn_id})));
    return options;
}

// A result that could not be had is often there a moment later, and Genie that said nothing may say something.
void append_try_again(json::array& out, const AnswerContext& context) {
    if (context.is_nothing && !context.input.may_ask_again)
        return;
    if (context.is_nothing) {
        json::array again;
        again.push_back(
            blocks::button(kAskAgainAction, words::say(context.language, Word::try_again), context.input.turn_id));
        out.push_back(blocks::actions("", std::move(again)));
        return;
    }
    if (!context.has_sql || context.input.table || context.input.result_note.empty())
        return;
    json::array row;
    row.push_back(blocks::button(kMoreAction, words::say(context.language, Word::try_again),
                                 more_value({MoreChoice::again, context.input.turn_id})));
    out.push_back(blocks::actions("", std::move(row)));
}

void append_rating(json::array& out, const AnswerContext& context, Form form) {
    const std::string good = words::say(context.language, Word::good_answer);
    const std::string bad = words::say(context.language, Word::bad_answer);
    const std::string& turn_id = context.input.turn_id;
    if (form == Form::native || form == Form::table) {
        out.push_back(blocks::feedback(kRatingAction, good, bad, turn_id));
        return;
    }
    json::array buttons;
    buttons.push_back(blocks::button(kRateUpAction, good, rating_value({true, turn_id})));
    buttons.push_back(blocks::button(kRateDownAction, bad, rating_value({false, turn_id})));
    out.push_back(blocks::actions("", std::move(buttons)));
}

// What is posted at a channel's root cannot be taken back: Slack asks before.
json::object share_button(const AnswerContext& context) {
    const std::string& turn_id = context.input.turn_id;
    if (!context.input.shares_at_root)
        return blocks::button(kShareAction, words::say(context.language, Word::share_button), turn_id, "primary");
    json::object button =
        blocks::button(kShareAction, words::say(context.language, Word::share_channel_button), turn_id);
    json::object dialog;
    dialog["title"] = blocks::plain_text(words::say(context.language, Word::share_title));
    dialog["text"] = blocks::plain_text(words::say(context.language, Word::share_text));
    dialog["confirm"] = blocks::plain_text(words::say(context.language, Word::share_confirm));
    dialog["deny"] = blocks::plain_text(words::say(context.language, Word::cancel_button));
    button["confirm"] = std::move(dialog);
    return button;
}

}  // namespace answer_buttons_detail

void append_buttons(json::array& out, const AnswerContext& context, Form form) {
    append_follow_ups(out, context.questions);
    const std::string& turn_id = context.input.turn_id;
    if (turn_id.empty())
        return;
    answer_buttons_detail::append_try_again(out, context);
    json::array row;
    if (context.input.may_share)
        row.push_back(answer_buttons_detail::share_button(context));
    if (context.has_sql)
        row.push_back(blocks::button(kSqlAction, words::say(context.language, Word::sql_button), turn_id));
    // Words that fit newer rows are to be had from Genie alone.
    if (context.input.text_at != WallTime{} && context.input.may_ask_again)
        row.push_back(blocks::button(kAskAgainAction, words::say(context.language, Word::ask_again_button), turn_id));
    const Glance glance = glance_of(context, form);
    const bool is_compact = context.input.style == AnswerStyle::compact;
    const auto other_view = is_compact ? answer_buttons_detail::view_switch(context, glance) : std::nullopt;
    if (other_view)
        row.push_back(*other_view);
    else if (!is_compact && !context.chart_kinds.empty())
        row.push_back(answer_buttons_detail::chart_switch(context));
    if (const auto more = answer_buttons_detail::more_options(context, glance); !more.empty())
        row.push_back(blocks::overflow(kMoreAction, more));
    if (!row.empty())
        out.push_back(blocks::actions("", std::move(row)));
    answer_buttons_detail::append_rating(out, context, form);
}

}  // namespace genie_slack::answer
