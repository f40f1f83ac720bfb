#include "app/relay/delivery/further.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

asio::awaitable<bool> bring_further(Messenger& messenger, ResultFiles& files, storage::Turn turn, LeaseKeeper* lease,
                                    Owned owned, answer::Further further, std::string markdown,
                                    words::Language language, Seen seen, Deadline deadline) {
    auto put = co_await messenger.go_on(turn, lease, owned, std::move(further.messages), seen, deadline);
    if (!put) {
        log::error("answer.not_whole", {{"turn", turn.id}, {"error", put.error().to_string()}});
        co_return false;
    }
    if (!further.in_file)
        co_return true;
    bool is_ours = true;
    if (owned)
        is_ours = co_await owned();
    if (!is_ours)
        co_return false;
    co_return co_await files.share_text(std::move(turn), lease, std::move(markdown), language, seen, deadline);
}

}  // namespace genie_slack::relay
