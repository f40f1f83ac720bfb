#include "core/net/resolver.hpp"
