// What an answer says beside its figures, so that nobody takes them for others. Pure.
#pragma once

#include "sandbox/genie/question_match.hpp"
#include "sandbox/genie/table.hpp"

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace genie_slack::sandbox::databricks {

// An answer and what was answered before it.
struct AnswerStep {
    const QuestionMatch& before;  // may be none
    std::size_t rows_before;
    const QuestionMatch& now;
};

// Whether it puts together what the one before told apart.
bool puts_together(const AnswerStep& step);

// Sentences that tell what the answer before was limited to, and this one no longer is; "" when there is nothing like
// that. `named` as in BookWords.
std::string remark_of_lost(const AnswerStep& step, const std::set<std::string>& named, bool german);

// "2026 is counted until 30 November.": where the newest period of the rows, or one that was asked for, is not over on
// the last day with data; "" when all are.
std::string remark_of_unfinished(const QuestionMatch& now, const Table& table, std::chrono::sys_days today,
                                 bool german);

}  // namespace genie_slack::sandbox::databricks
