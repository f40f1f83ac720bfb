// Storage in Databricks Lakebase, or any PostgreSQL 15 to 18, through SOCI.
#pragma once

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace genie_slack::storage {

// How a session is opened.
struct DatabaseSettings {
    std::string host;
    std::uint16_t port = 5432;
    std::string user;
    std::string database;
    std::string sslmode = "require";
    std::string sslrootcert;                // file, or "" for libpq's default
    std::string chat_schema = "genie_app";  // where Chainlit's tables are
    std::string application_name = "genie-slack";
    Duration connect_timeout = std::chrono::seconds(10);    // whole seconds, 2 at least
    Duration statement_timeout = std::chrono::seconds(10);  // for one batch
};

// What a new session logs in with, since both may change while the process lives.
struct Login {
    std::string host;  // "": the settings' host
    Secret password;
    // In place of the settings' values, when set: what this password demands.
    std::string sslmode;
    std::string sslrootcert;
};

// Gives it on the event loop. `renew`: the last password was refused, so a cached one is of no use. Has to call `done`
// exactly once, in its own time.
using LoginSource = std::function<void(bool renew, std::function<void(StorageResult<Login>)> done)>;

struct LakebaseOptions {
    DatabaseSettings database;
    // Names this process among all; the owner of its leases. It holds a lock of that name on a session of its own, by
    // which others see at once that it died. "": no lock, its leases run out.
    std::string process;
    std::size_t sessions = 4;
    std::size_t max_queue = 10'000;                          // calls that wait; further ones are refused
    std::size_t max_batch = 256;                             // calls that travel together
    Duration session_life = std::chrono::minutes(45);        // with 10 % jitter
    Duration login_timeout = std::chrono::seconds(20);       // how long a new session waits for its Login
    Duration first_retry = std::chrono::milliseconds(200);   // after a failed connect; doubles
    Duration max_retry = std::chrono::seconds(2);            // while nobody answers there
    Duration first_refused_retry = std::chrono::seconds(1);  // while logins are refused, or there is no credential
    Duration max_refused_retry = std::chrono::seconds(10);
};

// start() creates and migrates the schema, and may be repeated after a failure. The object lives on the executor's
// single thread; its sessions live on threads of their own, which the destructor ends.
std::unique_ptr<Storage> create_lakebase_storage(boost::asio::any_io_executor executor, LakebaseOptions options,
                                                 LoginSource logins);

}  // namespace genie_slack::storage
