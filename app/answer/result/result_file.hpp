// The file with an answer's rows: whether it is a spreadsheet or CSV, and what it is called.
#pragma once

#include "app/words/words.hpp"
#include "genie/types.hpp"

#include <string>
#include <string_view>

namespace genie_slack::answer {

// FILE_FORMAT. `automatic`: a spreadsheet only where a program that opens a CSV file by double click would change
// values (long ids, leading zeros, texts that look like a date), and no cell would cut one.
enum class FileFormat { automatic, csv, xlsx };

bool wants_xlsx(FileFormat format, const genie::ResultTable& table);

// "Revenue_by_region.csv" with the extension ".csv"; "result.csv" when the title has nothing that a file name may hold.
std::string file_name(std::string_view title, std::string_view extension);
// What people read at the file: "Revenue by region · 1,284 rows", "… · first 5,000 rows" when there are more.
std::string file_title(words::Language language, std::string_view title, const genie::ResultTable& table);

}  // namespace genie_slack::answer
