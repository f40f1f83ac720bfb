#include "storage/memory_storage.hpp"
