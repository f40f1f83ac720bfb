#include "app/doctor/database_check.hpp"

#include "app/commands/database_entry.hpp"
#include "storage/lakebase/doctor.hpp"

#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::doctor {

namespace lakebase = storage::lakebase;

namespace database_check_detail {

constexpr const char* kPart = "database";
constexpr Duration kCredentialTime = std::chrono::seconds(8);
constexpr Duration kStatementTime = std::chrono::seconds(8);

class Telling {
 public:
    explicit Telling(const std::function<void(Finding)>& tell) : tell_(tell) {}

    void say(std::string check, Status status, std::string found, std::string fix = "") {
        tell_(Finding(kPart, std::move(check), status, std::move(found), std::move(fix)));
    }
    // Whether all of them are right.
    bool pass_on(const std::vector<lakebase::Finding>& findings) {
        bool all_right = true;
        for (const lakebase::Finding& one : findings) {
            all_right = all_right && one.is_right;
            const Status status = one.is_right ? Status::ok : one.is_bearable ? Status::warning : Status::failed;
            say(one.check, status, one.what, one.remedy);
        }
        return all_right;
    }

 private:
    const std::function<void(Finding)>& tell_;
};

bool check_credential(const Config& config, commands::DatabaseEntry& entry, Telling& telling) {
    try {
        entry.login(false, kCredentialTime);
    } catch (const std::exception& error) {
        telling.say("Credential", Status::failed, error.what(),
                    "check DATABRICKS_*, and LAKEBASE_ENDPOINT, DATABASE_INSTANCE or PGPASSWORD");
        return false;
    }
    const bool is_fixed = !config.database.password.empty();
    telling.say("Credential", Status::ok, is_fixed ? "PGPASSWORD is the password" : "the workspace gives a password");
    if (config.database.tls_unverified)
        telling.say("TLS", Status::warning,
                    "DATABASE_TLS_UNVERIFIED=allow, so whoever answers at the database's address gets the credential",
                    "remove it; PGSSLROOTCERT names a file of CA certificates where the system's do not do");
    return true;
}

void examine(const Config& config, Telling& telling) {
    commands::DatabaseEntry entry(config, kStatementTime);
    bool is_right = check_credential(config, entry, telling);
    // The host may have come with the credential.
    if (!entry.settings().host.empty())
        is_right = telling.pass_on(lakebase::check_address(entry.settings())) && is_right;
    if (!is_right)
        return;
    std::unique_ptr<lakebase::Session> session;
    try {
        session = entry.open(kCredentialTime);
    } catch (const lakebase::SqlError& error) {
        telling.pass_on({lakebase::explain_login(error, entry.settings())});
        return;
    }
    telling.say("Login", Status::ok, "as " + entry.settings().user + " to " + entry.settings().database);
    telling.pass_on(lakebase::check_session(*session, entry.settings()));
}

}  // namespace database_check_detail

void check_database(const Config& config, const std::function<void(Finding)>& tell) {
    using namespace database_check_detail;
    Telling telling(tell);
    if (config.is_local) {
        telling.say("Database", Status::skipped, "IS_LOCAL=true: everything is kept in memory, a restart forgets it",
                    "remove IS_LOCAL and set PGHOST, LAKEBASE_ENDPOINT or DATABASE_INSTANCE to keep it");
        return;
    }
    try {
        examine(config, telling);
    } catch (const std::exception& error) {
        telling.say("Database", Status::failed, error.what(), "see the text; the database's own log says more");
    }
}

}  // namespace genie_slack::doctor
