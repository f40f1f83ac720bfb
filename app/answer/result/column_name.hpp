// Names of columns as people write them.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::answer {

// "share_percent" -> "Share %", "orderId" -> "Order ID". What is no identifier was written for people, or by a formula:
// only its underscores go, and its first letter becomes a capital. Never empty.
std::string readable_name(std::string_view column_name);

}  // namespace genie_slack::answer
