// A request -> SQL that both Databricks and SQLite understand.
#pragma once

#include "sandbox/genie/question_parser.hpp"
#include "sandbox/genie/sqlite.hpp"

#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct WrittenSql {
    std::string sql;
    std::vector<SqlParameter> parameters;
    std::vector<SqlType> types;  // of its columns
};

// `request` is an aggregate or a listing.
WrittenSql write_sql(const Request& request);
// "2025-11" is how a period of the grain is called in a text: "November 2025", "Q4 2025", "2025".
std::string period_name(const std::string& grain, const std::string& day);

}  // namespace genie_slack::sandbox::databricks
