// Texts and rows that are hard to show: odd characters, very long, very many.
#pragma once

#include <string>

namespace genie_slack::sandbox::databricks {

class Database;

// Creates the schema `samples`: notes, long_texts, readings.
void fill_odd_samples(Database& database);
// Markdown that is too long for one message.
std::string long_report();

}  // namespace genie_slack::sandbox::databricks
