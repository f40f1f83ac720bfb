#include "sandbox/genie/sqlite.hpp"

#include <sqlite3.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace genie_slack::sandbox::databricks {

namespace sqlite_detail {

constexpr int kStepsPerCheck = 10'000;

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

[[noreturn]] void fail(sqlite3* handle, const char* what) {
    throw std::runtime_error(std::string("sandbox data: ") + what + ": " + sqlite3_errmsg(handle));
}

std::string_view text_of(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (text.size() < 10 || text[4] != '-' || text[7] != '-')
        return {};
    const char* digits = text.data();
    std::from_chars(digits, digits + 4, year);
    std::from_chars(digits + 5, digits + 7, month);
    std::from_chars(digits + 8, digits + 10, day);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok())
        return {};
    return std::chrono::sys_days(date);
}

std::string format_day(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    std::array<char, 32> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {buffer.data(), static_cast<std::size_t>(size)};
}

// trunc(date, 'MM' | 'Q' | 'YEAR' | 'WEEK'), as in Databricks SQL; NULL for anything else.
void sql_trunc(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto day = parse_day(text_of(arguments[0]));
    const std::string_view unit = text_of(arguments[1]);
    if (!day)
        return sqlite3_result_null(context);
    const std::chrono::year_month_day date(*day);
    std::chrono::sys_days start = *day;
    if (unit == "MM" || unit == "MONTH")
        start = date.year() / date.month() / 1;
    else if (unit == "Q" || unit == "QUARTER")
        start = date.year() / std::chrono::month((static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1) / 1;
    else if (unit == "YEAR")
        start = date.year() / std::chrono::January / 1;
    else if (unit == "WEEK")
        start = *day - (std::chrono::weekday(*day) - std::chrono::Monday);
    else
        return sqlite3_result_null(context);
    const std::string text = format_day(start);
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void sql_datediff(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto end = parse_day(text_of(arguments[0]));
    const auto start = parse_day(text_of(arguments[1]));
    if (!end || !start)
        return sqlite3_result_null(context);
    sqlite3_result_int64(context, (*end - *start).count());
}

void sql_dayname(sqlite3_context* context, int, sqlite3_value** arguments) {
    static constexpr std::array<const char*, 7> kNames = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const auto day = parse_day(text_of(arguments[0]));
    if (!day)
        return sqlite3_result_null(context);
    sqlite3_result_text(context, kNames[std::chrono::weekday(*day).c_encoding()], 3, SQLITE_STATIC);
}

std::string format_double(double value) {
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value < 0 ? "-Infinity" : "Infinity";
    std::array<char, 64> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    std::string text(buffer.data(), written.ptr);
    // Java's spelling, which Databricks sends: 5.0, 3.336E8.
    const std::size_t exponent = text.find('e');
    if (exponent != std::string::npos) {
        std::string digits = text.substr(0, exponent);
        std::string power = text.substr(exponent + 1);
        if (power.front() == '+')
            power.erase(0, 1);
        const bool negative = !power.empty() && power.front() == '-';
        power.erase(0, power.find_first_not_of("-0"));
        return (digits.find('.') == std::string::npos ? digits + ".0" : digits) + (negative ? "E-" : "E") + power;
    }
    return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string format_fixed(double value, int scale) {
    std::array<char, 400> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f", scale, value);
    std::string text(buffer.data(), static_cast<std::size_t>(size));
    if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos)
        text.erase(0, 1);
    return text;
}

Cell read_cell(sqlite3_stmt* statement, int column, const SqlType& type) {
    const int storage = sqlite3_column_type(statement, column);
    if (storage == SQLITE_NULL)
        return {};
    if (type.name == "BOOLEAN" && storage == SQLITE_INTEGER)
        return sqlite3_column_int64(statement, column) != 0 ? "true" : "false";
    if (type.name == "DECIMAL" && storage != SQLITE_TEXT)
        return format_fixed(sqlite3_column_double(statement, column), type.scale);
    if ((type.name == "DOUBLE" || type.name == "FLOAT") && storage != SQLITE_TEXT)
        return format_double(sqlite3_column_double(statement, column));
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

struct StepBudget {
    std::uint64_t left = 0;
    static int spend(void* self) {
        auto& budget = *static_cast<StepBudget*>(self);
        if (budget.left < static_cast<std::uint64_t>(kStepsPerCheck))
            return 1;
        budget.left -= static_cast<std::uint64_t>(kStepsPerCheck);
        return 0;
    }
};

}  // namespace sqlite_detail

using namespace sqlite_detail;

Database::Database() {
    if (sqlite3_open_v2(":memory:", &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY,
                        nullptr) != SQLITE_OK) {
        const std::string text = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
        sqlite3_close_v2(handle_);
        throw std::runtime_error("sandbox data: cannot open SQLite: " + text);
    }
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    sqlite3_create_function_v2(handle_, "trunc", 2, flags, nullptr, sql_trunc, nullptr, nullptr, nullptr);
    sqlite3_create_function_v2(handle_, "dayname", 1, flags, nullptr, sql_dayname, nullptr, nullptr, nullptr);
    sqlite3_create_function_v2(handle_, "datediff", 2, flags, nullptr, sql_datediff, nullptr, nullptr, nullptr);
}

Database::~Database() {
    sqlite3_close_v2(handle_);
}

void Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(handle_, "statement failed");
}

void Database::make_read_only() {
    execute("PRAGMA query_only = ON");
}

Result<Table> Database::query(const std::string& sql, const std::vector<SqlParameter>& parameters,
                              const std::vector<SqlType>& types, const QueryLimits& limits) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &raw, nullptr) != SQLITE_OK || !raw)
        return Error(std::string("the SQL cannot be run: ") + sqlite3_errmsg(handle_));
    const Statement statement(raw);
    for (const SqlParameter& parameter : parameters) {
        const int index = sqlite3_bind_parameter_index(raw, (":" + parameter.name).c_str());
        if (index == 0)
            continue;
        double number = 0;
        const char* end = parameter.value.data() + parameter.value.size();
        const auto parsed = std::from_chars(parameter.value.data(), end, number);
        if (parameter.type == "DECIMAL" && parsed.ec == std::errc() && parsed.ptr == end)
            sqlite3_bind_double(raw, index, number);
        else
            sqlite3_bind_text(raw, index, parameter.value.data(), static_cast<int>(parameter.value.size()),
                              SQLITE_TRANSIENT);
    }

    Table table;
    const int columns = sqlite3_column_count(raw);
    for (int column = 0; column < columns; ++column) {
        const auto position = static_cast<std::size_t>(column);
        table.columns.emplace_back(sqlite3_column_name(raw, column),
                                   position < types.size() ? types[position] : SqlType());
    }
    StepBudget budget{limits.max_steps};
    sqlite3_progress_handler(handle_, kStepsPerCheck, StepBudget::spend, &budget);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
        if (table.rows.size() == limits.max_rows) {
            table.truncated = true;
            break;
        }
        auto& row = table.rows.emplace_back();
        row.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column)
            row.push_back(read_cell(raw, column, table.columns[static_cast<std::size_t>(column)].type));
    }
    const std::string problem = code == SQLITE_ROW || code == SQLITE_DONE ? "" : sqlite3_errmsg(handle_);
    sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
    if (!problem.empty())
        return Error("the SQL failed: " + problem);
    return table;
}

Inserter::Inserter(Database& database, const std::string& table, int columns) : handle_(database.handle()) {
    std::string sql = "INSERT INTO " + table + " VALUES (?";
    for (int column = 1; column < columns; ++column)
        sql += ",?";
    sql += ")";
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK)
        fail(handle_, "insert cannot be prepared");
}

Inserter::~Inserter() {
    sqlite3_finalize(statement_);
}

void Inserter::add(std::initializer_list<Value> row) {
    int index = 0;
    for (const Value& value : row) {
        ++index;
        if (const auto* integer = std::get_if<std::int64_t>(&value))
            sqlite3_bind_int64(statement_, index, *integer);
        else if (const auto* number = std::get_if<double>(&value))
            sqlite3_bind_double(statement_, index, *number);
        else if (const auto* text = std::get_if<std::string>(&value))
            sqlite3_bind_text(statement_, index, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
        else if (const auto* constant = std::get_if<const char*>(&value))
            sqlite3_bind_text(statement_, index, *constant, -1, SQLITE_STATIC);
        else
            sqlite3_bind_null(statement_, index);
    }
    if (sqlite3_step(statement_) != SQLITE_DONE)
        fail(handle_, "insert failed");
    sqlite3_reset(statement_);
}

}  // namespace genie_slack::sandbox::databricks
