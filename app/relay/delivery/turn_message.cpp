#include "app/relay/delivery/turn_message.hpp"

#include "app/relay/turn_facts.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <cstdint>

namespace genie_slack::relay {

namespace turn_message_detail {

constexpr std::size_t kShownQuestionCharacters = 300;

}  // namespace turn_message_detail

slack::OutgoingMessage make_message(const storage::Turn& turn, const answer::Rendered& rendered) {
    const Place place = place_of(turn);
    slack::OutgoingMessage message(place.channel, rendered.text);
    message.thread_ts = place.thread_ts;
    message.blocks = rendered.blocks;
    message.metadata_type = kTurnMetadata;
    message.metadata_payload["turn"] = turn.id;
    if (shows_question(turn) || !turn.answer_channel.empty()) {
        const std::string asked =
            "<@" + turn.user + ">: *" +
            slack::escape(slack::truncate(turn.question, turn_message_detail::kShownQuestionCharacters)) + "*";
        boost::json::array blocks;
        blocks.push_back(slack::blocks::context(asked));
        if (rendered.blocks.empty())
            for (const std::string& part : slack::split_text(rendered.text, slack::limits::kSectionCharacters))
                blocks.push_back(slack::blocks::section(part));
        else
            blocks.insert(blocks.end(), rendered.blocks.begin(), rendered.blocks.end());
        // Where there is no room for it, the answer goes first.
        if (slack::limits::check_message(message.text, blocks).empty())
            message.blocks = std::move(blocks);
    }
    return message;
}

std::string metadata_of(const slack::ThreadMessage& message, const char* key) {
    const auto* value = message.metadata_payload.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::size_t part_of(const slack::ThreadMessage& message) {
    const auto* part = message.metadata_payload.if_contains("part");
    if (message.metadata_type != kFurtherMetadata || !part || !part->is_int64())
        return 0;
    return static_cast<std::size_t>(std::max<std::int64_t>(part->get_int64(), 0));
}

bool is_of_turn(const slack::ThreadMessage& message, const std::string& turn_id, std::size_t part) {
    const bool is_kind = part == 0 ? message.metadata_type == kTurnMetadata : part_of(message) == part;
    return is_kind && metadata_of(message, "turn") == turn_id;
}

}  // namespace genie_slack::relay
