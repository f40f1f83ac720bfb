// One connection to PostgreSQL. Blocks; used by one thread at a time (storage.md 3.4). Every call throws SqlError.
#pragma once

#include "core/secret.hpp"
#include "storage/lakebase/sql_error.hpp"
#include "storage/lakebase/sql_text.hpp"
#include "storage/lakebase/statements.hpp"
#include "storage/lakebase_storage.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::storage::lakebase {

class Session {
 public:
    using Rows = std::vector<std::vector<std::string>>;

    // Logs in and sets the session up; behind a transaction pooler there is nothing to set up. The password is used
    // once and not kept.
    Session(const DatabaseSettings& settings, const Login& login);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Executes a statement's files with that batch in one transaction; what the one with its name gives. Prepared at
    // the first time, or executed as they are behind a pooler. By libpq, since SOCI has no pipeline.
    std::string call(const Statement& statement, const BatchText& batch);
    // Runs statements without parameters, outside SOCI's own parser, and gives the rows of the last one; NULL is "".
    Rows query(const std::string& statements);

    // How many notifications of other sessions have arrived on a channel that this one listens to. Does not wait.
    std::size_t take_notifications();
    // Leaves a transaction that a failed call left open; false when the session has to be closed.
    bool settle();
    // Whether a transaction pooler stands between: what belongs to a session must not be used then.
    bool is_pooled() const;
    // The socket, for a watcher that shuts it down when the server is silent for too long; -1 when there is none.
    int socket() const;
    // Server version, as libpq gives it: 150020.
    int server_version() const;
    // "TLSv1.3", or "" without TLS.
    std::string tls_version() const;

 private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

// libpq's connection URI, in a form that SOCI's own splitter leaves intact. Exposed for its test.
std::string connection_string(const DatabaseSettings& settings, const Login& login);

}  // namespace genie_slack::storage::lakebase
