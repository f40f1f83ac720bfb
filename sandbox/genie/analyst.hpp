// Finds the question of the book that somebody asks, runs its SQL over the built-in data, and fills in its texts.
#pragma once

#include "sandbox/genie/answer_remarks.hpp"
#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/question_match.hpp"
#include "sandbox/genie/sample_spaces.hpp"
#include "sandbox/genie/sqlite.hpp"
#include "sandbox/genie/table.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::sandbox::databricks {

struct Thought {
    Thought(std::string type_, std::string content_) : type(std::move(type_)), content(std::move(content_)) {}

    std::string type;     // THOUGHT_TYPE_...
    std::string content;  // Markdown
};

// What the look-alike answers to one question, before it becomes attachments.
struct Answer {
    bool has_query() const { return !sql.empty(); }

    std::string title;
    std::string description;
    std::string sql;
    std::vector<SqlParameter> parameters;
    std::vector<SqlType> types;  // of the SQL's columns
    std::vector<Thought> thoughts;
    std::size_t row_count = 0;
    bool truncated = false;

    std::string text;            // Markdown
    bool clarification = false;  // the text asks the person back
    std::vector<std::string> suggestions;
};

// What a conversation remembers for its follow-up questions.
struct Context {
    QuestionMatch last;
    std::string offer;    // the question that "yes" asks
    bool misses = false;  // the last question was not understood
    bool german = false;  // the language of the last question that told one
};

// Builds its data when it is first needed (some tens of milliseconds).
class Analyst {
 public:
    // `today` is the last day with data; not before kToday.
    explicit Analyst(std::uint64_t seed, std::chrono::sys_days today = kToday);
    ~Analyst();

    Answer answer(const SpaceInfo& space, const std::string& question, Context& context);
    // What the answer's SQL gives. The data never change: hundreds who ask the same at once are answered as a warehouse
    // does it, from what it gave before.
    Result<Table> run(const Answer& answer, const QueryLimits& limits = {});

 private:
    Database& data();
    // The questions of a text that asks several that are known, each after the one before; else nothing.
    std::vector<std::string> questions_in(const SpaceInfo& space, const std::string& text, QuestionMatch before) const;
    Answer answer_one(const SpaceInfo& space, const std::string& question, Context& context);
    struct Found {
        QuestionMatch match;
        QuestionMatch before;  // from which it goes on
    };
    Found find(const SpaceInfo& space, const std::string& question, const QuestionMatch& last) const;
    void add_remarks(Answer& answer, const AnswerStep& step, bool after_miss, bool german) const;
    std::size_t rows_of(const QuestionMatch& match);
    // With the rows' values in its texts; only a text when the SQL does not run.
    Answer query_answer(const QuestionMatch& match, const std::string& question, bool german);
    // A sentence about a result that was cut.
    std::string how_many_there_are(const Answer& answer, bool german);
    Answer small_talk(const SpaceInfo& space, const BookQuestion& question, Context& context) const;
    // Another space that has an answer to it; nullptr when none has.
    const BookSpace* space_that_knows(const SpaceInfo& but, const std::string& question) const;
    // Two sentences and two examples: people read it below their question, often several times.
    Answer clarification(const SpaceInfo& space, const std::string& question, bool german) const;

    std::uint64_t seed_;
    std::chrono::sys_days today_;
    std::unique_ptr<Database> data_;
    std::unique_ptr<QuestionMatcher> matcher_;
    std::map<std::string, Table> results_;  // by SQL, limit and parameters
};

}  // namespace genie_slack::sandbox::databricks
