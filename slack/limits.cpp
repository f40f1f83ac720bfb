#include "slack/limits.hpp"
