#include "storage/lakebase/doctor.hpp"

#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/privileges.hpp"
#include "storage/lakebase/schema_check.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace genie_slack::storage::lakebase {

namespace {

constexpr int kOldestServer = 150000;

// So large that the server has to make a file longer: only then it notices that there is no room.
constexpr const char* kRoomProbe =
    "BEGIN; INSERT INTO genie_app.dead_letters (kind, turn_id, sqlstate, detail) "
    "SELECT 'check', '', '', string_agg(md5(random()::text), '') FROM generate_series(1, 4000); ROLLBACK";

constexpr const char* kReadOnlyRemedy =
    "connect to the primary server, or end what makes it read-only: default_transaction_read_only, a failover, a limit "
    "of the project";

Finding right(std::string check, std::string what) {
    Finding finding;
    finding.is_right = true;
    finding.check = std::move(check);
    finding.what = std::move(what);
    return finding;
}

Finding wrong(std::string check, std::string what, std::string remedy) {
    Finding finding;
    finding.check = std::move(check);
    finding.what = std::move(what);
    finding.remedy = std::move(remedy);
    return finding;
}

Finding bearable(std::string check, std::string what, std::string remedy) {
    Finding finding = wrong(std::move(check), std::move(what), std::move(remedy));
    finding.is_bearable = true;
    return finding;
}

// What to do when a statement of the doctor fails, by what the server says; `otherwise` where it says nothing special.
std::string remedy_for(const SqlError& error, const std::string& otherwise) {
    if (error.sqlstate() == "55P03" || error.sqlstate() == "57014")
        return "another session holds what this one waits for, a migration or a clean-up perhaps: SELECT pid, "
               "usename, state, xact_start, query FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY "
               "xact_start; shows it, SELECT pg_terminate_backend(pid); ends it";
    if (error.sqlstate() == "25006")
        return kReadOnlyRemedy;
    switch (error.fault()) {
        case SqlFault::full:
            return "give the database more room, or raise the limit of its project; until then no question is "
                   "recorded. genie-slack cleanup --older-than \"180 days\" deletes old conversations, VACUUM "
                   "makes their room usable again";
        case SqlFault::schema:
            return "restore what the line names from a backup; migrations that were applied do not make it again";
        case SqlFault::connection_lost:
            return "check again; when it stays, the server's own log says why it ends the connection";
        case SqlFault::login_refused:
        case SqlFault::conflict:
        case SqlFault::bad_row:
        case SqlFault::privilege:
        case SqlFault::other:
            break;
    }
    return otherwise;
}

// "" when the address takes a connection within `limit`, else why not.
std::string try_to_connect(const addrinfo& address, Duration limit) {
    const int socket_fd =
        ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
    if (socket_fd < 0)
        return std::strerror(errno);
    std::string failure;
    if (::connect(socket_fd, address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS)
        failure = std::strerror(errno);
    pollfd waiting{socket_fd, POLLOUT, 0};
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    if (failure.empty() && ::poll(&waiting, 1, static_cast<int>(milliseconds)) != 1)
        failure = "no answer within " + std::to_string(milliseconds / 1000) + " s";
    int error = 0;
    socklen_t size = sizeof(error);
    if (failure.empty() && ::getsockopt(socket_fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0)
        failure = std::strerror(error);
    ::close(socket_fd);
    return failure;
}

bool check_privileges(Session& session, const DatabaseSettings& settings, bool to_migrate,
                      std::vector<Finding>& findings) {
    const auto all_missing = missing_privileges(session, settings, to_migrate);
    for (const MissingPrivilege& missing : all_missing)
        findings.push_back(wrong("Privileges", missing.what, missing.statement));
    return all_missing.empty();
}

// The schema's own functions know which columns and indexes it needs. True when all are there.
bool check_tables(Session& session, const DatabaseSettings& settings, std::vector<Finding>& findings) {
    constexpr const char* kCheck = "Columns and indexes";
    bool is_right = true;
    std::string notes;
    for (const auto& row : session.query("SELECT alert_level, alert_message FROM " + quote_name(settings.chat_schema) +
                                         ".schema_alerts()")) {
        if (row.at(0) == "INFO")
            notes += "; " + row.at(1);
        if (row.at(0) == "OK" || row.at(0) == "INFO")
            continue;
        findings.push_back(wrong(kCheck, row.at(1), "run what the line says as the owner of the table"));
        is_right = false;
    }
    if (is_right)
        findings.push_back(right(kCheck, "the chat tables have all that they need" + notes));
    return is_right;
}

// What any statement of the program needs is there when the server can prepare it. False when one cannot be.
bool check_statements(Session& session, const DatabaseSettings& settings, std::vector<Finding>& findings) {
    const std::string broken = broken_statement(session, settings);
    if (broken.empty())
        findings.push_back(right("Statements", "all " + std::to_string(statement_names().size()) + " can be executed"));
    else
        findings.push_back(
            wrong("Statements", broken,
                  "restore what the line names from a backup; migrations that were applied do not make it again"));
    return broken.empty();
}

void check_indexes(Session& session, std::vector<Finding>& findings) {
    for (const MissingIndex& index : missing_indexes(session)) {
        const std::string remedy = "run as the owner of the table: " + index.statement;
        findings.push_back(index.is_unique
                               ? wrong("Index", index.name + " is missing: things may be recorded twice", remedy)
                               : bearable("Index", index.name + " is missing: look-ups grow slow", remedy));
    }
}

void check_room(Session& session, std::vector<Finding>& findings) {
    try {
        session.query(kRoomProbe);
        findings.push_back(right("Room", "a row can be written"));
    } catch (const SqlError& error) {
        findings.push_back(
            wrong("Room", error.what(), remedy_for(error, "see the text; what the bot has to record meets the same")));
        session.settle();
    }
}

// What the bot gave up lately: nobody else tells that rows are missing in Chainlit's tables.
void check_dead_letters(Session& session, std::vector<Finding>& findings) {
    constexpr const char* kCheck = "Dead letters";
    std::string kinds;
    for (const auto& row : session.query("SELECT kind, count(*), string_agg(DISTINCT nullif(sqlstate, ''), ', ') "
                                         "FROM genie_app.dead_letters WHERE created_at >= now() - interval '7 days' "
                                         "GROUP BY kind ORDER BY count(*) DESC, kind LIMIT 10")) {
        kinds += kinds.empty() ? "" : "; ";
        kinds += row.at(0) == "turn" ? row.at(1) + " given up (turn)" : row.at(1) + " refused (" + row.at(0);
        if (row.at(0) != "turn")
            kinds += row.at(2).empty() ? ")" : ", SQLSTATE " + row.at(2) + ")";
    }
    if (kinds.empty())
        findings.push_back(right(kCheck, "none of the last 7 days"));
    else
        findings.push_back(
            bearable(kCheck, "of the last 7 days: " + kinds,
                     "SELECT * FROM genie_app.dead_letters ORDER BY id DESC LIMIT 20; shows which and why: a question "
                     "that was given up has no answer, what was refused is missing in the chat tables (a constraint, "
                     "trigger or column that somebody added?). DELETE what has been looked at"));
}

// What people write in Slack fits into UTF-8 alone.
void check_encoding(Session& session, std::vector<Finding>& findings) {
    const std::string encoding = session.query("SHOW server_encoding").at(0).at(0);
    if (encoding == "UTF8")
        findings.push_back(right("Encoding", "the database stores UTF-8"));
    else
        findings.push_back(
            wrong("Encoding",
                  "the database stores " + encoding +
                      ": most of the world's words, and emoji, "
                      "are refused",
                  "make a database WITH ENCODING 'UTF8' TEMPLATE template0, and restore a dump into it"));
}

// From the applied migrations to a row that is written and taken back.
void check_schema(Session& session, const DatabaseSettings& settings, std::vector<Finding>& findings) {
    check_encoding(session, findings);
    const SchemaState state = schema_state(session, settings);
    if (check_privileges(session, settings, !state.pending.empty(), findings))
        findings.push_back(right(
            "Privileges", state.pending.empty() ? "the role may use the schema" : "the role may create the schema"));
    if (!state.pending.empty()) {
        const std::string pending =
            std::to_string(state.pending.size()) + " migrations, functions or views are pending";
        findings.push_back(bearable("Migrations",
                                    state.version == 0 ? "the database is empty: " + pending
                                                       : "version " + std::to_string(state.version) + ", " + pending,
                                    "nothing, since serve applies them at its start; genie-slack migrate does it now"));
        return;
    }
    findings.push_back(right("Migrations", "version " + std::to_string(state.version) +
                                               (state.is_newer ? ", newer than this program" : "")));
    const bool has_tables = check_tables(session, settings, findings);
    check_indexes(session, findings);
    if (has_tables && check_statements(session, settings, findings)) {
        check_room(session, findings);
        check_dead_letters(session, findings);
    }
}

}  // namespace

std::vector<Finding> check_address(const DatabaseSettings& settings) {
    std::vector<Finding> findings;
    const std::string port = std::to_string(settings.port);
    const std::string place = settings.host + ":" + port;
    if (settings.host.rfind('/', 0) == 0) {
        findings.push_back(right("Address", "Unix socket in " + settings.host));
        return findings;
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(settings.host.c_str(), port.c_str(), &hints, &found); error != 0) {
        findings.push_back(wrong("Address", settings.host + " does not resolve: " + ::gai_strerror(error),
                                 "check PGHOST and the DNS of this machine"));
        return findings;
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    findings.push_back(right("Address", settings.host + " resolves"));
    std::string failure;
    for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
        failure = try_to_connect(*address, settings.connect_timeout);
        if (failure.empty())
            break;
    }
    if (failure.empty())
        findings.push_back(right("Connection", place + " takes connections"));
    else
        findings.push_back(wrong("Connection", place + ": " + failure,
                                 "check PGHOST and PGPORT, that the database runs, and that no firewall is between"));
    return findings;
}

std::vector<Finding> check_session(Session& session, const DatabaseSettings& settings) {
    std::vector<Finding> findings;
    const std::string tls = session.tls_version();
    if (!tls.empty())
        findings.push_back(right("TLS", tls + " (PGSSLMODE=" + settings.sslmode + ")"));
    else if (settings.host.rfind('/', 0) == 0 || settings.sslmode == "disable" || settings.sslmode == "allow" ||
             settings.sslmode == "prefer")
        findings.push_back(right("TLS", "none (PGSSLMODE=" + settings.sslmode + ")"));
    else
        findings.push_back(wrong("TLS", "none", "set PGSSLMODE=require or verify-full"));
    if (session.is_pooled())
        findings.push_back(
            right("Pooler", "one stands between, so nothing is kept in a session; a direct host is faster"));
    const std::string version = session.query("SHOW server_version").at(0).at(0);
    if (session.server_version() >= kOldestServer)
        findings.push_back(right("Version", "PostgreSQL " + version));
    else
        findings.push_back(wrong("Version", "PostgreSQL " + version, "PostgreSQL 15 or newer is needed"));
    try {
        // Without these not even the version can be read.
        if (!check_privileges(session, settings, false, findings))
            return findings;
        check_schema(session, settings, findings);
    } catch (const MigrationError& error) {
        findings.push_back(
            wrong("Migrations", error.what(), "start the version that fits this database, or set what the line names"));
    } catch (const SqlError& error) {
        findings.push_back(wrong("Schema", error.what(), remedy_for(error, "genie-slack migrate")));
    }
    return findings;
}

// TLS that does not come about, by what libpq says of it.
Finding explain_tls(const std::string& text, const DatabaseSettings& settings) {
    const std::string place = settings.host + ":" + std::to_string(settings.port);
    const auto says = [&text](const char* sign) { return text.find(sign) != std::string::npos; };
    if (says("does not match host name"))
        return wrong("TLS", text,
                     "set PGHOST to a name that stands in the server's certificate, or give the server one for " +
                         settings.host);
    if (says("does not support SSL"))
        return wrong("TLS", text,
                     "turn TLS on in the server (ssl = on), which PGSSLMODE=" + settings.sslmode +
                         " asks for, or correct PGHOST and PGPORT: " + place);
    if (says("certificate verify failed"))
        return wrong("TLS", text,
                     "the certificate of " + place + " is signed by nobody in " +
                         (settings.sslrootcert.empty() ? "the list of authorities" : settings.sslrootcert) +
                         ", or has run out: name a file with its authority in PGSSLROOTCERT; with PGSSLROOTCERT=system "
                         "put the authority into /usr/local/share/ca-certificates, then sudo update-ca-certificates");
    return wrong("TLS", text, "check PGSSLMODE and PGSSLROOTCERT");
}

Finding explain_login(const SqlError& error, const DatabaseSettings& settings) {
    const std::string text = error.what();
    const std::string place = settings.host + ":" + std::to_string(settings.port);
    if (has_no_free_session(text))
        return wrong("Login", text,
                     text.find("for role") != std::string::npos
                         ? "ALTER ROLE " + quote_name(settings.user) +
                               " CONNECTION LIMIT -1; or lower DATABASE_POOL_SIZE: a process takes so many "
                               "connections and one more"
                         : "end sessions that nobody needs (SELECT * FROM pg_stat_activity), raise max_connections "
                           "or the limit of the database, or lower DATABASE_POOL_SIZE: a process takes so many "
                           "connections and one more");
    for (const char* sign : {"invalid response to SSL negotiation", "expected authentication request", "expected SASL",
                             "server closed the connection", "unexpected response from server"})
        if (text.find(sign) != std::string::npos)
            return wrong("Login", text,
                         "what answers at " + place +
                             " is perhaps no PostgreSQL: check PGHOST and PGPORT; else the server's own log says why "
                             "it ends the connection");
    for (const char* sign : {"session is read-only", "is in hot standby mode"})
        if (text.find(sign) != std::string::npos)
            return wrong("Login", text, kReadOnlyRemedy);
    if (text.find("does not exist") != std::string::npos)
        return wrong("Login", text, "check PGDATABASE and PGUSER; the role of an app is its client id");
    if (text.find("permission denied for database") != std::string::npos)
        return wrong("Login", text,
                     "GRANT CONNECT, CREATE ON DATABASE " + quote_name(settings.database) + " TO " +
                         quote_name(settings.user) + ";");
    if (error.fault() == SqlFault::login_refused)
        return wrong("Login", text,
                     "check PGUSER and PGPASSWORD; without PGPASSWORD the role " + settings.user +
                         " has to exist in the database and belong to the identity that DATABRICKS_* names; "
                         "set LAKEBASE_ENDPOINT or DATABASE_INSTANCE so that a database credential is issued");
    if (text.find("certificate") != std::string::npos || text.find("SSL") != std::string::npos)
        return explain_tls(text, settings);
    return wrong("Login", text, "see the text; the server's own log says more");
}

}  // namespace genie_slack::storage::lakebase
