#include "core/net/http_client.hpp"

#include <boost/beast/core/string.hpp>

namespace genie_slack::net {

std::string_view find_header(const Headers& headers, std::string_view name) {
    for (const auto& header : headers)
        if (boost::beast::iequals(header.name, name))
            return header.value;
    return {};
}

}  // namespace genie_slack::net
