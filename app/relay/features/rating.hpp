// What people think of an answer: by button, with a reason, or by a reaction. Kept for each person, and passed on to
// Genie.
#pragma once

#include "app/relay/notes.hpp"
#include "app/relay/once.hpp"
#include "app/relay/press.hpp"
#include "app/relay/relay_options.hpp"
#include "app/relay/self.hpp"
#include "app/relay/services.hpp"
#include "core/task_group.hpp"
#include "slack/socket/socket_mode.hpp"

#include <optional>
#include <string>

namespace genie_slack::relay {

class Rating {
 public:
    // All references must outlive it.
    Rating(Services services, Directory directory, Notes& notes, TaskGroup& background, const Self& self,
           const RelayOptions& options)
        : services_(services),
          directory_(directory),
          notes_(notes),
          background_(background),
          self_(self),
          options_(options) {}

    boost::asio::awaitable<slack::Ack> press(const Press& press);
    // The form that asks why an answer was not good.
    boost::asio::awaitable<slack::Ack> submit(const slack::ViewSubmission& submission, const Visit& visit);
    // +1 and -1 on an answer; taking one away clears the rating that it made.
    boost::asio::awaitable<slack::Ack> react(const slack::Event& event, const slack::ReactionChanged& reaction);
    // Tells Genie of ratings that were given, changed or taken back in Chainlit, until it knows them.
    boost::asio::awaitable<void> pass_on_elsewhere();

 private:
    struct Kept {
        std::optional<int> before;  // what Genie was told last, nothing when it is new
    };
    // Nothing when storage cannot be reached now.
    boost::asio::awaitable<std::optional<Kept>> keep(const storage::Turn& turn, const std::string& user, bool positive,
                                                     std::string comment);
    // Takes the rating back that the reaction made, or turns it into that of the other reaction, where that stands.
    boost::asio::awaitable<slack::Ack> clear(storage::Turn turn, slack::ReactionChanged taken);
    // Whether the other one of +1 and -1, by the same person, stands on the message.
    boost::asio::awaitable<bool> stands_other(const storage::Turn& turn, slack::ReactionChanged taken);
    // Whether nothing is left to tell: Genie knows, or never will.
    boost::asio::awaitable<bool> tell_elsewhere(const storage::ChangedRating& rating);
    boost::asio::awaitable<genie::GenieResult<void>> tell_genie(const storage::Turn& turn, const std::string& user,
                                                                genie::Rating rating, std::string comment);
    boost::asio::awaitable<void> pass_on(storage::Turn turn, std::string user, genie::Rating rating,
                                         std::string comment, bool say_thanks);
    boost::asio::awaitable<void> ask_why(storage::Turn turn, std::string user, std::string trigger_id);
    // A reaction opens no form: a note offers it.
    boost::asio::awaitable<void> offer_form(storage::Turn turn, std::string user);

    Services services_;
    Directory directory_;
    Notes& notes_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
    Once<std::string> offered_{1'000};  // ids of feedback whose reason was asked for
};

}  // namespace genie_slack::relay
