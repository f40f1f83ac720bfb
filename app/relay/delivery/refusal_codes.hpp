// What Slack's error codes mean for a turn's message, beyond their fault: all the lists of codes that delivery asks.
#pragma once

#include "slack/api/api_error.hpp"

namespace genie_slack::relay {

// Code of the error with which a delivery ends when the thread of the question is not there any more (its root message
// was deleted); its fault is `not_permitted`.
inline constexpr const char* kQuestionGone = "question_gone";
slack::ApiError question_gone(const slack::ApiError& cause);

// The message cannot be updated, and never will be: a new one has to take its place.
bool is_gone(const slack::ApiError& error);
// Nothing is left of such a message that could be removed.
bool is_already_removed(const slack::ApiError& error);
// The message streams: its stream has to end before it can be updated.
bool is_streaming_still(const slack::ApiError& error);
// The thread is not there any more.
bool is_thread_gone(const slack::ApiError& error);
// The bot may be invited into that channel first.
bool wants_invitation(const slack::ApiError& error);
// A person ended the stream with Slack's own button.
bool is_stopped_by_person(const slack::ApiError& error);
// Slack stumbled over the request itself: the same content may make it stumble again.
bool is_indigestible(const slack::ApiError& error);
// Slack cannot show an uploaded picture before it has looked at it.
bool is_about_file(const slack::ApiError& error);

// For whom a refusal says that the next one will be refused, too.
enum class RefusedFor {
    this_one,   // says nothing about others
    person,     // who receives it
    channel,    // where it stands
    workspace,  // or the app in it
};
RefusedFor refused_for(const slack::ApiError& error);

}  // namespace genie_slack::relay
