// An answer's rows as elements that Chainlit opens without a file store: their content stands in the URL itself
// (storage.md 1.7). Pure.
#pragma once

#include "genie/types.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

// Chainlit reads all elements of up to a thousand threads to list them.
inline constexpr std::size_t kMaxElementUrlBytes = 48 * 1024;

inline constexpr const char* kCsvRole = "csv";
inline constexpr const char* kRowsRole = "rows";

struct ResultElement {
    std::string role;  // kCsvRole or kRowsRole: one of each at most
    std::string type;  // Chainlit's
    std::string name;
    std::string url;
    std::string mime;
    std::int64_t rows = 0;
    std::size_t columns = 0;
};

// The whole of a result of several rows: as a CSV file, and from eleven rows on, where Chainlit's table has pages, as a
// table that sorts. Each is left out when it would be longer than kMaxElementUrlBytes, and both when Genie had more
// rows than these: nothing may look whole that is not.
std::vector<ResultElement> result_elements(const genie::ResultTable& table, std::string_view title);

}  // namespace genie_slack::relay
