#include "sandbox/slack/block_rules.hpp"

#include "sandbox/slack/block_judge.hpp"
#include "sandbox/slack/json_members.hpp"

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

BlockVerdict check_blocks(const json::value& blocks, BlockSurface surface, const BlockWorld& world) {
    BlockJudge judge(surface, world);
    judge.judge_list(blocks, "/blocks");
    return judge.verdict("invalid_blocks");
}

BlockVerdict check_message(const json::value* blocks, const json::value* attachments, const BlockWorld& world) {
    BlockJudge judge(BlockSurface::message, world);
    if (blocks)
        judge.judge_list(*blocks, "/blocks");
    if (!attachments)
        return judge.verdict("invalid_blocks");
    const auto* items = attachments->if_array();
    BlockVerdict refusal;
    if (!items) {
        refusal.error = "invalid_attachments";
        return refusal;
    }
    if (items->size() > 100) {
        refusal.error = "too_many_attachments";
        return refusal;
    }
    for (std::size_t at = 0; at < items->size(); ++at) {
        const auto* attachment = (*items)[at].if_object();
        if (const auto* inside = attachment ? attachment->if_contains("blocks") : nullptr)
            judge.judge_list(*inside, "/attachments/" + std::to_string(at) + "/blocks");
    }
    return judge.verdict("invalid_blocks");
}

BlockVerdict check_view(const json::value& view, std::string_view expected_type, const BlockWorld& world) {
    const bool is_modal = expected_type == "modal";
    BlockJudge judge(is_modal ? BlockSurface::modal : BlockSurface::home, world);
    const auto* object = view.if_object();
    if (!object) {
        judge.problem("/view", "type", "must provide an object");
        return judge.verdict("invalid_arguments");
    }
    if (text_member(*object, "type") != expected_type)
        judge.problem("/view/type", "unsupported_type", "must be " + std::string(expected_type));
    if (is_modal) {
        judge.known_members(*object, "/view",
                            {"type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
                             "clear_on_close", "notify_on_close", "external_id", "submit_disabled"});
        judge.text_object(*object, "title", "/view", BlockJudge::TextKind::plain, 24, true);
        judge.text_object(*object, "submit", "/view", BlockJudge::TextKind::plain, 24, false);
        judge.text_object(*object, "close", "/view", BlockJudge::TextKind::plain, 24, false);
    } else {
        judge.known_members(*object, "/view", {"type", "blocks", "private_metadata", "callback_id", "external_id"});
    }
    judge.plain_string(*object, "private_metadata", "/view", 3000, false);
    judge.plain_string(*object, "callback_id", "/view", 255, false);
    judge.plain_string(*object, "external_id", "/view", 255, false);
    const auto* blocks = object->if_contains("blocks");
    if (!blocks || !blocks->is_array())
        judge.problem("/view", "required", "missing required field: blocks");
    else
        judge.judge_list(*blocks, "/view/blocks");
    if (is_modal && judge.has_input_block() && !object->contains("submit"))
        judge.problem("/view", "required", "missing required field: submit");
    BlockVerdict verdict = judge.verdict("invalid_arguments");
    // Limits over all texts are those of messages.
    if (verdict.error == "msg_blocks_too_long")
        verdict.error.clear();
    return verdict;
}

}  // namespace genie_slack::sandbox
