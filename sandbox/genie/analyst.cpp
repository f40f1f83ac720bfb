#include "sandbox/genie/analyst.hpp"

#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/odd_samples.hpp"
#include "sandbox/genie/question_sql.hpp"
#include "sandbox/genie/question_text.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace analyst_detail {

constexpr const char* kIntroduction = "_I am a local look-alike of Genie with a small sample data set._";

std::vector<std::string> names_of(const std::string& space) {
    std::vector<std::string> names;
    for (const BookQuestion& question : question_book().questions)
        if (question.has_query() && question.space == space)
            names.push_back(question.ways.front());
    return names;
}

// "sales.order_details" out of "FROM sales.order_details o".
std::string table_in(const std::string& sql) {
    const std::size_t start = sql.find("FROM ") == std::string::npos ? sql.size() : sql.find("FROM ") + 5;
    return start < sql.size() ? sql.substr(start, sql.find_first_of(" \n", start) - start) : "no table";
}

std::vector<Thought> thoughts_of(const Answer& answer, const std::string& question, const std::string& given) {
    std::vector<Thought> thoughts;
    const std::string table = table_in(answer.sql);
    thoughts.emplace_back("THOUGHT_TYPE_DESCRIPTION", answer.description);
    thoughts.emplace_back("THOUGHT_TYPE_UNDERSTANDING", "You asked: " + escape_markdown(question));
    thoughts.emplace_back("THOUGHT_TYPE_DATA_SOURCING", "The rows come from `" + table + "`.");
    thoughts.emplace_back("THOUGHT_TYPE_STEPS", "1. Take the rows of `" + table + "`" + escape_markdown(given) +
                                                    ".\n2. " + escape_markdown(answer.title) + ".");
    return thoughts;
}

}  // namespace analyst_detail

using namespace analyst_detail;

Analyst::Analyst(std::uint64_t seed) : seed_(seed) {}

Analyst::~Analyst() = default;

Database& Analyst::data() {
    if (data_)
        return *data_;
    data_ = create_data_set(seed_);
    matcher_ = std::make_unique<QuestionMatcher>(question_book(), std::chrono::sys_days(kToday));
    for (const BookTable& table : question_book().tables)
        for (const std::string& column : table.columns) {
            const auto values = data_->query("SELECT DISTINCT " + column + " FROM " + table.name, {}, {});
            for (const auto& row : values.value().rows)
                if (row[0])
                    matcher_->add_value(table.name, column, *row[0]);
        }
    matcher_->prepare();
    return *data_;
}

// "Only EMEA (revenue by region; by month)" goes on with what stands in the parentheses, whatever was asked last.
QuestionMatch Analyst::find(const SpaceInfo& space, const std::string& question, const QuestionMatch& last) const {
    const std::size_t open = question.find(" (");
    if (open == std::string::npos || !question.ends_with(')'))
        return matcher_->find(question, space.key, last);
    QuestionMatch before;
    std::string_view rest = std::string_view(question).substr(open + 2, question.size() - open - 3);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find("; "), rest.size());
        before = matcher_->find(rest.substr(0, end), space.key, before);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        if (!before || !before.question->has_query())
            return matcher_->find(question, space.key, last);
    }
    return matcher_->find(question.substr(0, open), space.key, before);
}

Answer Analyst::answer(const SpaceInfo& space, const std::string& question, Context& context) {
    data();
    const QuestionMatch match = find(space, question, context.last);
    Answer answer;
    if (!match) {
        answer = clarification(space, question);
        context.introduced = true;
    } else if (match.question->has_query()) {
        answer = query_answer(match, question);
        context.last = match;
        // "Only EMEA" says nothing new behind an answer that is only about EMEA.
        std::erase_if(answer.suggestions, [&](const std::string& next) {
            const QuestionMatch same = matcher_->find(next, space.key, match);
            return same.question == match.question && same.asked == match.asked;
        });
    } else {
        answer.text = match.question->text;
        answer.clarification = match.question->asks_back;
        replace_placeholder(answer.text, "space", space.title);
        replace_placeholder(answer.text, "samples", bullets(space.sample_questions));
        replace_placeholder(answer.text, "odd", bullets(names_of("")));
        replace_placeholder(answer.text, "tables", bullets(space.tables, "`"));
        replace_placeholder(answer.text, "questions", bullets(names_of(space.key)));
        replace_placeholder(answer.text, "report", long_report());
    }
    if (answer.suggestions.empty())
        answer.suggestions = match && !match.question->next.empty() ? match.question->next : space.sample_questions;
    if (!context.introduced && answer.text.find("look-alike") == std::string::npos)
        answer.text += std::string("\n\n") + kIntroduction;
    context.introduced = true;
    return answer;
}

Answer Analyst::query_answer(const QuestionMatch& match, const std::string& question) {
    QuestionSql written = write_question_sql(match);
    Answer answer;
    answer.sql = std::move(written.sql);
    answer.parameters = std::move(written.parameters);
    answer.types = std::move(written.types);
    const Result<Table> table = run(answer);
    if (!table) {
        Answer failed;
        failed.text = "The look-alike has SQL that does not run: " + table.error().message;
        return failed;
    }
    const QuestionText words(match, *table, question_book().words.named);
    answer.title = words.title();
    answer.description = words.about();
    answer.text = words.text();
    answer.suggestions = words.next();
    answer.thoughts = thoughts_of(answer, question, words.given());
    answer.row_count = table->rows.size();
    answer.truncated = table->truncated;
    return answer;
}

Answer Analyst::clarification(const SpaceInfo& space, const std::string& question) const {
    constexpr std::size_t kMostWords = 6;
    Answer answer;
    answer.clarification = true;
    answer.text = "I am only a local look-alike of Genie with a small sample data set, and I do not know that question";
    const std::vector<std::string> unknown = matcher_->unknown_words(question, space.key);
    if (!unknown.empty() && unknown.size() <= kMostWords) {
        std::string list;
        for (const std::string& word : unknown)
            list += (list.empty() ? "\"" : ", \"") + escape_markdown(word) + "\"";
        answer.text += " (" + list + (unknown.size() == 1 ? " says" : " say") + " nothing to me)";
    }
    answer.text += ".";
    for (const BookSpace& other : question_book().spaces)
        if (other.key != space.key && matcher_->find(question, other.key, {}))
            answer.text += " It looks like one for the space **" + other.title + "**.";
    answer.text += " What would you like to know about **" + space.title + "**? For example:\n\n" +
                   bullets(space.sample_questions);
    return answer;
}

Result<Table> Analyst::run(const Answer& answer, const QueryLimits& limits) {
    return data().query(answer.sql, answer.parameters, answer.types, limits);
}

}  // namespace genie_slack::sandbox::databricks
