// What has to hold when all is quiet after people did everything that people do.
#pragma once

#include "tests/e2e/chaos/outsiders.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace genie_slack::test {

class PeopleCheck {
 public:
    // All must outlive it. `private_answers`: the processes run with ANSWERS_IN_CHANNELS=private.
    PeopleCheck(ChaosWorld& chaos, People& people, Outsiders& outsiders, bool private_answers);

    // Waits until every question has its end and nothing was called for a while; false when that does not come.
    bool wait_until_quiet();
    // Each answer that stands is rated by somebody.
    void rate_answers();
    // A line for everything that is not as promised.
    std::vector<std::string> problems();

 private:
    using Thread = std::pair<std::string, std::string>;  // channel, ts
    struct Row {
        std::string id, channel, thread, message_ts, origin, user, question, state, answer_channel, progress_ts,
            replaces, stopped_by, failure, answer_thread, space;

        const std::string& place() const { return answer_channel.empty() ? channel : answer_channel; }
        const std::string& thread_of_answer() const {
            return answer_channel.empty() ? thread : answer_thread.empty() ? progress_ts : answer_thread;
        }
    };

    // Asked by the message itself, in whatever edition; not about it, or by a button below it.
    static bool is_of_message(const Row& turn) { return turn.origin != "shortcut" && turn.origin != "follow_up"; }
    void read_turns();
    // Whoever is turned away has no question, and members have none any more where partners read along meanwhile.
    bool may_be_refused(const Row& turn) const {
        return outsiders_.is_one(turn.user) || people_.is_closed(turn.channel) || people_.has_closed(turn.channel);
    }
    bool is_replaced(const Row& turn) const { return replaced_.count(turn.id) != 0; }
    void check_turns();
    void check_questions();
    void check_question(const AskedMessage& asked);
    void check_messages();
    void check_message(const sandbox::SlackMessage& message);
    void check_answer(const Row& turn, const sandbox::SlackMessage& message);
    void check_copy(const sandbox::SlackMessage& message);
    void check_notes(const sandbox::SlackMessage& message);
    void check_signs();
    void check_files();
    void check_genie();
    void check_rows();
    void check_ratings();
    void expect(bool holds, const std::string& problem);

    ChaosWorld& chaos_;
    People& people_;
    Outsiders& outsiders_;
    bool private_answers_;
    std::vector<Row> turns_;
    std::set<std::string> replaced_;
    // Of private answers in channels, by turn: the threads that they stand in, or begin.
    std::map<std::string, std::vector<Thread>> copies_;
    std::vector<std::string> problems_;
};

}  // namespace genie_slack::test
