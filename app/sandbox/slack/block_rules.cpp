#include "app/sandbox/slack/block_rules.hpp"

namespace genie_slack::sandbox {

namespace json = boost::json;

json::object BlockVerdict::answer() const {
    json::object result{{"ok", false}, {"error", error}};
    if (!errors.empty())
        result["errors"] = errors;
    if (!messages.empty())
        result["response_metadata"] = json::object{{"messages", messages}};
    return result;
}

BlockVerdict check_blocks(const json::value& blocks, BlockSurface, const std::vector<std::string>&) {
    BlockVerdict verdict;
    if (!blocks.is_array())
        verdict.error = "invalid_blocks_format";
    return verdict;
}

BlockVerdict check_view(const json::value& view, std::string_view, const std::vector<std::string>&) {
    BlockVerdict verdict;
    if (!view.is_object())
        verdict.error = "invalid_arguments";
    return verdict;
}

BlockVerdict check_message(const json::value* blocks, const json::value*, const std::vector<std::string>& refused) {
    return blocks ? check_blocks(*blocks, BlockSurface::message, refused) : BlockVerdict();
}

}  // namespace genie_slack::sandbox
