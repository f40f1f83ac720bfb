#include "genie/parse.hpp"

#include <algorithm>

namespace genie_slack::genie {

namespace parse_csv_detail {

// One record from `position` on, which moves behind it. A quote that never ends takes what is there.
ResultRow read_record(std::string_view text, std::size_t& position) {
    ResultRow row;
    for (;;) {
        std::string field;
        const bool quoted = position < text.size() && text[position] == '"';
        if (quoted) {
            for (++position; position < text.size(); ++position) {
                if (text[position] != '"') {
                    field += text[position];
                } else if (position + 1 < text.size() && text[position + 1] == '"') {
                    field += '"';
                    ++position;
                } else {
                    ++position;
                    break;
                }
            }
        }
        const std::size_t end = std::min(text.find_first_of(",\r\n", position), text.size());
        field += text.substr(position, end - position);
        position = end;
        if (!quoted && field == "null")
            row.emplace_back(std::nullopt);
        else
            row.emplace_back(std::move(field));
        if (position < text.size() && text[position] == ',') {
            ++position;
            continue;
        }
        if (position < text.size() && text[position] == '\r')
            ++position;
        if (position < text.size() && text[position] == '\n')
            ++position;
        return row;
    }
}

}  // namespace parse_csv_detail

void CsvReader::take_header(const ResultRow& row) {
    // Of very many columns only the first ones are known.
    bool names_columns = columns_.empty() || row.size() >= columns_.size();
    for (std::size_t i = 0; names_columns && i < columns_.size(); ++i)
        names_columns = row[i] == columns_[i].name;
    if (!names_columns) {
        rows_.push_back(row);
        return;
    }
    if (!columns_.empty())
        return;
    for (const auto& name : row) {
        Column column;
        column.name = name.value_or("null");
        column.type_name = column.type_text = "STRING";
        columns_.push_back(std::move(column));
    }
}

bool CsvReader::read(std::string_view part, std::size_t limit) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::size_t position = 0;
    if (!begun_ && part.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        position = kByteOrderMark.size();
    while (position < part.size()) {
        if (rows_.size() >= limit)
            return false;
        ResultRow row = parse_csv_detail::read_record(part, position);
        if (begun_)
            rows_.push_back(std::move(row));
        else
            take_header(row);
        begun_ = true;
    }
    return true;
}

}  // namespace genie_slack::genie
