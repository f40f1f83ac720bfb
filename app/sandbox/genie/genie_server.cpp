#include "app/sandbox/genie/genie_server.hpp"
