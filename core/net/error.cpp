#include "core/net/error.hpp"

namespace genie_slack::net {

const char* to_string(NetFault fault) {
    switch (fault) {
        case NetFault::cancelled:
            return "cancelled";
        case NetFault::timeout:
            return "timeout";
        case NetFault::not_allowed:
            return "refused";
        case NetFault::resolve:
            return "resolve";
        case NetFault::connect:
            return "connect";
        case NetFault::tls:
            return "tls";
        case NetFault::io:
            return "io";
        case NetFault::protocol:
            return "protocol";
        case NetFault::too_large:
            return "too_large";
        case NetFault::redirect:
            return "redirect";
        case NetFault::closed:
            return "closed";
        case NetFault::upgrade:
            return "upgrade";
    }
    return "unknown";
}

}  // namespace genie_slack::net
