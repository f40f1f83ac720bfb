#include "sandbox/genie/question_book.hpp"

#include "sandbox/genie/question_tokens.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace genie_slack::sandbox {

// Defined by the generated source, see genie_slack_embed.
std::vector<std::pair<std::string_view, std::string_view>> question_files();

}  // namespace genie_slack::sandbox

namespace genie_slack::sandbox::databricks {

namespace question_book_detail {

struct Line {
    std::size_t number = 0;
    std::string key;
    std::string value;  // lines below it that are indented further belong to it
};

struct Section {
    Line head;
    std::vector<Line> fields;
};

constexpr std::size_t kFieldIndent = 2;
constexpr std::size_t kMoreIndent = 4;

Line line_of(std::size_t number, const std::string& text) {
    Line line;
    line.number = number;
    line.key = text.substr(0, text.find(' '));
    const std::size_t start = text.find_first_not_of(' ', line.key.size());
    line.value = start == std::string::npos ? "" : text.substr(start);
    return line;
}

Error wrong(const Line& line, const std::string& what) {
    return Error("questions.txt, line " + std::to_string(line.number) + ": " + what);
}

Result<std::vector<Section>> sections(std::string_view text) {
    std::vector<Section> list;
    std::istringstream stream{std::string(text)};
    std::string raw;
    bool gap = false;  // an empty line inside a long text belongs to it
    for (std::size_t number = 1; std::getline(stream, raw); ++number) {
        const std::size_t indent = raw.find_first_not_of(' ');
        const bool empty = indent == std::string::npos;
        if (empty || raw[0] == '#') {
            gap = empty;
            continue;
        }
        if (indent == 0) {
            list.push_back({line_of(number, raw), {}});
        } else if (list.empty() || indent < kFieldIndent || (indent >= kMoreIndent && list.back().fields.empty())) {
            return wrong(line_of(number, raw), "belongs to nothing");
        } else if (indent < kMoreIndent) {
            list.back().fields.push_back(line_of(number, raw.substr(indent)));
        } else {
            std::string& value = list.back().fields.back().value;
            value += (value.empty() ? "" : gap ? "\n\n" : "\n") + raw.substr(kMoreIndent);
        }
        gap = false;
    }
    return list;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
        if (const std::size_t start = part.find_first_not_of(" \n"); start != std::string::npos)
            parts.push_back(part.substr(start, part.find_last_not_of(" \n") + 1 - start));
    return parts;
}

std::set<std::string> word_set(const std::string& text) {
    const std::vector<std::string> words = words_of(text);
    return {words.begin(), words.end()};
}

void put_phrases(std::set<std::string>& set, const std::string& text) {
    for (const std::string& phrase : parts_of(text, ','))
        set.insert(normalize_question(phrase));
}

// "last: past, previous"
bool put_phrases(std::map<std::string, std::string>& map, const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        return false;
    for (const std::string& phrase : parts_of(text.substr(colon + 1), ','))
        map[normalize_question(phrase)] = text.substr(0, colon);
    return true;
}

bool put(BookWords& words, const Line& line) {
    if (line.key == "ignore")
        words.ignored.merge(word_set(line.value));
    else if (line.key == "small")
        words.small.merge(word_set(line.value));
    else if (line.key == "shape")
        words.shape.merge(word_set(line.value));
    else if (line.key == "going_on")
        words.going_on = word_set(line.value);
    else if (line.key == "refers")
        put_phrases(words.refers, line.value);
    else if (line.key == "denies")
        words.denials = word_set(line.value);
    else if (line.key == "meant")
        put_phrases(words.meant, line.value);
    else if (line.key == "german")
        words.german.merge(word_set(line.value));
    else if (line.key == "english")
        words.english.merge(word_set(line.value));
    else if (line.key == "agree")
        words.agree.merge(word_set(line.value));
    else if (line.key == "named")
        words.named = word_set(line.value);
    else if (line.key == "same")
        return put_phrases(words.same, line.value);
    else if (line.key == "value")
        return put_phrases(words.values, line.value);
    else
        return false;
    return true;
}

bool put(BookSpace& space, const Line& line) {
    if (line.key == "title")
        space.title = line.value;
    else if (line.key == "description")
        space.description = line.value;
    else if (line.key == "tables")
        space.tables = words_of(line.value);
    else if (line.key == "sample")
        space.samples.push_back(line.value);
    else if (line.key == "sample_de")
        space.german_samples.push_back(line.value);
    else
        return false;
    return true;
}

bool put(BookTable& table, const Line& line) {
    if (line.key == "space")
        table.space = line.value;
    else if (line.key == "date")
        table.date = line.value;
    else if (line.key == "since")
        table.since = line.value;
    else if (line.key == "columns")
        table.columns = words_of(line.value);
    else
        return false;
    return true;
}

bool put(BookQuestion& question, const Line& line) {
    const std::pair<const char*, std::string*> texts[] = {
        {"date", &question.date},
        {"amount", &question.amount},
        {"unless", &question.unless},
        {"title", &question.title},
        {"about", &question.about},
        {"sql", &question.sql},
        {"text", &question.text},
        {"none", &question.none},
        {"title_de", &question.german.title},
        {"about_de", &question.german.about},
        {"text_de", &question.german.text},
        {"none_de", &question.german.none},
    };
    for (const auto& [key, text] : texts)
        if (line.key == key) {
            *text = line.value;
            return true;
        }
    if (line.key == "also")
        question.ways.push_back(line.value);
    else if (line.key == "by")
        question.by = words_of(line.value);
    else if (line.key == "types")
        question.types = parts_of(line.value, ';');
    else if (line.key == "next")
        question.next.push_back(line.value);
    else if (line.key == "next_de")
        question.german.next.push_back(line.value);
    else if (line.key == "offers_de")
        question.german.offers.push_back(line.value);
    else if (line.key == "offers")
        question.offers.push_back(line.value);
    else if (line.key == "anywhere")
        question.anywhere = word_set(line.value);
    else if (line.key == "asks_back")
        question.asks_back = true;
    else if (line.key == "in_a_period")
        question.in_a_period = true;
    else
        return false;
    return true;
}

template <class Entry>
std::optional<Error> fill(Entry& entry, const Section& section) {
    for (const Line& line : section.fields)
        if (!put(entry, line))
            return wrong(line, "'" + line.key + "' is no field of '" + section.head.key + "', or cannot be read");
    return {};
}

// Questions belong to the table above them.
std::optional<Error> add(QuestionBook& book, const Section& section) {
    const Line& head = section.head;
    if (head.key == "words")
        return fill(book.words, section);
    if (head.key == "space") {
        book.spaces.emplace_back().key = head.value;
        return fill(book.spaces.back(), section);
    }
    if (head.key == "table") {
        book.tables.emplace_back().name = head.value;
        return fill(book.tables.back(), section);
    }
    if (head.key != "question" || head.value.empty())
        return wrong(head, "'" + head.key + "' is none of words, space, table, question");
    BookQuestion& question = book.questions.emplace_back();
    question.ways.push_back(head.value);
    if (!book.tables.empty()) {
        const BookTable& table = book.tables.back();
        question.table = table.name;
        question.space = table.space;
        question.date = table.date;
        question.since = table.since;
        question.by = table.columns;
    }
    if (auto error = fill(question, section))
        return error;
    if (question.text.empty() || (question.has_query() && (question.title.empty() || question.about.empty())))
        return wrong(head, "a question needs a text, and with SQL a title and an about");
    const BookGerman& german = question.german;
    if (!german.text.empty() && question.has_query() && (german.title.empty() || german.about.empty()))
        return wrong(head, "a text_de needs a title_de and an about_de");
    return {};
}

}  // namespace question_book_detail

const BookTable* QuestionBook::find_table(std::string_view name) const {
    const auto found =
        std::find_if(tables.begin(), tables.end(), [&](const BookTable& table) { return table.name == name; });
    return found == tables.end() ? nullptr : &*found;
}

Result<QuestionBook> read_question_book(std::string_view text) {
    const auto list = question_book_detail::sections(text);
    if (!list)
        return list.error();
    QuestionBook book;
    for (const auto& section : *list)
        if (auto error = question_book_detail::add(book, section))
            return std::move(*error);
    return book;
}

const QuestionBook& question_book() {
    static const QuestionBook book = read_question_book(question_files().front().second).value();
    return book;
}

}  // namespace genie_slack::sandbox::databricks
