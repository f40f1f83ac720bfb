// Which question of the book somebody asks, and with which regions, periods and numbers. Pure.
#pragma once

#include "sandbox/genie/asked_for.hpp"
#include "sandbox/genie/question_book.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct QuestionMatch {
    explicit operator bool() const { return question != nullptr; }

    const BookQuestion* question = nullptr;  // of the book
    std::vector<std::string> words;          // sorted: what the question is about, beside what is asked for
    AskedFor asked;
    bool goes_on = false;  // with what was asked before
};

class QuestionMatcher {
 public:
    // `book` has to live as long as the matcher. `today` is the last day with data.
    QuestionMatcher(const QuestionBook& book, std::chrono::sys_days today);

    // A column of a table of the book has this value. All are to be said before the first question.
    void add_value(const std::string& table, const std::string& column, const std::string& value);
    // Reads the book's own questions. After add_value, before find.
    void prepare();

    // `before` is what the conversation's last question was, or nothing.
    QuestionMatch find(std::string_view text, std::string_view space, const QuestionMatch& before) const;
    // Whether it wants something left out that is no value of the space's tables. "Not" may deny anything.
    bool leaves_out(std::string_view text, std::string_view space) const;
    // Whether it is in German; nothing when its words do not tell.
    std::optional<bool> is_german(std::string_view text) const;
    // "Yes, please": nothing but agreement.
    bool agrees(std::string_view text) const;
    // Words that no question of the space has, as somebody wrote them in lower case, in their order. Small ones and
    // parts of contractions are none of them.
    std::vector<std::string> unknown_words(std::string_view text, std::string_view space) const;

 private:
    struct Reading {
        std::vector<std::string> words;
        std::vector<std::string> as_written;  // those of them that nobody has put another word for, in their order
        AskedFor asked;
    };
    struct Way {
        std::string text;  // tokens, to compare small talk
        Reading reading;
    };
    struct Asking {
        std::vector<Way> ways;
        AskedFor unless;
    };

    using Readings = std::map<std::string, Reading>;  // by table

    Reading read(std::string_view text, const std::string& table) const;
    // As a question about each table that the space may ask.
    Readings read_all(std::string_view text, std::string_view space) const;
    QuestionMatch small_talk(const QuestionTokens& tokens) const;
    bool names_shape(const QuestionTokens& tokens) const;
    // "How many orders is that?"
    bool refers_back(std::string_view text) const;
    QuestionMatch direct(const Readings& readings) const;
    QuestionMatch follow_up(const Readings& readings, const QuestionMatch& before) const;
    // The question, when one of its ways has these words and shape and it knows all that is asked for.
    QuestionMatch match(std::size_t question, Reading reading) const;

    const QuestionBook& book_;
    std::chrono::sys_days today_;
    std::map<std::string, std::vector<ColumnValue>> values_;  // by table
    std::vector<Asking> asking_;                              // by question
};

}  // namespace genie_slack::sandbox::databricks
