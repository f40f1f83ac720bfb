// The answer under which a thread began: the copy of a private one that stands at its channel's root.
#pragma once

#include "core/clock.hpp"
#include "slack/api/web_api.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace genie_slack::relay {

// The turn whose answer was shared there; nothing for any other thread, once somebody has asked in it, and where Slack
// or storage does not tell by `soon`: an ack waits for it.
boost::asio::awaitable<std::optional<storage::Turn>> shared_above(slack::WebApi& slack, storage::Storage& storage,
                                                                  storage::ThreadKey thread, Deadline soon);

// The question of a new turn. The first one below such a copy has a conversation of its own, which does not know what
// was shared: where it leans on that, it is told so.
boost::asio::awaitable<std::string> question_below_copy(slack::WebApi& slack, storage::Storage& storage,
                                                        storage::Turn turn, Deadline soon);

}  // namespace genie_slack::relay
