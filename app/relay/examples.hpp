// Questions to begin with: the sample questions of a Genie space, or general ones where it has none that we may see.
#pragma once

#include "app/relay/relay_context.hpp"

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
    // The context must outlive it.
    explicit Examples(RelayContext& context) : context_(context) {}

    // For a new thread of `user` in `channel` ("" for none). What Databricks does not tell by the deadline is left out.
    boost::asio::awaitable<Start> find(std::string team, std::string channel, std::string user, Deadline deadline);

 private:
    boost::asio::awaitable<std::vector<std::string>> samples_of(std::string space_id, Deadline deadline);

    struct Kept {
        std::vector<std::string> questions;
        TimePoint ask_again{};
    };
    RelayContext& context_;
    std::map<std::string, Kept> kept_;  // by space
};

}  // namespace genie_slack::relay
