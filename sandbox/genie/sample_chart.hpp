// The picture that the look-alike gives out as Genie's own chart: plain bars, told apart at a glance from the bot's.
#pragma once

#include "sandbox/genie/table.hpp"

#include <string>

namespace genie_slack::sandbox::databricks {

// PNG bytes; "" when there is no column of numbers.
std::string draw_bars(const Table& table);

}  // namespace genie_slack::sandbox::databricks
