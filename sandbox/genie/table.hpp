// A query's result as the look-alike holds it: Databricks column types, and cells that are text or NULL
// (databricks.md 1.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genie_slack::sandbox::databricks {

// How a column's cells are written. `name` and `text` are type_name and type_text on the wire.
struct SqlType {
    SqlType() = default;
    SqlType(std::string name_, std::string text_, int precision_ = 0, int scale_ = 0)
        : name(std::move(name_)), text(std::move(text_)), precision(precision_), scale(scale_) {}

    // From the SQL spelling: "BIGINT", "DECIMAL(18,2)", "ARRAY<STRING>", ...
    static SqlType of(std::string_view text);

    std::string name = "STRING";
    std::string text = "STRING";
    int precision = 0;
    int scale = 0;

    friend bool operator==(const SqlType&, const SqlType&) = default;
};

struct ResultColumn {
    ResultColumn() = default;
    ResultColumn(std::string name_, SqlType type_) : name(std::move(name_)), type(std::move(type_)) {}

    std::string name;
    SqlType type;
};

using Cell = std::optional<std::string>;

struct Table {
    std::vector<ResultColumn> columns;
    std::vector<std::vector<Cell>> rows;
    bool truncated = false;  // there were more rows than the limit
};

}  // namespace genie_slack::sandbox::databricks
