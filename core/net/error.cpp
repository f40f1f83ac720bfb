#include "core/net/error.hpp"

namespace genie_slack::net {

const char* to_string(Errc code) {
    switch (code) {
        case Errc::cancelled:
            return "cancelled";
        case Errc::timeout:
            return "timeout";
        case Errc::refused:
            return "refused";
        case Errc::resolve:
            return "resolve";
        case Errc::connect:
            return "connect";
        case Errc::tls:
            return "tls";
        case Errc::io:
            return "io";
        case Errc::protocol:
            return "protocol";
        case Errc::too_large:
            return "too_large";
        case Errc::redirect:
            return "redirect";
        case Errc::closed:
            return "closed";
        case Errc::upgrade:
            return "upgrade";
    }
    return "unknown";
}

}  // namespace genie_slack::net
