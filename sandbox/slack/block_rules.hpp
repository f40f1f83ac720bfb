// What Slack accepts as Block Kit (slack.md 2.4, 2.5, 5.1 to 5.3), read from the documentation alone: the judge of what
// the product sends.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <initializer_list>
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

// What the blocks meet in this workspace.
struct BlockWorld {
    BlockWorld() = default;
    BlockWorld(std::initializer_list<std::string> refused_) : refused(refused_) {}
    BlockWorld(std::vector<std::string> refused_, std::function<bool(const boost::json::object&)> shows_)
        : refused(std::move(refused_)), shows(std::move(shows_)) {}

    std::vector<std::string> refused;  // block types that this workspace does not know
    // Whether a slack_file ({"id"} or {"url"}) is a picture that can be shown; nothing: every one.
    std::function<bool(const boost::json::object&)> shows;
};

BlockVerdict check_blocks(const boost::json::value& blocks, BlockSurface surface, const BlockWorld& world = {});
BlockVerdict check_view(const boost::json::value& view, std::string_view expected_type, const BlockWorld& world = {});
// Several lists of blocks make one message: limits that count over the whole message.
BlockVerdict check_message(const boost::json::value* blocks, const boost::json::value* attachments,
                           const BlockWorld& world = {});

}  // namespace genie_slack::sandbox
