#include "tests/support/away_storage.hpp"

#include <stdexcept>

namespace genie_slack::test {

template <class T>
AwayStorage::Awaitable<T> AwayStorage::refuse() {
    co_return storage::StorageError(storage::StorageFault::unavailable, "away, says the test");
}

int AwayStorage::failures_left(const std::string& method) const {
    const auto found = failures_.find(method);
    return found == failures_.end() ? 0 : found->second;
}

AwayStorage::Awaitable<void> AwayStorage::start(Deadline deadline) {
    return is_away("start") ? refuse<void>() : behind_->start(deadline);
}

AwayStorage::Awaitable<void> AwayStorage::check(Deadline deadline) {
    return is_away("check") ? refuse<void>() : behind_->check(deadline);
}

AwayStorage::Awaitable<std::optional<storage::Conversation>> AwayStorage::get_conversation(storage::ThreadKey thread,
                                                                                           Deadline deadline) {
    return is_away("get_conversation") ? refuse<std::optional<storage::Conversation>>()
                                       : behind_->get_conversation(std::move(thread), deadline);
}

AwayStorage::Awaitable<void> AwayStorage::set_conversation(storage::ThreadKey thread, std::string genie_room_id,
                                                           std::string genie_room_name, Deadline deadline) {
    return is_away("set_conversation") ? refuse<void>()
                                       : behind_->set_conversation(std::move(thread), std::move(genie_room_id),
                                                                   std::move(genie_room_name), deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::update_conversation_id(storage::ThreadKey thread, std::string conversation_id,
                                                                 Deadline deadline) {
    return is_away("update_conversation_id")
               ? refuse<bool>()
               : behind_->update_conversation_id(std::move(thread), std::move(conversation_id), deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::delete_conversation(storage::ThreadKey thread, Deadline deadline) {
    return is_away("delete_conversation") ? refuse<bool>() : behind_->delete_conversation(std::move(thread), deadline);
}

AwayStorage::Awaitable<std::size_t> AwayStorage::clear_all_conversations(Deadline deadline) {
    return is_away("clear_all_conversations") ? refuse<std::size_t>() : behind_->clear_all_conversations(deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::is_served(storage::ThreadKey thread, Deadline deadline) {
    return is_away("is_served") ? refuse<bool>() : behind_->is_served(std::move(thread), deadline);
}

AwayStorage::Awaitable<storage::Acceptance> AwayStorage::accept(storage::Turn turn, std::string event_id,
                                                                storage::ChatRows rows, Deadline deadline) {
    return is_away("accept") ? refuse<storage::Acceptance>()
                             : behind_->accept(std::move(turn), std::move(event_id), std::move(rows), deadline);
}

AwayStorage::Awaitable<std::optional<storage::Claim>> AwayStorage::claim(std::string turn_id, std::string owner,
                                                                         Duration lease_time, Deadline deadline) {
    return is_away("claim") ? refuse<std::optional<storage::Claim>>()
                            : behind_->claim(std::move(turn_id), std::move(owner), lease_time, deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::renew(storage::Lease lease, Duration lease_time, Deadline deadline) {
    return is_away("renew") ? refuse<bool>() : behind_->renew(std::move(lease), lease_time, deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::advance(storage::Lease lease, storage::Turn turn, storage::ChatRows rows,
                                                  Deadline deadline) {
    return is_away("advance") ? refuse<bool>()
                              : behind_->advance(std::move(lease), std::move(turn), std::move(rows), deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::finish(storage::Lease lease, storage::Turn turn, storage::ChatRows rows,
                                                 Deadline deadline) {
    return is_away("finish") ? refuse<bool>()
                             : behind_->finish(std::move(lease), std::move(turn), std::move(rows), deadline);
}

AwayStorage::Awaitable<void> AwayStorage::release(storage::Lease lease, Deadline deadline) {
    return is_away("release") ? refuse<void>() : behind_->release(std::move(lease), deadline);
}

AwayStorage::Awaitable<std::optional<storage::Turn>> AwayStorage::request_stop(std::string turn_id, std::string user,
                                                                               Deadline deadline) {
    return is_away("request_stop") ? refuse<std::optional<storage::Turn>>()
                                   : behind_->request_stop(std::move(turn_id), std::move(user), deadline);
}

AwayStorage::Awaitable<storage::Recoverable> AwayStorage::recoverable(std::size_t limit, Deadline deadline) {
    return is_away("recoverable") ? refuse<storage::Recoverable>() : behind_->recoverable(limit, deadline);
}

AwayStorage::Awaitable<std::optional<storage::Turn>> AwayStorage::get_turn(std::string turn_id, Deadline deadline) {
    return is_away("get_turn") ? refuse<std::optional<storage::Turn>>()
                               : behind_->get_turn(std::move(turn_id), deadline);
}

AwayStorage::Awaitable<std::optional<storage::Turn>> AwayStorage::find_turn_by_answer(std::string team,
                                                                                      std::string channel,
                                                                                      std::string ts,
                                                                                      Deadline deadline) {
    return is_away("find_turn_by_answer")
               ? refuse<std::optional<storage::Turn>>()
               : behind_->find_turn_by_answer(std::move(team), std::move(channel), std::move(ts), deadline);
}

AwayStorage::Awaitable<std::optional<storage::Turn>> AwayStorage::newest_turn(storage::ThreadKey thread,
                                                                              Deadline deadline) {
    return is_away("newest_turn") ? refuse<std::optional<storage::Turn>>()
                                  : behind_->newest_turn(std::move(thread), deadline);
}

AwayStorage::Awaitable<std::vector<storage::Turn>> AwayStorage::recent_turns(std::string team, std::string user,
                                                                             std::size_t limit, Deadline deadline) {
    return is_away("recent_turns") ? refuse<std::vector<storage::Turn>>()
                                   : behind_->recent_turns(std::move(team), std::move(user), limit, deadline);
}

AwayStorage::Awaitable<std::optional<storage::SpaceDefault>> AwayStorage::get_default_space(storage::DefaultOf kind,
                                                                                            std::string team,
                                                                                            std::string id,
                                                                                            Deadline deadline) {
    return is_away("get_default_space") ? refuse<std::optional<storage::SpaceDefault>>()
                                        : behind_->get_default_space(kind, std::move(team), std::move(id), deadline);
}

AwayStorage::Awaitable<void> AwayStorage::set_default_space(storage::DefaultOf kind, std::string team, std::string id,
                                                            storage::SpaceDefault space, Deadline deadline) {
    return is_away("set_default_space")
               ? refuse<void>()
               : behind_->set_default_space(kind, std::move(team), std::move(id), std::move(space), deadline);
}

AwayStorage::Awaitable<storage::Usage> AwayStorage::usage(Deadline deadline) {
    return is_away("usage") ? refuse<storage::Usage>() : behind_->usage(deadline);
}

AwayStorage::Awaitable<std::vector<Duration>> AwayStorage::answer_times(std::string space_id, Deadline deadline) {
    return is_away("answer_times") ? refuse<std::vector<Duration>>()
                                   : behind_->answer_times(std::move(space_id), deadline);
}

AwayStorage::Awaitable<std::vector<std::string>> AwayStorage::asked_messages(std::string conversation_id,
                                                                             Deadline deadline) {
    return is_away("asked_messages") ? refuse<std::vector<std::string>>()
                                     : behind_->asked_messages(std::move(conversation_id), deadline);
}

AwayStorage::Awaitable<void> AwayStorage::bury(storage::Turn turn, std::string reason, Deadline deadline) {
    return is_away("bury") ? refuse<void>() : behind_->bury(std::move(turn), std::move(reason), deadline);
}

AwayStorage::Awaitable<void> AwayStorage::sweep(Deadline deadline) {
    return is_away("sweep") ? refuse<void>() : behind_->sweep(deadline);
}

AwayStorage::Awaitable<Duration> AwayStorage::take_permit(int per_minute, Deadline deadline) {
    return is_away("take_permit") ? refuse<Duration>() : behind_->take_permit(per_minute, deadline);
}

AwayStorage::Awaitable<void> AwayStorage::pause_questions(Duration duration, Deadline deadline) {
    return is_away("pause_questions") ? refuse<void>() : behind_->pause_questions(duration, deadline);
}

AwayStorage::Awaitable<std::vector<storage::ChangedRating>> AwayStorage::changed_ratings(Deadline) {
    co_return changed_elsewhere;
}

AwayStorage::Awaitable<void> AwayStorage::note_told(storage::ChangedRating rating, Deadline) {
    std::erase_if(changed_elsewhere, [&rating](const storage::ChangedRating& each) {
        return each.feedback_id == rating.feedback_id && each.turn_id == rating.turn_id;
    });
    co_return storage::StorageResult<void>();
}

AwayStorage::Awaitable<std::optional<int>> AwayStorage::set_feedback(storage::Feedback feedback, Deadline deadline) {
    return is_away("set_feedback") ? refuse<std::optional<int>>()
                                   : behind_->set_feedback(std::move(feedback), deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::delete_feedback(std::string feedback_id, Deadline deadline) {
    return is_away("delete_feedback") ? refuse<bool>() : behind_->delete_feedback(std::move(feedback_id), deadline);
}

AwayStorage::Awaitable<std::vector<storage::Step>> AwayStorage::get_steps(std::string thread_id, std::size_t most,
                                                                          Deadline deadline) {
    return is_away("get_steps") ? refuse<std::vector<storage::Step>>()
                                : behind_->get_steps(std::move(thread_id), most, deadline);
}

AwayStorage::Awaitable<std::vector<storage::Feedback>> AwayStorage::get_feedbacks(std::string thread_id,
                                                                                  Deadline deadline) {
    return is_away("get_feedbacks") ? refuse<std::vector<storage::Feedback>>()
                                    : behind_->get_feedbacks(std::move(thread_id), deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::move_answer(std::string turn_id, std::string from, std::string to,
                                                      Deadline deadline) {
    return is_away("move_answer") ? refuse<bool>()
                                  : behind_->move_answer(std::move(turn_id), std::move(from), std::move(to), deadline);
}

AwayStorage::Awaitable<storage::ActionClaim> AwayStorage::begin_action(std::string turn_id, std::string action,
                                                                       std::string owner, Duration hold_time,
                                                                       Deadline deadline) {
    return is_away("begin_action")
               ? refuse<storage::ActionClaim>()
               : behind_->begin_action(std::move(turn_id), std::move(action), std::move(owner), hold_time, deadline);
}

AwayStorage::Awaitable<bool> AwayStorage::keep_result(std::string turn_id, std::string action, std::string owner,
                                                      std::string result, Deadline deadline) {
    return is_away("keep_result") ? refuse<bool>()
                                  : behind_->keep_result(std::move(turn_id), std::move(action), std::move(owner),
                                                         std::move(result), deadline);
}

AwayStorage::Awaitable<void> AwayStorage::end_action(std::string turn_id, std::string action, std::string owner,
                                                     Deadline deadline) {
    return is_away("end_action")
               ? refuse<void>()
               : behind_->end_action(std::move(turn_id), std::move(action), std::move(owner), deadline);
}

bool AwayStorage::is_away(const std::string& method) {
    if (const auto defect = defects_.find(method); defect != defects_.end() && defect->second > 0) {
        --defect->second;
        throw std::runtime_error("a row cannot be read, says the test");
    }
    const auto found = failures_.find(method);
    if (found == failures_.end() || found->second == 0)
        return false;
    --found->second;
    return true;
}

}  // namespace genie_slack::test
