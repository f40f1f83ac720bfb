#include "app/relay/delivery/task_cards.hpp"

#include "app/answer/message/status.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <utility>

namespace genie_slack::relay {

namespace json = boost::json;

namespace task_cards_detail {

constexpr std::size_t kPlanTitleCharacters = 150;

// A change of this is a task card of its own.
std::string phase_of(const answer::ProgressInput& input) {
    // To the person it is one thing whether we ask or Genie has just heard it.
    if (input.message && input.message->status != genie::MessageStatus::submitted)
        return genie::to_string(input.message->status);
    return input.queue_place || input.expected_wait ? "queued" : "asking";
}

json::object card(const std::string& id, const std::string& title, bool done) {
    json::object chunk;
    chunk["type"] = "task_update";
    chunk["id"] = id;
    chunk["title"] = slack::truncate(title, slack::limits::kTaskFieldCharacters);
    chunk["status"] = done ? "complete" : "in_progress";
    return chunk;
}

}  // namespace task_cards_detail

json::object plan_title(std::string_view title) {
    json::object chunk;
    chunk["type"] = "plan_update";
    chunk["title"] = slack::truncate(title, task_cards_detail::kPlanTitleCharacters);
    return chunk;
}

void TaskCards::note(const answer::ProgressInput& input) {
    const std::string phase = task_cards_detail::phase_of(input);
    if (phase != phase_ || tasks_.empty()) {
        if (!tasks_.empty())
            tasks_.back().done = true;
        phase_ = phase;
        Task task;
        task.id = "t" + std::to_string(tasks_.size() + 1);
        tasks_.push_back(std::move(task));
    }
    tasks_.back().title = answer::progress_words(input);
}

json::array TaskCards::changes() {
    json::array chunks;
    for (std::size_t i = 0; i < tasks_.size(); ++i)
        if (i >= sent_.size() || sent_[i].title != tasks_[i].title || sent_[i].done != tasks_[i].done)
            chunks.push_back(task_cards_detail::card(tasks_[i].id, tasks_[i].title, tasks_[i].done));
    before_ = std::exchange(sent_, tasks_);
    return chunks;
}

json::array TaskCards::ending(std::string_view title) const {
    json::array chunks;
    if (!title.empty())
        chunks.push_back(plan_title(title));
    for (const Task& task : tasks_)
        if (!task.done)
            chunks.push_back(task_cards_detail::card(task.id, task.title, true));
    return chunks;
}

}  // namespace genie_slack::relay
