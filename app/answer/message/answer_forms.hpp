// What the forms of one answer are put together from.
#pragma once

#include "app/answer/chart/chart.hpp"
#include "app/answer/message/answer.hpp"
#include "app/answer/message/text_pieces.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

// The rungs of the ladder that consist of blocks.
enum class Form {
    native,      // Markdown, data_table, Slack's own chart
    table,       // Markdown, table, a drawn chart
    simple,      // mrkdwn, preformatted table, a drawn chart, plain rating buttons
    no_picture,  // the same without the chart
};

// All that the forms have in common.
struct AnswerContext {
    const AnswerInput& input;
    words::Language language;
    std::string markdown;  // what Genie says; "" when it says nothing in Markdown
    std::string text;      // the same as mrkdwn, or what is said in its place; may be ""
    std::vector<std::string> questions;
    std::string title;             // of the query, on one line, not escaped
    bool text_leaves_out = false;  // of tables in the Markdown
    bool has_sql = false;
    bool has_table = false;
    bool markdown_block = false;  // the Markdown can stand in a markdown block beside the table
    std::vector<ChartKind> chart_kinds;
    std::optional<Chart> chart;
    std::optional<boost::json::object> chart_block;
    std::string chart_wish;      // as choose_chart() takes it
    std::string assumption;      // of the query, on one line, not escaped; "" for none that the text does not say
    bool text_is_title = false;  // Genie says nothing
    bool is_nothing = false;     // neither words nor a query
};
AnswerContext make_context(const AnswerInput& input);
// What there is to say about the result besides its rows; escaped, "" for nothing.
std::string result_remark(const AnswerContext& context);
// What this form shows, for notifications and screen readers, which see nothing else; mrkdwn.
std::string summarise(const AnswerContext& context, Form form);

struct ShownText {
    boost::json::array blocks;
    Further further;
};
// Genie's text with at most `room` characters.
ShownText show_text(const AnswerContext& context, Form form, std::size_t room);
// What is left of it as mrkdwn, in the messages that follow; what its tables leave out stands in a file.
Further further_messages(std::string_view rest, bool leaves_out);
// Says where the text goes on; mrkdwn, "" when it does not.
std::string goes_on_note(words::Language language, const Further& further);

// Appends the chart of this form, if there is one.
void append_chart(boost::json::array& out, const AnswerContext& context, Form form);

struct ShownTable {
    boost::json::array blocks;  // the table and the line under it
    bool leaves_out_data = false;
};
// The table; where it counts towards the limit over all blocks, with at most `room` characters.
ShownTable show_table(const AnswerContext& context, Form form, std::size_t room);
// How much of that room the table needs to be of use.
std::size_t room_for_table(const AnswerContext& context, Form form);
struct PlainTable {
    std::string text;  // mrkdwn; "" when there is no room for it
    bool leaves_out_data = false;
};
PlainTable show_plain_table(const AnswerContext& context, std::size_t room);
// The rows of the richest form and the line that says which part of the result they are, as Markdown.
std::string markdown_table(const AnswerContext& context);

// What of the result a form shows.
struct Glance {
    bool table = false;
    bool chart = false;
    std::string number;  // in place of both: the only value, mrkdwn; "" where there is more, or the words tell it
};
Glance glance_of(const AnswerContext& context, Form form);

// Appends everything that can be pressed.
void append_buttons(boost::json::array& out, const AnswerContext& context, Form form);

// That the words are older than the rows; mrkdwn, "" when they are not.
std::string times_line(const AnswerContext& context);
// Where the answer is from; mrkdwn.
std::string footer(const AnswerContext& context);

}  // namespace genie_slack::answer
