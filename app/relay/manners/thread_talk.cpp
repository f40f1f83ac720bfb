#include "app/relay/manners/thread_talk.hpp"

#include "app/relay/manners/manners.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace thread_talk_detail {

constexpr std::size_t kMostThreads = 2'000;
constexpr std::size_t kMostPeople = 100;  // of one thread
constexpr std::size_t kMostHints = 5'000;
constexpr Duration kBetweenHints = std::chrono::minutes(2);  // to one person in one thread

void note(std::set<std::string>& people, const std::string& user) {
    if (people.size() < kMostPeople)
        people.insert(user);
}

}  // namespace thread_talk_detail

ThreadTalk::Heard& ThreadTalk::at(const storage::ThreadKey& thread) {
    if (threads_.size() >= thread_talk_detail::kMostThreads && !threads_.contains(thread))
        threads_.clear();
    return threads_[thread];
}

void ThreadTalk::note_question(const storage::ThreadKey& thread, const std::string& user) {
    Heard& heard = at(thread);
    thread_talk_detail::note(heard.askers, user);
    thread_talk_detail::note(heard.writers, user);
    heard.talk = 0;
    heard.newest_ts.clear();
    heard.newest_user.clear();
}

void ThreadTalk::note_talk(const storage::ThreadKey& thread, const std::string& user, const std::string& ts) {
    const auto found = threads_.find(thread);
    if (found == threads_.end() || ts <= found->second.last_ts)
        return;
    Heard& heard = found->second;
    heard.last_ts = ts;
    thread_talk_detail::note(heard.writers, user);
    if (heard.writers.size() > 1)
        ++heard.talk;
}

void ThreadTalk::note_quiet(const storage::ThreadKey& thread) {
    at(thread).talk = kAskedToBeQuiet;
}

void ThreadTalk::note_line(const storage::ThreadKey& thread, const std::string& user, const std::string& ts) {
    const auto found = threads_.find(thread);
    if (found == threads_.end() || ts <= found->second.newest_ts)
        return;
    thread_talk_detail::note(found->second.writers, user);
    found->second.newest_ts = ts;
    found->second.newest_user = user;
}

bool ThreadTalk::note_hint(const storage::ThreadKey& thread, const std::string& user, TimePoint now) {
    using namespace thread_talk_detail;
    if (hinted_.size() >= kMostHints)
        hinted_.clear();
    const auto [hint, is_first] = hinted_.try_emplace({thread, user}, now);
    if (!is_first && now - hint->second < kBetweenHints)
        return false;
    hint->second = now;
    return true;
}

bool ThreadTalk::follows_colleague(const storage::ThreadKey& thread, const std::string& user) const {
    const auto found = threads_.find(thread);
    return found != threads_.end() && !found->second.newest_user.empty() && found->second.newest_user != user;
}

std::string ThreadTalk::newest_line(const storage::ThreadKey& thread) const {
    const auto found = threads_.find(thread);
    return found == threads_.end() ? std::string() : found->second.newest_ts;
}

bool ThreadTalk::has_asked(const storage::ThreadKey& thread, const std::string& user) const {
    const auto found = threads_.find(thread);
    return found != threads_.end() && found->second.askers.contains(user);
}

bool ThreadTalk::has_others(const storage::ThreadKey& thread, const std::string& user) const {
    const auto found = threads_.find(thread);
    return found != threads_.end() && found->second.writers.size() > found->second.writers.count(user);
}

std::optional<std::size_t> ThreadTalk::talk(const storage::ThreadKey& thread) const {
    const auto found = threads_.find(thread);
    return found == threads_.end() ? std::nullopt : std::optional(found->second.talk);
}

}  // namespace genie_slack::relay
