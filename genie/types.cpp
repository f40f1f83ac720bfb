#include "genie/types.hpp"
