#include "app/answer/answer.hpp"
