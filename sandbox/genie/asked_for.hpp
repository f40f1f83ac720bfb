// What varies in a question, and what of it a follow-up keeps. Pure.
#pragma once

#include "sandbox/genie/periods.hpp"
#include "sandbox/genie/question_book.hpp"
#include "sandbox/genie/question_values.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct AskedFor {
    // Whether anything is given at all.
    bool anything() const { return *this != AskedFor(); }

    std::vector<std::string> by;  // columns that split; at most two
    std::string grain;            // "", day, week, month, quarter, year
    ValuesByColumn filters;       // one of these values
    ValuesByColumn without;       // none of these values
    std::vector<Period> periods;  // any of them
    std::optional<long> top;      // so many rows
    std::optional<bool> lowest;   // the lowest first; false: the highest
    std::string above;            // of the question's amount
    std::string below;
    bool compare = false;
    bool together = false;  // of a follow-up: "all together"

    friend bool operator==(const AskedFor&, const AskedFor&) = default;
};

// "EMEA and APAC", "2024 and 2025": one row each.
void set_side_by_side(AskedFor& asked);
// A quarter that is compared with a year is compared with the same quarter of that year.
void compare_like_with_like(std::vector<Period>& periods);
// Where periods are compared that a question also splits; false for any other question.
bool set_periods_beside(AskedFor& asked);
// What a follow-up says replaces what was said before; the rest stays.
AskedFor merged(const AskedFor& before, const AskedFor& now);
// Whether the question knows all that is asked for.
bool accepts(const BookQuestion& question, const AskedFor& asked);
// What was said before and means nothing to this question is forgotten.
void forget_foreign(const BookQuestion& question, const BookTable* table, AskedFor& asked, const AskedFor& now);

}  // namespace genie_slack::sandbox::databricks
