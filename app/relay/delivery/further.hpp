// What of an answer's text has no room in its message: further messages below it, or a file that holds it all.
#pragma once

#include "app/relay/delivery/messenger.hpp"
#include "app/relay/delivery/result_files.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

// Brings what follows below the answer at turn.progress_ts; false when not all of it is there. `lease` is null for a
// turn that is over: then nothing is written once the answer is not `owned` any more. `markdown` is the whole text.
boost::asio::awaitable<bool> bring_further(Messenger& messenger, ResultFiles& files, storage::Turn turn,
                                           LeaseKeeper* lease, Owned owned, answer::Further further,
                                           std::string markdown, words::Language language, Seen seen,
                                           Deadline deadline);

}  // namespace genie_slack::relay
