#include "genie/client.hpp"
