#include "genie/types.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace genie_slack::genie {

namespace types_detail {

constexpr std::array<std::pair<std::string_view, MessageStatus>, 10> kStatuses = {{
    {"SUBMITTED", MessageStatus::submitted},
    {"FETCHING_METADATA", MessageStatus::fetching_metadata},
    {"FILTERING_CONTEXT", MessageStatus::filtering_context},
    {"ASKING_AI", MessageStatus::asking_ai},
    {"PENDING_WAREHOUSE", MessageStatus::pending_warehouse},
    {"EXECUTING_QUERY", MessageStatus::executing_query},
    {"COMPLETED", MessageStatus::completed},
    {"FAILED", MessageStatus::failed},
    {"CANCELLED", MessageStatus::cancelled},
    {"QUERY_RESULT_EXPIRED", MessageStatus::query_result_expired},
}};

// An entry that ends in '*' names a family of types.
struct RemedyRule {
    std::string_view type;
    Remedy remedy;
};
constexpr std::array kRemedies = {
    RemedyRule{"MESSAGE_CANCELLED_WHILE_EXECUTING_EXCEPTION", Remedy::cancelled},
    RemedyRule{"MESSAGE_DELETED_WHILE_EXECUTING_EXCEPTION", Remedy::wait_for_other},
    RemedyRule{"MESSAGE_UPDATED_WHILE_EXECUTING_EXCEPTION", Remedy::wait_for_other},
    RemedyRule{kConversationBusy, Remedy::wait_for_other},

    RemedyRule{"RATE_LIMIT_EXCEEDED_*", Remedy::retry_later},
    RemedyRule{"REPLY_PROCESS_TIMEOUT_EXCEPTION", Remedy::retry_later},
    RemedyRule{"RETRYABLE_PROCESSING_EXCEPTION", Remedy::retry_later},
    RemedyRule{"CHAT_COMPLETION_CLIENT_TIMEOUT_EXCEPTION", Remedy::retry_later},
    RemedyRule{"CHAT_COMPLETION_CLIENT_EXCEPTION", Remedy::retry_later},
    RemedyRule{"CHAT_COMPLETION_NETWORK_EXCEPTION", Remedy::retry_later},
    RemedyRule{"NO_DEPLOYMENTS_AVAILABLE_TO_WORKSPACE", Remedy::retry_later},
    RemedyRule{"UNEXPECTED_REPLY_PROCESS_EXCEPTION", Remedy::retry_later},
    RemedyRule{"DESCRIBE_QUERY_TIMEOUT", Remedy::retry_later},
    RemedyRule{"STOP_PROCESS_DUE_TO_AUTO_REGENERATE", Remedy::retry_later},
    RemedyRule{"GENERIC_*", Remedy::retry_later},

    RemedyRule{"WAREHOUSE_ACCESS_MISSING_EXCEPTION", Remedy::admin},
    RemedyRule{"WAREHOUSE_NOT_FOUND_EXCEPTION", Remedy::admin},
    RemedyRule{"NO_TABLES_TO_QUERY_EXCEPTION", Remedy::admin},
    RemedyRule{"TABLES_MISSING_EXCEPTION", Remedy::admin},
    RemedyRule{"TOO_MANY_TABLES_EXCEPTION", Remedy::admin},
    RemedyRule{"TOO_MANY_CERTIFIED_ANSWERS_EXCEPTION", Remedy::admin},
    RemedyRule{"CERTIFIED_ANSWERS_MISSING_EXCEPTION", Remedy::admin},
    RemedyRule{"COULD_NOT_GET_*", Remedy::admin},
    RemedyRule{"PAY_PER_TOKEN_DISABLED_EXCEPTION", Remedy::admin},
    RemedyRule{"BUDGET_EXCEEDED_EXCEPTION", Remedy::admin},
    RemedyRule{"DASHBOARD_PERMISSION_DENIED_EXCEPTION", Remedy::admin},
    RemedyRule{"DELEGATION_NOT_FOUND_EXCEPTION", Remedy::admin},
    RemedyRule{"DEPLOYMENT_NOT_FOUND_EXCEPTION", Remedy::admin},
    RemedyRule{"INTERNAL_CATALOG_*", Remedy::admin},
    RemedyRule{"INVALID_CERTIFIED_ANSWER_*", Remedy::admin},

    RemedyRule{"CONTENT_FILTER_EXCEPTION", Remedy::rephrase},
    RemedyRule{"CONTEXT_EXCEEDED_EXCEPTION", Remedy::rephrase},
    RemedyRule{"LOCAL_CONTEXT_EXCEEDED_EXCEPTION", Remedy::rephrase},
    RemedyRule{"EXCEEDED_MAX_TOKEN_LENGTH_EXCEPTION", Remedy::rephrase},
    RemedyRule{"GENERATED_SQL_QUERY_TOO_LONG_EXCEPTION", Remedy::rephrase},
    RemedyRule{"MESSAGE_ATTACHMENT_TOO_LONG_ERROR", Remedy::rephrase},
    RemedyRule{"MISSING_SQL_QUERY_EXCEPTION", Remedy::rephrase},
    RemedyRule{"NO_QUERY_TO_VISUALIZE_EXCEPTION", Remedy::rephrase},
    RemedyRule{"DESCRIBE_QUERY_INVALID_SQL_ERROR", Remedy::rephrase},
    RemedyRule{"INVALID_SQL_*", Remedy::rephrase},
    RemedyRule{"INVALID_TABLE_IDENTIFIER_EXCEPTION", Remedy::rephrase},
    RemedyRule{"SQL_EXECUTION_EXCEPTION", Remedy::rephrase},
};

bool matches(std::string_view type, std::string_view rule) {
    if (rule.back() != '*')
        return type == rule;
    rule.remove_suffix(1);
    return type.substr(0, rule.size()) == rule;
}

void append_new(std::vector<std::string>& list, const std::string& text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end())
        list.push_back(text);
}

}  // namespace types_detail

MessageStatus parse_status(std::string_view text) {
    for (const auto& [name, status] : types_detail::kStatuses)
        if (name == text)
            return status;
    return MessageStatus::unknown;
}

const char* to_string(MessageStatus status) {
    for (const auto& [name, known] : types_detail::kStatuses)
        if (known == status)
            return name.data();
    return "UNKNOWN";
}

bool is_terminal(MessageStatus status) {
    switch (status) {
        case MessageStatus::completed:
        case MessageStatus::failed:
        case MessageStatus::cancelled:
        case MessageStatus::query_result_expired:
            return true;
        case MessageStatus::submitted:
        case MessageStatus::fetching_metadata:
        case MessageStatus::filtering_context:
        case MessageStatus::asking_ai:
        case MessageStatus::pending_warehouse:
        case MessageStatus::executing_query:
        case MessageStatus::unknown:
            return false;
    }
    return false;
}

AnswerParts select_answer(const Message& message) {
    const auto& attachments = message.attachments;
    std::optional<std::size_t> first_query;
    std::optional<std::size_t> last_query;
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        if (attachments[i].kind != Attachment::Kind::query)
            continue;
        if (!first_query)
            first_query = i;
        last_query = i;
    }

    AnswerParts parts;
    if (last_query)
        parts.query = attachments[*last_query];
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        const Attachment& attachment = attachments[i];
        switch (attachment.kind) {
            case Attachment::Kind::text: {
                const bool superseded = first_query && i > *first_query && i < *last_query;
                if (superseded || attachment.text.empty() || !attachment.phase.empty())
                    break;
                if (!attachment.follow_up_question)
                    parts.texts.push_back(attachment.text);
                else if (parts.clarification.empty())
                    parts.clarification = attachment.text;
                else
                    parts.clarification += "\n\n" + attachment.text;
                break;
            }
            case Attachment::Kind::suggested_questions:
                for (const auto& question : attachment.questions)
                    types_detail::append_new(parts.suggested_questions, question);
                break;
            case Attachment::Kind::visualization:
                if (parts.query &&
                    (attachment.query_attachment_id.empty() || attachment.query_attachment_id == parts.query->id))
                    parts.visualization = attachment;
                break;
            case Attachment::Kind::query:
            case Attachment::Kind::unknown:
                break;
        }
    }
    return parts;
}

std::string progress_text(const Message& message) {
    for (auto it = message.attachments.rbegin(); it != message.attachments.rend(); ++it)
        if (it->kind == Attachment::Kind::text && !it->phase.empty() && !it->text.empty())
            return it->text;
    return "";
}

void take_types(ResultTable& table, const std::vector<Column>& typed) {
    if (!std::equal(table.columns.begin(), table.columns.end(), typed.begin(), typed.end(),
                    [](const Column& a, const Column& b) { return a.name == b.name; }))
        return;
    for (std::size_t i = 0; i < typed.size(); ++i)
        if (!typed[i].type_name.empty())
            table.columns[i] = typed[i];
}

Remedy remedy_for(std::string_view error_type) {
    for (const auto& rule : types_detail::kRemedies)
        if (types_detail::matches(error_type, rule.type))
            return rule.remedy;
    return Remedy::other;
}

}  // namespace genie_slack::genie
