// An answer whose turn is over, shown anew: with other rows, another chart, or as a copy elsewhere.
#pragma once

#include "app/relay/turn/turn_work.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

// Which message of a turn is written, and so what storage knows of it.
enum class ShownAs {
    answer,       // the turn's own, Turn::progress_ts
    shared_copy,  // what a private answer's owner shared, Turn::shared_ts
    new_message,  // one that is not there yet
};

class ShownAnew {
 public:
    explicit ShownAnew(TurnServices& services) : services_(services) {}

    // Puts what was read anew in the place of the message at turn.progress_ts, or posts it where the turn says that its
    // messages stand. The message that has to take its place is recorded, and nothing is written once it is somebody
    // else's; then the error is `cancelled`. Else it is the last one Slack gave, and it is in the log.
    boost::asio::awaitable<slack::ApiResult<Delivered>> put(storage::Turn turn, answer::AnswerInput input, ShownAs as,
                                                            Deadline deadline);

 private:
    // Whether the message at turn.progress_ts is the turn's, as far as storage tells.
    boost::asio::awaitable<bool> owns(const storage::Turn& turn, ShownAs as);
    boost::asio::awaitable<bool> record_move(const storage::Turn& turn, ShownAs as, std::string ts);
    boost::asio::awaitable<storage::StorageResult<bool>> move_copy(const storage::Turn& turn, std::string ts);

    TurnServices& services_;
};

}  // namespace genie_slack::relay
