// What the look-alike answers to one question, before it becomes attachments.
#pragma once

#include "sandbox/genie/sqlite.hpp"
#include "sandbox/genie/table.hpp"

#include <string>
#include <utility>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct Thought {
    Thought(std::string type_, std::string content_) : type(std::move(type_)), content(std::move(content_)) {}

    std::string type;     // THOUGHT_TYPE_...
    std::string content;  // Markdown
};

struct Answer {
    bool has_query() const { return !sql.empty(); }

    std::string title;
    std::string description;
    std::string sql;
    std::vector<SqlParameter> parameters;
    std::vector<SqlType> types;  // of the SQL's columns
    std::vector<Thought> thoughts;
    std::size_t row_count = 0;
    bool truncated = false;

    std::string text;            // Markdown
    bool clarification = false;  // the text asks the person back
    std::vector<std::string> suggestions;
};

}  // namespace genie_slack::sandbox::databricks
