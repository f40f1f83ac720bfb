#include "core/net/error.hpp"
