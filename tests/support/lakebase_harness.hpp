// Storage on a real PostgreSQL, one server for a test's process.
#pragma once

#include "storage/lakebase_storage.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/storage_contract.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace genie_slack::test {

inline constexpr const char* kAppRole = "11111111-2222-3333-4444-555555555555";  // Lakebase: the client id
inline constexpr const char* kAppPassword = "a b'c\\d=e";

// Started at the first call, with the role.
PostgresServer& shared_postgres();
// A new database on it, empty, or with the schema of this program.
std::string create_empty_database();
std::string create_migrated_database();

storage::DatabaseSettings database_settings(const PostgresServer& server, const std::string& database);
storage::LakebaseOptions lakebase_options(const PostgresServer& server, const std::string& database);
// Always that password.
storage::LoginSource static_password(std::string password = kAppPassword);

class LakebaseHarness final : public StorageHarness {
 public:
    // Started, on a new database of the shared server.
    LakebaseHarness();
    // Not started.
    explicit LakebaseHarness(storage::LakebaseOptions options, storage::LoginSource logins = static_password());
    ~LakebaseHarness() override;

    storage::Storage& storage() override { return *storage_; }
    storage::Storage& other_process() override;
    void run(std::vector<boost::asio::awaitable<void>> tasks) override;
    void pass(Duration duration) override;
    Duration short_lease() const override { return std::chrono::milliseconds(1500); }

    const std::string& database() const { return options_.database.database; }
    boost::asio::io_context& context() { return context_; }

 private:
    void start(storage::Storage& storage);

    boost::asio::io_context context_;
    storage::LakebaseOptions options_;
    std::unique_ptr<storage::Storage> storage_;
    std::unique_ptr<storage::Storage> other_;
};

}  // namespace genie_slack::test
