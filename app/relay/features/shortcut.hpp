// "Ask Genie about this" in the menu of a message: the message's text, looked over, becomes a question in its thread.
#pragma once

#include "app/relay/relay_context.hpp"

#include <string>

namespace genie_slack::relay {

// callback_id of the shortcut in the manifest, and of its form.
inline constexpr const char* kAskShortcut = "ask_genie";

class MessageShortcut : public RelayPart {
 public:
    // The context must outlive it.
    explicit MessageShortcut(RelayContext& context) : context_(context) {}

    Answer<slack::Ack> on_shortcut(const slack::Shortcut& shortcut) override;
    Answer<slack::Ack> on_submission(const slack::ViewSubmission& submission) override;

 private:
    boost::asio::awaitable<void> open_form(slack::Shortcut shortcut);

    RelayContext& context_;
};

}  // namespace genie_slack::relay
