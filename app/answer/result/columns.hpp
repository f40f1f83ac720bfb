// What the columns of a result are, and how their values are written: one decision for the whole column, so that its
// values compare at a glance.
#pragma once

#include "app/answer/result/periods.hpp"
#include "app/words/words.hpp"
#include "genie/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

enum class ValueKind {
    text,
    number,
    share,      // parts of one, written as percentages
    percent,    // percentages already: the sign is added
    timestamp,  // date and time
    day,        // timestamps that are all midnight, and dates
    truth,
};

struct ColumnFormat {
    ValueKind kind = ValueKind::text;
    bool grouped = true;          // thousands
    std::string unit;             // stands in the header: "USD", "UTC"
    bool fractions = false;       // of seconds
    Period period = Period::day;  // that a day stands for
    bool right_aligned = false;
};

bool is_numeric(const genie::Column& column);
// Numbers that name something: years, ids, codes. They are not grouped in thousands.
bool is_label_number(std::string_view column_name);

ColumnFormat read_column(const genie::ResultTable& table, std::size_t column);
// The column's name for people, with its unit: "revenue_usd" -> "Revenue (USD)".
std::string format_header(const genie::Column& column, const ColumnFormat& format);
std::string format_cell(words::Language language, const ColumnFormat& format, const std::optional<std::string>& value);

}  // namespace genie_slack::answer
