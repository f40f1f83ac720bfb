// The pickers of spaces: choosing for a question that waits, changing the space of a thread.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/lanes.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/once.hpp"
#include "app/relay/press.hpp"
#include "app/relay/self.hpp"
#include "app/relay/services.hpp"
#include "core/task_group.hpp"
#include "genie/client.hpp"
#include "slack/socket/socket_mode.hpp"

#include <initializer_list>
#include <optional>
#include <string>

namespace genie_slack::relay {

class SpaceChoice {
 public:
    // All references must outlive it.
    SpaceChoice(Services services, Directory directory, Intake& intake, Lanes& lanes, Notes& notes,
                TaskGroup& background, const Self& self, const RelayOptions& options)
        : services_(services),
          directory_(directory),
          intake_(intake),
          lanes_(lanes),
          notes_(notes),
          background_(background),
          self_(self),
          options_(options) {}

    // A space was chosen in a picker.
    boost::asio::awaitable<slack::Ack> press(const Press& press);
    // A line that names a space, by who has a question in that thread that waits for one; nothing when it is no such
    // line.
    boost::asio::awaitable<std::optional<slack::Ack>> written(const slack::Event& event,
                                                              const slack::MessageEvent& message);
    // The picker of a change is put away without one.
    boost::asio::awaitable<slack::Ack> keep(const Press& press);
    // Every searchable list of spaces, wherever it stands.
    boost::asio::awaitable<slack::Ack> suggest(const slack::BlockSuggestion& suggestion);
    // Shows whoever pressed a picker that changes the space of the thread in which the turn's answer stands.
    boost::asio::awaitable<slack::Ack> offer_change(const Press& press, std::string turn_id);

 private:
    struct FoundTurn {
        bool is_storage_away = false;
        std::optional<storage::Turn> turn;  // nothing: away, or forgotten, which the person was told then
    };
    // A space for a question that waits.
    struct Choice {
        std::string turn_id;
        genie::Space space;
        Visit visit;
        NotePlace note_place;
        bool is_remembered = false;
    };
    enum class Recorded {
        yes,
        too_late,      // the question has its space, or is over
        held,          // somebody has the turn at this moment
        storage_away,  // or its answer came too late: nobody knows what it did
    };

    boost::asio::awaitable<FoundTurn> find_turn(const Press& press, std::string turn_id);
    boost::asio::awaitable<std::string> question_of_picker(std::string block_id);
    boost::asio::awaitable<slack::Ack> choose(const Press& press, storage::Turn turn);
    boost::asio::awaitable<slack::Ack> change(const Press& press, storage::Turn turn);
    // Writes the space into the turn, soon where that cannot be now; false when nobody knows what became of it.
    boost::asio::awaitable<bool> settle(Choice choice, const storage::Turn& turn);
    // Whether the question of a turn that is over is still open.
    boost::asio::awaitable<storage::StorageResult<bool>> lacks_answer(const storage::Turn& turn);
    // Nothing when the space may not be asked, which the person was told then.
    boost::asio::awaitable<std::optional<genie::Space>> chosen_space(const Press& press);
    boost::asio::awaitable<Recorded> record(const Choice& choice, const storage::Turn& known);
    boost::asio::awaitable<void> record_later(Choice choice);
    void settle_late_choice(const Choice& choice, const storage::Turn& turn);
    void remember(const Visit& visit, const NotePlace& note_place, const storage::Turn& turn,
                  const genie::Space& space);
    boost::asio::awaitable<void> keep_default(storage::DefaultOf kind, std::string id, Visit visit,
                                              NotePlace note_place, genie::Space space);
    boost::asio::awaitable<void> show_change_picker(storage::Turn turn, Visit visit, std::string response_url);
    boost::asio::awaitable<void> announce_change(storage::ThreadKey thread, std::string user, genie::Space space);
    void tell(const Visit& visit, const NotePlace& place, words::Word word,
              std::initializer_list<words::Value> values = {});

    Services services_;
    Directory directory_;
    Intake& intake_;
    Lanes& lanes_;
    Notes& notes_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
    Once<std::string> chosen_{1'000};  // messages that chose a space: channel and ts
};

}  // namespace genie_slack::relay
