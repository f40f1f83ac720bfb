#include "app/relay/manners/thread_talk.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace thread_talk_detail {

constexpr std::size_t kMostThreads = 2'000;
constexpr std::size_t kMostAskers = 100;  // of one thread

}  // namespace thread_talk_detail

ThreadTalk::Seen& ThreadTalk::at(const storage::ThreadKey& thread) {
    if (threads_.size() >= thread_talk_detail::kMostThreads && !threads_.contains(thread))
        threads_.clear();
    return threads_[thread];
}

void ThreadTalk::note_question(const storage::ThreadKey& thread, const std::string& user) {
    Seen& seen = at(thread);
    if (seen.askers.size() < thread_talk_detail::kMostAskers)
        seen.askers.insert(user);
    seen.talk = 0;
}

void ThreadTalk::note_talk(const storage::ThreadKey& thread, const std::string& ts) {
    const auto found = threads_.find(thread);
    if (found == threads_.end() || ts <= found->second.last_ts)
        return;
    found->second.last_ts = ts;
    ++found->second.talk;
}

bool ThreadTalk::note_hint(const storage::ThreadKey& thread, const std::string& user) {
    return hinted_.first({thread, user});
}

bool ThreadTalk::has_asked(const storage::ThreadKey& thread, const std::string& user) const {
    const auto found = threads_.find(thread);
    return found != threads_.end() && found->second.askers.contains(user);
}

std::optional<std::size_t> ThreadTalk::talk(const storage::ThreadKey& thread) const {
    const auto found = threads_.find(thread);
    return found == threads_.end() ? std::nullopt : std::optional(found->second.talk);
}

}  // namespace genie_slack::relay
