#include "sandbox/genie/analyst.hpp"

#include "sandbox/genie/answer_remarks.hpp"
#include "sandbox/genie/german.hpp"
#include "sandbox/genie/odd_samples.hpp"
#include "sandbox/genie/question_sql.hpp"
#include "sandbox/genie/question_text.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::sandbox::databricks {

namespace analyst_detail {

struct ClarificationWords {
    const char* unknown;
    const char* without;
    const char* word;
    const char* words;
    const char* both;
    const char* elsewhere;
    const char* ask;
    const char* example;
};
// Of results that are kept.
constexpr std::size_t kKeptResults = 100;
constexpr std::size_t kKeptRows = 1'000;

constexpr ClarificationWords kEnglish{
    "I am only a local look-alike with a small sample data set and do not know that question",
    "I am only a local look-alike with a small sample data set and cannot leave that out of an answer",
    " says nothing to me",
    " say nothing to me",
    " and ",
    "; it looks like one for the space ",
    " Ask me something about ",
    ", for example:\n\n"};
constexpr ClarificationWords kGerman{
    "Ich bin nur ein lokaler Doppelgänger mit wenigen Beispieldaten und kenne diese Frage nicht",
    "Ich bin nur ein lokaler Doppelgänger mit wenigen Beispieldaten und kann das in einer Antwort nicht weglassen",
    " sagt mir nichts",
    " sagen mir nichts",
    " und ",
    "; sie passt eher zum Space ",
    " Frag mich etwas über ",
    ", zum Beispiel:\n\n"};
// What the answer before says of cancelled orders, by its description.
std::string about_cancelled(const QuestionMatch& before, bool german) {
    const std::string about = before && before.question->has_query() ? before.question->about : std::string();
    if (about.find("Cancelled orders do not count") != std::string::npos)
        return german ? "Nein: In der Antwort oben zählen stornierte Bestellungen nicht mit."
                      : "No: in the answer above cancelled orders do not count.";
    if (about.find("Cancelled orders count as well") != std::string::npos)
        return german ? "Ja: In der Antwort oben zählen stornierte Bestellungen mit."
                      : "Yes: in the answer above cancelled orders count as well.";
    if (!about.empty())
        return german ? "Mit Bestellungen hat die Antwort oben nichts zu tun."
                      : "The answer above has nothing to do with cancelled orders.";
    return german ? "Das sagt jede Antwort über Bestellungen; hier gibt es noch keine."
                  : "Each answer about orders says so; there is none here yet.";
}

std::vector<std::string> samples_of(const SpaceInfo& space, bool german) {
    if (german)
        for (const BookSpace& from : question_book().spaces)
            if (from.key == space.key && !from.german_samples.empty())
                return from.german_samples;
    return space.sample_questions;
}

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

Analyst::Analyst(std::uint64_t seed, std::chrono::sys_days today)
    : seed_(seed), today_(std::max(today, std::chrono::sys_days(kToday))) {}

Analyst::~Analyst() = default;

Database& Analyst::data() {
    if (data_)
        return *data_;
    data_ = create_data_set(seed_, today_);
    matcher_ = std::make_unique<QuestionMatcher>(question_book(), today_);
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
Analyst::Found Analyst::find(const SpaceInfo& space, const std::string& question, const QuestionMatch& last) const {
    const Found plain{matcher_->find(question, space.key, last), last};
    const std::size_t open = question.find(" (");
    if (open == std::string::npos || !question.ends_with(')'))
        return plain;
    QuestionMatch before;
    std::string_view rest = std::string_view(question).substr(open + 2, question.size() - open - 3);
    if (rest.ends_with(')')) {
        before = find(space, std::string(rest), last).match;
        rest = {};
    }
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find("; "), rest.size());
        before = matcher_->find(rest.substr(0, end), space.key, before);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        if (!before || !before.question->has_query())
            return plain;
    }
    return {matcher_->find(question.substr(0, open), space.key, before), before};
}

Answer Analyst::answer(const SpaceInfo& space, const std::string& question, Context& context) {
    data();
    context.german = matcher_->is_german(question).value_or(context.german);
    const std::string offer = std::exchange(context.offer, {});
    if (!offer.empty() && matcher_->agrees(question))
        return answer_one(space, offer, context);
    const std::vector<std::string> several =
        question.ends_with(')') ? std::vector<std::string>() : questions_in(space, question, context.last);
    if (several.empty())
        return answer_one(space, question, context);
    Answer answer = answer_one(space, several.front(), context);
    const std::string count = std::to_string(several.size());
    answer.text += context.german ? "\n\nDas beantwortet die erste von " + count + " Fragen, der Rest steht unten."
                                  : "\n\nThis answers the first of " + count + " questions; the rest is below.";
    answer.suggestions.insert(answer.suggestions.begin(), several.begin() + 1, several.end());
    return answer;
}

std::vector<std::string> Analyst::questions_in(const SpaceInfo& space, const std::string& text,
                                               QuestionMatch before) const {
    std::vector<std::string> questions;
    for (std::size_t start = 0, end = 0; (end = text.find('?', start)) != std::string::npos; start = end + 1) {
        const std::size_t first = text.find_first_not_of(" \n\t-*?", start);
        if (first >= end)
            continue;
        const std::string one = text.substr(first, end + 1 - first);
        const QuestionMatch match = matcher_->find(one, space.key, before);
        if (!match || !match.question->has_query())
            continue;
        questions.push_back(one);
        before = match;
    }
    return questions.size() > 1 ? questions : std::vector<std::string>();
}

Answer Analyst::answer_one(const SpaceInfo& space, const std::string& question, Context& context) {
    const auto [match, before] = find(space, question, context.last);
    if (!match) {
        context.misses = true;
        return clarification(space, question, context.german);
    }
    if (!match.question->has_query())
        return small_talk(space, *match.question, context);
    Answer answer = query_answer(match, question, context.german);
    if (answer.row_count > 0)
        add_remarks(answer, {before, rows_of(before), match}, std::exchange(context.misses, false), context.german);
    context.last = match;
    for (std::string& next : answer.suggestions)
        if (const QuestionMatch following = matcher_->find(next, space.key, match);
            following && following.question->has_query() && puts_together({match, answer.row_count, following}))
            next = next.substr(0, next.find('?')) + (context.german ? ", alle zusammen?" : ", all together?");
    // "Only EMEA" says nothing new behind an answer that is only about EMEA.
    std::erase_if(answer.suggestions, [&](const std::string& next) {
        const QuestionMatch same = matcher_->find(next, space.key, match);
        return same.question == match.question && same.asked == match.asked;
    });
    if (answer.suggestions.empty())
        answer.suggestions = match.question->next.empty() ? samples_of(space, context.german) : match.question->next;
    return answer;
}

void Analyst::add_remarks(Answer& answer, const AnswerStep& step, bool after_miss, bool german) const {
    const std::set<std::string>& named = question_book().words.named;
    const bool in_german = german && !step.now.question->german.text.empty();
    if (after_miss && step.before && step.now.goes_on) {
        const std::string title = escape_markdown(QuestionText(step.before, Table(), named, today_, in_german).title());
        answer.text += in_german ? "\n\nDas knüpft an die letzte Frage an, die ich verstanden habe: " + title + "."
                                 : "\n\nThis goes on from the last question that I understood: " + title + ".";
    }
    const std::string lost = remark_of_lost(step, named, in_german);
    if (!lost.empty())
        answer.text += "\n\n" + lost;
}

std::size_t Analyst::rows_of(const QuestionMatch& match) {
    if (!match || !match.question->has_query())
        return 0;
    QuestionSql written = write_question_sql(match);
    Answer asked;
    asked.sql = std::move(written.sql);
    asked.parameters = std::move(written.parameters);
    asked.types = std::move(written.types);
    const Result<Table> table = run(asked);
    return table ? table->rows.size() : 0;
}

Answer Analyst::small_talk(const SpaceInfo& space, const BookQuestion& question, Context& context) const {
    const bool german = context.german && !question.german.text.empty();
    Answer answer;
    answer.text = german ? question.german.text : question.text;
    answer.clarification = question.asks_back;
    replace_placeholder(answer.text, "space", space.title);
    replace_placeholder(answer.text, "samples", bullets(samples_of(space, german)));
    replace_placeholder(answer.text, "odd", bullets(names_of("")));
    replace_placeholder(answer.text, "tables", bullets(space.tables, "`"));
    replace_placeholder(answer.text, "questions", bullets(names_of(space.key)));
    replace_placeholder(answer.text, "report", long_report());
    replace_placeholder(answer.text, "cancelled", about_cancelled(context.last, german));
    answer.suggestions = german ? question.german.next : question.next;
    if (answer.suggestions.empty())
        answer.suggestions = samples_of(space, german);
    const auto& offers = german ? question.german.offers : question.offers;
    const auto offer = std::find_if(offers.begin(), offers.end(), [&](const std::string& one) {
        return bool(matcher_->find(one, space.key, context.last));
    });
    if (offer != offers.end()) {
        context.offer = *offer;
        answer.suggestions.insert(answer.suggestions.begin(), *offer);
    }
    return answer;
}

Answer Analyst::query_answer(const QuestionMatch& match, const std::string& question, bool german) {
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
    const QuestionText words(match, *table, question_book().words.named, today_, german);
    answer.title = words.title();
    answer.description = words.about();
    answer.text = words.text();
    const std::string unfinished =
        remark_of_unfinished(match, *table, today_, german && !match.question->german.text.empty());
    if (!unfinished.empty())
        answer.text += " " + unfinished;
    answer.suggestions = words.next();
    answer.thoughts = thoughts_of(answer, question, words.given());
    answer.row_count = table->rows.size();
    answer.truncated = table->truncated;
    if (answer.truncated)
        answer.text += how_many_there_are(answer, german && !match.question->german.text.empty());
    return answer;
}

// The number that stands with the file, too.
std::string Analyst::how_many_there_are(const Answer& answer, bool german) {
    Answer counting;
    counting.sql = "SELECT COUNT(*) AS rows_in_all FROM (" + answer.sql + ") AS everything";
    counting.parameters = answer.parameters;
    const Result<Table> counted = run(counting);
    if (!counted || counted->rows.empty() || !counted->rows[0][0])
        return german ? " Es gibt mehr Zeilen als diese." : " There are more rows than these.";
    const std::string count = with_thousands(*counted->rows[0][0]);
    return german ? " Insgesamt sind es " + german_number(count) + " Zeilen." : " There are " + count + " rows in all.";
}

Answer Analyst::clarification(const SpaceInfo& space, const std::string& question, bool german) const {
    constexpr std::size_t kMostWords = 2;
    constexpr std::size_t kMostExamples = 2;
    const ClarificationWords& words = german ? kGerman : kEnglish;
    Answer answer;
    answer.clarification = true;
    std::vector<std::string> unknown = matcher_->unknown_words(question, space.key);
    answer.text = unknown.empty() && matcher_->leaves_out(question, space.key) ? words.without : words.unknown;
    const BookSpace* const other = space_that_knows(space, question);
    if (other) {
        answer.text += words.elsewhere + ("**" + other->title + "**");
    } else if (!unknown.empty()) {
        unknown.resize(std::min(unknown.size(), kMostWords));
        std::string list;
        for (const std::string& word : unknown)
            list += (list.empty() ? "\"" : words.both + std::string("\"")) + escape_markdown(word) + "\"";
        answer.text += " (" + list + (unknown.size() == 1 ? words.word : words.words) + ")";
    }
    answer.suggestions = samples_of(space, german);
    answer.suggestions.resize(std::min(answer.suggestions.size(), kMostExamples));
    answer.text += "." + (words.ask + ("**" + space.title + "**")) + words.example + bullets(answer.suggestions);
    return answer;
}

const BookSpace* Analyst::space_that_knows(const SpaceInfo& but, const std::string& question) const {
    for (const BookSpace& other : question_book().spaces)
        if (other.key != but.key && matcher_->find(question, other.key, {}))
            return &other;
    return nullptr;
}

Result<Table> Analyst::run(const Answer& answer, const QueryLimits& limits) {
    std::string key = answer.sql + '\0' + std::to_string(limits.max_rows);
    for (const SqlParameter& parameter : answer.parameters)
        key += '\0' + parameter.name + '\0' + parameter.value;
    if (const auto known = results_.find(key); known != results_.end())
        return known->second;
    Result<Table> table = data().query(answer.sql, answer.parameters, answer.types, limits);
    if (table && table->rows.size() <= kKeptRows) {
        if (results_.size() >= kKeptResults)
            results_.clear();
        results_.emplace(std::move(key), *table);
    }
    return table;
}

}  // namespace genie_slack::sandbox::databricks
