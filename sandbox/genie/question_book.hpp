// The questions that the look-alike can answer, as questions.txt has them (sandbox/README.md says how it is written).
#pragma once

#include "core/result.hpp"
#include "sandbox/genie/table.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct BookWords {
    std::set<std::string> ignored;              // carry no meaning
    std::set<std::string> small;                // of any talk: they are not what makes a question unknown
    std::set<std::string> shape;                // alone, ask for what was shown before in another form
    std::set<std::string> going_on;             // a question that begins with one of them goes on from the one before
    std::set<std::string> refers;               // phrases by which a question is about the answer before: "of those"
    std::set<std::string> denials;              // a question that begins with one of them and a mark corrects
    std::set<std::string> meant;                // as do these phrases without a mark: "I meant"
    std::set<std::string> german;               // words that only a German question has
    std::set<std::string> english;              // and an English one
    std::set<std::string> agree;                // alone, they take up what was offered
    std::set<std::string> named;                // columns whose values do not speak for themselves: "with status open"
    std::map<std::string, std::string> same;    // normalized phrase -> the word that is used instead
    std::map<std::string, std::string> values;  // other normalized names of values: "europe" -> "EMEA"
};

struct BookSpace {
    std::string key;
    std::string title;
    std::string description;
    std::vector<std::string> tables;
    std::vector<std::string> samples;
    std::vector<std::string> german_samples;
};

struct BookTable {
    std::string name;
    std::string space;
    std::string date;                  // the column that periods are about; "" when there is none
    std::string since;                 // the first day with data, where that is worth saying; else ""
    std::vector<std::string> columns;  // may split and filter
};

// A question's words in German; a question without a text is answered in English.
struct BookGerman {
    std::string title;
    std::string about;
    std::string text;
    std::string none;
    std::vector<std::string> next;
    std::vector<std::string> offers;
};

// One entry. Texts and SQL hold {placeholders}.
struct BookQuestion {
    bool has_query() const { return !sql.empty(); }
    bool sql_has(std::string_view placeholder) const { return sql.find(placeholder) != std::string::npos; }

    std::vector<std::string> ways;  // to say it; the first is its name
    std::string space;              // "" for every space
    std::string table;              // "" for none
    std::string date;               // of the table, or its own
    std::string since;              // the table's
    std::string amount;             // what "over 1000" is about; "" when there is none
    std::vector<std::string> by;    // columns that may split; the table's when it does not say
    std::string unless;             // what is assumed when the question does not say it: "top 10"
    std::string title;
    std::string about;  // what was assumed and is shown
    std::string sql;
    std::vector<std::string> types;  // of the columns behind those that split
    std::string text;
    std::string none;               // the text when there is no value
    std::vector<std::string> next;  // follow-up questions
    BookGerman german;
    std::vector<std::string> offers;  // questions that "yes" asks: the first that is understood
    std::set<std::string> anywhere;   // any of these words makes it this question
    bool asks_back = false;
    bool in_a_period = false;  // means something else without one
};

struct QuestionBook {
    const BookTable* find_table(std::string_view name) const;

    BookWords words;
    std::vector<BookSpace> spaces;
    std::vector<BookTable> tables;
    std::vector<BookQuestion> questions;
};

// The error names the line.
Result<QuestionBook> read_question_book(std::string_view text);
// The compiled-in one, read once. Throws std::runtime_error when it cannot be read.
const QuestionBook& question_book();

}  // namespace genie_slack::sandbox::databricks
