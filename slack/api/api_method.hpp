// The methods that we call: how each is sent and what may be done after a failure (slack.md 2.1, 2.2).
#pragma once

#include <string_view>

namespace genie_slack::slack {

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
    Body body = Body::json;
    Repeat repeat = Repeat::safe;
    Token token = Token::bot;
    bool paced = false;  // counts as a post to its channel
    bool plain = false;  // not an API method: any body is fine, the status decides
};

namespace methods {

using Body = ApiMethod::Body;
using Repeat = ApiMethod::Repeat;
using Token = ApiMethod::Token;

inline constexpr ApiMethod kAuthTest{"auth.test", Body::form};
inline constexpr ApiMethod kConnectionsOpen{"apps.connections.open", Body::form, Repeat::caller, Token::app};
inline constexpr ApiMethod kPostMessage{"chat.postMessage", Body::json, Repeat::duplicate, Token::bot, true};
inline constexpr ApiMethod kPostEphemeral{"chat.postEphemeral", Body::json, Repeat::duplicate, Token::bot, true};
inline constexpr ApiMethod kUpdate{"chat.update"};
inline constexpr ApiMethod kDelete{"chat.delete"};
inline constexpr ApiMethod kStartStream{"chat.startStream", Body::json, Repeat::duplicate, Token::bot, true};
inline constexpr ApiMethod kAppendStream{"chat.appendStream", Body::json, Repeat::duplicate};
inline constexpr ApiMethod kStopStream{"chat.stopStream", Body::json, Repeat::duplicate};
inline constexpr ApiMethod kSetStatus{"assistant.threads.setStatus"};
inline constexpr ApiMethod kSetTitle{"assistant.threads.setTitle"};
inline constexpr ApiMethod kSetSuggestedPrompts{"assistant.threads.setSuggestedPrompts"};
inline constexpr ApiMethod kSetSessionStatus{"agents.sessions.setStatus"};
inline constexpr ApiMethod kConversationInfo{"conversations.info", Body::form};
inline constexpr ApiMethod kConversationReplies{"conversations.replies", Body::form};
inline constexpr ApiMethod kConversationHistory{"conversations.history", Body::form};
inline constexpr ApiMethod kConversationOpen{"conversations.open", Body::form};
inline constexpr ApiMethod kUserInfo{"users.info", Body::form};
inline constexpr ApiMethod kReactionAdd{"reactions.add", Body::form};
inline constexpr ApiMethod kReactionRemove{"reactions.remove", Body::form};
inline constexpr ApiMethod kViewPublish{"views.publish"};
// A trigger_id can be used once, so a second attempt could only fail.
inline constexpr ApiMethod kViewOpen{"views.open", Body::json, Repeat::duplicate};
inline constexpr ApiMethod kViewUpdate{"views.update"};
inline constexpr ApiMethod kGetUploadUrl{"files.getUploadURLExternal", Body::form};
inline constexpr ApiMethod kFileInfo{"files.info", Body::form};
inline constexpr ApiMethod kCompleteUpload{"files.completeUploadExternal", Body::form, Repeat::duplicate, Token::bot,
                                           true};
// The two that are URLs of their own, not API methods. Their names are only for texts and for pauses after a 429.
inline constexpr ApiMethod kUploadContent{"files.upload", Body::json, Repeat::safe, Token::bot, false, true};
inline constexpr ApiMethod kResponseUrl{"response_url", Body::json, Repeat::duplicate, Token::bot, false, true};

}  // namespace methods

}  // namespace genie_slack::slack
