// Ids that an administrator copies into settings: a name or a link in their place would match nothing, or nobody.
#pragma once

#include <string>

namespace genie_slack {

// What is wrong with the id and how to mend it, "" when it may be one.
std::string check_channel_id(const std::string& id);
std::string check_user_id(const std::string& id);
std::string check_team_id(const std::string& id);
std::string check_space_id(const std::string& id);

}  // namespace genie_slack
