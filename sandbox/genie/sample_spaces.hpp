// The Genie spaces of the look-alike.
#pragma once

#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct SpaceInfo {
    std::string id;
    std::string key;  // which built-in space it is: "sales", "operations", "people"
    std::string title;
    std::string description;
    std::vector<std::string> tables;
    std::vector<std::string> sample_questions;
};

// `count` of them, at least one: the built-in ones, then numbered copies. Ids are the same in every run.
std::vector<SpaceInfo> make_spaces(int count);
// The version 2 document of databricks.md 1.8.
std::string serialized_space(const SpaceInfo& space);

}  // namespace genie_slack::sandbox::databricks
