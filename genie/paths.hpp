// Where Genie's API keeps what: paths made of ids.
#pragma once

#include <string>

namespace genie_slack::genie {

// Whether an id may become part of a path: an empty or dotted one would name another path.
bool is_segment(const std::string& id);

std::string spaces_path();
std::string space_path(const std::string& space);
std::string conversation_path(const std::string& space, const std::string& conversation);
std::string message_path(const std::string& space, const std::string& conversation, const std::string& message);

}  // namespace genie_slack::genie
