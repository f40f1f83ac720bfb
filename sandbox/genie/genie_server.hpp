// A local Databricks: OIDC, and Genie spaces that answer sample questions about a small built-in data set by really
// running SQL over it (databricks.md 1, 3, 7).
#pragma once

#include "core/clock.hpp"
#include "sandbox/genie/data_set.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::sandbox {

// A database credential as it was issued.
struct DatabaseGrant {
    std::string target;  // the endpoint's or the instance's name
    std::string token;   // like a JWT, over a kilobyte
    WallTime expires{};
};

// The databases that the workspace knows; they run elsewhere.
struct LakebaseOptions {
    std::vector<std::string> endpoints = {"projects/genie-slack/branches/production/endpoints/primary"};
    std::vector<std::string> instances = {"genie-slack-lakebase"};
    std::string host = "127.0.0.1";  // what look-ups tell
    int credential_seconds = 3600;   // life of issued credentials
    std::string token;               // what is issued; "" for a new one each time
    // Called with each credential before it is answered: makes it the password of a role in a real PostgreSQL.
    std::function<void(const DatabaseGrant&)> on_grant;
};

// The service principal's federation policy: whose tokens are exchanged for one of its own.
struct FederationPolicy {
    std::string issuer = "https://kubernetes.default.svc.cluster.local";
    std::string audience = "5b5f1d0e-0000-4000-8000-000000000001";  // the account's id, where a policy names none
    std::string subject = "system:serviceaccount:genie-slack:genie-slack";
};

struct GenieOptions {
    std::uint16_t port = 0;
    std::string token = "dapi-sandbox-token";  // accepted as PAT
    std::string client_id = "sandbox-client";  // accepted for M2M
    std::string client_secret = "sandbox-secret";
    int token_seconds = 3600;     // life of minted M2M tokens
    FederationPolicy federation;  // of the same service principal: whose tokens are exchanged
    // Of a host that serves many workspaces: calls have to name it (databricks-sdk-py, issue 1436). "": one workspace.
    std::string workspace_id;
    int spaces = 1;  // 1 or more (up to 3 built-in ones; more are numbered copies)
    // How long a question stays in each status; tests make it zero, the page keeps it watchable.
    Duration status_time = std::chrono::milliseconds(600);
    std::uint64_t seed = 1;  // of the data; ids differ from run to run
    // The last day of the data, which counts as today. Fixed, so that tests see the same rows in every run; not before.
    std::chrono::sys_days today = databricks::kToday;
    int questions_per_minute = 0;                  // above it questions are answered 429; 0: no limit
    Duration result_life = std::chrono::hours(1);  // then a result is expired and the query has to be executed again
    LakebaseOptions lakebase;
};

struct GenieFaults {
    // Per call, in order: `path` is matched as a substring of "METHOD /path?query"; the token endpoint counts too.
    struct CallFault {
        std::string path;
        int http_status = 0;  // 0: the normal answer, perhaps late or slow
        std::optional<int> retry_after;
        std::string error_code;
        std::string raw_body;  // instead of a JSON error (HTML page, empty, ...)
        std::string content_type = "application/json";
        Duration delay{};           // before answering
        bool slow_body = false;     // the body byte by byte over `delay`
        bool reset_before = false;  // reset without processing
        bool reset_after = false;   // process, then reset without an answer
        int times = 1;
    };
    std::vector<CallFault> calls;
    // How the next questions end, in order; the one named "" is normal: FAILED, CANCELLED, QUERY_RESULT_EXPIRED,
    // SELF_CORRECTION, UNKNOWN_STATUS, NULL_ATTACHMENTS, MISSING_RESULT, TYPED_ARRAY, SQL_FAILED, HANG (never ends),
    // WAREHOUSE (long PENDING_WAREHOUSE), BLOCK_MULTIPLE, FAILED_WITH_SUGGESTIONS, THINKING (a text with a phase on the
    // way), CHUNKS (a result in many chunks), EXTERNAL_LINKS (a result behind links that refuse Authorization),
    // RESULT_CLOSED (the statement's state is CLOSED), LEGACY (no message_id, seconds instead of milliseconds).
    std::vector<std::string> outcomes;
    std::string failed_error_type = "SQL_EXECUTION_EXCEPTION";
    std::string failed_error_text = "[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found.";
    bool expire_tokens = false;   // every M2M token is refused from now on, new ones work (falls back by itself)
    int expired_status = 401;     // of the answer to an expired token: 401 or 403
    bool login_redirect = false;  // every API call answers 302 to /login.html
    bool ip_blocked = false;      // an IP access list refuses every call
    // Conversations that were there before belong to another identity: 403, while new ones can be started.
    bool foreign_conversations = false;
    bool spaces_not_shared = false;  // 404 for every space, as for one that does not exist
    bool no_charts = false;          // the download of visualizations (Beta) is refused
    int expired_credentials = 0;     // so many of the next database credentials are expired when they are issued
    // Of every database, "" for a running one: INIT (endpoint) and STARTING (instance) have no host yet, DISABLED,
    // STOPPED.
    std::string database_state;
};

struct GenieCall {
    std::string method;
    std::string path;  // without the query
    std::string query;
    boost::json::object body;  // of the token endpoint: grant_type and scope
    std::string user_agent;
    int status = 0;  // 0 while it is being answered, or when the connection was reset
    TimePoint at{};
};

struct GenieQuestion {
    std::string space_id;
    std::string conversation_id;
    std::string message_id;
    std::string content;
    std::string status;
    std::string rating;  // POSITIVE, NEGATIVE, NONE or ""
    std::string comment;
};

// All methods on the executor's thread.
class GenieServer {
 public:
    virtual ~GenieServer() = default;
    virtual std::uint16_t port() const = 0;
    virtual std::string host() const = 0;  // http://127.0.0.1:PORT
    virtual boost::asio::awaitable<void> run() = 0;
    virtual const GenieOptions& options() const = 0;
    virtual GenieFaults& faults() = 0;
    virtual std::vector<std::string> space_ids() const = 0;
    // The last 20,000 at most, in order of arrival.
    virtual const std::vector<GenieCall>& calls() const = 0;
    // Every question that was accepted, in order.
    virtual std::vector<GenieQuestion> questions() const = 0;
    // Every running question, also one that hangs, is COMPLETED from now on.
    virtual void finish_questions() = 0;
    // How many OAuth tokens were minted.
    virtual std::size_t tokens_minted() const = 0;
    // Database credentials that were issued, the last 5,000 at least, in order.
    virtual const std::vector<DatabaseGrant>& database_grants() const = 0;
};

// Throws boost::system::system_error when the port cannot be bound.
std::unique_ptr<GenieServer> create_genie_server(boost::asio::any_io_executor executor, GenieOptions options = {});

}  // namespace genie_slack::sandbox
