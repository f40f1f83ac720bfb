// The look-alike without its sockets: one request in, one reply out, at once. Everything that takes time in Databricks
// is a matter of when it is asked.
#pragma once

#include "core/net/http_server.hpp"
#include "sandbox/genie/analyst.hpp"
#include "sandbox/genie/conversations.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/genie/lakebase.hpp"
#include "sandbox/genie/oidc.hpp"
#include "sandbox/genie/sample_spaces.hpp"
#include "sandbox/genie/wire.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

class Workspace {
 public:
    Workspace(const GenieOptions& options, GenieFaults& faults);

    // `base` is http://host:port as the caller sees it.
    net::ServerReply handle(const net::ServerRequest& request, const std::string& base);

    const std::vector<SpaceInfo>& spaces() const { return spaces_; }
    const ConversationStore& store() const { return store_; }
    const Oidc& oidc() const { return oidc_; }
    const Lakebase& lakebase() const { return lakebase_; }
    void finish_questions();
    std::string new_request_id() { return random_.uuid(); }

 private:
    // One API call, taken apart.
    struct Call {
        std::string method;
        std::vector<std::string> path;  // behind the folder that chose the handler
        std::map<std::string, std::string> query;
        boost::json::object body;
        std::string base;
        std::string original;  // "GET /api/2.0/..." for error texts
    };

    std::optional<ApiError> refuse(const net::ServerRequest& request);
    ApiResult api(const net::ServerRequest& request, const std::string& base);
    static ApiError no_such_api(const Call& call);

    ApiResult genie(Call& call);
    ApiResult one_space(Call& call, const SpaceInfo& space);
    ApiResult conversations(Call& call, const SpaceInfo& space);
    ApiResult one_conversation(Call& call, const SpaceInfo& space, StoredConversation& conversation);
    ApiResult one_message(Call& call, StoredConversation& conversation, StoredMessage& message);
    ApiResult one_attachment(Call& call, StoredMessage& message);

    ApiResult list_spaces(const Call& call) const;
    ApiResult ask(const Call& call, const SpaceInfo& space, StoredConversation* conversation);
    ApiResult feedback(const Call& call, StoredMessage& message) const;
    ApiResult add_comment(const Call& call, StoredMessage& message);
    ApiResult query_result(const Call& call, StoredMessage& message);
    ApiResult execute_query(const Call& call, StoredMessage& message);
    ApiResult start_download(StoredMessage& message);
    ApiResult poll_download(const Call& call) const;
    ApiResult statements(const Call& call);
    ApiResult cancel_statement(const std::string& statement_id);
    ApiResult platform(const Call& call);
    ApiResult databases(const Call& call);

    net::ServerReply stored_result(const net::ServerRequest& request, const std::string& base);
    net::ServerReply chart(const Call& call);
    net::ServerReply page(const net::ServerRequest& request) const;

    const SpaceInfo* find_space(const std::string& id) const;
    // A whole result, made by running the query once more.
    struct Download {
        std::string statement_id;  // of that run
        Answer answer;
        std::size_t rows = 0;
        TimePoint started{};
    };
    const Download* find_download(const std::string& statement_id) const;
    // The "result" object of one part; nothing when there is none of that index.
    std::optional<boost::json::object> download_part(const Download& download, std::size_t index,
                                                     const std::string& base) const;

    // The message's state now: expired results and endless questions considered.
    WalkPosition position_of(const StoredMessage& message) const;
    boost::json::object message_now(const StoredMessage& message) const;
    Result<Table> rows_of(const StoredMessage& message);
    StatementView view_of(const StoredMessage& message, const Table& table, const std::string& base) const;
    std::optional<ApiError> too_many_questions();

    const GenieOptions& options_;
    GenieFaults& faults_;
    std::vector<SpaceInfo> spaces_;
    Oidc oidc_;
    Lakebase lakebase_;
    Analyst analyst_;
    ConversationStore store_;
    Random random_;
    std::deque<TimePoint> asked_;                // of the last minute, for questions_per_minute
    std::map<std::string, Download> downloads_;  // by download id
};

}  // namespace genie_slack::sandbox::databricks
