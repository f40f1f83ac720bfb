// Words around a result: title, description, thoughts, the sentence that answers, and what to ask next. Pure.
#pragma once

#include "sandbox/genie/answer.hpp"
#include "sandbox/genie/question_parser.hpp"
#include "sandbox/genie/spaces.hpp"
#include "sandbox/genie/table.hpp"

#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

// "1,234,567.89" from "1234567.89".
std::string with_thousands(const std::string& number);
// Markdown's special characters made harmless, so that a value is shown as it is.
std::string escape_markdown(const std::string& text);

std::string title_of(const Request& request);
std::string description_of(const Request& request);
std::vector<Thought> thoughts_of(const Request& request, const std::string& question);
// Computed from the rows.
std::string text_of(const Request& request, const Table& table);
// Each can be answered when it is asked next.
std::vector<std::string> suggestions_of(const Request& request, const Table& table);

// Text-only answers.
std::string introduction();  // one line for the first answer of a conversation
std::string help_text(const SpaceInfo& space, bool greeting);
std::string tables_text(const SpaceInfo& space);
std::string clarification_text(const SpaceInfo& space, const std::vector<std::string>& unknown,
                               const std::string& other_space);

}  // namespace genie_slack::sandbox::databricks
