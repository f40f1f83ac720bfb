#include "core/net/url.hpp"
