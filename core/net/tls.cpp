#include "core/net/tls.hpp"
