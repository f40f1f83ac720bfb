// What this process has seen of the threads that it serves: who asked, and how much people have talked among themselves
// since.
#pragma once

#include "app/relay/once.hpp"
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
    // A line that was not for the bot; each message counts once, however often it comes.
    void note_talk(const storage::ThreadKey& thread, const std::string& ts);

    bool has_asked(const storage::ThreadKey& thread, const std::string& user) const;
    // Lines since the last question; nothing where no question was seen.
    std::optional<std::size_t> talk(const storage::ThreadKey& thread) const;
    // The person is told how to bring the bot back; false where that was told in this thread.
    bool note_hint(const storage::ThreadKey& thread, const std::string& user);

 private:
    struct Seen {
        std::set<std::string> askers;
        std::size_t talk = 0;
        std::string last_ts;  // of the newest line that counts
    };
    Seen& at(const storage::ThreadKey& thread);

    std::map<storage::ThreadKey, Seen> threads_;  // bounded: forgotten all at once
    Once<std::pair<storage::ThreadKey, std::string>> hinted_{5'000};
};

}  // namespace genie_slack::relay
