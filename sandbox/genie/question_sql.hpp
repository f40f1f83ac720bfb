// The SQL of a question of the book, with what was asked for. Pure.
#pragma once

#include "sandbox/genie/question_match.hpp"
#include "sandbox/genie/sqlite.hpp"

#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct QuestionSql {
    std::string sql;  // both Databricks and SQLite understand it
    std::vector<SqlParameter> parameters;
    std::vector<SqlType> types;  // of its columns
};

// `match` is of a question with a query.
QuestionSql write_question_sql(const QuestionMatch& match);
// Replaces every {name} by the value of that name; a name without one stays.
void replace_placeholder(std::string& text, const std::string& name, const std::string& value);

}  // namespace genie_slack::sandbox::databricks
