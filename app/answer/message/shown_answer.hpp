// What a message with an answer shows, read back from its blocks: the message itself remembers what was chosen in it.
#pragma once

#include "core/clock.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::answer {

struct ShownAnswer {
    WallTime data_at{};        // of the rows; zero: the message does not say
    WallTime text_at{};        // of the words, where they are older than the rows; else zero
    std::string chart;         // as AnswerInput::chart; "": nobody chose one
    std::string chart_before;  // as AnswerInput::chart_before
};
// Takes what somebody chose, and keeps the kind of chart that goes for a table.
void choose_chart(ShownAnswer& shown, std::string chart);

// `message` is a message of Slack's, as an interaction brings it.
ShownAnswer read_shown_answer(const boost::json::object& message);

// How such a message shows the result: a kind of chart, kNoChart for a table alone; "" where it shows neither, or in a
// form that is not read here.
std::string shown_kind(const boost::json::array& blocks);

// What was chosen as one text, to be kept; nothing when `text` is no such one.
std::string kept_choice(const ShownAnswer& shown);
std::optional<ShownAnswer> parse_kept_choice(std::string_view text);

}  // namespace genie_slack::answer
