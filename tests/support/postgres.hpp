// A real PostgreSQL server of the test's own: TLS on, passwords by SCRAM, nothing but TLS accepted over TCP.
#pragma once

#include "tests/support/certificates.hpp"
#include "tests/support/child_process.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::test {

class PostgresServer {
 public:
    // Started and ready. `settings` are put into postgresql.conf.
    explicit PostgresServer(std::map<std::string, std::string> settings = {});
    // Stops the server and removes its files.
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    std::uint16_t port() const { return port_; }
    // Directory of the Unix socket, on which the superuser "postgres" needs no password.
    const std::string& socket_directory() const { return directory_; }
    // Where the server's programs are (pgbench, psql).
    const std::string& programs() const { return programs_; }
    // Certificate of the authority that signed the server's certificate (for localhost and 127.0.0.1).
    const std::string& ca_file() const { return authority_.file(); }

    // Ends every session and the server as "pg_ctl stop -m immediate" does.
    void stop();
    // SIGKILL for the postmaster and all its children.
    void kill();
    // SIGSTOP and SIGCONT for all of them: a server that hangs with open connections.
    void pause();
    void resume();
    // After stop() or kill(): on the same port, with recovery.
    void start();

    // Runs statements as superuser and returns the rows of the last one as text; NULL is "<null>". Throws what the
    // server says.
    using Rows = std::vector<std::vector<std::string>>;
    Rows query(const std::string& database, const std::string& statements);
    // The first field of the first row.
    std::string value(const std::string& database, const std::string& statements);

    // A login role with that password and nothing more.
    void create_role(const std::string& role, const std::string& password);
    // A database in which `role` may do what the database resource of a Databricks App allows: CONNECT and CREATE.
    void create_database(const std::string& database, const std::string& role);
    // What the server wrote so far.
    std::string log() const;

 private:
    void write_file(const std::string& name, const std::string& text);
    std::vector<int> processes() const;
    void wait_for_end();
    void remove_shared_memory();

    Authority authority_;
    std::string directory_;
    std::string programs_;
    std::uint16_t port_ = 0;
    std::unique_ptr<ChildProcess> process_;
    std::string earlier_log_;
};

}  // namespace genie_slack::test
