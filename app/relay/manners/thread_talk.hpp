// What this process has seen of the threads that it serves: who asked, who wrote, and how much people have talked among
// themselves since.
#pragma once

#include "core/clock.hpp"
#include "storage/types.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace genie_slack::relay {

class ThreadTalk {
 public:
    // The bot was asked: whatever people talked about before is over.
    void note_question(const storage::ThreadKey& thread, const std::string& user);
    // A line that was not for the bot; each message counts once, however often it comes. Who is alone with the bot
    // talks with nobody.
    void note_talk(const storage::ThreadKey& thread, const std::string& user, const std::string& ts);
    // The bot was asked to keep out.
    void note_quiet(const storage::ThreadKey& thread);
    // Any line that somebody wrote.
    void note_line(const storage::ThreadKey& thread, const std::string& user, const std::string& ts);

    bool has_asked(const storage::ThreadKey& thread, const std::string& user) const;
    // Whether others than `user` were seen to write there.
    bool has_others(const storage::ThreadKey& thread, const std::string& user) const;
    // Lines since the last question; nothing where no question was seen.
    std::optional<std::size_t> talk(const storage::ThreadKey& thread) const;
    // Whether the newest line since the last question is somebody else's.
    bool follows_colleague(const storage::ThreadKey& thread, const std::string& user) const;
    // The ts of the newest line since the last question, "" where there is none.
    std::string newest_line(const storage::ThreadKey& thread) const;
    // The person is told how to bring the bot back; false where that was told in this thread a few minutes ago.
    bool note_hint(const storage::ThreadKey& thread, const std::string& user, TimePoint now);

 private:
    struct Heard {
        std::set<std::string> askers;
        std::set<std::string> writers;
        std::size_t talk = 0;
        std::string last_ts;      // of the newest line that counts
        std::string newest_ts;    // of the newest line since the last question
        std::string newest_user;  // who wrote it
    };
    Heard& at(const storage::ThreadKey& thread);

    std::map<storage::ThreadKey, Heard> threads_;                             // bounded: forgotten all at once
    std::map<std::pair<storage::ThreadKey, std::string>, TimePoint> hinted_;  // bounded in the same way
};

}  // namespace genie_slack::relay
