#include "app/sandbox/slack/slack_server.hpp"
