// What becomes of an answer, a status or a failure: the content of one message, and what follows below it.
#pragma once

#include <boost/json/array.hpp>

#include <string>
#include <vector>

namespace genie_slack::answer {

// What follows below an answer whose text has no room in one message: each sentence stands in one message only; where
// they are too many, or a table had to be narrowed, a file holds the whole text.
struct Further {
    std::vector<std::string> messages;  // mrkdwn, at most 4,000 characters each
    bool in_file = false;               // answer_markdown() is to be shared

    bool is_empty() const { return messages.empty() && !in_file; }
    friend bool operator==(const Further&, const Further&) = default;
};

// What a delivered message consists of: `text` is always complete enough to stand alone.
struct Rendered {
    std::string text;              // mrkdwn, at most 4,000 characters
    boost::json::array blocks;     // within all limits of slack.md 2.4; empty: text only
    bool needs_chart = false;      // the drawn chart stands in place of the table
    bool leaves_out_data = false;  // rows, columns or parts of values; also rows of the result that did not come
    bool only_in_file = false;     // it says no more than that the file of `further` holds the whole answer
    Further further;
};

// Stands in image blocks, as {"slack_file":{"id":"chart"}}, for the drawn chart that is uploaded only when its rung is
// tried.
inline constexpr const char* kChartFile = "chart";

// What the block_id of a drawn chart begins with; its kind follows.
inline constexpr const char* kChartBlock = "chart/";

}  // namespace genie_slack::answer
