#pragma once
#include "app/relay/turn/asker.hpp"
