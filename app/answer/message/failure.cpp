#include "app/answer/message/failure.hpp"

#include "app/answer/actions.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "app/answer/result/cell.hpp"
#include "genie/readable_error.hpp"
#include "genie/types.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <initializer_list>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
using words::Word;

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

std::string name_space(const FailureInput& input, Word named, Word unnamed) {
    const std::string title = escape_within(input.space_title, kTitleCharacters);
    return title.empty() ? words::say(input.language, unnamed) : words::say(input.language, named, {{"title", title}});
}

bool names_one_of(std::string_view text, std::initializer_list<std::string_view> classes) {
    return std::any_of(classes.begin(), classes.end(), [&](std::string_view each) { return contains(text, each); });
}

// By the classes of Spark's and Unity Catalog's errors, which stand in brackets before what they say.
bool lacks_permission(std::string_view error) {
    return names_one_of(
        error, {"INSUFFICIENT_PERMISSIONS", "INSUFFICIENT_PRIVILEGES", "PERMISSION_DENIED", "UNAUTHORIZED_ACCESS"});
}

bool lacks_table(std::string_view error) {
    return names_one_of(error, {"TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND", "CATALOG_NOT_FOUND", "NO_SUCH_CATALOG",
                                "UNRESOLVED_COLUMN", "UNRESOLVED_ROUTINE"});
}

Word reason_for_admin(const FailureInput& input) {
    const std::string_view type = input.error_type;
    if (is_query_failure(input))
        return lacks_permission(input.error_text) ? Word::why_permission : Word::why_table_gone;
    if (contains(type, "WAREHOUSE_ACCESS_MISSING"))
        return Word::why_warehouse_access;
    if (contains(type, "WAREHOUSE_NOT_FOUND"))
        return Word::why_warehouse_gone;
    if (contains(type, "NO_TABLES") || contains(type, "TABLES_MISSING"))
        return Word::why_no_tables;
    if (contains(type, "TOO_MANY_TABLES"))
        return Word::why_many_tables;
    if (contains(type, "TOO_MANY_CERTIFIED"))
        return Word::why_many_trusted;
    if (contains(type, "BUDGET_EXCEEDED"))
        return Word::why_budget;
    if (contains(type, "PERMISSION_DENIED"))
        return Word::why_permission;
    return Word::why_not_set_up;
}

Word word_to_rephrase(std::string_view type) {
    if (contains(type, "CONTENT_FILTER"))
        return Word::failed_filter;
    if (contains(type, "CONTEXT_EXCEEDED") || contains(type, "MAX_TOKEN_LENGTH"))
        return Word::failed_conversation_long;
    if (contains(type, "TOO_LONG"))
        return Word::failed_too_much;
    if (contains(type, "SQL_EXECUTION"))
        return Word::failed_query;
    return Word::failed_no_query;
}

Word word_of_genie(std::string_view type) {
    switch (genie::remedy_for(type)) {
        case genie::Remedy::retry_later:
            return contains(type, "RATE_LIMIT") ? Word::failed_busy : Word::failed_just_now;
        case genie::Remedy::admin:
            return Word::failed_admin;
        case genie::Remedy::rephrase:
            return word_to_rephrase(type);
        case genie::Remedy::wait_for_other:
            return type == genie::kConversationBusy ? Word::failed_other_running : Word::failed_changed;
        case genie::Remedy::cancelled:
            return Word::failed_cancelled;
        case genie::Remedy::other:
            break;
    }
    return Word::failed_in_genie;
}

Word word_of(const FailureInput& input) {
    switch (input.failure) {
        case Failure::genie_failed:
            return admin_must_help(input) ? Word::failed_admin : word_of_genie(input.error_type);
        case Failure::genie_cancelled:
            return Word::failed_cancelled;
        case Failure::genie_timeout:
            return Word::failed_timeout;
        case Failure::genie_unreachable:
            return Word::failed_unreachable;
        case Failure::genie_auth:
            return Word::failed_sign_in;
        case Failure::genie_auth_lost:
            return Word::failed_sign_in_lost;
        case Failure::genie_permission:
            return Word::failed_permission;
        case Failure::genie_not_found:
            return Word::failed_not_found;
        case Failure::genie_rate_limited:
            return Word::failed_many_waiting;
        case Failure::genie_configuration:
            return Word::failed_configuration;
        case Failure::outcome_unknown:
            return Word::failed_outcome_unknown;
        case Failure::no_spaces:
            return Word::failed_no_spaces;
        case Failure::spaces_unreachable:
            return Word::failed_spaces_unreachable;
        case Failure::cannot_deliver:
            return Word::failed_delivery;
        case Failure::empty_question:
            return Word::failed_empty;
        case Failure::interrupted:
            return Word::failed_interrupted;
        case Failure::internal:
            break;
    }
    return Word::failed_internal;
}

// What the person alone can go on from: no defect, and nothing that an admin would look up.
bool is_up_to_person(const FailureInput& input) {
    if (input.failure != Failure::genie_failed)
        return input.failure == Failure::genie_cancelled || input.failure == Failure::empty_question;
    const auto remedy = genie::remedy_for(input.error_type);
    return !admin_must_help(input) && (remedy == genie::Remedy::rephrase || remedy == genie::Remedy::wait_for_other ||
                                       remedy == genie::Remedy::cancelled);
}

// Where another space might know more, or be open.
bool may_be_the_space(const FailureInput& input) {
    switch (input.failure) {
        case Failure::genie_permission:
        case Failure::genie_not_found:
        case Failure::genie_configuration:
            return true;
        case Failure::genie_failed: {
            const auto remedy = genie::remedy_for(input.error_type);
            return remedy == genie::Remedy::admin || remedy == genie::Remedy::rephrase ||
                   remedy == genie::Remedy::other;
        }
        default:
            return false;
    }
}

void append_ways_out(boost::json::array& out, const FailureInput& input) {
    if (input.turn_id.empty() || input.failure == Failure::empty_question)
        return;
    boost::json::array row;
    row.push_back(blocks::button(kAskAgainAction, words::say(input.language, Word::try_again), input.turn_id));
    if (input.has_other_spaces && may_be_the_space(input))
        row.push_back(blocks::button(kMoreAction, words::say(input.language, Word::more_space),
                                     more_value({MoreChoice::space, input.turn_id})));
    out.push_back(blocks::actions("", std::move(row)));
}

std::string sentence(const FailureInput& input) {
    return words::say(input.language, word_of(input),
                      {{"space", name_space(input, Word::the_space_named, Word::the_space)},
                       {"in_space", name_space(input, Word::in_the_space_named, Word::in_the_space)},
                       {"why", words::say(input.language, reason_for_admin(input))}});
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
        case Failure::genie_auth_lost:
            return "genie_auth_lost";
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
        case Failure::spaces_unreachable:
            return "spaces_unreachable";
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

bool admin_must_help(const FailureInput& input) {
    using namespace failure_detail;
    if (is_query_failure(input) && (lacks_permission(input.error_text) || lacks_table(input.error_text)))
        return true;
    return input.failure == Failure::genie_failed && genie::remedy_for(input.error_type) == genie::Remedy::admin;
}

std::string failure_reason(const FailureInput& input) {
    if (input.hides_error || !failure_detail::is_query_failure(input))
        return {};
    const std::string readable = genie::readable_error(input.error_text);
    return slack::truncate(one_line(genie::without_error_class(readable)), failure_detail::kRawCharacters);
}

Rendered render_failure(const FailureInput& input) {
    Rendered rendered;
    rendered.text = failure_detail::sentence(input);
    const bool is_up_to_person = failure_detail::is_up_to_person(input);
    rendered.blocks.push_back(blocks::section((is_up_to_person ? "" : ":warning: ") + rendered.text));
    const std::string reason = failure_reason(input);
    if (!reason.empty())
        rendered.blocks.push_back(blocks::preformatted(reason));
    append_follow_ups(rendered.blocks, usable_questions(input.suggested_questions));
    failure_detail::append_ways_out(rendered.blocks, input);
    const std::string reference = escape_within(input.reference, failure_detail::kReferenceCharacters);
    if (!reference.empty() && !is_up_to_person) {
        rendered.blocks.push_back(
            blocks::context(words::say(input.language, Word::reference, {{"reference", "`" + reference + "`"}})));
        rendered.text += " (" + words::say(input.language, Word::reference, {{"reference", reference}}) + ")";
    }
    return rendered;
}

}  // namespace genie_slack::answer
