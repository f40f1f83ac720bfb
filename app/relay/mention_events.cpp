#include "app/relay/mention_events.hpp"

#include "core/log.hpp"
#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace mention_events_detail {

// Among several processes each gets one of the two events, at random: so many in a row are hardly chance.
constexpr int kEnough = 8;

}  // namespace mention_events_detail

bool names_us(std::string_view text, const Self& self) {
    return slack::find_mention(text, self.user_id).has_value();
}

bool MentionEvents::is_one_of_two(const slack::MessageEvent& message) const {
    const bool is_ours = !message.bot_id.empty() || message.user == self_.user_id;
    const bool is_plain =
        message.subtype.empty() || message.subtype == "file_share" || message.subtype == "thread_broadcast";
    return !message.mention && !is_ours && !message.is_direct() && is_plain && names_us(message.text, self_);
}

void MentionEvents::see(const slack::MessageEvent& message) {
    has_mentions_ = has_mentions_ || message.mention;
    if (has_mentions_ || !is_one_of_two(message))
        return;
    ++plain_ones_;
    if (plain_ones_ == mention_events_detail::kEnough)
        log::warn("events.no_app_mention", {{"why",
                                             "the app gets messages that mention it and no app_mention: subscribe "
                                             "to that event, as the manifest of this program does"}});
}

bool MentionEvents::comes_as_mention(const slack::MessageEvent& message) const {
    const bool has_only_messages = !has_mentions_ && plain_ones_ >= mention_events_detail::kEnough;
    return !has_only_messages && is_one_of_two(message);
}

}  // namespace genie_slack::relay
