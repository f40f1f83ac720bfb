// Where people choose the Genie space that answers them.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/words/words.hpp"
#include "genie/types.hpp"
#include "slack/blocks/blocks.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace genie_slack::answer {

// For whom the choice can be kept.
enum class Remember { channel, person };

struct PickerInput {
    words::Language language = words::Language::english;
    std::string turn_id;
    std::vector<genie::Space> spaces;  // that may be chosen, by title
    std::string gone;                  // title or id of the space that was wanted and is not there, "" for none
    bool is_change = false;            // of a thread that has its space
    Remember remember = Remember::channel;
};

// The ladder: a searchable list that asks us for its options, a fixed list of the first 100, plain text.
std::vector<Rendered> render_space_picker(const PickerInput& input);

// Makes options of title and description, within Slack's limits. A space whose id cannot be an option's value is left
// out, as is a second one with the same id.
std::vector<slack::blocks::Option> space_options(const std::vector<genie::Space>& spaces);

// What a searchable list gets for what was typed: the first ones that fit into an ack.
boost::json::object options_ack(const std::vector<genie::Space>& spaces);

}  // namespace genie_slack::answer
