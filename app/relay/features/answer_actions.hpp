// What people do with an answer: ask its follow-up questions, look at its SQL, switch its chart, take its data, run it
// again, share it, change its space.
#pragma once

#include "app/relay/features/space_choice.hpp"
#include "app/relay/relay_context.hpp"
#include "app/relay/turn/turn_runner.hpp"

namespace genie_slack::relay {

class AnswerActions : public RelayPart {
 public:
    // All must outlive it.
    AnswerActions(RelayContext& context, TurnRunner& runner, SpaceChoice& spaces)
        : context_(context), runner_(runner), spaces_(spaces) {}

    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;

 private:
    // Somebody's wish about an answer.
    struct Wish {
        storage::Turn turn;
        std::string user;
        storage::ThreadKey pressed_in;
        words::Language language = words::Language::english;
    };
    using Work = boost::asio::awaitable<void>;

    boost::asio::awaitable<slack::Ack> ask_follow_up(const slack::BlockActions& actions, const slack::Action& action);
    boost::asio::awaitable<slack::Ack> carry_out(const slack::BlockActions& actions, std::string what,
                                                 std::string turn_id);
    Work draw_again(Wish wish, std::string chart);
    Work run_again(Wish wish);
    Work share(Wish wish);
    Work send_csv(Wish wish);
    Work show_sql(Wish wish, std::string trigger_id);
    boost::asio::awaitable<bool> may_see(const Wish& wish);
    void tell(const Wish& wish, words::Word word, std::initializer_list<words::Value> values = {});
    void tell_failure(const Wish& wish, const char* what, const genie::GenieError& error);

    RelayContext& context_;
    TurnRunner& runner_;
    SpaceChoice& spaces_;
};

}  // namespace genie_slack::relay
