// The release before the baseline: the schema that its nine migrations made, and the calls that it executed.
#pragma once

#include <string>

namespace genie_slack::test {

// Puts the first `count` of its migrations into an empty database, as its own program did, with the chat tables in that
// schema.
void migrate_as_release_009(const std::string& database, int count = 9, const std::string& chat_schema = "genie_app");

// What SELECT genie_app.FUNCTION(batch) gave a process of that release.
std::string call_release_009(const std::string& database, const std::string& function, const std::string& batch);

}  // namespace genie_slack::test
