#include "app/relay/thread_facts.hpp"

#include "app/relay/record/chat_rows.hpp"

namespace genie_slack::relay {

std::size_t talk_in(const std::vector<slack::ThreadMessage>& messages, const storage::Turn& turn, ThreadFacts facts,
                    ThreadReplies mode, const Self& self) {
    std::size_t talk = 0;
    for (const slack::ThreadMessage& message : messages) {
        if (message.ts >= turn.message_ts)
            break;
        facts.talk = talk;
        const bool is_ours = message.user == self.user_id || (!message.bot_id.empty() && message.bot_id == self.bot_id);
        if (is_ours || manner_for(message.text, facts, mode, self.user_id) == Manner::take_up)
            talk = 0;
        else if (message.bot_id.empty() && manner_for(message.text, facts, mode, self.user_id) == Manner::leave)
            ++talk;
    }
    return talk;
}

void learn_from(const std::vector<storage::Step>& steps, const std::string& user, ThreadFacts& facts) {
    for (const storage::Step& step : steps) {
        if (step.type == storage::kAnswerStep)
            facts.asked_back = asks_back(step);
        else if (step.type == storage::kQuestionStep)
            facts.has_asked = facts.has_asked || is_asked_by(step, user);
    }
}

}  // namespace genie_slack::relay
