// Answers of every kind, as the tests and the golden files show them.
#pragma once

#include "app/answer/message/answer.hpp"

#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

genie::Column column(const std::string& name, const std::string& type);

// "Revenue by region": text, a table with NULL and text that looks like markup, SQL and two questions to go on with.
answer::AnswerInput revenue();
answer::AnswerInput only_text(const std::string& markdown);
// A query with this result, and little else.
answer::AnswerInput only_table(std::vector<genie::Column> columns,
                               std::vector<std::vector<std::optional<std::string>>> rows);
// `rows` rows "customer N" with a number.
answer::AnswerInput customers(int rows);
answer::AnswerInput revenue_by_month();
answer::AnswerInput revenue_by_product();
answer::AnswerInput share_by_channel();

}  // namespace genie_slack::test
