// A question is written anew: the person's own last question of a thread is asked again, and its answer takes the place
// of the one before. What becomes a question only now is asked as if it had just been written.
#pragma once

#include "app/relay/features/stop.hpp"
#include "app/relay/intake.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/once.hpp"

#include <optional>
#include <string>

namespace genie_slack::relay {

class Edit {
 public:
    // All references must outlive it.
    Edit(storage::Storage& storage, const People& people, Stop& stop, Intake& intake, Notes& notes, const Self& self,
         const RelayOptions& options)
        : storage_(storage),
          people_(people),
          stop_(stop),
          intake_(intake),
          notes_(notes),
          self_(self),
          options_(options) {}

    boost::asio::awaitable<slack::Ack> edited(const slack::Event& event, const slack::MessageChanged& change);

 private:
    // Words that say stop end what they would end if they had just been written; nothing when these do not.
    boost::asio::awaitable<std::optional<slack::Ack>> stop(const slack::Event& event,
                                                           const slack::MessageChanged& change);
    // Nothing when another question took the place of the same one meanwhile.
    boost::asio::awaitable<std::optional<slack::Ack>> ask_anew(const slack::Event& event,
                                                               const slack::MessageChanged& change);

    // Ends the question that `edition` is another edition of. No ack where storage does not take that.
    boost::asio::awaitable<slack::Ack> stop_before(storage::Turn edition);

    // The same for a message that asked nothing so far.
    boost::asio::awaitable<std::optional<slack::Ack>> ask_first(const slack::Event& event,
                                                                const slack::MessageChanged& change,
                                                                bool has_answers_below);
    // Tells the author once why other words of an older question change nothing, in its thread if there is one.
    void tell_not_newest(const slack::MessageChanged& change, const storage::Turn& older, bool has_answers_below);

    storage::Storage& storage_;
    const People& people_;
    Stop& stop_;
    Intake& intake_;
    Notes& notes_;
    Once<std::string> told_{1'000};  // ids of older questions whose author was told
    const Self& self_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay
