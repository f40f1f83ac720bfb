#include "core/net/websocket.hpp"
