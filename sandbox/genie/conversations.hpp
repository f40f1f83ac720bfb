// The look-alike's memory: conversations and messages with their progress, ratings and comments.
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"
#include "sandbox/genie/analyst.hpp"
#include "sandbox/genie/status_walk.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct Comment {
    std::string id;
    std::string content;
    std::int64_t created_ms = 0;
};

struct StoredMessage {
    std::string space_id;
    std::string conversation_id;
    std::string id;
    std::string content;
    std::int64_t created_ms = 0;
    TimePoint created{};
    Walk walk;
    std::string outcome;
    std::string error_type;
    std::string error_text;

    Answer answer;
    std::string query_id;  // attachment ids, fixed from the start
    std::string first_try_id;
    std::string text_id;
    std::string interim_id;
    std::string suggestions_id;
    std::string chart_id;
    std::string statement_id;
    bool visualize = false;
    // Set by execute-query: when the last run began.
    bool executed_again = false;
    TimePoint executed{};

    std::string rating;
    std::string feedback_comment;
    std::vector<Comment> comments;
    bool deleted = false;

    WalkPosition position(TimePoint now) const { return walk_at(walk, now - created); }
};

struct StoredConversation {
    std::string id;
    std::string space_id;
    std::string title;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;
    Context context;
    std::vector<std::shared_ptr<StoredMessage>> messages;  // oldest first, without deleted ones
};

class ConversationStore {
 public:
    // Genie's own limits (databricks.md 1.9).
    static constexpr std::size_t kMaxConversations = 10'000;
    static constexpr std::size_t kMaxMessages = 10'000;

    StoredConversation& create(const std::string& space_id, const std::string& title);
    StoredConversation* find(const std::string& space_id, const std::string& conversation_id);
    bool remove(const std::string& space_id, const std::string& conversation_id);
    // Newest first.
    std::vector<const StoredConversation*> list(const std::string& space_id) const;

    std::shared_ptr<StoredMessage> add_message(StoredConversation& conversation, const std::string& content);
    static std::shared_ptr<StoredMessage> find_message(const StoredConversation& conversation, const std::string& id);
    static bool remove_message(StoredConversation& conversation, const std::string& id);
    // Every message ever accepted, in order.
    const std::vector<std::shared_ptr<StoredMessage>>& all_messages() const { return all_; }
    std::shared_ptr<StoredMessage> find_statement(const std::string& statement_id) const;

    std::string new_id();
    std::string new_statement_id();

 private:
    Random random_;  // ids differ from run to run, since a bot may remember them over our restart
    std::map<std::string, StoredConversation> conversations_;
    std::vector<std::string> order_;
    std::vector<std::shared_ptr<StoredMessage>> all_;
};

std::int64_t now_ms();

}  // namespace genie_slack::sandbox::databricks
