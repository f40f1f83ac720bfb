#include "sandbox/genie/conversations.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall_now().time_since_epoch()).count();
}

std::string ConversationStore::new_id() {
    std::string id = random_.uuid();
    std::erase(id, '-');
    return "01f0" + id.substr(4);
}

std::string ConversationStore::new_statement_id() {
    return "01f0" + random_.uuid().substr(4);
}

StoredConversation& ConversationStore::create(const std::string& space_id, const std::string& title) {
    StoredConversation conversation;
    conversation.id = new_id();
    conversation.space_id = space_id;
    conversation.title = title;
    conversation.created_ms = now_ms();
    conversation.updated_ms = conversation.created_ms;
    order_.push_back(conversation.id);
    const std::string id = conversation.id;
    return conversations_.emplace(id, std::move(conversation)).first->second;
}

StoredConversation* ConversationStore::find(const std::string& space_id, const std::string& conversation_id) {
    const auto found = conversations_.find(conversation_id);
    return found == conversations_.end() || found->second.space_id != space_id ? nullptr : &found->second;
}

bool ConversationStore::remove(const std::string& space_id, const std::string& conversation_id) {
    StoredConversation* conversation = find(space_id, conversation_id);
    if (!conversation)
        return false;
    for (const auto& message : conversation->messages)
        message->deleted = true;
    std::erase(order_, conversation_id);
    conversations_.erase(conversation_id);
    return true;
}

std::vector<const StoredConversation*> ConversationStore::list(const std::string& space_id) const {
    std::vector<const StoredConversation*> list;
    for (auto id = order_.rbegin(); id != order_.rend(); ++id) {
        const StoredConversation& conversation = conversations_.at(*id);
        if (conversation.space_id == space_id)
            list.push_back(&conversation);
    }
    return list;
}

std::shared_ptr<StoredMessage> ConversationStore::add_message(StoredConversation& conversation,
                                                              const std::string& content) {
    auto message = std::make_shared<StoredMessage>();
    message->space_id = conversation.space_id;
    message->conversation_id = conversation.id;
    message->content = content;
    message->created_ms = now_ms();
    message->created = Clock::now();
    for (std::string* id : {&message->id, &message->query_id, &message->first_try_id, &message->text_id,
                            &message->interim_id, &message->suggestions_id, &message->chart_id})
        *id = new_id();
    message->statement_id = new_statement_id();
    conversation.updated_ms = message->created_ms;
    conversation.messages.push_back(message);
    all_.push_back(message);
    return message;
}

std::shared_ptr<StoredMessage> ConversationStore::find_message(const StoredConversation& conversation,
                                                               const std::string& id) {
    const auto found = std::find_if(conversation.messages.begin(), conversation.messages.end(),
                                    [&](const auto& message) { return message->id == id; });
    return found == conversation.messages.end() ? nullptr : *found;
}

bool ConversationStore::remove_message(StoredConversation& conversation, const std::string& id) {
    const auto message = find_message(conversation, id);
    if (!message)
        return false;
    message->deleted = true;
    std::erase(conversation.messages, message);
    return true;
}

std::shared_ptr<StoredMessage> ConversationStore::find_statement(const std::string& statement_id) const {
    const auto found = std::find_if(all_.rbegin(), all_.rend(), [&](const auto& message) {
        return !message->deleted && message->statement_id == statement_id;
    });
    return found == all_.rend() ? nullptr : *found;
}

}  // namespace genie_slack::sandbox::databricks
