// Is a message a question for us? And what happens to every question, from wherever it comes, until it is recorded and
// queued.
#pragma once

#include "app/answer/message/help.hpp"
#include "app/relay/directory/gate.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/manners/manners.hpp"
#include "app/relay/manners/thread_talk.hpp"
#include "app/relay/mention_events.hpp"
#include "app/relay/notes.hpp"
#include "app/relay/once.hpp"
#include "app/relay/relay_options.hpp"
#include "app/relay/self.hpp"
#include "core/clock.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "slack/events/events.hpp"
#include "slack/socket/socket_mode.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace genie_slack::relay {

class Help;
class Lanes;

struct IntakeDecision {
    enum class Kind {
        ignore,
        question,   // ask it
        if_served,  // a reply without a mention: a question when the thread is one of ours
    };
    Kind kind = Kind::ignore;
    const char* reason = "";  // why it is ignored, for the debug log
};
// Pure: cheap checks that need no look-up.
IntakeDecision decide(const slack::Event& event, const slack::MessageEvent& message, const Self& self);

// The turn of a message: its thread, and its plain text as the question.
storage::Turn make_turn(const slack::Event& event, const slack::MessageEvent& message, const Self& self);
// The turn of a command or an example on the Home tab: the answer goes to the person's direct message with the bot.
// `trigger` tells one asking from another.
storage::Turn make_private_turn(storage::Origin origin, const Visit& visit, const std::string& trigger,
                                std::string question);
// A question as it is kept: cut to what is recorded.
std::string kept_question(const std::string& question);

struct IntakeStatus {
    std::uint64_t questions = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t ignored = 0;
    std::uint64_t not_recorded = 0;  // not acked, since storage failed
};

// What became of words that may stand for a button.
enum class Said {
    nothing,  // they are no such words, or Genie may know what is meant
    done,     // also where the person was told why it cannot be, or it was done before
    unknown,  // storage does not tell: they have to come again
};

class Intake {
 public:
    // All references must outlive it.
    Intake(slack::WebApi& slack, storage::Storage& storage, People& people, Gate& gate, Notes& notes, Lanes& lanes,
           Help& help, const MentionEvents& mentions, TaskGroup& background, const Self& self,
           const RelayOptions& options)
        : slack_(slack),
          storage_(storage),
          people_(people),
          gate_(gate),
          notes_(notes),
          lanes_(lanes),
          help_(help),
          mentions_(mentions),
          background_(background),
          self_(self),
          options_(options) {}

    // Is asked about every message that is for the bot. `is_told_twice`: the same message comes as another event, which
    // speaks of what nobody records.
    using Spoken = std::function<boost::asio::awaitable<Said>(storage::Turn turn, Visit visit, bool is_told_twice)>;
    void when_spoken(Spoken spoken) { spoken_press_ = std::move(spoken); }

    // Whether a message is for nobody here, whatever is stored; it is counted then. Others are taken.
    bool drop(const slack::Event& event, const slack::MessageEvent& message);
    // A message that somebody wrote: asked, answered with help, refused, or ignored.
    boost::asio::awaitable<slack::Ack> take(const slack::Event& event, const slack::MessageEvent& message);
    // What was left alone, once its writer says that it is for the bot.
    boost::asio::awaitable<slack::Ack> take_after_all(const slack::Event& event, const slack::MessageEvent& message);
    // Whether a message's words are those of a button, which they press then. `turn` is that of the message.
    boost::asio::awaitable<Said> press_in_words(const slack::Event& event, const slack::MessageEvent& message,
                                                storage::Turn turn);
    // Records a new question and queues it; no ack when it could not be recorded. `event_id` may be "".
    boost::asio::awaitable<slack::Ack> accept(storage::Turn turn, std::string event_id);
    // Whether the writer of a message may not ask, as far as it is known now; then the person is told why, once for
    // each message.
    boost::asio::awaitable<bool> turn_away(const slack::Event& event, const slack::MessageEvent& message);

    const IntakeStatus& status() const { return status_; }

 private:
    // Tells `event`'s person why the message is refused, unless that was told.
    void refuse(const slack::Event& event, const slack::MessageEvent& message, Refusal refusal);
    // Help for those whom the gate lets in. It shows questions of a space, so Slack is asked about the person.
    boost::asio::awaitable<void> help(slack::Event event, slack::MessageEvent message, storage::Turn turn,
                                      answer::HelpReason reason);
    // The turn's question to Genie, and what cannot be read in its message.
    boost::asio::awaitable<slack::Ack> ask(const slack::Event& event, const slack::MessageEvent& message,
                                           storage::Turn turn);
    // What cannot be read in a message, once for each.
    // "@genie be quiet" in a thread: until somebody mentions it again.
    bool keeps_out(const IntakeDecision& decision, const slack::MessageEvent& message, const storage::Turn& turn);
    void tell_unread(const slack::MessageEvent& message, const storage::Turn& turn, words::Word what);
    void tell_not_recorded(const storage::Turn& turn);
    // That it is answered after the `ahead` questions of its thread that came before.
    boost::asio::awaitable<void> tell_its_turn(storage::Turn turn, std::size_t ahead);
    boost::asio::awaitable<void> ask_to_choose_first(storage::Turn turn, std::string parked_at);
    words::Language language_of(const storage::Turn& turn) const {
        return people_.language_of(turn.thread.team, turn.user);
    }
    // What this process has seen itself of the turn's thread.
    ThreadFacts seen(const storage::Turn& turn) const {
        ThreadFacts facts;
        facts.has_asked = talk_.has_asked(turn.thread, turn.user);
        facts.follows_colleague = talk_.follows_colleague(turn.thread, turn.user);
        facts.talk = talk_.talk(turn.thread);
        return facts;
    }
    // Whether the words are those of an answer's button, where people do not talk with each other: then they are for
    // us, whoever says them.
    bool is_said_of_answer(const storage::Turn& turn) const;
    // People talk with each other here. Who asks something all the same, and may, learns now and then how to bring the
    // bot back.
    void leave(const std::string& line, const storage::Turn& turn, const ThreadFacts& facts);

    // Whether the bot is only spoken of.
    bool mentions_in_passing(const slack::MessageEvent& message, const storage::Turn& turn);
    // What becomes of a reply without a mention.
    enum class Reply { ask, drop, look, not_recorded };
    boost::asio::awaitable<Reply> hear(const slack::MessageEvent& message, const storage::Turn& turn,
                                       std::string event_id);
    boost::asio::awaitable<Reply> weigh(const slack::MessageEvent& message, const storage::Turn& turn,
                                        std::string event_id, ThreadFacts& facts);
    boost::asio::awaitable<Reply> look(const slack::MessageEvent& message, const storage::Turn& turn,
                                       ThreadFacts& facts);
    // Whether the reply is the first line below the bot's newest answer, soon behind it, by whom that answer is for,
    // and plainly goes on with it. `line_above` is the ts of the newest line of a person, "" for none.
    boost::asio::awaitable<bool> follows_answer(std::string line, const storage::Turn& turn, ThreadFacts facts,
                                                std::string line_above);
    // Whoever expects something after words that ask nothing reads what to do.
    void tell_idle(const slack::MessageEvent& message, const storage::Turn& turn);
    boost::asio::awaitable<bool> is_courtesy(const slack::MessageEvent& message, const storage::Turn& turn);
    // Whether the bot's last word to the person, in the turn's thread if it is in one, is a question; true where
    // storage does not tell.
    boost::asio::awaitable<bool> has_asked_back(const slack::MessageEvent& message, const storage::Turn& turn);
    Manner manner(const std::string& line, const ThreadFacts& facts) const {
        return manner_for(line, facts, options_.thread_replies, self_.user_id);
    }

    slack::WebApi& slack_;
    storage::Storage& storage_;
    People& people_;
    Gate& gate_;
    Notes& notes_;
    Lanes& lanes_;
    Help& help_;
    const MentionEvents& mentions_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
    ThreadTalk talk_;
    Spoken spoken_press_;
    Once<std::string> told_unread_{1'000};                          // turn ids
    Once<std::string> told_idle_{1'000};                            // turn ids
    Once<std::string> told_not_recorded_{1'000};                    // turn ids
    Once<std::pair<std::string, std::string>> turned_away_{1'000};  // channel and ts of messages
    WallTime last_received_{};
    IntakeStatus status_;
};

}  // namespace genie_slack::relay
