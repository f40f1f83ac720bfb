// "Ask Genie about this" in the menu of a message: the message's text, looked over, becomes a question in its thread.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/services.hpp"

namespace genie_slack::relay {

class Shortcut {
 public:
    // All references must outlive it.
    Shortcut(Services services, People& people, Intake& intake, Notes& notes, TaskGroup& background, const Self& self,
             const RelayOptions& options)
        : services_(services),
          people_(people),
          intake_(intake),
          notes_(notes),
          background_(background),
          self_(self),
          options_(options) {}

    boost::asio::awaitable<slack::Ack> use(const slack::Shortcut& shortcut, const Visit& visit);
    boost::asio::awaitable<slack::Ack> submit(const slack::ViewSubmission& submission, const Visit& visit);

 private:
    boost::asio::awaitable<bool> is_closed(std::string channel);
    boost::asio::awaitable<void> open_form(slack::Shortcut shortcut, std::string team);

    Services services_;
    People& people_;
    Intake& intake_;
    Notes& notes_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
};

// The ack that leaves a form open, with `why` below its field `block_id`.
slack::Ack refuse_form(const char* block_id, std::string why);

}  // namespace genie_slack::relay
