// What a button below an answer does, done for who asks for it in words.
#pragma once

#include "app/relay/features/answer_actions.hpp"
#include "app/relay/features/follow_up.hpp"
#include "app/relay/features/rating.hpp"
#include "app/relay/manners/button_request.hpp"
#include "app/relay/once.hpp"
#include "app/relay/relay_options.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "core/random.hpp"

#include <boost/asio/awaitable.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::relay {

// An answer in a thread's record, by what leads to its turn.
struct RecordedAnswer {
    std::string run_id;   // of the step that is its turn's run
    std::string ts;       // of the message in which it came
    std::string turn_id;  // "" where that was not recorded yet
    friend bool operator==(const RecordedAnswer&, const RecordedAnswer&) = default;
};
// Those of a thread's steps that have what is wished, the last one first: rows for a chart or a file, a query for all
// that is done with one, and nothing for the others.
std::vector<RecordedAnswer> answers_with(const std::vector<storage::Step>& steps, ButtonRequest::What what);

class SpokenPress {
 public:
    // All references must outlive it.
    SpokenPress(storage::Storage& storage, const People& people, const TurnRunner& runner, AnswerActions& actions,
                Rating& rating, FollowUp& follow_up, Notes& notes, const Self& self, const RelayOptions& options)
        : storage_(storage),
          people_(people),
          runner_(runner),
          actions_(actions),
          rating_(rating),
          follow_up_(follow_up),
          notes_(notes),
          self_(self),
          options_(options) {}

    // Whether the words of a turn that is not recorded are such a request, and an answer of its thread has what is
    // wished: then it is done with the last such answer, whatever was asked since, once however often the words come,
    // to whichever process. Where the first one is not there yet the person reads so, and where there can be none, in
    // which thread to say it. `is_told_twice` as Intake::Spoken.
    boost::asio::awaitable<Said> take(storage::Turn spoken, Visit visit, bool is_told_twice);

 private:
    using Look = boost::asio::awaitable<storage::StorageResult<std::optional<storage::Turn>>>;
    // The answer that is meant; the error is that of storage, which does not tell.
    Look find_answer(const storage::Turn& spoken, ButtonRequest::What what, Deadline deadline);
    // By the thread's record.
    Look last_answer(const storage::Turn& spoken, ButtonRequest::What what, Deadline deadline);
    // The private answer in whose own thread the words stand.
    Look private_answer(const storage::Turn& spoken, ButtonRequest::What what, Deadline deadline);
    // Where an answer stands now, if it is there still.
    Look turn_of_answer(const storage::Turn& spoken, const RecordedAnswer& answer, Deadline deadline);
    // The last question of the thread, if it is over.
    Look last_ended(const storage::Turn& spoken, Deadline deadline);
    // Whether these words had their question asked again.
    boost::asio::awaitable<storage::StorageResult<bool>> was_retried(const storage::Turn& spoken, Deadline deadline);
    // Why nothing can be done where there is no answer; nothing: Genie may know what is meant.
    boost::asio::awaitable<storage::StorageResult<std::optional<words::Word>>> why_not_here(storage::Turn spoken,
                                                                                            Deadline deadline);
    static std::optional<words::Word> why_not_with(const storage::Turn& spoken, const storage::Turn& newest);
    boost::asio::awaitable<Said> press_once(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                            ButtonRequest request);
    // No ack when storage was away.
    boost::asio::awaitable<slack::Ack> press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                             ButtonRequest request);
    boost::asio::awaitable<slack::Ack> share(const storage::Turn& spoken, const storage::Turn& turn, Press press);
    void tell(const storage::Turn& spoken, words::Word word, std::initializer_list<words::Value> values = {});

    storage::Storage& storage_;
    const People& people_;
    const TurnRunner& runner_;
    AnswerActions& actions_;
    Rating& rating_;
    FollowUp& follow_up_;
    Notes& notes_;
    const Self& self_;
    const RelayOptions& options_;
    Random random_;
    // Channel and ts of messages whose writers were told why nothing can be done.
    Once<std::pair<std::string, std::string>> told_{1'000};
};

}  // namespace genie_slack::relay
