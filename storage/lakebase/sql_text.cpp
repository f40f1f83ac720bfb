#include "storage/lakebase/sql_text.hpp"

namespace genie_slack::storage::lakebase {

namespace {

std::string quote(std::string_view text, char mark) {
    std::string quoted(1, mark);
    for (const char c : text) {
        if (c == mark)
            quoted += mark;
        quoted += c;
    }
    return quoted + mark;
}

}  // namespace

std::string quote_name(std::string_view name) {
    return quote(name, '"');
}

std::string quote_text(std::string_view text) {
    return quote(text, '\'');
}

std::string fill_in(std::string_view text, const std::map<std::string_view, std::string>& values) {
    std::string filled;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        filled += text.substr(0, open);
        if (open == std::string_view::npos)
            break;
        text.remove_prefix(open);
        const std::size_t close = text.find('}');
        const auto value = close == std::string_view::npos ? values.end() : values.find(text.substr(1, close - 1));
        if (value != values.end())
            filled += value->second;
        else
            filled += '{';
        text.remove_prefix(value != values.end() ? close + 1 : 1);
    }
    return filled;
}

}  // namespace genie_slack::storage::lakebase
