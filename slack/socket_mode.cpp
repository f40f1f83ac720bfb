#include "slack/socket_mode.hpp"
