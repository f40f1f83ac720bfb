#include "storage/lakebase/session.hpp"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <algorithm>

namespace genie_slack::storage::lakebase {

namespace {

constexpr std::string_view kDomain = "database: ";

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

std::string quote_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string quote_text(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += '\'';
        quoted += c;
    }
    return quoted + '\'';
}

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
    text += "&keepalives=1&keepalives_idle=20&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=15000";
    text += "&connect_timeout=" + seconds(settings.connect_timeout);
    text += "&port=" + std::to_string(settings.port);
    return text;
}

struct Session::Implementation {
    Implementation(const soci::backend_factory& factory, const std::string& parameters)
        : session(factory, parameters) {}

    PGconn* connection() { return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_; }
    [[noreturn]] void fail(const std::string& sqlstate, const std::string& hint = "") {
        const bool connected = PQstatus(connection()) == CONNECTION_OK;
        std::string message(kDomain);
        if (!connected)
            message += "the connection was lost";
        else if (may_quote_values(sqlstate))
            message += "the row is refused";
        else
            message += one_line(PQerrorMessage(connection()));
        if (!sqlstate.empty())
            message += " (" + sqlstate + ")";
        throw SqlError(classify(sqlstate, connected), sqlstate, message, hint);
    }

    soci::session session;
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
    // Every statement of ours looks rows up by their keys. Planned while the tables are small it would read all of
    // them, and keep doing so while they grow; and none is worth compiling.
    query(
        "SET enable_seqscan = off; SET jit = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET client_min_messages "
        "= warning; SET statement_timeout = " +
        milliseconds(settings.statement_timeout) +
        "; SET lock_timeout = " + milliseconds(settings.statement_timeout / 2) +
        "; SET idle_in_transaction_session_timeout = 60000; SET search_path = " + quote_name(settings.chat_schema) +
        ", genie_app");
}

Session::~Session() = default;

std::string Session::call(const char* function, const std::string& batch) {
    std::string result;
    soci::indicator indicator = soci::i_null;
    try {
        implementation_->session << "SELECT genie_app." << function << "(CAST(:batch AS jsonb))::text",
            soci::use(batch, "batch"), soci::into(result, indicator);
    } catch (const soci::postgresql_soci_error& error) {
        implementation_->fail(error.sqlstate());
    } catch (const soci::soci_error&) {
        implementation_->fail("");
    }
    return indicator == soci::i_ok ? result : "null";
}

Session::Rows Session::query(const std::string& statements) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(implementation_->connection(), statements.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        const char* sqlstate = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        const char* hint = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_HINT);
        implementation_->fail(sqlstate ? sqlstate : "", hint ? hint : "");
    }
    Rows rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        auto& fields = rows.emplace_back();
        for (int column = 0; column < PQnfields(result.get()); ++column)
            fields.emplace_back(PQgetvalue(result.get(), row, column));
    }
    return rows;
}

bool Session::is_connected() const {
    return PQstatus(implementation_->connection()) == CONNECTION_OK;
}

bool Session::settle() {
    PGconn* connection = implementation_->connection();
    if (PQtransactionStatus(connection) == PQTRANS_IDLE)
        return true;
    if (PQtransactionStatus(connection) == PQTRANS_INERROR || PQtransactionStatus(connection) == PQTRANS_INTRANS)
        PQclear(PQexec(connection, "ROLLBACK"));
    return PQtransactionStatus(connection) == PQTRANS_IDLE;
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
