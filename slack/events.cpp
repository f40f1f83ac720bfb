#include "slack/events.hpp"
