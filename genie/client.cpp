// Long because it has every call of Genie's API; each is a path, and what its answer means.
#include "genie/client.hpp"

#include "core/log.hpp"
#include "core/net/url.hpp"
#include "genie/api.hpp"
#include "genie/parse.hpp"
#include "genie/paths.hpp"
#include "genie/poll_schedule.hpp"
#include "genie/query_results.hpp"
#include "genie/refusal_wait.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace genie_slack::genie {

namespace asio = boost::asio;
namespace json = boost::json;

namespace client_detail {

constexpr std::size_t kMaxSpaces = 10'000;
constexpr int kMaxPages = 500;
constexpr std::size_t kPageSize = 100;
// So many polls in a row may end in a refusal before the wait gives up.
constexpr int kMaxRefusals = 3;
// The last poll comes this long before the deadline, so that its answer still arrives.
constexpr Duration kLastPollMargin = std::chrono::seconds(2);

// Between the reads of a message that is completed without an answer.
constexpr Duration kAnswerPauses[] = {std::chrono::milliseconds(500), std::chrono::seconds(1), std::chrono::seconds(2)};

bool has_answer(const Message& message) {
    const AnswerParts parts = select_answer(message);
    return !parts.texts.empty() || !parts.clarification.empty() || parts.query;
}

std::string trimmed_host(std::string host) {
    while (!host.empty() && host.back() == '/')
        host.pop_back();
    return host;
}

GenieError bad_id(const char* what) {
    return GenieError(GenieFault::invalid, std::string("no usable ") + what + " id");
}

const char* rating_text(Rating rating) {
    switch (rating) {
        case Rating::positive:
            return "POSITIVE";
        case Rating::negative:
            return "NEGATIVE";
        case Rating::none:
            return "NONE";
    }
    return "NONE";
}

// A repeat will not change these refusals; everything else may pass.
bool is_refusal(GenieFault fault) {
    switch (fault) {
        case GenieFault::auth:
        case GenieFault::permission:
        case GenieFault::not_found:
        case GenieFault::invalid:
        case GenieFault::configuration:
            return true;
        case GenieFault::rate_limited:
        case GenieFault::unavailable:
        case GenieFault::ambiguous:
        case GenieFault::result_expired:
        case GenieFault::query_failed:
        case GenieFault::timeout:
        case GenieFault::cancelled:
            return false;
    }
    return false;
}

class GenieClient final : public Client {
 public:
    GenieClient(net::HttpClient& http, TokenProvider& tokens, Random& random, ClientOptions options)
        : options_(std::move(options)),
          random_(random),
          api_(http, tokens, random, options_),
          results_(api_, random, options_) {
        options_.host = trimmed_host(options_.host);
    }

    asio::awaitable<GenieResult<std::vector<Space>>> list_spaces(Deadline deadline) override {
        auto listed = co_await list(spaces_path(), parse_spaces, kMaxSpaces, deadline);
        co_return listed;
    }

    asio::awaitable<GenieResult<Space>> get_space(std::string space_id, Deadline deadline) override {
        if (!is_segment(space_id))
            co_return bad_id("space");
        ApiCall with_questions("GET", space_path(space_id) + "?include_serialized_space=true");
        auto answer = co_await api_.call(std::move(with_questions), deadline);
        // The serialized form needs CAN EDIT (databricks.md 1.8).
        if (!answer &&
            (answer.error().fault == GenieFault::permission || answer.error().fault == GenieFault::invalid)) {
            ApiCall plain("GET", space_path(space_id));
            answer = co_await api_.call(std::move(plain), deadline);
        }
        if (!answer)
            co_return answer.error();
        Space space = parse_space(*answer);
        if (space.id.empty())
            space.id = space_id;
        co_return space;
    }

    asio::awaitable<GenieResult<Message>> start_conversation(std::string space_id, std::string question,
                                                             Deadline deadline) override {
        if (!is_segment(space_id))
            co_return bad_id("space");
        ApiCall call("POST", space_path(space_id) + "/start-conversation");
        auto asked = co_await ask(std::move(call), std::move(question), std::move(space_id), "", deadline);
        co_return asked;
    }

    asio::awaitable<GenieResult<Message>> create_message(std::string space_id, std::string conversation_id,
                                                         std::string question, Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id))
            co_return bad_id("space or conversation");
        ApiCall call("POST", conversation_path(space_id, conversation_id) + "/messages");
        auto asked = co_await ask(std::move(call), std::move(question), std::move(space_id), std::move(conversation_id),
                                  deadline);
        co_return asked;
    }

    asio::awaitable<GenieResult<Message>> get_message(std::string space_id, std::string conversation_id,
                                                      std::string message_id, Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id))
            co_return bad_id("space, conversation or message");
        ApiCall call("GET", message_path(space_id, conversation_id, message_id));
        auto answer = co_await api_.call(std::move(call), deadline);
        if (!answer)
            co_return answer.error();
        co_return completed(parse_message(*answer), space_id, conversation_id, message_id);
    }

    asio::awaitable<GenieResult<std::vector<Message>>> list_messages(std::string space_id, std::string conversation_id,
                                                                     std::size_t limit, Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id))
            co_return bad_id("space or conversation");
        auto listed =
            co_await list(conversation_path(space_id, conversation_id) + "/messages", parse_messages, limit, deadline);
        if (listed)
            for (Message& message : *listed)
                message = completed(std::move(message), space_id, conversation_id, "");
        co_return listed;
    }

    asio::awaitable<GenieResult<std::vector<Conversation>>> list_conversations(std::string space_id, std::size_t limit,
                                                                               Deadline deadline) override {
        if (!is_segment(space_id))
            co_return bad_id("space");
        auto listed = co_await list(space_path(space_id) + "/conversations", parse_conversations, limit, deadline);
        co_return listed;
    }

    asio::awaitable<GenieResult<ResultTable>> query_result(std::string space_id, std::string conversation_id,
                                                           std::string message_id, std::string attachment_id,
                                                           Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id) ||
            !is_segment(attachment_id))
            co_return bad_id("space, conversation, message or attachment");
        auto table =
            co_await results_.fetch(attachment_path(space_id, conversation_id, message_id, attachment_id), deadline);
        co_return table;
    }

    asio::awaitable<GenieResult<ResultTable>> execute_query(std::string space_id, std::string conversation_id,
                                                            std::string message_id, std::string attachment_id,
                                                            Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id) ||
            !is_segment(attachment_id))
            co_return bad_id("space, conversation, message or attachment");
        auto table =
            co_await results_.execute(attachment_path(space_id, conversation_id, message_id, attachment_id), deadline);
        co_return table;
    }

    asio::awaitable<GenieResult<ResultTable>> download_result(std::string space_id, std::string conversation_id,
                                                              std::string message_id, std::string attachment_id,
                                                              Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id) ||
            !is_segment(attachment_id))
            co_return bad_id("space, conversation, message or attachment");
        auto table =
            co_await results_.download(attachment_path(space_id, conversation_id, message_id, attachment_id), deadline);
        co_return table;
    }

    asio::awaitable<std::string> visualization_png(std::string space_id, std::string conversation_id,
                                                   std::string message_id, std::string attachment_id,
                                                   Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id) ||
            !is_segment(attachment_id))
            co_return "";
        ApiCall call("GET",
                     attachment_path(space_id, conversation_id, message_id, attachment_id) + "/download-visualization");
        call.raw = true;
        auto answer = co_await api_.call(std::move(call), deadline);
        if (!answer) {
            log::info("genie.no_visualization", {{"error", loggable(answer.error())}});
            co_return "";
        }
        constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
        const json::string& bytes = answer->get_string();
        if (std::string_view(bytes.data(), bytes.size()).substr(0, kPngSignature.size()) != kPngSignature) {
            log::info("genie.no_visualization", {{"error", "the answer is no PNG"}});
            co_return "";
        }
        co_return std::string(bytes.data(), bytes.size());
    }

    asio::awaitable<GenieResult<Identity>> identity(Deadline deadline) override {
        ApiCall call("GET", "/api/2.0/preview/scim/v2/Me");
        auto answer = co_await api_.call(std::move(call), deadline);
        if (!answer)
            co_return answer.error();
        co_return parse_identity(*answer);
    }

    asio::awaitable<GenieResult<void>> cancel_statement(std::string statement_id, Deadline deadline) override {
        if (!is_segment(statement_id))
            co_return bad_id("statement");
        ApiCall call("POST", "/api/2.0/sql/statements/" + net::percent_encode(statement_id) + "/cancel");
        call.body = "{}";
        auto answer = co_await api_.call(std::move(call), deadline);
        if (!answer)
            co_return answer.error();
        co_return GenieResult<void>();
    }

    asio::awaitable<GenieResult<void>> send_feedback(std::string space_id, std::string conversation_id,
                                                     std::string message_id, Rating rating, std::string comment,
                                                     Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id))
            co_return bad_id("space, conversation or message");
        json::object body;
        body["rating"] = rating_text(rating);
        if (!comment.empty())
            body["comment"] = comment;
        ApiCall call("POST", message_path(space_id, conversation_id, message_id) + "/feedback");
        call.body = json::serialize(body);
        call.private_text = std::move(comment);
        auto answer = co_await api_.call(std::move(call), deadline);
        if (!answer)
            co_return answer.error();
        co_return GenieResult<void>();
    }

    asio::awaitable<GenieResult<Message>> wait_for_answer(std::string space_id, std::string conversation_id,
                                                          std::string message_id, AnswerWatch watch,
                                                          Deadline deadline) override {
        if (!is_segment(space_id) || !is_segment(conversation_id) || !is_segment(message_id))
            co_return bad_id("space, conversation or message");
        const std::string path = message_path(space_id, conversation_id, message_id);
        PollSchedule schedule(watch.usual ? waits_for(*watch.usual) : options_.poll_schedule, options_.poll_cap,
                              options_.poll_jitter);
        std::optional<Message> seen;
        std::string last_failure;
        RefusalWait refusal_wait;
        int refusals = 0;
        bool last_poll = false;
        std::string request_id;
        for (;;) {
            ApiCall call("GET", path);
            call.request_id = &request_id;
            auto answer = co_await api_.attempt(std::move(call), deadline);
            Duration at_least{};
            if (answer) {
                refusals = 0;
                last_failure.clear();
                if (watch.on_sign)
                    watch.on_sign();
                Message message = completed(parse_message(*answer), space_id, conversation_id, message_id);
                message.request_id = request_id;
                if (watch.on_change && (!seen || differs(*seen, message)))
                    watch.on_change(message);
                if (is_terminal(message.status)) {
                    auto whole = co_await with_answer(std::move(message), path, deadline);
                    co_return whole;
                }
                seen = std::move(message);
            } else {
                const GenieError error = answer.error().error;
                last_failure = error.message;
                refusals = is_refusal(error.fault) ? refusals + 1 : 0;
                if (refusals >= kMaxRefusals || error.fault == GenieFault::cancelled)
                    co_return error;
                at_least = refusal_wait.at_least(error);
                log::info("genie.poll_failed", {{"error", loggable(error)}, {"refusals", refusals}});
            }
            if (last_poll || deadline.expired())
                co_return out_of_time(path, seen, last_failure);
            Duration wait = std::max(schedule.next(random_), at_least);
            if (wait >= deadline.remaining()) {
                wait = deadline.remaining() - std::min(deadline.remaining() / 2, kLastPollMargin);
                last_poll = true;
            }
            const bool go_on = co_await Api::pause(wait);
            if (!go_on)
                co_return GenieError(GenieFault::cancelled, "waiting for " + path + " was cancelled");
        }
    }

    std::string conversation_url(const std::string& space_id, const std::string& conversation_id) const override {
        return options_.host + "/genie/rooms/" + net::percent_encode(space_id) + "/chats/" +
               net::percent_encode(conversation_id) +
               (options_.workspace_id.empty() ? "" : "?o=" + options_.workspace_id);
    }

 private:
    // Genie may say COMPLETED a moment before the answer is there (databricks.md 1.4): then the message is read again,
    // a few times, and is what it is in the end.
    asio::awaitable<GenieResult<Message>> with_answer(Message message, std::string path, Deadline deadline) {
        for (const Duration pause : kAnswerPauses) {
            if (message.status != MessageStatus::completed || has_answer(message) || pause >= deadline.remaining())
                break;
            const bool go_on = co_await Api::pause(pause);
            if (!go_on)
                co_return GenieError(GenieFault::cancelled, "waiting for " + path + " was cancelled");
            ApiCall call("GET", path);
            auto answer = co_await api_.attempt(std::move(call), deadline);
            if (!answer)
                continue;
            Message again = completed(parse_message(*answer), message.space_id, message.conversation_id, message.id);
            again.request_id = message.request_id;
            log::info("genie.answer_read_again", {{"message", message.id}, {"has_answer", has_answer(again)}});
            if (is_terminal(again.status))
                message = std::move(again);
        }
        co_return message;
    }

    static std::string attachment_path(const std::string& space, const std::string& conversation,
                                       const std::string& message, const std::string& attachment) {
        return message_path(space, conversation, message) + "/attachments/" + net::percent_encode(attachment);
    }

    // What the answer left out is known from the request.
    static Message completed(Message message, const std::string& space, const std::string& conversation,
                             const std::string& id) {
        message.space_id = space;
        if (message.conversation_id.empty())
            message.conversation_id = conversation;
        if (message.id.empty())
            message.id = id;
        return message;
    }

    static bool differs(const Message& before, const Message& after) {
        return before.status != after.status || before.status_text != after.status_text ||
               progress_text(before) != progress_text(after);
    }

    static GenieError out_of_time(const std::string& path, const std::optional<Message>& seen,
                                  const std::string& last_failure) {
        std::string text = "no answer in time: " + path;
        if (seen)
            text += ", last status " + seen->status_text.substr(0, 40);
        if (!last_failure.empty())
            text += ", last poll failed: " + last_failure;
        return GenieError(GenieFault::timeout, std::move(text));
    }

    asio::awaitable<GenieResult<Message>> ask(ApiCall call, std::string question, std::string space_id,
                                              std::string conversation_id, Deadline deadline) {
        json::object body;
        body["content"] = question;
        if (options_.visualizations)
            body["enable_visualization"] = true;
        call.body = json::serialize(body);
        call.repeat = Repeat::question;
        call.private_text = question;
        const std::string label = call.method + " " + call.path;
        std::string request_id;
        call.request_id = &request_id;
        auto answer = co_await api_.call(std::move(call), deadline);
        if (!answer)
            co_return answer.error();
        Message message = completed(parse_started(*answer), space_id, conversation_id, "");
        message.request_id = std::move(request_id);
        if (!is_segment(message.id) || !is_segment(message.conversation_id))
            co_return GenieError(GenieFault::ambiguous, label + ": answered without the ids of the question");
        if (message.content.empty())
            message.content = std::move(question);
        co_return message;
    }

    // Reads all pages, at most `limit` elements. A server that repeats its page token ends the listing.
    template <class T>
    asio::awaitable<GenieResult<std::vector<T>>> list(std::string path, std::vector<T> (*parse)(const json::value&),
                                                      std::size_t limit, Deadline deadline) {
        std::vector<T> found;
        std::string token;
        for (int page = 0; page < kMaxPages && found.size() < limit; ++page) {
            std::string query = "?page_size=" + std::to_string(std::min(limit, kPageSize));
            if (!token.empty())
                query += "&page_token=" + net::percent_encode(token);
            ApiCall call("GET", path + query);
            auto answer = co_await api_.call(std::move(call), deadline);
            if (!answer)
                co_return answer.error();
            for (T& element : parse(*answer))
                if (found.size() < limit)
                    found.push_back(std::move(element));
            std::string next = next_page_token(*answer);
            if (next.empty())
                co_return found;
            if (next == token)
                break;
            token = std::move(next);
        }
        log::debug("genie.list_cut", {{"path", path}, {"elements", found.size()}});
        co_return found;
    }

    ClientOptions options_;
    Random& random_;
    Api api_;
    QueryResults results_;
};

}  // namespace client_detail

std::unique_ptr<Client> create_client(net::HttpClient& http, TokenProvider& tokens, Random& random,
                                      ClientOptions options) {
    return std::make_unique<client_detail::GenieClient>(http, tokens, random, std::move(options));
}

}  // namespace genie_slack::genie
