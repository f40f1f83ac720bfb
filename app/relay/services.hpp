// What the relay's features talk to, and where they look things up. All outlive the relay.
#pragma once

#include "app/relay/directory/examples.hpp"
#include "app/relay/directory/gate.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/directory/spaces.hpp"
#include "genie/client.hpp"
#include "slack/api/web_api.hpp"
#include "storage/storage.hpp"

namespace genie_slack::relay {

struct Services {
    slack::WebApi& slack;
    genie::Client& genie;
    storage::Storage& storage;
};

struct Directory {
    SpaceDirectory& spaces;
    People& people;
    Gate& gate;
    Examples& examples;
};

}  // namespace genie_slack::relay
