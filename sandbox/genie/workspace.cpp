// Long because all that Databricks holds of one workspace changes together.
#include "sandbox/genie/workspace.hpp"

#include "sandbox/genie/text_coding.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace json = boost::json;

namespace workspace_detail {

constexpr std::size_t kMaxQuestions = 50'000;  // that the memory holds in all
constexpr std::size_t kMaxContent = 64u << 10;

OidcSettings oidc_settings(const GenieOptions& options) {
    OidcSettings settings;
    settings.token = options.token;
    settings.client_id = options.client_id;
    settings.client_secret = options.client_secret;
    settings.token_seconds = options.token_seconds;
    settings.federation = options.federation;
    return settings;
}

ApiError not_found(const std::string& what, const std::string& id) {
    return {404, "RESOURCE_DOES_NOT_EXIST", what + " " + id + " does not exist or you have no access to it."};
}

ApiError invalid(const std::string& message) {
    return {400, "INVALID_PARAMETER_VALUE", message};
}

// One page of `items` (already in order) as JSON under `name`; the token is the position in hex.
template <class Items, class ToJson>
ApiResult page_of(const Items& items, const std::map<std::string, std::string>& query, std::size_t usual_size,
                  const char* name, ToJson to_json) {
    std::size_t size = usual_size;
    std::size_t start = 0;
    if (const auto found = query.find("page_size"); found != query.end() && !found->second.empty()) {
        try {
            const int wanted = std::stoi(found->second);
            if (wanted < 0)
                return invalid("page_size must not be negative.");
            if (wanted > 0)
                size = std::min<std::size_t>(static_cast<std::size_t>(wanted), 100);
        } catch (const std::exception&) {
            return ApiError(400, "MALFORMED_REQUEST", "page_size is not a number.");
        }
    }
    if (const auto found = query.find("page_token"); found != query.end() && !found->second.empty()) {
        // The token names the last item that was seen, so that items that arrive meanwhile do not shift the pages.
        const auto seen =
            std::find_if(items.begin(), items.end(), [&](const auto& item) { return "p" + item->id == found->second; });
        if (seen == items.end())
            return invalid("page_token is invalid.");
        start = static_cast<std::size_t>(seen - items.begin()) + 1;
    }
    json::array list;
    const std::size_t end = std::min(items.size(), start + size);
    for (std::size_t i = start; i < end; ++i)
        list.push_back(to_json(*items[i]));
    json::object body;
    if (!list.empty())
        body[name] = std::move(list);
    if (end < items.size())
        body["next_page_token"] = "p" + items[end - 1]->id;
    return body;
}

// A required text of the body.
boost::system::result<std::string, ApiError> text_field(const json::object& body, const char* name) {
    const json::value* value = body.if_contains(name);
    if (!value || value->is_null())
        return invalid(std::string("Field '") + name + "' is required.");
    if (!value->is_string())
        return ApiError(400, "MALFORMED_REQUEST",
                        std::string("Could not parse request object: Expected '") + name + "' to be a string.");
    return std::string(value->as_string());
}

bool blank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string conversation_title(const std::string& question) {
    constexpr std::size_t kLongest = 80;
    if (question.size() <= kLongest)
        return question;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(question[end]) & 0xc0U) == 0x80U)
        --end;  // never inside a character
    return question.substr(0, end) + "...";
}

bool result_is_readable(const WalkPosition& position) {
    return position.visible == Visible::query || position.visible == Visible::everything;
}

}  // namespace workspace_detail

using namespace workspace_detail;

Workspace::Workspace(const GenieOptions& options, GenieFaults& faults)
    : options_(options),
      faults_(faults),
      spaces_(make_spaces(options.spaces)),
      oidc_(oidc_settings(options)),
      lakebase_(options.lakebase, faults),
      analyst_(options.seed, options.today) {}

net::ServerReply Workspace::handle(const net::ServerRequest& request, const std::string& base) {
    const std::string path(request.path());
    if (faults_.expire_tokens) {
        oidc_.revoke_all();
        faults_.expire_tokens = false;
    }
    if (path == "/.well-known/databricks-config")
        return net::ServerReply::json(200, json::serialize(Oidc::databricks_config(base)));
    if (path == "/oidc/.well-known/oauth-authorization-server" || path == "/oidc/.well-known/openid-configuration")
        return net::ServerReply::json(200, json::serialize(Oidc::authorization_server(base)));
    if (path == "/oidc/v1/token" && faults_.ip_blocked)
        return error_reply(*refuse(request), new_request_id());
    if (path == "/oidc/v1/token")
        return oidc_.token(request);
    if (path.starts_with("/sandbox/results/"))
        return stored_result(request, base);
    if (!path.starts_with("/api/"))
        return page(request);

    const std::string request_id = new_request_id();
    if (faults_.login_redirect) {
        net::ServerReply reply(302, "text/html", "");
        reply.headers.emplace_back("Location", "/login.html?next_url=%2F");
        return reply;
    }
    net::ServerReply reply;
    if (const auto refused = refuse(request)) {
        reply = error_reply(*refused, request_id);
    } else if (path.ends_with("/download-visualization") && request.method == "GET") {
        Call call;
        call.path = split_path(path);
        call.original = request.method + " " + path;
        reply = chart(call);
    } else {
        const ApiResult result = api(request, base);
        reply =
            result ? net::ServerReply::json(200, json::serialize(*result)) : error_reply(result.error(), request_id);
    }
    reply.headers.emplace_back("x-request-id", request_id);
    return reply;
}

std::optional<ApiError> Workspace::refuse(const net::ServerRequest& request) {
    // As databricks/security-analysis-tool, issue 82, quotes it.
    if (faults_.ip_blocked)
        return ApiError(403, "403",
                        "Source IP address: 203.0.113.9 is blocked by Databricks IP ACL for workspace: 1234567890");
    const std::string_view id = request.header("X-Databricks-Workspace-Id");
    const std::string_view older = request.header("X-Databricks-Org-Id");
    if (!options_.workspace_id.empty() && (id.empty() ? older : id) != options_.workspace_id)
        return ApiError(400, "BAD_REQUEST", "Unable to determine the workspace of this request.");
    switch (oidc_.check(request.header("Authorization"))) {
        case Oidc::Access::granted:
            return {};
        case Oidc::Access::missing:
            return ApiError(401, "UNAUTHENTICATED",
                            "Credential was not sent or was of an unsupported type for this API.");
        case Oidc::Access::expired_token:
            return ApiError(faults_.expired_status, usual_error_code(faults_.expired_status),
                            "ExpiredJwtException: the access token expired.");
        case Oidc::Access::unknown_token:
            break;
    }
    return ApiError(403, "PERMISSION_DENIED", "Invalid access token.");
}

ApiError Workspace::no_such_api(const Call& call) {
    return {404, "ENDPOINT_NOT_FOUND", "No API found for '" + call.original + "'"};
}

ApiResult Workspace::api(const net::ServerRequest& request, const std::string& base) {
    Call call;
    call.method = request.method;
    call.base = base;
    call.original = request.method + " " + std::string(request.path().substr(4));
    call.query = parse_form(request.query());
    call.path = split_path(request.path());
    // Some calls of the official clients have no body at all.
    if ((request.method == "POST" || request.method == "PATCH") && !request.body.empty()) {
        boost::system::error_code problem;
        json::value body = json::parse(request.body, problem);
        if (problem || !body.is_object())
            return ApiError(400, "MALFORMED_REQUEST", "Invalid JSON given in the body of the request - expected a map");
        call.body = std::move(body.as_object());
    }
    const auto below = [&call](std::initializer_list<std::string_view> folder) {
        if (call.path.size() < folder.size() || !std::equal(folder.begin(), folder.end(), call.path.begin()))
            return false;
        call.path.erase(call.path.begin(), call.path.begin() + static_cast<std::ptrdiff_t>(folder.size()));
        return true;
    };
    if (below({"api", "2.0", "genie", "spaces"}))
        return genie(call);
    if (below({"api", "2.0", "sql", "statements"}))
        return statements(call);
    if (below({"api", "2.0"}))
        return platform(call);
    return no_such_api(call);
}

const SpaceInfo* Workspace::find_space(const std::string& id) const {
    const auto found =
        std::find_if(spaces_.begin(), spaces_.end(), [&](const SpaceInfo& space) { return space.id == id; });
    return found == spaces_.end() ? nullptr : &*found;
}

ApiResult Workspace::genie(Call& call) {
    if (call.path.empty()) {
        if (call.method == "GET")
            return list_spaces(call);
        if (call.method == "POST")
            return ApiError(403, "PERMISSION_DENIED", "The spaces of this local look-alike cannot be changed.");
        return no_such_api(call);
    }
    const SpaceInfo* space = find_space(call.path.front());
    // databricks-sdk-py, issue 1073: a space that is not shared does not exist.
    if (faults_.spaces_not_shared)
        return ApiError(404, "RESOURCE_DOES_NOT_EXIST",
                        "Unable to get space [" + call.path.front() +
                            "]. Caused by Node with resource name Some(datarooms/" + call.path.front() +
                            ") does not exist.");
    if (!space)
        return not_found("Genie space", call.path.front());
    call.path.erase(call.path.begin());
    return one_space(call, *space);
}

ApiResult Workspace::list_spaces(const Call& call) const {
    std::vector<const SpaceInfo*> list;
    for (const SpaceInfo& space : spaces_)
        list.push_back(&space);
    return page_of(list, call.query, 20, "spaces", [](const SpaceInfo& space) { return space_json(space, false); });
}

ApiResult Workspace::one_space(Call& call, const SpaceInfo& space) {
    if (call.path.empty()) {
        if (call.method != "GET")
            return ApiError(403, "PERMISSION_DENIED", "The spaces of this local look-alike cannot be changed.");
        const auto serialized = call.query.find("include_serialized_space");
        return space_json(space, serialized != call.query.end() && serialized->second == "true");
    }
    if (call.path.front() == "start-conversation" && call.path.size() == 1 && call.method == "POST")
        return ask(call, space, nullptr);
    if (call.path.front() == "conversations") {
        call.path.erase(call.path.begin());
        return conversations(call, space);
    }
    return no_such_api(call);
}

ApiResult Workspace::conversations(Call& call, const SpaceInfo& space) {
    if (call.path.empty()) {
        if (call.method != "GET")
            return no_such_api(call);
        const auto list = store_.list(space.id);
        return page_of(list, call.query, 20, "conversations", [](const StoredConversation& conversation) {
            json::object entry;
            entry["conversation_id"] = conversation.id;
            entry["title"] = conversation.title;
            entry["created_timestamp"] = conversation.created_ms;
            entry["agent_type"] = "GENIE_CONVERSATION_TYPE_CHAT";
            return entry;
        });
    }
    StoredConversation* conversation = store_.find(space.id, call.path.front());
    if (!conversation)
        return not_found("Conversation", call.path.front());
    // databricks/cli, issue 5762.
    if (faults_.foreign_conversations)
        return ApiError(403, "PERMISSION_DENIED",
                        "User does not have permission to access conversation " + call.path.front() + ".");
    call.path.erase(call.path.begin());
    return one_conversation(call, space, *conversation);
}

ApiResult Workspace::one_conversation(Call& call, const SpaceInfo& space, StoredConversation& conversation) {
    if (call.path.empty()) {
        if (call.method != "DELETE")
            return no_such_api(call);
        store_.remove(space.id, conversation.id);
        return json::object();
    }
    if (call.path.front() == "list-comments" && call.path.size() == 1 && call.method == "GET") {
        json::object body;
        json::array list;
        for (const auto& message : conversation.messages)
            for (const Comment& comment : message->comments)
                list.push_back(comment_json(*message, comment));
        if (!list.empty())
            body["comments"] = std::move(list);
        return body;
    }
    if (call.path.front() != "messages")
        return no_such_api(call);
    if (call.path.size() == 1) {
        if (call.method == "POST")
            return ask(call, space, &conversation);
        if (call.method != "GET")
            return no_such_api(call);
        const std::vector<std::shared_ptr<StoredMessage>> list(conversation.messages.rbegin(),
                                                               conversation.messages.rend());
        return page_of(list, call.query, 20, "messages",
                       [this](const StoredMessage& message) { return message_now(message); });
    }
    const auto message = ConversationStore::find_message(conversation, call.path[1]);
    if (!message)
        return not_found("Message", call.path[1]);
    call.path.erase(call.path.begin(), call.path.begin() + 2);
    return one_message(call, conversation, *message);
}

ApiResult Workspace::one_message(Call& call, StoredConversation& conversation, StoredMessage& message) {
    if (call.path.empty()) {
        if (call.method == "GET")
            return message_now(message);
        if (call.method != "DELETE")
            return no_such_api(call);
        ConversationStore::remove_message(conversation, message.id);
        return json::object();
    }
    const std::string& what = call.path.front();
    if (what == "feedback" && call.method == "POST" && call.path.size() == 1)
        return feedback(call, message);
    if (what == "comments" && call.path.size() == 1) {
        if (call.method == "POST")
            return add_comment(call, message);
        std::vector<const Comment*> list;
        for (const Comment& comment : message.comments)
            list.push_back(&comment);
        return page_of(list, call.query, 20, "comments",
                       [&](const Comment& comment) { return comment_json(message, comment); });
    }
    if (what == "attachments" && call.path.size() >= 3) {
        call.path.erase(call.path.begin());
        return one_attachment(call, message);
    }
    // The deprecated spellings (databricks.md 1.2).
    if (what == "query-result" && call.method == "GET" && call.path.size() <= 2) {
        if (call.path.size() == 2 && call.path[1] != message.query_id)
            return not_found("Attachment", call.path[1]);
        return query_result(call, message);
    }
    if (what == "execute-query" && call.method == "POST" && call.path.size() == 1)
        return execute_query(call, message);
    return no_such_api(call);
}

ApiResult Workspace::one_attachment(Call& call, StoredMessage& message) {
    if (call.path.front() != message.query_id)
        return not_found("Attachment", call.path.front());
    const std::string& what = call.path[1];
    if (what == "query-result" && call.method == "GET" && call.path.size() == 2)
        return query_result(call, message);
    if (what == "execute-query" && call.method == "POST" && call.path.size() == 2)
        return execute_query(call, message);
    if (what == "downloads" && call.method == "POST" && call.path.size() == 2)
        return start_download(message);
    if (what == "downloads" && call.method == "GET" && call.path.size() == 3)
        return poll_download(call);
    return no_such_api(call);
}

std::optional<ApiError> Workspace::too_many_questions() {
    if (store_.all_messages().size() >= kMaxQuestions)
        return ApiError(429, "RESOURCE_EXHAUSTED", "This local look-alike holds no more questions; start it again.");
    if (options_.questions_per_minute <= 0)
        return {};
    const TimePoint now = Clock::now();
    while (!asked_.empty() && now - asked_.front() >= std::chrono::minutes(1))
        asked_.pop_front();
    if (asked_.size() < static_cast<std::size_t>(options_.questions_per_minute)) {
        asked_.push_back(now);
        return {};
    }
    ApiError error(429, "REQUEST_LIMIT_EXCEEDED", "Too many questions in this workspace. Please retry later.");
    const Duration wait = asked_.front() + std::chrono::minutes(1) - now;
    error.retry_after = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(wait).count());
    return error;
}

ApiResult Workspace::ask(const Call& call, const SpaceInfo& space, StoredConversation* conversation) {
    const auto content = text_field(call.body, "content");
    if (!content)
        return content.error();
    if (blank(*content))
        return invalid("Field 'content' must not be empty.");
    if (content->size() > kMaxContent)
        return invalid("Field 'content' is too long.");
    if (auto refused = too_many_questions())
        return std::move(*refused);
    const bool starts = conversation == nullptr;
    if (starts && store_.list(space.id).size() >= ConversationStore::kMaxConversations)
        return ApiError(429, "RESOURCE_EXHAUSTED", "The space has reached its limit of conversations.");
    if (!starts && conversation->messages.size() >= ConversationStore::kMaxMessages)
        return ApiError(429, "RESOURCE_EXHAUSTED", "The conversation has reached its limit of messages.");
    if (starts)
        conversation = &store_.create(space.id, conversation_title(*content));

    std::string outcome;
    if (!faults_.outcomes.empty()) {
        outcome = faults_.outcomes.front();
        faults_.outcomes.erase(faults_.outcomes.begin());
    }
    const bool busy = std::any_of(conversation->messages.begin(), conversation->messages.end(),
                                  [this](const auto& other) { return !position_of(*other).terminal; });
    if (busy)
        outcome = "BLOCK_MULTIPLE";

    const auto message = store_.add_message(*conversation, *content);
    message->outcome = outcome;
    if (outcome == "BLOCK_MULTIPLE") {
        message->error_type = "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION";
        message->error_text = "Another question of this conversation is still running.";
    } else {
        message->answer = analyst_.answer(space, *content, conversation->context);
        message->error_type = faults_.failed_error_type;
        message->error_text = faults_.failed_error_text;
    }
    message->walk = plan_walk(outcome, message->answer.has_query(), options_.status_time);
    const json::value* visualize = call.body.if_contains("enable_visualization");
    message->visualize = visualize && visualize->is_bool() && visualize->as_bool();

    WalkPosition submitted;
    submitted.status = "SUBMITTED";
    json::object body = message_json(*message, submitted);
    if (!starts)
        return body;
    json::object answer;
    answer["conversation_id"] = conversation->id;
    answer["message_id"] = message->id;
    answer["conversation"] = conversation_json(*conversation);
    answer["message"] = std::move(body);
    return answer;
}

WalkPosition Workspace::position_of(const StoredMessage& message) const {
    const TimePoint now = Clock::now();
    WalkPosition position = message.position(now);
    if (!position.terminal || !message.answer.has_query())
        return position;
    const TimePoint executed = message.executed_again ? message.executed : message.created + position.since;
    if (message.executed_again && position.status == "QUERY_RESULT_EXPIRED")
        position.status = "COMPLETED";
    if (position.status == "COMPLETED" && now - executed >= options_.result_life)
        position.status = "QUERY_RESULT_EXPIRED";
    return position;
}

json::object Workspace::message_now(const StoredMessage& message) const {
    return message_json(message, position_of(message));
}

void Workspace::finish_questions() {
    const TimePoint now = Clock::now();
    for (const auto& message : store_.all_messages()) {
        if (message->position(now).terminal)
            continue;
        // It took until now.
        message->walk.steps.clear();
        message->walk.steps.emplace_back("ASKING_AI", now - message->created);
        message->walk.end = "COMPLETED";
        message->walk.end_visible = Visible::everything;
    }
}

ApiResult Workspace::feedback(const Call& call, StoredMessage& message) const {
    const auto rating = text_field(call.body, "rating");
    if (!rating)
        return rating.error();
    if (*rating != "POSITIVE" && *rating != "NEGATIVE" && *rating != "NONE")
        return invalid("Field 'rating' must be POSITIVE, NEGATIVE or NONE.");
    const json::value* comment = call.body.if_contains("comment");
    message.rating = *rating;
    message.feedback_comment =
        comment && comment->is_string() && *rating != "NONE" ? std::string(comment->as_string()) : "";
    return json::object();
}

ApiResult Workspace::add_comment(const Call& call, StoredMessage& message) {
    const auto content = text_field(call.body, "content");
    if (!content)
        return content.error();
    if (blank(*content) || content->size() > kMaxContent)
        return invalid("Field 'content' must not be empty, or is too long.");
    Comment comment;
    comment.id = store_.new_id();
    comment.content = *content;
    comment.created_ms = now_ms();
    message.comments.push_back(comment);
    return comment_json(message, comment);
}

}  // namespace genie_slack::sandbox::databricks
