#include "app/relay/directory/default_space.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

asio::awaitable<storage::StorageResult<void>> keep_default_space(storage::Storage& storage, storage::DefaultOf kind,
                                                                 std::string team, std::string id,
                                                                 storage::SpaceDefault space, std::string user,
                                                                 Deadline deadline) {
    const std::string space_id = space.space_id;
    auto stored = co_await storage.set_default_space(kind, std::move(team), id, std::move(space), deadline);
    if (stored)
        log::info("space.default",
                  {{"kind", storage::to_string(kind)}, {"id", id}, {"space", space_id}, {"user", user}});
    else
        log::error("space.default_not_kept", {{"kind", storage::to_string(kind)}, {"error", stored.error().message}});
    co_return stored;
}

}  // namespace genie_slack::relay
