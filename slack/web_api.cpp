#include "slack/web_api.hpp"
