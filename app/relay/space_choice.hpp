// Which Genie space answers: by the thread, the channel, the person, or by what people choose.
#pragma once

#include "app/relay/relay_context.hpp"
#include "genie/client.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

struct SpaceDecision {
    std::optional<genie::Space> space;  // the one to ask
    std::string conversation_id;        // of the thread in it, "" for none yet
    // Without `space`: what a person may choose from, empty when there is no space at all.
    std::vector<genie::Space> choice;
    std::string gone;                        // title of the space that was wanted and is not there any more
    std::optional<genie::GenieError> error;  // the spaces cannot be listed
};

// In this order: what was chosen for the turn, the thread's space, the channel's default, the person's default, the
// only space there is; else somebody has to choose. A default that is gone is passed over; a thread's space that is
// gone is never replaced without asking.
boost::asio::awaitable<SpaceDecision> decide_space(storage::Turn turn, storage::Storage& storage,
                                                   SpaceDirectory& spaces, Duration storage_time, Deadline deadline);

// The thread in which people go on from the turn's answer.
storage::ThreadKey thread_of_answer(const storage::Turn& turn);

// A direct message between the bot and one person.
bool is_direct(const storage::Turn& turn);

// The pickers: choosing for a question that waits, changing the space of a thread.
class SpaceChoice : public RelayPart {
 public:
    // The context must outlive it.
    explicit SpaceChoice(RelayContext& context) : context_(context) {}

    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;
    // Every searchable list of spaces, wherever it stands.
    Answer<slack::Ack> on_suggestion(const slack::BlockSuggestion& suggestion) override;

    // Shows `user` a picker that changes the space of the thread in which the turn's answer stands.
    boost::asio::awaitable<slack::Ack> offer_change(std::string turn_id, std::string user,
                                                    storage::ThreadKey pressed_in);

 private:
    boost::asio::awaitable<slack::Ack> choose(const slack::BlockActions& actions, const slack::Action& action,
                                              std::string turn_id);
    boost::asio::awaitable<slack::Ack> change(const slack::BlockActions& actions, const slack::Action& action,
                                              std::string turn_id);
    boost::asio::awaitable<std::optional<genie::Space>> chosen_space(const slack::BlockActions& actions,
                                                                     std::string space_id);
    void remember(const slack::BlockActions& actions, const storage::Turn& turn, const genie::Space& space);
    boost::asio::awaitable<void> keep_default(storage::DefaultOf kind, std::string id, std::string user,
                                              storage::ThreadKey thread, genie::Space space);
    boost::asio::awaitable<void> show_change_picker(storage::Turn turn, std::string user);
    boost::asio::awaitable<void> announce_change(storage::ThreadKey thread, std::string user, genie::Space space);
    boost::asio::awaitable<void> remove_picker(std::string response_url);
    void tell(const std::string& user, const storage::ThreadKey& thread, words::Word word,
              std::initializer_list<words::Value> values = {});

    RelayContext& context_;
};

}  // namespace genie_slack::relay
