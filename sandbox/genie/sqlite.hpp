// SQLite in memory behind a small owner: the place where the look-alike's SQL is really run.
#pragma once

#include "core/result.hpp"
#include "sandbox/genie/table.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace genie_slack::sandbox::databricks {

// A value bound to ":name".
struct SqlParameter {
    SqlParameter() = default;
    SqlParameter(std::string name_, std::string type_, std::string value_)
        : name(std::move(name_)), type(std::move(type_)), value(std::move(value_)) {}

    std::string name;
    std::string type;  // SQL spelling, as Genie tells it: DECIMAL, DATE, STRING
    std::string value;
};

struct QueryLimits {
    std::size_t max_rows = 5000;           // Genie's own limit (databricks.md 1.9)
    std::uint64_t max_steps = 50'000'000;  // virtual machine instructions, some seconds at worst
};

// Not shared between threads. Beyond SQLite's own functions it knows Databricks' trunc(date, unit), datediff(end,
// start) and dayname(date).
class Database {
 public:
    Database();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Runs statements that give no rows. Throws std::runtime_error: only our own, constant SQL goes through here.
    void execute(const std::string& sql);
    // One SELECT, its cells written as their column's type wants it; columns without a given type are STRING. The error
    // says what SQLite says.
    Result<Table> query(const std::string& sql, const std::vector<SqlParameter>& parameters,
                        const std::vector<SqlType>& types, const QueryLimits& limits = {});
    // From now on statements can only read.
    void make_read_only();

    sqlite3* handle() const { return handle_; }

 private:
    sqlite3* handle_ = nullptr;
};

// Inserts many rows by one prepared statement.
class Inserter {
 public:
    // A const char* has to live until the row is added.
    using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string, const char*>;

    Inserter(Database& database, const std::string& table, int columns);
    ~Inserter();
    Inserter(const Inserter&) = delete;
    Inserter& operator=(const Inserter&) = delete;

    // Braces, because they alone fix the order in which the values are made.
    void add(std::initializer_list<Value> row);

 private:
    sqlite3* handle_;
    sqlite3_stmt* statement_ = nullptr;
};

}  // namespace genie_slack::sandbox::databricks
