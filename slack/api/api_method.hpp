// The methods that we call: how each is sent and what may be done after a failure (slack.md 2.1, 2.2),
// how many are allowed, and how urgent they are.
#pragma once

#include <array>
#include <string_view>

namespace genie_slack::slack {

// What a call is for, the most urgent first: of those that wait for one method the first ones go first.
enum class Urgency {
    answer,    // what a person waits for, what makes it sure that it stands once, and what acknowledges a click
    sign,      // of life: goes at once or not at all
    click,     // what follows from something that a person did
    progress,  // can be done without: goes at once or not at all, and leaves half of the budget to others
    courtesy,  // a look-up that makes something nicer: waits for a moment only
    tidying,   // takes away what is of no use any more
};

struct ApiMethod {
    enum class Body { json, form };
    enum class Token { bot, app };
    // What a repetition of a call that may have been processed does.
    enum class Repeat {
        safe,       // nothing, or the same again
        duplicate,  // makes a second one: never done here
        caller,     // safe, but the caller has its own schedule of attempts
    };

    std::string_view name;
    int per_minute = 0;  // calls that Slack allows (slack.md 2.3), as many of them at once; 0: nobody knows
    Urgency urgency = Urgency::answer;
    Body body = Body::json;
    Repeat repeat = Repeat::safe;
    Token token = Token::bot;
    bool is_post = false;  // limited per channel: one a second, and short bursts
    bool plain = false;    // not an API method: any body is fine, the status decides
    // There is another way to the same: as progress it leaves half of the budget to others.
    bool is_dispensable = false;
};

namespace methods {

using Body = ApiMethod::Body;
using Repeat = ApiMethod::Repeat;
using Token = ApiMethod::Token;

inline constexpr int kTier2 = 20;
inline constexpr int kTier3 = 50;
inline constexpr int kTier4 = 100;
inline constexpr int kSeveralHundred = 600;

inline constexpr ApiMethod kAuthTest{"auth.test", kSeveralHundred, Urgency::answer, Body::form};
inline constexpr ApiMethod kConnectionsOpen{"apps.connections.open", 0,         Urgency::answer, Body::form,
                                            Repeat::caller,          Token::app};
// What a workspace allows over all of its channels is "several hundred" posts: that is learned when it refuses one.
inline constexpr ApiMethod kPostMessage{"chat.postMessage", 0,   Urgency::answer, Body::json, Repeat::duplicate,
                                        Token::bot,         true};
inline constexpr ApiMethod kPostEphemeral{"chat.postEphemeral", kTier4, Urgency::click, Body::json, Repeat::duplicate};
inline constexpr ApiMethod kUpdate{"chat.update", kTier3};
inline constexpr ApiMethod kDelete{"chat.delete", kTier3, Urgency::tidying};
// Each stream needs other calls after this one, and other processes stream too.
inline constexpr ApiMethod kStartStream{"chat.startStream", kTier2, Urgency::sign, Body::json, Repeat::duplicate,
                                        Token::bot,         false,  false,         true};
inline constexpr ApiMethod kAppendStream{"chat.appendStream", kTier4, Urgency::progress, Body::json, Repeat::duplicate};
inline constexpr ApiMethod kStopStream{"chat.stopStream", kTier2, Urgency::answer, Body::json, Repeat::duplicate};
inline constexpr ApiMethod kSetStatus{"assistant.threads.setStatus", kSeveralHundred, Urgency::sign};
inline constexpr ApiMethod kSetTitle{"assistant.threads.setTitle", kTier3, Urgency::courtesy};
inline constexpr ApiMethod kSetSuggestedPrompts{"assistant.threads.setSuggestedPrompts", kTier4, Urgency::click};
inline constexpr ApiMethod kSetSessionStatus{"agents.sessions.setStatus", kTier3, Urgency::courtesy};
inline constexpr ApiMethod kConversationInfo{"conversations.info", kTier3, Urgency::courtesy, Body::form};
inline constexpr ApiMethod kConversationReplies{"conversations.replies", kTier3, Urgency::answer, Body::form};
inline constexpr ApiMethod kConversationHistory{"conversations.history", kTier3, Urgency::answer, Body::form};
inline constexpr ApiMethod kConversationOpen{"conversations.open", kTier3, Urgency::answer, Body::form};
inline constexpr ApiMethod kUserInfo{"users.info", kTier4, Urgency::courtesy, Body::form};
inline constexpr ApiMethod kViewPublish{"views.publish", kTier4, Urgency::click};
// A trigger_id can be used once, so a second attempt could only fail.
inline constexpr ApiMethod kViewOpen{"views.open", kTier4, Urgency::answer, Body::json, Repeat::duplicate};
inline constexpr ApiMethod kViewUpdate{"views.update", kTier4};
inline constexpr ApiMethod kGetUploadUrl{"files.getUploadURLExternal", kTier4, Urgency::answer, Body::form};
inline constexpr ApiMethod kFileInfo{"files.info", kTier4, Urgency::answer, Body::form};
inline constexpr ApiMethod kCompleteUpload{"files.completeUploadExternal", kTier4, Urgency::answer, Body::form,
                                           Repeat::duplicate};
// The two that are URLs of their own, not API methods. Their names are only for texts and for their budgets.
inline constexpr ApiMethod kUploadContent{"files.upload", 0,          Urgency::answer, Body::json,
                                          Repeat::safe,   Token::bot, false,           true};
inline constexpr ApiMethod kResponseUrl{"response_url",    0,          Urgency::answer, Body::json,
                                        Repeat::duplicate, Token::bot, false,           true};

// Those whose budget is worth watching: Slack says how often they may be called, and people wait for them.
inline constexpr std::array kWatched{&kPostMessage,         &kPostEphemeral, &kUpdate,      &kStartStream,
                                     &kAppendStream,        &kStopStream,    &kSetStatus,   &kConversationInfo,
                                     &kConversationReplies, &kUserInfo,      &kViewPublish, &kViewOpen,
                                     &kGetUploadUrl,        &kCompleteUpload};

}  // namespace methods

}  // namespace genie_slack::slack
