// The space that answers where a channel or a person has not chosen another one for a thread.
#pragma once

#include "core/clock.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

// Keeps what `user` chose for the channel or the person `id`; an empty space_id removes it. What comes of it is in the
// log.
boost::asio::awaitable<storage::StorageResult<void>> keep_default_space(storage::Storage& storage,
                                                                        storage::DefaultOf kind, std::string team,
                                                                        std::string id, storage::SpaceDefault space,
                                                                        std::string user, Deadline deadline);

}  // namespace genie_slack::relay
