// A table as text in a fixed-width font.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

// Says in the reader's language what a table leaves out; "" for nothing to be said.
using TableNote = std::function<std::string(std::size_t rows, std::size_t columns, bool cut_values)>;

struct TextTableLimits {
    std::size_t columns = 20;
    std::size_t rows = 100;  // without the header
    std::size_t cell_columns = 40;
    std::size_t line_columns = 120;
    TableNote note;  // the last line, when something is left out; in English without it
};

struct TextTable {
    std::string text;
    bool cut_values = false;  // some cells end in "…"
};

// Aligned lines, the header underlined; cells that are too wide end in "…", rows and columns that are left out are
// counted at the end. Nothing is escaped. `right_aligned` may be shorter than the rows. `hidden_rows` and
// `hidden_columns` are what the caller left out already.
TextTable draw_text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right_aligned,
                          const TextTableLimits& limits = {}, std::size_t hidden_rows = 0,
                          std::size_t hidden_columns = 0);
// Returns only its text.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right_aligned,
                       const TextTableLimits& limits = {}, std::size_t hidden_rows = 0, std::size_t hidden_columns = 0);

}  // namespace genie_slack::slack
