// What a button below an answer does, done for who asks for it in words.
#pragma once

#include "app/relay/features/answer_actions.hpp"
#include "app/relay/manners/button_request.hpp"

#include <boost/asio/awaitable.hpp>

#include <set>
#include <string>
#include <utility>

namespace genie_slack::relay {

class SpokenPress {
 public:
    // All references must outlive it.
    SpokenPress(storage::Storage& storage, const People& people, AnswerActions& actions, Notes& notes, const Self& self)
        : storage_(storage), people_(people), actions_(actions), notes_(notes), self_(self) {}

    // Whether the words of a turn that is not recorded are such a request, and the newest answer of its thread has what
    // is wished and stands there: then it is done. False also when storage does not tell.
    boost::asio::awaitable<bool> take(storage::Turn spoken, Visit visit);

 private:
    boost::asio::awaitable<bool> has_result(const storage::Turn& turn, ButtonRequest::What what);
    boost::asio::awaitable<void> press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                       ButtonRequest request);

    storage::Storage& storage_;
    const People& people_;
    AnswerActions& actions_;
    Notes& notes_;
    const Self& self_;
    std::set<std::pair<std::string, std::string>> done_;  // channel and ts of messages: each comes as two events
};

}  // namespace genie_slack::relay
