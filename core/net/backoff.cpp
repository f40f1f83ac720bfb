#include "core/net/backoff.hpp"
