#include "app/relay/delivery/kept_stream.hpp"

#include "app/answer/actions.hpp"
#include "slack/json_read.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace json = boost::json;

namespace kept_stream_detail {

bool is_stop(const json::value& element) {
    return element.is_object() && slack::string_at(element.get_object(), "action_id") == answer::kStopAction;
}

// Slack gives blocks back in other words than they were sent: only what a stream alone has tells it.
bool is_of_stream(const json::value& block) {
    if (!block.is_object())
        return false;
    const std::string type = slack::string_at(block.get_object(), "type");
    if (type == "plan" || type == "task_card")
        return true;
    const json::array& elements = slack::array_at(block.get_object(), "elements");
    return type == "actions" && std::any_of(elements.begin(), elements.end(), is_stop);
}

}  // namespace kept_stream_detail

bool shows_kept_stream(const json::array& sent, const json::array& shown) {
    using kept_stream_detail::is_of_stream;
    return std::count_if(shown.begin(), shown.end(), is_of_stream) >
           std::count_if(sent.begin(), sent.end(), is_of_stream);
}

}  // namespace genie_slack::relay
