// Regions, products and other values that a question names: those that it keeps to, and those that it leaves out. Pure.
#pragma once

#include "sandbox/genie/question_tokens.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct ColumnValue {
    std::string phrase;  // as a question says it, normalized
    std::string column;
    std::string value;
};

using ValuesByColumn = std::map<std::string, std::vector<std::string>>;

bool is_among(const std::vector<std::string>& list, const std::string& value);

struct NamedValues {
    ValuesByColumn kept;
    ValuesByColumn left_out;  // "without AMER"
};

// Takes them out of the words. `values` has the longest phrases first. The word "without" stays where nothing known is
// behind it, so that nobody reads "without discounts" as if it were "discounts"; "without a chart" is about the form,
// by the words in `shape`, and goes.
NamedValues take_values(QuestionTokens& words, const std::vector<ColumnValue>& values,
                        const std::set<std::string>& shape);

}  // namespace genie_slack::sandbox::databricks
