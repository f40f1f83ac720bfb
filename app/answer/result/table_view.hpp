// The part of a query result that fits into a message, as texts, and the sentence that says which part it is.
#pragma once

#include "app/answer/result/columns.hpp"
#include "app/words/words.hpp"
#include "genie/types.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace genie_slack::answer {

struct TableView {
    std::vector<ColumnFormat> formats;           // per shown column
    std::vector<std::vector<std::string>> rows;  // of equal length, without the header
    std::vector<std::string> header;
    std::int64_t total_rows = 0;
    std::size_t total_columns = 0;
    bool more_rows = false;   // than total_rows, nobody knows how many
    bool cut_values = false;  // some values are not shown whole

    std::vector<std::vector<std::string>> rows_with_header() const;
    std::vector<bool> right_aligned() const;
};

struct ViewLimits {
    std::size_t rows = 20;
    std::size_t enough_rows = 20;  // values are cut shorter only to get at least so many in
    std::size_t columns = 20;
    std::size_t characters = 10'000;  // over all cells, header included
    std::size_t value_characters = 300;
};

bool has_rows(const genie::ResultTable& table);
// The first rows, as many as fit; long values are cut before rows are left out.
TableView view_table(words::Language language, const genie::ResultTable& table, const ViewLimits& limits);
std::size_t count_view_characters(const TableView& view);
// Whether the result has rows, columns or parts of values that the view does not show.
bool leaves_out_data(const TableView& view);

// "Showing 20 of 1,284 rows", "1 row"; hidden columns and cut values are said too.
std::string describe_view(words::Language language, const TableView& view);
// "The result has 1,284 rows."
std::string describe_result(words::Language language, const genie::ResultTable& table);

}  // namespace genie_slack::answer
