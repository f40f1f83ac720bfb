#include "sandbox/genie/question_match.hpp"

#include "sandbox/genie/correction.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace genie_slack::sandbox::databricks {

namespace question_match_detail {

constexpr std::size_t kLongestQuestion = 2000;  // bytes; more than that is no question to this look-alike
constexpr long kMostRows = 1000;                // a higher number is no "top"
constexpr std::size_t kShortestName = 3;        // bytes; a shorter word is not what makes a question unknown

bool is_grain(std::string_view word) {
    return word == "day" || word == "week" || word == "month" || word == "quarter" || word == "year";
}

// "over 1000.50"; taken out of the words.
std::string take_amount(QuestionTokens& words, std::string_view after) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string number(words.free(i + 1));
        if (words.free(i) != after || number.empty() || number.find_first_not_of("0123456789.") != std::string::npos)
            continue;
        words.use(i, 2);
        return number;
    }
    return {};
}

std::vector<std::string> sorted(const std::set<std::string>& words) {
    return {words.begin(), words.end()};
}

}  // namespace question_match_detail

using namespace question_match_detail;

QuestionMatcher::QuestionMatcher(const QuestionBook& book, std::chrono::sys_days today) : book_(book), today_(today) {}

void QuestionMatcher::add_value(const std::string& table, const std::string& column, const std::string& value) {
    std::vector<ColumnValue>& list = values_[table];
    list.push_back({QuestionTokens(value, book_.words.same).joined(), column, value});
    for (const auto& [phrase, meant] : book_.words.values)
        if (meant == value)
            list.push_back({QuestionTokens(phrase, book_.words.same).joined(), column, value});
}

void QuestionMatcher::prepare() {
    for (auto& [table, list] : values_)
        std::sort(list.begin(), list.end(), [](const ColumnValue& a, const ColumnValue& b) {
            return std::make_tuple(b.phrase.size(), a.value) < std::make_tuple(a.phrase.size(), b.value);
        });
    for (const BookQuestion& question : book_.questions) {
        Asking& asking = asking_.emplace_back();
        for (const std::string& text : question.ways)
            asking.ways.push_back({QuestionTokens(text, book_.words.same).joined(), read(text, question.table)});
        asking.unless = read(question.unless, question.table).asked;
    }
}

QuestionMatcher::Reading QuestionMatcher::read(std::string_view text, const std::string& table) const {
    QuestionTokens words(text, book_.words.same);
    Reading reading;
    AskedFor& asked = reading.asked;
    const auto values = values_.find(table);
    NamedValues named =
        take_values(words, values == values_.end() ? std::vector<ColumnValue>() : values->second, book_.words.shape);
    asked.filters = std::move(named.kept);
    asked.without = std::move(named.left_out);
    asked.above = take_amount(words, "above");  // before the periods: 2000 would be a year
    asked.below = take_amount(words, "below");
    asked.periods = take_periods(words, today_);
    asked.compare = !words.take("compare").empty();
    if (asked.compare)
        compare_like_with_like(asked.periods);
    asked.together = !words.take("all_together").empty();
    if (!words.take("highest").empty())
        asked.lowest = false;
    if (!words.take("lowest").empty())
        asked.lowest = true;
    const BookTable* split = book_.find_table(table);
    std::set<std::string> left;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string word(words.free(i));
        const auto number = whole_number(word);
        if (word.empty() || book_.words.ignored.contains(word))
            continue;
        if (is_grain(word) && (asked.grain.empty() || asked.grain == word))
            asked.grain = word;
        else if (split && is_among(split->columns, word) && asked.by.size() < 2)
            asked.by.push_back(word);
        else if (number && *number >= 1 && *number <= kMostRows && !asked.top)
            asked.top = number;
        else {
            left.insert(word);
            if (!words.is_other(i) && !is_among(reading.as_written, word))
                reading.as_written.push_back(word);
        }
    }
    set_side_by_side(asked);
    reading.words = sorted(left);
    return reading;
}

QuestionMatch QuestionMatcher::match(std::size_t index, Reading reading) const {
    const BookQuestion& question = book_.questions[index];
    AskedFor& asked = reading.asked;
    const bool said = std::any_of(asking_[index].ways.begin(), asking_[index].ways.end(), [&](const Way& way) {
        const AskedFor& shape = way.reading.asked;
        // "Top 5 customers" says enough without a measure, "customers" does not.
        const bool enough = !reading.words.empty() ||
                            (shape.compare == asked.compare && shape.lowest.has_value() == asked.lowest.has_value());
        return enough && way.reading.words == reading.words && shape.by.size() == asked.by.size() &&
               shape.grain.empty() == asked.grain.empty();
    });
    if (!said || !accepts(question, asked))
        return {};
    const AskedFor& unless = asking_[index].unless;
    if (!asked.top)
        asked.top = unless.top;
    if (asked.periods.empty())
        asked.periods = unless.periods;
    if (asked.by.empty() && asked.grain.empty()) {
        asked.by = unless.by;
        asked.grain = unless.grain;
    }
    QuestionMatch match;
    if (asked.top || !question.sql_has("{top}")) {
        match.question = &question;
        match.words = asking_[index].ways.front().reading.words;
        match.asked = std::move(asked);
        match.asked.together = false;
    }
    return match;
}

QuestionMatch QuestionMatcher::small_talk(const QuestionTokens& tokens) const {
    QuestionMatch found;
    const std::string text = tokens.joined();
    for (std::size_t index = 0; index < book_.questions.size() && !found; ++index) {
        const BookQuestion& question = book_.questions[index];
        const std::vector<Way>& ways = asking_[index].ways;
        bool meant = !question.has_query() &&
                     std::any_of(ways.begin(), ways.end(), [&](const Way& way) { return way.text == text; });
        for (std::size_t i = 0; i < tokens.size(); ++i)
            meant = meant || question.anywhere.contains(tokens.at(i));
        if (meant)
            found.question = &question;
    }
    return found;
}

QuestionMatcher::Readings QuestionMatcher::read_all(std::string_view text, std::string_view space) const {
    Readings readings;
    for (const BookTable& table : book_.tables)
        if (table.space.empty() || table.space == space)
            readings[table.name] = read(text, table.name);
    return readings;
}

bool QuestionMatcher::names_shape(const QuestionTokens& tokens) const {
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (book_.words.shape.contains(std::string(tokens.at(i))))
            return true;
    return false;
}

QuestionMatch QuestionMatcher::direct(const Readings& readings) const {
    // "Compare 2024 and 2025 by region": a row for each year, where some question has that; else their sum.
    for (const bool beside : {true, false})
        for (std::size_t index = 0; index < book_.questions.size(); ++index) {
            const auto reading = readings.find(book_.questions[index].table);
            if (reading == readings.end())
                continue;
            Reading varied = reading->second;
            if (beside && !set_periods_beside(varied.asked))
                continue;
            if (QuestionMatch found = match(index, std::move(varied)))
                return found;
        }
    return {};
}

QuestionMatch QuestionMatcher::follow_up(const Readings& readings, const QuestionMatch& before) const {
    if (!before)
        return {};
    // "And the orders?" names another measure, "and the growth?" adds to the one before.
    for (const bool adds : {false, true})
        for (std::size_t index = 0; index < book_.questions.size(); ++index) {
            const BookQuestion& question = book_.questions[index];
            const auto reading = readings.find(question.table);
            if (reading == readings.end())
                continue;
            const Reading& now = reading->second;
            if (now.words.empty() && !now.asked.anything())
                continue;
            std::set<std::string> words(now.words.begin(), now.words.end());
            if (adds || words.empty())
                words.insert(before.words.begin(), before.words.end());
            Reading varied{sorted(words), {}, merged(before.asked, now.asked)};
            forget_foreign(question, book_.find_table(question.table), varied.asked, now.asked);
            QuestionMatch found = match(index, std::move(varied));
            found.goes_on = true;
            if (found)
                return found;
        }
    return {};
}

bool QuestionMatcher::refers_back(std::string_view text) const {
    const std::string said = " " + normalize_question(text) + " ";
    return std::any_of(book_.words.refers.begin(), book_.words.refers.end(),
                       [&](const std::string& phrase) { return said.find(" " + phrase + " ") != std::string::npos; });
}

QuestionMatch QuestionMatcher::find(std::string_view text, std::string_view space, const QuestionMatch& before) const {
    if (text.size() > kLongestQuestion)
        return {};
    const std::size_t whole = text.size();
    text = without_correction(text, book_.words.denials, book_.words.meant);
    const bool corrects = text.size() < whole;
    const QuestionTokens tokens(text, book_.words.same);
    if (tokens.size() == 0)
        return {};
    if (QuestionMatch found = small_talk(tokens))
        return found;
    const Readings readings = read_all(text, space);
    const Reading alone = before ? read(text, before.question->table) : Reading();
    if (before && before.question->has_query() && alone.words.empty() && !alone.asked.anything() &&
        names_shape(tokens)) {
        QuestionMatch same = before;
        same.goes_on = true;
        return same;
    }
    const bool goes_on =
        corrects || refers_back(text) || book_.words.going_on.contains(tokens.at(0)) || (before && alone.words.empty());
    if (QuestionMatch found = goes_on ? follow_up(readings, before) : direct(readings))
        return found;
    return goes_on ? direct(readings) : follow_up(readings, before);
}

std::optional<bool> QuestionMatcher::is_german(std::string_view text) const {
    const QuestionTokens tokens(text, {});
    long german = 0;
    long english = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        german += book_.words.german.contains(tokens.at(i));
        english += book_.words.english.contains(tokens.at(i));
    }
    return german == english ? std::optional<bool>() : german > english;
}

bool QuestionMatcher::agrees(std::string_view text) const {
    const QuestionTokens tokens(text, {});
    bool all = tokens.size() > 0;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        all = all && book_.words.agree.contains(tokens.at(i));
    return all;
}

bool QuestionMatcher::leaves_out(std::string_view text, std::string_view space) const {
    const QuestionTokens words(text, {});
    std::string plain;
    for (std::size_t i = 0; i < words.size(); ++i)
        if (!book_.words.small.contains(words.at(i)))
            plain += " " + words.at(i);
    const Readings readings = read_all(plain, space);
    return std::all_of(readings.begin(), readings.end(),
                       [](const auto& one) { return is_among(one.second.words, "without"); });
}

std::vector<std::string> QuestionMatcher::unknown_words(std::string_view text, std::string_view space) const {
    const std::string plain = without_contractions(without_correction(text, book_.words.denials, book_.words.meant));
    std::set<std::string> known = book_.words.small;
    for (std::size_t index = 0; index < book_.questions.size(); ++index)
        if (book_.questions[index].space.empty() || book_.questions[index].space == space)
            for (const Way& way : asking_[index].ways)
                known.insert(way.reading.words.begin(), way.reading.words.end());
    std::vector<std::string> unknown;
    for (const std::string& word : read(plain, "").as_written)
        if (!known.contains(word) && !whole_number(word) && word.size() >= kShortestName)
            unknown.push_back(word);
    // Words of a column or a value are known too.
    for (const BookTable& table : book_.tables)
        if (table.space == space) {
            const std::vector<std::string> words = read(plain, table.name).as_written;
            std::erase_if(unknown, [&](const std::string& word) { return !is_among(words, word); });
        }
    return unknown;
}

}  // namespace genie_slack::sandbox::databricks
