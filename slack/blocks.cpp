#include "slack/blocks.hpp"
