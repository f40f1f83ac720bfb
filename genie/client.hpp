// The client of Databricks' Genie API (databricks.md 1).
#pragma once

#include "core/clock.hpp"
#include "core/net/http_client.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "genie/poll_schedule.hpp"
#include "genie/token_provider.hpp"
#include "genie/types.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::genie {

enum class GenieFault {
    auth,            // token refused, also after a refresh
    permission,      // 403
    not_found,       // 404: missing, or no access
    invalid,         // 400, 409 and other refusals of this very request
    rate_limited,    // 429 that outlasted the deadline, or retry_after beyond it
    unavailable,     // certainly not processed; 5xx of a GET, no connection
    ambiguous,       // a POST whose outcome is unknown and whose repetition costs: look it up before repeating
    result_expired,  // the result is gone, execute the query again
    query_failed,    // the SQL failed (HTTP 200 with state FAILED)
    timeout,         // deadline; a question POST then certainly did not arrive (else: ambiguous)
    configuration,   // answers that are no API: redirect to a login page, HTML, wrong host
    cancelled,
};

const char* to_string(GenieFault fault);

// What a refusal (permission, not_found, configuration) is about, as far as Databricks tells.
enum class Subject {
    unknown,
    space,         // the space, or the right to use it
    conversation,  // a conversation or message that is gone, or belongs to another identity; the space may be fine
    network,       // the address that the call came from: an IP access list or network policy of the workspace
};

const char* to_string(Subject subject);

struct GenieError {
    GenieError() = default;
    GenieError(GenieFault fault_, std::string message_) : fault(fault_), message(std::move(message_)) {}

    GenieFault fault = GenieFault::unavailable;
    std::string message;     // what failed and why; redacted, but it may quote a query and its values
    std::string loggable;    // the same without what could be such a quotation; "" when there is none
    std::string error_code;  // RESOURCE_DOES_NOT_EXIST, ...
    Subject subject = Subject::unknown;
    int http_status = 0;
    std::optional<Duration> retry_after;
    std::string request_id;
};

// What the log may say of an error: nothing that could quote SQL, or values.
inline const std::string& loggable(const GenieError& error) {
    const bool may_quote = error.fault == GenieFault::query_failed || error.fault == GenieFault::invalid;
    if (error.loggable.empty())
        return may_quote ? error.error_code : error.message;
    return error.loggable;
}

[[noreturn]] inline void throw_exception_from_error(const GenieError& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

template <class T>
using GenieResult = Result<T, GenieError>;

// Whom a wait for an answer calls, on the event loop (both may be empty), and what is known about such waits.
struct AnswerWatch {
    AnswerWatch() = default;
    AnswerWatch(std::function<void(const Message&)> on_change_, std::function<void()> on_sign_)
        : on_change(std::move(on_change_)), on_sign(std::move(on_sign_)) {}

    std::function<void(const Message&)> on_change;  // every message whose status or progress text differs
    std::function<void()> on_sign;                  // every poll that is answered
    std::optional<UsualTimes> usual;                // of answers of the space
};

// Calls end by their deadline. GETs are repeated on transient failures within it; POSTs only when they certainly did
// not arrive (connect failures, 429, 503 with Retry-After). A 401 refreshes the token once.
class Client {
 public:
    virtual ~Client() = default;

    // Reads all pages.
    virtual boost::asio::awaitable<GenieResult<std::vector<Space>>> list_spaces(Deadline deadline) = 0;
    // With sample questions where the permission allows (falls back to the plain request on 403).
    virtual boost::asio::awaitable<GenieResult<Space>> get_space(std::string space_id, Deadline deadline) = 0;

    virtual boost::asio::awaitable<GenieResult<Message>> start_conversation(std::string space_id, std::string question,
                                                                            Deadline deadline) = 0;
    virtual boost::asio::awaitable<GenieResult<Message>> create_message(std::string space_id,
                                                                        std::string conversation_id,
                                                                        std::string question, Deadline deadline) = 0;
    virtual boost::asio::awaitable<GenieResult<Message>> get_message(std::string space_id, std::string conversation_id,
                                                                     std::string message_id, Deadline deadline) = 0;
    // Newest first, all pages up to `limit`.
    virtual boost::asio::awaitable<GenieResult<std::vector<Message>>> list_messages(std::string space_id,
                                                                                    std::string conversation_id,
                                                                                    std::size_t limit,
                                                                                    Deadline deadline) = 0;
    virtual boost::asio::awaitable<GenieResult<std::vector<Conversation>>> list_conversations(std::string space_id,
                                                                                              std::size_t limit,
                                                                                              Deadline deadline) = 0;

    // Rows of a query attachment, all chunks. GenieFault::result_expired asks for execute_query.
    virtual boost::asio::awaitable<GenieResult<ResultTable>> query_result(std::string space_id,
                                                                          std::string conversation_id,
                                                                          std::string message_id,
                                                                          std::string attachment_id,
                                                                          Deadline deadline) = 0;
    // Runs the attachment's SQL again and waits for its rows.
    virtual boost::asio::awaitable<GenieResult<ResultTable>> execute_query(std::string space_id,
                                                                           std::string conversation_id,
                                                                           std::string message_id,
                                                                           std::string attachment_id,
                                                                           Deadline deadline) = 0;

    // The whole result of a query attachment, also what lies beyond Genie's 5,000 rows: Databricks runs the query anew
    // and writes it to files. Cut (and `truncated`) at ClientOptions::max_download_rows and max_download_bytes.
    virtual boost::asio::awaitable<GenieResult<ResultTable>> download_result(std::string space_id,
                                                                             std::string conversation_id,
                                                                             std::string message_id,
                                                                             std::string attachment_id,
                                                                             Deadline deadline) = 0;
    // Genie's own chart as PNG bytes; "" when there is none to be had (Beta: any refusal is taken for that).
    virtual boost::asio::awaitable<std::string> visualization_png(std::string space_id, std::string conversation_id,
                                                                  std::string message_id, std::string attachment_id,
                                                                  Deadline deadline) = 0;
    // Who asks Genie.
    virtual boost::asio::awaitable<GenieResult<Identity>> identity(Deadline deadline) = 0;
    // Asks Databricks to end a query that runs (Attachment::statement_id). Genie's message has no such call: it ends by
    // itself, or goes on.
    virtual boost::asio::awaitable<GenieResult<void>> cancel_statement(std::string statement_id, Deadline deadline) = 0;

    virtual boost::asio::awaitable<GenieResult<void>> send_feedback(std::string space_id, std::string conversation_id,
                                                                    std::string message_id, Rating rating,
                                                                    std::string comment, Deadline deadline) = 0;

    // Polls until the message is terminal or the deadline. A failed poll does not end the wait; auth, permission and
    // not_found that repeat do.
    virtual boost::asio::awaitable<GenieResult<Message>> wait_for_answer(std::string space_id,
                                                                         std::string conversation_id,
                                                                         std::string message_id, AnswerWatch watch,
                                                                         Deadline deadline) = 0;

    // The page of a conversation in the workspace, for links.
    virtual std::string conversation_url(const std::string& space_id, const std::string& conversation_id) const = 0;
};

struct ClientOptions {
    std::string host;          // https://workspace, or a Genie gateway
    std::string workspace_id;  // sent with each call and put into links; "" for a host that is one workspace
    std::string user_agent = "genie-slack";
    Duration call_timeout = std::chrono::seconds(60);  // of one HTTP exchange
    // Waits between polls; the last one grows by half each time up to poll_cap.
    std::vector<Duration> poll_schedule = usual_waits();
    Duration poll_cap = std::chrono::seconds(15);
    double poll_jitter = 0.15;
    Duration retry_first = std::chrono::milliseconds(500);
    Duration retry_cap = std::chrono::seconds(10);
    std::size_t max_result_rows = 5000;
    std::size_t max_download_rows = 200'000;
    std::size_t max_download_bytes = 40u << 20;
    bool visualizations = false;  // asks Genie for a chart of its own with each answer (Beta)
};

// All references must outlive the client.
std::unique_ptr<Client> create_client(net::HttpClient& http, TokenProvider& tokens, Random& random,
                                      ClientOptions options);

}  // namespace genie_slack::genie
