// Which Genie space answers a question: by the thread, the channel, the person, or by what people choose.
#pragma once

#include "app/relay/directory/spaces.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

struct SpaceDecision {
    std::optional<genie::Space> space;  // the one to ask
    std::string conversation_id;        // of the thread in it, "" for none yet
    // Without `space`: what a person may choose from, empty when there is no space at all.
    std::vector<genie::Space> choice;
    std::string gone;                        // title of the space that was wanted and is not there any more
    std::optional<genie::GenieError> error;  // the spaces cannot be listed
};

// In this order: what was chosen for the turn, the thread's space, the channel's default, the person's default, the
// only space there is; else somebody has to choose. A default that is gone is passed over; a thread's space that is
// gone is never replaced without asking. `suggested_by`: the space that suggests this very question, "" for none; it is
// asked where somebody would have to choose. An error: what is kept of thread, channel and person cannot be read.
boost::asio::awaitable<storage::StorageResult<SpaceDecision>> decide_space(storage::Turn turn, std::string suggested_by,
                                                                           storage::Storage& storage,
                                                                           SpaceDirectory& spaces,
                                                                           Duration storage_time, Deadline deadline);

}  // namespace genie_slack::relay
