#include "sandbox/genie/table.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace genie_slack::sandbox::databricks {

SqlType SqlType::of(std::string_view text) {
    const std::string_view base = text.substr(0, text.find_first_of("(< "));
    if (base == "DECIMAL") {
        SqlType type("DECIMAL", std::string(text), 10, 0);
        const std::size_t comma = text.find(',');
        if (comma != std::string_view::npos) {
            const std::string_view precision = text.substr(8, comma - 8);
            std::from_chars(precision.data(), precision.data() + precision.size(), type.precision);
            std::from_chars(text.data() + comma + 1, text.data() + text.size(), type.scale);
        }
        return type;
    }
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
        {{"BIGINT", "LONG"}, {"SMALLINT", "SHORT"}, {"TINYINT", "BYTE"}, {"VOID", "NULL"}, {"INTEGER", "INT"}}};
    const auto* found =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& entry) { return entry.first == base; });
    return {std::string(found == kNames.end() ? base : found->second), std::string(text)};
}

}  // namespace genie_slack::sandbox::databricks
