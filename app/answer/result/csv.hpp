// A query result as a CSV file that spreadsheet programs open as it is: RFC 4180, UTF-8 with a byte order mark.
#pragma once

#include "genie/types.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::answer {

// How a spreadsheet program of the reader's country expects a file that is opened by double click.
struct CsvDialect {
    char separator = ',';
    bool decimal_comma = false;  // of DECIMAL, DOUBLE and FLOAT columns
};

// CSV_DIALECT: with commas and decimal points, with semicolons and decimal commas, or as each reader's country has it.
enum class CsvForm { of_reader, comma, semicolon };

// `locale` is the reader's ("de-DE", "" for unknown).
CsvDialect csv_dialect(CsvForm form, std::string_view locale);

// All columns and rows, values exactly as Databricks sent them but for the dialect's decimal comma; only what a
// spreadsheet would run as a formula gets an apostrophe in front. NULL is an empty field, an empty text is "". Nothing
// when the file would be larger than `max_bytes`.
std::optional<std::string> write_csv(const genie::ResultTable& table, std::size_t max_bytes, CsvDialect dialect = {});

}  // namespace genie_slack::answer
