// What people do to choose a space: for a question that waits, and to change the space of a thread.
#pragma once

#include "app/relay/relay_context.hpp"
#include "genie/client.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

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
