// What people do with an answer: look at its SQL, switch its chart, take its data, run it again, share it.
#pragma once

#include "app/answer/message/shown_answer.hpp"
#include "app/relay/features/shown_state.hpp"
#include "app/relay/features/space_choice.hpp"
#include "app/relay/self.hpp"
#include "app/relay/turn/turn_runner.hpp"

#include <unistd.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace genie_slack::relay {

class AnswerActions {
 public:
    // All references must outlive it.
    AnswerActions(Services services, Directory directory, TurnRunner& runner, SpaceChoice& spaces, Notes& notes,
                  TaskGroup& background, const Self& self, const RelayOptions& options)
        : services_(services),
          directory_(directory),
          runner_(runner),
          spaces_(spaces),
          notes_(notes),
          background_(background),
          self_(self),
          options_(options) {}

    boost::asio::awaitable<slack::Ack> press_sql(const Press& press);
    // Says it in a private line: what press_sql() does where there is no button.
    boost::asio::awaitable<slack::Ack> press_explain(const Press& press);
    // For who doubts the answer: what it counts, and where the query stands.
    boost::asio::awaitable<slack::Ack> press_check(const Press& press);
    boost::asio::awaitable<slack::Ack> press_share(const Press& press);
    boost::asio::awaitable<slack::Ack> press_chart(const Press& press);
    // The menu: all rows as a file, run again, another space.
    boost::asio::awaitable<slack::Ack> press_more(const Press& press);

 private:
    static constexpr const char* kSqlDeed = "sql";
    static constexpr const char* kCheckDeed = "check";
    // Somebody's wish about an answer.
    struct Wish {
        bool is_spoken = false;                                     // as Press::is_spoken
        answer::FileFormat format = answer::FileFormat::automatic;  // as Press::format
        storage::Turn turn;                                         // its messages stand where the button was pressed
        Visit visit;
        NotePlace note_place;
        answer::ShownAnswer shown;                            // by the message in which it was pressed
        bool is_shared_copy = false;                          // pressed below what a private answer's owner shared
        words::Language language = words::Language::english;  // of who wishes it
        words::Language answer_language = words::Language::english;  // of who asked: the answer stays in that one
        std::string action;                                          // what is wished, as storage knows it
        std::string chart;                                           // the kind that is wished
        std::string owner;              // of this press, unlike that of any other in any process
        std::string known_file;         // id of the answer's file, "" for none
        std::shared_ptr<void> running;  // while it is held, the same is not begun again
    };
    struct Found {
        bool is_storage_away = false;
        std::optional<Wish> wish;  // nothing: away, or the person was told why not
    };

    using Deed = boost::asio::awaitable<void> (AnswerActions::*)(Wish wish);
    boost::asio::awaitable<Found> find(const Press& press, std::string turn_id, const char* what);
    // Begins `work` for what was wished, in the background, unless the person was told why not.
    using Work = std::function<boost::asio::awaitable<void>(Wish wish)>;
    boost::asio::awaitable<slack::Ack> take(const Press& press, std::string turn_id, const char* what, Work work);
    // The same for what no other process may do meanwhile.
    Work alone_does(Deed deed);
    // False for a button that stands neither below the answer nor below its shared copy.
    static bool stand_where_pressed(Wish& wish, const Press& press);
    // One run of an action at a time: false when it is being done already; then the person was told.
    bool begin(Wish& wish, const std::string& what);
    enum class Patience { none, until_free };
    // Begins `action` in storage, perhaps once nobody holds it any more; not granted where that took too long.
    boost::asio::awaitable<storage::StorageResult<storage::ActionClaim>> hold(const Wish& wish, std::string action,
                                                                              Duration hold_time, Patience patience);
    // Does it when no other process does the same just now; else the person is told.
    boost::asio::awaitable<void> alone(Wish wish, Deed deed);
    // The rows are others now: the next file is a new one.
    boost::asio::awaitable<void> forget_file(const Wish& wish);
    // Chooses the chart for words that leave its kind open. Returns why the wished one cannot be drawn, "" when it can.
    static std::string settle_chart(Wish& wish, const answer::AnswerInput& input);
    // The same, and that it is shown as wished already.
    boost::asio::awaitable<std::string> why_not_drawn(Wish& wish, const answer::AnswerInput& input);
    // As answer::shown_kind() of the message as it stands in Slack now; "" when that is not to be had.
    boost::asio::awaitable<std::string> kind_shown_now(const Wish& wish);
    ShownState state_of(const Wish& wish) const;
    boost::asio::awaitable<void> draw_again(Wish wish);
    boost::asio::awaitable<void> run_again(Wish wish);
    boost::asio::awaitable<void> share(Wish wish);
    // Below a copy that stands at the channel's root people ask as below any answer, in its space. In a conversation of
    // their own: what the owner goes on to ask alone is in the first one.
    boost::asio::awaitable<void> serve_below_copy(storage::Turn turn);
    boost::asio::awaitable<void> send_file(Wish wish);
    // Where the file is, unless that is seen, and what it is when another kind was wished.
    void tell_file(const Wish& wish, const ResultFile& file);
    boost::asio::awaitable<void> show_sql(Wish wish, std::string trigger_id);
    // What Genie says of its query, if it can be told; nothing where the person was told why not.
    boost::asio::awaitable<std::optional<genie::Attachment>> query_to_tell(const Wish& wish);
    boost::asio::awaitable<void> explain(Wish wish);
    boost::asio::awaitable<void> answer_doubt(Wish wish);
    boost::asio::awaitable<boost::json::object> sql_view(const Wish& wish);
    // One note for one wish: that it takes its time, else what came of it.
    struct Slowness {
        bool is_over = false;
        bool is_told = false;
    };
    boost::asio::awaitable<void> tell_when_slow(Wish wish, std::shared_ptr<Slowness> slowness);
    // What the message shows of charts and times stays, where no rows were read anew.
    static void keep_shown(const Wish& wish, answer::AnswerInput& input);
    // Puts what was read anew in the answer's place, when that is the answer's still, and notes where it stands then.
    // False when it is not or Slack takes nothing; then the person was told.
    boost::asio::awaitable<bool> show(Wish& wish, answer::AnswerInput input);
    // The same without asking who reads along, and without a word.
    boost::asio::awaitable<bool> put(Wish& wish, answer::AnswerInput input);
    // To the copy that was shared; not escaped.
    std::string shared_link(const storage::Turn& turn) const;
    boost::asio::awaitable<words::Word> why_not_shown(const Wish& wish);
    // Why the person may not be shown it now; "" when nothing is in the way.
    boost::asio::awaitable<std::string> why_refused(const Wish& wish);
    // Why nothing more of an answer is shown whose space may not be asked any more; "" when it may.
    boost::asio::awaitable<std::string> why_closed(const Wish& wish);
    // Why somebody reads nothing of how an answer was calculated: the gate, the settings or its space; "" for who may.
    boost::asio::awaitable<std::string> why_hidden(const Wish& wish);
    // False when the answer's space may not be asked any more; then the person was told.
    boost::asio::awaitable<bool> is_space_open(const Wish& wish);
    // Whether data may be shown in `channel` now; else the person is told why not.
    boost::asio::awaitable<bool> is_still_let_in(const Wish& wish, std::string channel);
    // That LINKS_ONLY keeps data and SQL in Genie.
    std::string links_only_note(const Wish& wish) const;
    void tell(const Wish& wish, words::Word word, std::initializer_list<words::Value> values = {});
    void tell_failure(const Wish& wish, const char* what, const genie::GenieError& error);

    Services services_;
    Directory directory_;
    TurnRunner& runner_;
    SpaceChoice& spaces_;
    Notes& notes_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
    const std::string process_ =
        std::to_string(::getpid()) + "/" + std::to_string(wall_now().time_since_epoch().count());
    std::size_t presses_ = 0;
    std::map<std::string, std::weak_ptr<void>> running_;  // what is done at this moment, and what has just ended
};

}  // namespace genie_slack::relay
