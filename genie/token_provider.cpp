#include "genie/token_provider.hpp"
