// A question read as if it were about one topic; the parser compares the readings and takes the best.
#pragma once

#include "sandbox/genie/question_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct Reading {
    Request request;                     // without what an earlier question adds
    std::vector<std::string> left_over;  // words that mean nothing here
    bool anything = false;               // some words mean something here
    int subject = 0;                     // 2: rows of this topic, 1: one of its measures, 0: neither was named
    bool lead_in = false;                // begins as a follow-up does: "and", "only", "what about"
    bool adds_split = false;             // "split by": beside the present split, not in its place
    bool asks_why = false;
};

Reading read_as(const Topic& topic, std::string_view text, const Vocabulary& vocabulary);

}  // namespace genie_slack::sandbox::databricks
