#include "app/relay/thread_facts.hpp"

#include "app/relay/manners/quiet_wish.hpp"
#include "app/relay/record/chat_rows.hpp"

#include <algorithm>
#include <set>

namespace genie_slack::relay {

TalkAbove talk_above(const std::vector<slack::ThreadMessage>& messages, const storage::Turn& turn, ThreadFacts facts,
                     ThreadReplies mode, const Self& self) {
    TalkAbove above;
    std::set<std::string> writers{turn.user};
    for (const slack::ThreadMessage& message : messages) {
        if (message.ts >= turn.message_ts)
            break;
        const bool is_ours = message.user == self.user_id || (!message.bot_id.empty() && message.bot_id == self.bot_id);
        const bool is_persons = !is_ours && message.bot_id.empty();
        if (is_persons) {
            writers.insert(message.user);
            above.newest_line = message.ts;
        }
        above.follows_colleague = is_persons && message.user != turn.user;
        facts.talk = above.talk;
        above.has_others = writers.size() > 1;
        if (is_persons && mode == ThreadReplies::automatic && asks_for_quiet(message.text, self.user_id)) {
            above.talk = kAskedToBeQuiet;
            continue;
        }
        const Manner manner = manner_for(message.text, facts, mode, self.user_id);
        if (is_ours || manner == Manner::take_up)
            above.talk = 0;
        else if (is_persons && manner == Manner::leave && writers.size() > 1)
            ++above.talk;
    }
    return above;
}

void learn_from(const std::vector<storage::Step>& steps, const std::string& user, ThreadFacts& facts) {
    facts.misunderstood = 0;
    for (const storage::Step& step : steps) {
        if (step.type == storage::kAnswerStep) {
            facts.asked_back = asks_back(step);
            const bool is_quiet = facts.asked_back && message_of(step).empty();
            facts.misunderstood = is_quiet ? facts.misunderstood + 1 : 0;
        } else if (step.type == storage::kQuestionStep) {
            facts.has_asked = facts.has_asked || is_asked_by(step, user);
        }
    }
}

bool have_others_asked(const std::vector<storage::Step>& steps, const std::string& user) {
    return std::any_of(steps.begin(), steps.end(), [&user](const storage::Step& step) {
        return step.type == storage::kQuestionStep && !is_asked_by(step, user);
    });
}

}  // namespace genie_slack::relay
