#include "app/relay/record/result_elements.hpp"

#include "app/answer/result/csv.hpp"
#include "app/answer/result/result_file.hpp"
#include "core/net/url.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace genie_slack::relay {

namespace json = boost::json;

namespace result_elements_detail {

constexpr std::size_t kPageRows = 10;  // of Chainlit's table
// Looks like a point. Chainlit's table takes a point in a column's name for the way to a nested value, and finds none.
constexpr std::string_view kPointLookAlike = "\xE2\x80\xA4";

// Nothing when it would be too long; the content is not worth more than that.
std::optional<std::string> data_url(std::string_view type, const std::string& content) {
    if (content.size() > kMaxElementUrlBytes)
        return std::nullopt;
    std::string url = "data:" + std::string(type) + ";charset=utf-8," + net::percent_encode(content);
    return url.size() <= kMaxElementUrlBytes ? std::optional(std::move(url)) : std::nullopt;
}

// Chainlit's table knows columns by their names, so each has one of its own.
std::vector<std::string> column_names(const genie::ResultTable& table) {
    std::vector<std::string> names;
    for (const genie::Column& column : table.columns) {
        std::string base;
        for (const char c : column.name)
            base += c == '.' ? std::string(kPointLookAlike) : std::string(1, c);
        if (base.empty())
            base = std::to_string(names.size() + 1);
        std::string name = base;
        for (int copy = 2; std::find(names.begin(), names.end(), name) != names.end(); ++copy)
            name = base + " (" + std::to_string(copy) + ")";
        names.push_back(std::move(name));
    }
    return names;
}

std::string rows_json(const genie::ResultTable& table) {
    json::object out;
    json::array columns;
    for (std::string& name : column_names(table))
        columns.emplace_back(std::move(name));
    out["columns"] = std::move(columns);
    json::array index;
    json::array data;
    for (const auto& row : table.rows) {
        json::array cells;
        for (const auto& cell : row)
            cells.push_back(cell ? json::value(*cell) : json::value(nullptr));
        index.emplace_back(index.size());
        data.push_back(std::move(cells));
    }
    out["index"] = std::move(index);
    out["data"] = std::move(data);
    return json::serialize(out);
}

bool is_whole(const genie::ResultTable& table) {
    return !table.truncated && table.total_rows <= static_cast<std::int64_t>(table.rows.size());
}

}  // namespace result_elements_detail

std::vector<ResultElement> result_elements(const genie::ResultTable& table, std::string_view title) {
    using namespace result_elements_detail;
    std::vector<ResultElement> elements;
    if (!is_whole(table) || table.rows.size() < 2 || table.columns.empty())
        return elements;
    const auto add = [&](std::string role, std::string type, std::string name, std::optional<std::string> url,
                         std::string mime) {
        if (!url)
            return;
        ResultElement& element = elements.emplace_back();
        element.role = std::move(role);
        element.type = std::move(type);
        element.name = std::move(name);
        element.url = std::move(*url);
        element.mime = std::move(mime);
        element.rows = static_cast<std::int64_t>(table.rows.size());
        element.columns = table.columns.size();
    };
    const std::string file_name = answer::file_name(title, ".csv");
    // Of the type application/json Chainlit reads the content twice, and fails.
    if (table.rows.size() > kPageRows)
        add(kRowsRole, "dataframe", file_name.substr(0, file_name.rfind('.')), data_url("text/plain", rows_json(table)),
            "text/plain");
    if (auto csv = answer::write_csv(table, kMaxElementUrlBytes))
        add(kCsvRole, "file", file_name, data_url("text/csv", *csv), "text/csv");
    return elements;
}

}  // namespace genie_slack::relay
