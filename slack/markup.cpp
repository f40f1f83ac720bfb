#include "slack/markup.hpp"
