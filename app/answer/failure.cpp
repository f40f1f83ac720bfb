// One sentence for everything that can go wrong with a question: what happened, and what the person can do.
#include "app/answer/answer.hpp"
#include "app/answer/cell.hpp"
#include "app/answer/parts.hpp"
#include "slack/blocks.hpp"
#include "slack/markup.hpp"

namespace genie_slack::answer {

namespace blocks = slack::blocks;

namespace failure_detail {

constexpr std::size_t kRawCharacters = 300;
constexpr std::size_t kTitleCharacters = 150;
constexpr std::size_t kReferenceCharacters = 100;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Failures of the query itself; only their raw text helps the person who asked.
bool is_query_failure(const FailureInput& input) {
    return input.failure == Failure::genie_failed &&
           (contains(input.error_type, "SQL") || contains(input.error_type, "DESCRIBE_QUERY"));
}

std::string space_name(const FailureInput& input) {
    const std::string title = escape_within(input.space_title, kTitleCharacters);
    return title.empty() ? "this Genie space" : "the Genie space “" + title + "”";
}

std::string admin_sentence(const FailureInput& input) {
    const std::string& type = input.error_type;
    const char* why = "something in it is not set up";
    if (contains(type, "WAREHOUSE_ACCESS_MISSING"))
        why = "the bot may not use its SQL warehouse";
    else if (contains(type, "WAREHOUSE_NOT_FOUND"))
        why = "its SQL warehouse does not exist any more";
    else if (contains(type, "NO_TABLES") || contains(type, "TABLES_MISSING"))
        why = "it has no tables that can be queried";
    else if (contains(type, "TOO_MANY_TABLES"))
        why = "it has more tables than Genie can handle";
    else if (contains(type, "TOO_MANY_CERTIFIED"))
        why = "it has more trusted answers than Genie can handle";
    else if (contains(type, "BUDGET_EXCEEDED"))
        why = "its budget is used up";
    else if (contains(type, "PERMISSION_DENIED"))
        why = "the bot lacks a permission in it";
    return "Genie cannot answer in " + space_name(input) + ": " + why + ". Please tell an admin of that space.";
}

std::string rephrase_sentence(const FailureInput& input) {
    const std::string& type = input.error_type;
    if (contains(type, "CONTENT_FILTER"))
        return "Genie's content filter stopped this question. Try to ask it in other words.";
    if (contains(type, "CONTEXT_EXCEEDED") || contains(type, "MAX_TOKEN_LENGTH"))
        return "This conversation has become too long for Genie. Please ask your question in a new thread.";
    if (contains(type, "TOO_LONG"))
        return "This question needs more than Genie can handle at once. Try to ask for less, or in several steps.";
    if (contains(type, "SQL_EXECUTION"))
        return "Genie wrote a query for this question, but it failed when it ran. Try to ask more precisely or in "
               "other words.";
    return "Genie could not turn this question into a working query. Try to ask more precisely or in other words.";
}

std::string genie_sentence(const FailureInput& input) {
    switch (genie::group_of(input.error_type)) {
        case genie::ErrorGroup::retry_later:
            if (contains(input.error_type, "RATE_LIMIT"))
                return "Genie has too many questions to answer at the moment. Please ask again in a minute.";
            return "Genie could not finish this question just now. Please ask it again in a few minutes.";
        case genie::ErrorGroup::admin:
            return admin_sentence(input);
        case genie::ErrorGroup::rephrase:
            return rephrase_sentence(input);
        case genie::ErrorGroup::concurrency:
            if (contains(input.error_type, "BLOCK_MULTIPLE"))
                return "Genie is still busy with another question of this conversation. Please ask again when that "
                       "one is answered.";
            return "This question was changed or removed in Genie while it was being answered. Please ask it again.";
        case genie::ErrorGroup::cancelled:
            return "This question was cancelled in Genie. Ask it again if you still need the answer.";
        case genie::ErrorGroup::other:
            break;
    }
    return "Genie could not answer this question. Try to ask it in other words.";
}

std::string sentence(const FailureInput& input) {
    switch (input.failure) {
        case Failure::genie_failed:
            return genie_sentence(input);
        case Failure::genie_cancelled:
            return "This question was cancelled in Genie. Ask it again if you still need the answer.";
        case Failure::genie_timeout:
            return "Genie took too long for this question, so I stopped waiting. Try again later, or ask for less at "
                   "once.";
        case Failure::genie_unreachable:
            return "I could not reach Genie. Please ask again in a few minutes.";
        case Failure::genie_auth:
            return "I could not sign in to Databricks, so Genie did not get your question. An admin has to renew the "
                   "bot's credentials.";
        case Failure::genie_permission:
            return "The bot may not use " + space_name(input) + ". An admin of that space has to give it access.";
        case Failure::genie_not_found:
            return "I cannot find " + space_name(input) +
                   " or this conversation in it any more. Ask in a new thread "
                   "to choose a space again.";
        case Failure::genie_rate_limited:
            return "Too many questions are waiting for Genie at the moment. Please ask again in a minute.";
        case Failure::genie_configuration:
            return "Genie refused this question because the bot is not set up correctly. An admin has to look at its "
                   "configuration.";
        case Failure::outcome_unknown:
            return "I lost the connection while I asked Genie, and your question did not arrive there. Please ask it "
                   "again.";
        case Failure::no_spaces:
            return "There is no Genie space that I may use yet. An admin has to give the bot access to one.";
        case Failure::space_gone:
            return "The chosen Genie space is not available any more. Ask your question again to choose another one.";
        case Failure::spaces_unreachable:
            return "I could not get the list of Genie spaces. Please ask again in a few minutes.";
        case Failure::storage:
            return "I could not save your question because my database cannot be reached. Please ask again in a few "
                   "minutes.";
        case Failure::cannot_deliver:
            return "Genie has answered, but Slack did not accept the answer in any form. Try to ask for a shorter one.";
        case Failure::empty_question:
            return "I did not find a question in your message. Write what you want to know about your data.";
        case Failure::interrupted:
            return "I was restarted while I worked on this question. Please ask it again.";
        case Failure::internal:
            break;
    }
    return "Something went wrong on my side, and this question stays without an answer. Please ask it again.";
}

}  // namespace failure_detail

const char* to_string(Failure failure) {
    switch (failure) {
        case Failure::genie_failed:
            return "genie_failed";
        case Failure::genie_cancelled:
            return "genie_cancelled";
        case Failure::genie_timeout:
            return "genie_timeout";
        case Failure::genie_unreachable:
            return "genie_unreachable";
        case Failure::genie_auth:
            return "genie_auth";
        case Failure::genie_permission:
            return "genie_permission";
        case Failure::genie_not_found:
            return "genie_not_found";
        case Failure::genie_rate_limited:
            return "genie_rate_limited";
        case Failure::genie_configuration:
            return "genie_configuration";
        case Failure::outcome_unknown:
            return "outcome_unknown";
        case Failure::no_spaces:
            return "no_spaces";
        case Failure::space_gone:
            return "space_gone";
        case Failure::spaces_unreachable:
            return "spaces_unreachable";
        case Failure::storage:
            return "storage";
        case Failure::cannot_deliver:
            return "cannot_deliver";
        case Failure::empty_question:
            return "empty_question";
        case Failure::interrupted:
            return "interrupted";
        case Failure::internal:
            return "internal";
    }
    return "unknown";
}

Rendered render_failure(const FailureInput& input) {
    Rendered rendered;
    rendered.text = failure_detail::sentence(input);
    rendered.blocks.push_back(blocks::section(":warning: " + rendered.text));
    if (failure_detail::is_query_failure(input)) {
        const std::string raw = slack::truncate(one_line(input.error_text), failure_detail::kRawCharacters);
        if (!raw.empty())
            rendered.blocks.push_back(blocks::preformatted(raw));
    }
    append_follow_ups(rendered.blocks, usable_questions(input.suggested_questions));
    const std::string reference = escape_within(input.reference, failure_detail::kReferenceCharacters);
    if (!reference.empty()) {
        rendered.blocks.push_back(blocks::context("Reference for an admin: `" + reference + "`"));
        rendered.text += " (Reference for an admin: " + reference + ")";
    }
    return rendered;
}

}  // namespace genie_slack::answer
