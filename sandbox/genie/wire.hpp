// The look-alike's objects as the JSON that Databricks sends (databricks.md 1.3, 1.7, 1.10).
#pragma once

#include "core/net/http_server.hpp"
#include "sandbox/genie/conversations.hpp"
#include "sandbox/genie/sample_spaces.hpp"
#include "sandbox/genie/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace genie_slack::sandbox::databricks {

struct ApiError {
    ApiError() = default;
    ApiError(int status_, std::string code_, std::string message_)
        : status(status_), code(std::move(code_)), message(std::move(message_)) {}

    int status = 500;
    std::string code;
    std::string message;
    std::optional<int> retry_after;
};

[[noreturn]] inline void throw_exception_from_error(const ApiError& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

using ApiResult = boost::system::result<boost::json::object, ApiError>;

net::ServerReply error_reply(const ApiError& error, const std::string& request_id);
// What the real service usually says with this status.
std::string usual_error_code(int status);

inline constexpr std::int64_t kUserId = 7405181234567890123;  // beyond what a double holds exactly

boost::json::object space_json(const SpaceInfo& space, bool serialized);
boost::json::object conversation_json(const StoredConversation& conversation);
// As it is at `position`. `finished_before` only dates the message.
boost::json::object message_json(const StoredMessage& message, const WalkPosition& position);
boost::json::object comment_json(const StoredMessage& message, const Comment& comment);

enum class ResultForm { plain, typed_array, without_result, chunked, external };

struct StatementView {
    std::string statement_id;
    std::string state = "SUCCEEDED";
    std::string error_message;     // with FAILED
    const Table* table = nullptr;  // with SUCCEEDED
    ResultForm form = ResultForm::plain;
    std::string base;       // of external links: http://host:port
    std::string signature;  // what external links carry
};

inline constexpr std::size_t kChunkRows = 2;  // of ResultForm::chunked and external

// {"statement_response": {...}}
boost::json::object statement_response(const StatementView& view);
boost::json::object statement_json(const StatementView& view);
// One chunk's "result" object; nothing when there is none of that index.
std::optional<boost::json::object> chunk_json(const StatementView& view, std::size_t index);
// What stands behind an external link.
boost::json::array chunk_rows(const StatementView& view, std::size_t index);

}  // namespace genie_slack::sandbox::databricks
