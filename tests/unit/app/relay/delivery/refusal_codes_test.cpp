#include "app/relay/delivery/refusal_codes.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

namespace refusal_codes_test {

using namespace genie_slack;
using relay::RefusedFor;
using slack::ApiError;
using slack::ApiFault;

ApiError refusal(const char* code, ApiFault fault = ApiFault::not_permitted) {
    return ApiError(fault, "chat.update", code);
}

// Which codes of all that delivery knows are of one sort.
using Codes = std::vector<std::string>;
Codes codes_with(bool (*is_so)(const ApiError&)) {
    Codes found;
    for (const char* code :
         {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "update_failed",
          "streaming_state_conflict", "thread_not_found", "invalid_thread_ts", "internal_error", "fatal_error",
          "not_in_channel", "channel_not_found", "stopped_by_user", "is_archived", "invalid_blocks", "ratelimited",
          "message_not_in_streaming_state", "question_gone", ""})
        if (is_so(refusal(code)))
            found.emplace_back(code);
    return found;
}

TEST_CASE("each code tells what is the matter with a message, its thread or its channel", "[refusal codes]") {
    CHECK(codes_with(relay::is_gone) == Codes{"message_not_found", "cant_update_message", "edit_window_closed",
                                              "is_inactive", "update_failed", "streaming_state_conflict"});
    CHECK(codes_with(relay::is_already_removed) == Codes{"message_not_found"});
    CHECK(codes_with(relay::is_streaming_still) == Codes{"streaming_state_conflict"});
    CHECK(codes_with(relay::is_thread_gone) == Codes{"thread_not_found", "invalid_thread_ts"});
    CHECK(codes_with(relay::wants_invitation) == Codes{"not_in_channel", "channel_not_found"});
    CHECK(codes_with(relay::is_stopped_by_person) == Codes{"stopped_by_user"});
    CHECK(codes_with(relay::is_indigestible) == Codes{"internal_error", "fatal_error"});
}

TEST_CASE("a picture that Slack has not looked at is refused by the details", "[refusal codes]") {
    ApiError error = refusal("invalid_blocks", ApiFault::payload);
    CHECK_FALSE(relay::is_about_file(error));
    error.details = {"must be less than 3001 characters at /0/text"};
    CHECK_FALSE(relay::is_about_file(error));
    for (const char* detail :
         {"invalid slack file at /1/slack_file", "slack_file is not ready", "invalid slack file"}) {
        INFO(detail);
        error.details = {"must be less than 3001 characters", detail};
        error.fault = ApiFault::payload;
        CHECK(relay::is_about_file(error));
        error.fault = ApiFault::not_permitted;
        CHECK_FALSE(relay::is_about_file(error));
    }
}

TEST_CASE("a question whose thread is gone may not be answered there, and the log can name the call",
          "[refusal codes]") {
    ApiError cause(ApiFault::payload, "chat.postMessage", "thread_not_found");
    cause.request_id = "request-1";
    cause.details = {"of the cause"};
    const ApiError gone = relay::question_gone(cause);
    CHECK(gone.fault == ApiFault::not_permitted);
    CHECK(gone.code == relay::kQuestionGone);
    CHECK(gone.method == "chat.postMessage");
    CHECK(gone.request_id == "request-1");
    CHECK(gone.details.empty());
}

TEST_CASE("for whom a refusal speaks", "[refusal codes]") {
    const auto speaks_for = [](const char* code) { return relay::refused_for(refusal(code)); };
    for (const char* code : {"unknown_method", "feature_not_enabled", "missing_scope"})
        CHECK(speaks_for(code) == RefusedFor::workspace);
    for (const char* code : {"team_not_found", "team_access_not_granted", "missing_recipient_team_id",
                             "missing_recipient_user_id", "user_not_found"})
        CHECK(speaks_for(code) == RefusedFor::person);
    CHECK(speaks_for("channel_type_not_supported") == RefusedFor::channel);
    for (const char* code : {"msg_too_long", "not_in_channel", "ratelimited", "thread_not_found", "invalid_arguments"})
        CHECK(speaks_for(code) == RefusedFor::this_one);
}

}  // namespace refusal_codes_test
