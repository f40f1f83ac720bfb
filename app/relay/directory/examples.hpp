// Questions to begin with: the sample questions of a Genie space, or general ones where it has none that we may see.
#pragma once

#include "app/relay/directory/people.hpp"
#include "app/relay/directory/spaces.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

// Where somebody would begin, and with what.
struct Start {
    std::optional<genie::Space> space;  // that a new thread there would ask, or one of those that may be chosen
    std::vector<std::string> examples;  // never empty, at most kMostExamples
};

inline constexpr std::size_t kMostExamples = 4;

class Examples {
 public:
    // All references must outlive it.
    Examples(genie::Client& genie, storage::Storage& storage, SpaceDirectory& spaces, People& people)
        : genie_(genie), storage_(storage), spaces_(spaces), people_(people) {}

    // For a new thread of `user` in `channel` ("" for none). What Databricks does not tell by the deadline is left out.
    boost::asio::awaitable<Start> find(std::string team, std::string channel, std::string user, Deadline deadline);
    // The id of the one space that offers exactly this question, as far as questions are known; "" for none or several.
    std::string space_that_offers(const std::string& question) const;

 private:
    boost::asio::awaitable<std::vector<std::string>> samples_of(std::string space_id, Deadline deadline);

    struct Kept {
        std::vector<std::string> questions;
        TimePoint ask_again{};
    };
    genie::Client& genie_;
    storage::Storage& storage_;
    SpaceDirectory& spaces_;
    People& people_;
    std::map<std::string, Kept> kept_;  // by space
};

}  // namespace genie_slack::relay
