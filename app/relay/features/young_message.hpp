// A message that was just written: another process may be taking its question in while it is edited or deleted already.
#pragma once

#include "core/clock.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

// Whether the message `ts` was written less than `age` ago. A ts begins with seconds since 1970.
bool is_younger_than(const std::string& ts, Duration age, WallTime now);
// Returns as soon as the question of message `ts` is recorded, at once for a message that is not young, and after a
// second and a half for one that is no question at all.
boost::asio::awaitable<void> wait_until_taken_in(storage::Storage& storage, storage::ThreadKey thread, std::string ts);

}  // namespace genie_slack::relay
