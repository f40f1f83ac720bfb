// Ready-made answers in every space that are hard to show: odd texts, all types, very wide, very long, very many.
#pragma once

#include "sandbox/genie/answer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

class Database;

struct SampleCard {
    std::string id;
    std::string question;              // how it is asked
    std::vector<std::string> phrases;  // what it is recognised by, as in Topic
    std::string title;
    std::string sql;  // "" for a text without a query
    std::vector<std::string> types;
    std::string text;
};

const std::vector<SampleCard>& sample_cards();
const SampleCard* find_sample_card(std::string_view id);

// Creates the schema `samples`.
void fill_sample_cards(Database& database);

}  // namespace genie_slack::sandbox::databricks
