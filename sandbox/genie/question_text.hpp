// Words around a result: the entry's texts filled with what was asked for and what the rows say. Pure.
#pragma once

#include "sandbox/genie/question_match.hpp"
#include "sandbox/genie/table.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

// "1,234,567.89" from "1234567.89".
std::string with_thousands(const std::string& number);
// Markdown's special characters made harmless, so that a value is shown as it is.
std::string escape_markdown(const std::string& text);
// A Markdown list.
std::string bullets(const std::vector<std::string>& lines, const std::string& mark = "");

// " for EMEA with status open above 100", as it stands in texts; `named` as in BookWords.
std::string filters_text(const AskedFor& asked, const std::set<std::string>& named, bool german);
// " in Q3 2025 and in Q3 2026"
std::string periods_text(const AskedFor& asked, bool german);

class QuestionText {
 public:
    // Both have to live as long as this. `named` as in BookWords, `today` as the data's last day. In German where that
    // is asked for and the question has it.
    QuestionText(const QuestionMatch& match, const Table& table, const std::set<std::string>& named,
                 std::chrono::sys_days today, bool german = false);

    // A title is plain text, others are Markdown.
    std::string title() const;
    std::string about() const;
    std::string text() const;
    // Those of the entry that can be filled from these rows.
    std::vector<std::string> next() const;
    // " for EMEA in Q3 2025", plain.
    const std::string& given() const { return given_; }

 private:
    std::string words(std::string_view english, std::string_view german) const {
        return std::string(german_ ? german : english);
    }
    std::string none() const;
    std::string there_were() const;
    std::string number(const std::string& plain) const;
    std::string name(const std::string& column) const;
    std::string listed_names(const std::vector<std::string>& columns) const;
    // Replaces {names}; what stands in [brackets] goes when a name in it has no value.
    std::string fill(const std::string& text, bool markdown) const;
    std::optional<std::string> value(const std::string& name, bool markdown) const;
    std::optional<std::string> row_value(const std::string& which, const std::string& column, bool markdown) const;
    std::string shown(const Cell& cell, std::size_t column, bool markdown) const;
    std::optional<std::size_t> column_of(const std::string& name) const;
    const std::vector<Cell>* row(const std::string& which) const;
    // Whether no row has a higher value.
    bool is_peak(const std::vector<Cell>& line) const;

    const QuestionMatch& match_;
    const Table& table_;
    bool german_;
    std::size_t keys_ = 0;  // columns that split
    std::string of_;        // " for EMEA"
    std::string besides_;   // without the values that the rows name themselves
    std::string when_;      // " in Q3 2025"
    std::string ever_;      // " since January 2024", where no period is asked for
    std::string given_;
    std::chrono::sys_days today_;
};

}  // namespace genie_slack::sandbox::databricks
