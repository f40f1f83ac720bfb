// What a button below an answer does, done for who asks for it in words.
#pragma once

#include "app/relay/features/answer_actions.hpp"
#include "app/relay/manners/button_request.hpp"
#include "app/relay/turn/turn_runner.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::relay {

// An answer in a thread's record, by what leads to its turn.
struct RecordedAnswer {
    std::string tool_id;  // of the step with its query
    std::string ts;       // of its message
    friend bool operator==(const RecordedAnswer&, const RecordedAnswer&) = default;
};
// Those of a thread's steps that have what is wished, the last one first: a query, for all but the SQL with rows.
std::vector<RecordedAnswer> answers_with(const std::vector<storage::Step>& steps, ButtonRequest::What what);

class SpokenPress {
 public:
    // All references must outlive it.
    SpokenPress(storage::Storage& storage, const People& people, const TurnRunner& runner, AnswerActions& actions,
                Notes& notes, const Self& self)
        : storage_(storage), people_(people), runner_(runner), actions_(actions), notes_(notes), self_(self) {}

    // Whether the words of a turn that is not recorded are such a request, and an answer of its thread has what is
    // wished: then it is done with the last such answer, whatever was asked since. Where the first one is not there
    // yet the person reads so. False also when storage does not tell.
    boost::asio::awaitable<bool> take(storage::Turn spoken, Visit visit);

 private:
    boost::asio::awaitable<std::optional<storage::Turn>> last_answer(storage::ThreadKey thread,
                                                                     ButtonRequest::What what);
    boost::asio::awaitable<void> press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                       ButtonRequest request);
    void tell_where_sql_is(const storage::Turn& spoken, const storage::Turn& turn);

    storage::Storage& storage_;
    const People& people_;
    const TurnRunner& runner_;
    AnswerActions& actions_;
    Notes& notes_;
    const Self& self_;
    std::set<std::pair<std::string, std::string>> done_;  // channel and ts of messages: each comes as two events
};

}  // namespace genie_slack::relay
