#include "genie/paths.hpp"

#include "core/net/url.hpp"

namespace genie_slack::genie {

bool is_segment(const std::string& id) {
    return !id.empty() && id != "." && id != ".." && id.size() <= 512;
}

std::string spaces_path() {
    return "/api/2.0/genie/spaces";
}

std::string space_path(const std::string& space) {
    return spaces_path() + "/" + net::percent_encode(space);
}

std::string conversation_path(const std::string& space, const std::string& conversation) {
    return space_path(space) + "/conversations/" + net::percent_encode(conversation);
}

std::string message_path(const std::string& space, const std::string& conversation, const std::string& message) {
    return conversation_path(space, conversation) + "/messages/" + net::percent_encode(message);
}

}  // namespace genie_slack::genie
