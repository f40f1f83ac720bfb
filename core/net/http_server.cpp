#include "core/net/http_server.hpp"
