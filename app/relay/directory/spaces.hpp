// The Genie spaces that may be asked: what Databricks lists, limited by GENIE_SPACE_IDS, whose spaces are also looked
// for by their ids; kept for some minutes.
#pragma once

#include "core/clock.hpp"
#include "genie/client.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

struct SpaceDirectoryOptions {
    std::vector<std::string> allowed;  // GENIE_SPACE_IDS; empty: all that are visible
    Duration fresh = std::chrono::minutes(5);
    Duration stale = std::chrono::hours(12);  // serves this long when Databricks cannot be reached
};

class SpaceDirectory {
 public:
    SpaceDirectory(genie::Client& client, SpaceDirectoryOptions options);

    // Which spaces may be asked from now on: SpaceDirectoryOptions::allowed.
    void allow(std::vector<std::string> ids);
    // The spaces by title. Old knowledge is better than none: errors come only when there is nothing to serve.
    boost::asio::awaitable<genie::GenieResult<std::vector<genie::Space>>> list(Deadline deadline);
    // The space, when it may be asked. A space that is not known is looked up again before it is refused, once a minute
    // at most.
    boost::asio::awaitable<genie::GenieResult<std::optional<genie::Space>>> find(std::string space_id,
                                                                                 Deadline deadline);
    // What is known now, without asking anyone; nothing before the first list().
    const std::optional<std::vector<genie::Space>>& known() const { return spaces_; }

 private:
    boost::asio::awaitable<genie::GenieResult<void>> refresh(Deadline deadline);
    // Those of GENIE_SPACE_IDS that are missing in `spaces`, each asked for by its id. Whether any of them is there.
    boost::asio::awaitable<bool> add_named(std::vector<genie::Space>& spaces, bool is_listed, Deadline deadline);
    void choose();

    genie::Client& client_;
    SpaceDirectoryOptions options_;
    std::vector<genie::Space> visible_;                // to us
    std::optional<std::vector<genie::Space>> spaces_;  // those of them that may be asked
    TimePoint fetched_at_{};
    TimePoint tried_at_{};
    int refreshing_ = 0;  // how many ask Databricks at the moment
};

// Whether there is a choice: more than one space, as far as is known.
inline bool has_other_spaces(const SpaceDirectory& spaces) {
    return !spaces.known() || spaces.known()->size() > 1;
}

}  // namespace genie_slack::relay
