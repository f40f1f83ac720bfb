// What Slack accepts as Block Kit (slack.md 2.4, 2.5, 5.1 - 5.3), read from the documentation alone: the judge of what
// the product sends.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox {

enum class BlockSurface { message, modal, home, stream_chunk };

struct BlockVerdict {
    std::string error;            // "" when all is well; "invalid_blocks", "msg_blocks_too_long", ...
    boost::json::array errors;    // {"code","message","field","pointer","constraint"}
    boost::json::array messages;  // "[ERROR] ... [json-pointer:/blocks/0/text]"

    bool fine() const { return error.empty(); }
    // The Web API's answer.
    boost::json::object answer() const;
};

// `refused`: block types that this workspace does not know.
BlockVerdict check_blocks(const boost::json::value& blocks, BlockSurface surface,
                          const std::vector<std::string>& refused = {});
BlockVerdict check_view(const boost::json::value& view, std::string_view expected_type,
                        const std::vector<std::string>& refused = {});
// Several lists of blocks make one message: limits that count over the whole message.
BlockVerdict check_message(const boost::json::value* blocks, const boost::json::value* attachments,
                           const std::vector<std::string>& refused = {});

}  // namespace genie_slack::sandbox
