#include "storage/lakebase/session.hpp"

#include "storage/lakebase/pooler.hpp"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <algorithm>
#include <map>
#include <optional>

namespace genie_slack::storage::lakebase {

namespace {

constexpr std::string_view kDomain = "database: ";
constexpr Oid kJsonb = 3802;  // of every PostgreSQL

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

// As a URI writes it; a NUL byte, which no server takes, is left out.
std::string encode_option(std::string_view value) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (kPlain.find(c) != std::string_view::npos) {
            encoded += c;
        } else if (byte != 0) {
            encoded += '%';
            encoded += kDigits[byte >> 4];
            encoded += kDigits[byte & 15];
        }
    }
    return encoded;
}

// libpq's texts end in a newline and may have several lines; the server's first line says it all.
std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\t')
            c = ' ';
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

std::string seconds(Duration duration) {
    return std::to_string(std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(duration).count()));
}

std::string milliseconds(Duration duration) {
    return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::milliseconds>(duration).count()));
}

}  // namespace

// SOCI takes a string of options apart and puts it together again, and some of its versions change quotes, backslashes
// or blanks in values on the way: a URI without any of them is one word to all of them. Silence of a dead peer is found
// by keep-alive and tcp_user_timeout.
std::string connection_string(const DatabaseSettings& settings, const Login& login) {
    std::string text = "postgresql://?host=" + encode_option(login.host.empty() ? settings.host : login.host);
    text += "&user=" + encode_option(settings.user);
    text += "&dbname=" + encode_option(settings.database);
    text += "&password=" + encode_option(login.password.reveal());
    text += "&application_name=" + encode_option(settings.application_name);
    const std::string& authorities = login.sslrootcert.empty() ? settings.sslrootcert : login.sslrootcert;
    if (!authorities.empty())
        text += "&sslrootcert=" + encode_option(authorities);
    text += "&sslmode=" + encode_option(login.sslmode.empty() ? settings.sslmode : login.sslmode);
    text += "&target_session_attrs=read-write";
    // Whatever PGCLIENTENCODING, the role or the database have.
    text += "&client_encoding=UTF8";
    text += "&keepalives=1&keepalives_idle=20&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=15000";
    text += "&connect_timeout=" + seconds(settings.connect_timeout);
    text += "&port=" + std::to_string(settings.port);
    return text;
}

struct Session::Implementation {
    // A file of sql/statements as this session knows it.
    struct Prepared {
        std::string text;
        bool is_prepared = false;
    };

    Implementation(const soci::backend_factory& factory, const std::string& parameters)
        : session(factory, parameters) {}

    PGconn* connection() { return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_; }

    // What a result that is an error means; `result` may be null when the connection is lost.
    SqlError error_of(const PGresult* result) {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char* hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
        const std::string sqlstate = state ? state : "";
        const bool connected = PQstatus(connection()) == CONNECTION_OK;
        std::string message(kDomain);
        if (!connected)
            message += "the connection was lost";
        else if (may_quote_values(sqlstate))
            message += "the row is refused";
        else
            message += one_line(result ? PQresultErrorMessage(result) : PQerrorMessage(connection()));
        if (!sqlstate.empty())
            message += " (" + sqlstate + ")";
        return {classify(sqlstate, connected), sqlstate, message, hint ? hint : ""};
    }

    // Puts a file's execution, and its preparation when this is the first one, into the pipeline.
    void send(std::string_view file, const std::string& batch);
    // Takes the results of what was sent: the first field of the first row of `wanted`.
    std::string receive(std::string_view wanted);

    soci::session session;
    std::string chat_schema;
    bool is_pooled = false;
    std::map<std::string_view, Prepared> prepared;
    std::vector<std::string_view> sent_files;  // in the pipeline
    std::vector<std::string_view> preparing;   // those of them whose preparation is there too
};

Session::Session(const DatabaseSettings& settings, const Login& login) {
    try {
        implementation_ = std::make_unique<Implementation>(soci::postgresql, connection_string(settings, login));
    } catch (const soci::soci_error& error) {
        // "Cannot establish connection to the database.\n" and libpq's text, which never names the password.
        std::string text = error.get_error_message();
        const std::string prefix = "Cannot establish connection to the database.";
        if (text.rfind(prefix, 0) == 0)
            text.erase(0, prefix.size());
        text = one_line(std::move(text));
        text.erase(0, text.find_first_not_of(' '));
        throw SqlError(classify_connect_failure(text), "", redact(std::string(kDomain) + text));
    }
    // With the default verbosity an error quotes whole rows.
    PQsetErrorVerbosity(implementation_->connection(), PQERRORS_TERSE);
    // libpq would write notices to standard error.
    PQsetNoticeProcessor(implementation_->connection(), [](void*, const char*) {}, nullptr);
    implementation_->chat_schema = settings.chat_schema;
    const std::string backend = query("SELECT pg_backend_pid()").at(0).at(0);
    implementation_->is_pooled =
        lakebase::is_pooled(login.host.empty() ? settings.host : login.host,
                            backend == std::to_string(PQbackendPID(implementation_->connection())));
    // Behind a pooler a setting would stay with a server process that serves others next. Nothing of ours needs one:
    // names are qualified, times travel with their zone, and no plan outlives its statement.
    if (implementation_->is_pooled)
        return;
    // Every statement of ours looks rows up by their keys. Planned while the tables are small it would read all of
    // them, and keep doing so while they grow. None is worth compiling, nor planning anew for each batch, whose size
    // is all that differs.
    query(
        "SET enable_seqscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan; SET statement_timeout = " +
        milliseconds(settings.statement_timeout) + "; SET lock_timeout = " +
        milliseconds(settings.statement_timeout / 2) + "; SET idle_in_transaction_session_timeout = 60000");
}

Session::~Session() = default;

void Session::Implementation::send(std::string_view file, const std::string& batch) {
    Prepared& known = prepared[file];
    if (known.text.empty())
        known.text = statement_text(file, chat_schema);
    const std::string name(file);
    sent_files.push_back(file);
    const char* values[] = {batch.c_str()};
    const int lengths[] = {static_cast<int>(batch.size())};
    bool sent = true;
    if (is_pooled) {
        sent = PQsendQueryParams(connection(), known.text.c_str(), 1, &kJsonb, values, lengths, nullptr, 0) == 1;
    } else {
        if (!known.is_prepared) {
            sent = PQsendPrepare(connection(), name.c_str(), known.text.c_str(), 1, &kJsonb) == 1;
            preparing.push_back(file);
        }
        sent = sent && PQsendQueryPrepared(connection(), name.c_str(), 1, values, lengths, nullptr, 0) == 1;
    }
    if (!sent)
        throw error_of(nullptr);
}

std::string Session::Implementation::receive(std::string_view wanted) {
    std::string value;
    std::optional<SqlError> failure;
    std::size_t next_file = 0;
    // Between the results of two commands stands one null; two of them say that nothing will come any more.
    for (int nulls = 0; nulls < 2;) {
        const Result result(PQgetResult(connection()), &PQclear);
        if (!result) {
            ++nulls;
            continue;
        }
        nulls = 0;
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_PIPELINE_SYNC) {
            if (failure)
                throw SqlError(*failure);
            return value;
        }
        if (status == PGRES_FATAL_ERROR && !failure)
            failure = error_of(result.get());
        if (failure)
            continue;
        // The commands came in the order of the files, each preparation before its execution.
        const std::string_view file = sent_files.at(next_file);
        if (!preparing.empty() && preparing.front() == file && status == PGRES_COMMAND_OK &&
            !prepared[file].is_prepared) {
            prepared[file].is_prepared = true;
            preparing.erase(preparing.begin());
            continue;
        }
        if (file == wanted && PQntuples(result.get()) > 0 && PQgetisnull(result.get(), 0, 0) == 0)
            value.assign(PQgetvalue(result.get(), 0, 0), static_cast<std::size_t>(PQgetlength(result.get(), 0, 0)));
        ++next_file;
    }
    throw failure ? SqlError(*failure) : error_of(nullptr);
}

// All files in one round trip. PostgreSQL treats what stands before a synchronisation as one transaction, and so does a
// pooler.
std::string Session::call(const Statement& statement, const BatchText& batch) {
    PGconn* connection = implementation_->connection();
    implementation_->sent_files.clear();
    implementation_->preparing.clear();
    if (PQenterPipelineMode(connection) != 1)
        throw implementation_->error_of(nullptr);
    for (const std::string_view file : statement.files)
        if (!file.empty())
            implementation_->send(file, batch.calls);
    if (statement.has_rows && !batch.people.empty())
        for (const std::string_view file : kPeopleFiles)
            implementation_->send(file, batch.people);
    if (statement.has_rows && !batch.rows.empty())
        implementation_->send("write_chat_rows", batch.rows);
    if (PQpipelineSync(connection) != 1)
        throw implementation_->error_of(nullptr);
    std::optional<SqlError> failure;
    std::string value;
    try {
        value = implementation_->receive(statement.name);
    } catch (const SqlError& error) {
        failure = error;
    }
    PQexitPipelineMode(connection);
    if (failure)
        throw SqlError(*failure);
    return value.empty() ? "null" : value;
}

Session::Rows Session::query(const std::string& statements) {
    const Result result(PQexec(implementation_->connection(), statements.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        throw implementation_->error_of(result.get());
    Rows rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        auto& fields = rows.emplace_back();
        for (int column = 0; column < PQnfields(result.get()); ++column)
            fields.emplace_back(PQgetvalue(result.get(), row, column));
    }
    return rows;
}

std::size_t Session::take_notifications() {
    PGconn* connection = implementation_->connection();
    if (PQconsumeInput(connection) != 1)
        throw implementation_->error_of(nullptr);
    std::size_t count = 0;
    for (;;) {
        const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notification(PQnotifies(connection), &PQfreemem);
        if (!notification)
            return count;
        if (notification->be_pid != PQbackendPID(connection))
            ++count;
    }
}

bool Session::settle() {
    PGconn* connection = implementation_->connection();
    // Left in a pipeline by a call that could not even be sent.
    if (PQpipelineStatus(connection) != PQ_PIPELINE_OFF)
        return false;
    if (PQtransactionStatus(connection) == PQTRANS_IDLE)
        return true;
    if (PQtransactionStatus(connection) == PQTRANS_INERROR || PQtransactionStatus(connection) == PQTRANS_INTRANS)
        PQclear(PQexec(connection, "ROLLBACK"));
    return PQtransactionStatus(connection) == PQTRANS_IDLE;
}

bool Session::is_pooled() const {
    return implementation_->is_pooled;
}

int Session::socket() const {
    return PQsocket(implementation_->connection());
}

int Session::server_version() const {
    return PQserverVersion(implementation_->connection());
}

std::string Session::tls_version() const {
    const char* version =
        PQsslInUse(implementation_->connection()) ? PQsslAttribute(implementation_->connection(), "protocol") : nullptr;
    return version ? version : "";
}

}  // namespace genie_slack::storage::lakebase
