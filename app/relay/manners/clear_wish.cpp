#include "app/relay/manners/clear_wish.hpp"

#include "app/relay/manners/data_words.hpp"
#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/line_opening.hpp"
#include "app/relay/manners/line_words.hpp"
#include "app/relay/manners/remark.hpp"
#include "app/relay/manners/small_talk.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay {

namespace clear_wish_detail {

using namespace phrases;

constexpr std::string_view kName = "genie";
constexpr std::string_view kGreetings =
    "|hi|hey|hello|hallo|ok|okay|yo|moin|servus|dear|liebe|lieber|hola|oye|bonjour|salut|coucou|dis|please|bitte|";
// Anywhere, and at the end, of what goes on with an answer.
constexpr std::string_view kAsks = "|please|pls|plz|bitte|instead|stattdessen|por favor|s'il te plaît|s'il vous plaît|";
// Behind its name they ask it for something.
constexpr std::string_view kCanYou =
    "|can you|could you|would you|will you|can u|do you have|kannst du|könntest du|würdest du|hast du|puedes|podrías|"
    "tienes|peux-tu|pourrais-tu|tu peux|as-tu|";
// What nobody says to a colleague of what only the bot can draw; "show it to Ben" goes to somebody.
constexpr std::string_view kShow =
    "|show|list|compare|plot|chart|display|rank|break it down|break that down|break this down|break down|drill down|"
    "zeig|zeige|liste|vergleiche|vergleich|";
constexpr std::string_view kShowToPeople = "|to|up|your|yours|off|around|notes|";
constexpr std::string_view kAsksAtEnd = "|only|nur|too|auch|";

bool asks(LineKind kind) {
    return kind == LineKind::question || kind == LineKind::request || kind == LineKind::personal;
}

bool has_question_mark(const Line& line) {
    return std::any_of(line.sentences.begin(), line.sentences.end(),
                       [](const Sentence& sentence) { return sentence.has_question_mark; });
}

void cut(Line& line, std::size_t sentence, std::size_t from, std::size_t to) {
    Words& words = line.sentences[sentence].words;
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(to));
    if (words.empty())
        line.sentences.erase(line.sentences.begin() + static_cast<std::ptrdiff_t>(sentence));
}

bool says_i_or_we(const Words& words) {
    return contains(words, kFirstPersonSingular) || contains(words, kFirstPersonSingularGerman) ||
           contains(words, kFirstPersonPlural);
}

// "revenue per customer by region?": to nobody in person, and no guess at what somebody said.
bool is_asked_of_data(const Sentence& sentence) {
    const Words& words = sentence.words;
    return sentence.has_question_mark && words.size() > 2 && contains(words, kContinuations) &&
           !contains(words, kSecondPerson) && !says_i_or_we(words) && !contains(words, kFiniteVerbs) &&
           !stands_at(words, 0, kSuggestions) && !contains(words, kSocial) && !contains(words, kPlans);
}

Line alone(const Sentence& sentence) {
    Line line;
    line.sentences.push_back(sentence);
    return line;
}

bool is_wish(const Sentence& sentence) {
    const LineKind kind = kind_of(alone(sentence));
    return kind == LineKind::question || (kind == LineKind::request && !contains(sentence.words, kSocial)) ||
           (kind == LineKind::personal && is_asked_of_data(sentence));
}

bool goes_on(const Sentence& sentence) {
    if (is_wish(sentence))
        return true;
    if (kind_of(alone(sentence)) != LineKind::fragment)
        return false;
    const Words words = without_greeting(sentence.words);
    return stands_at(words, 0, kContinuations) || stands_at(words, 0, kOpeners) || contains(words, kAsks) ||
           has(kAsksAtEnd, words.back().lower);
}

bool is_wish_to_see(const Sentence& sentence) {
    if (kind_of(alone(sentence)) != LineKind::request || contains(sentence.words, kSocial) ||
        contains(sentence.words, kShowToPeople))
        return false;
    Words words = without_greeting(sentence.words);
    while (words.size() > 1 && (has(kOpeners, words.front().lower) || has("|please|bitte|", words.front().lower)))
        words.erase(words.begin());
    return words.size() > 1 && stands_at(words, 0, kShow);
}

// "can you do top 10?": a person could, too.
bool is_asked_of_anybody(const Sentence& sentence) {
    const Words& words = sentence.words;
    const bool has_number = std::any_of(words.begin(), words.end(), [](const LineWord& word) {
        return !word.lower.empty() && word.lower.find_first_not_of("0123456789") == std::string::npos;
    });
    return kind_of(alone(sentence)) == LineKind::personal && sentence.has_question_mark &&
           stands_at(without_greeting(words), 0, kCanYou) &&
           (has_number || contains(words, kContinuations) || contains(words, kImperatives));
}

bool may_be_asked(const Sentence& sentence) {
    if (is_wish(sentence) || is_asked_of_anybody(sentence))
        return true;
    // "Revenue fell in March, right?"
    if (sentence.has_question_mark && kind_of(alone(sentence)) == LineKind::personal && names_measure(sentence.words) &&
        !contains(sentence.words, kSecondPerson))
        return true;
    const Words words = without_greeting(sentence.words);
    return kind_of(alone(sentence)) == LineKind::fragment && words.size() > 1 &&
           (contains(words, kAsks) || stands_at(words, 0, kContinuations) || stands_at(words, 0, kOpeners));
}

template <class Test>
bool any_sentence(const Line& line, Test test) {
    return !line.mentions_others && kind_of(line) != LineKind::to_people && !is_remark(line, LineBefore::bots_answer) &&
           !is_small_talk(line, LineBefore::bots_answer) &&
           std::any_of(line.sentences.begin(), line.sentences.end(), test);
}

}  // namespace clear_wish_detail

std::optional<Line> said_to_genie(const Line& line) {
    using namespace clear_wish_detail;
    if (line.sentences.empty() || line.mentions_others)
        return std::nullopt;
    Line rest = line;
    const Words& first = line.sentences.front().words;
    const Words& last = line.sentences.back().words;
    const std::size_t at = first.size() > 1 && has(kGreetings, first[0].lower) ? 1 : 0;
    // "genie is great" says something of it, "genie, is it great" does not.
    bool is_set_apart = true;
    if (first[at].lower == kName) {
        is_set_apart = at > 0 || first[at].comma_follows || first.size() == 1;
        cut(rest, 0, 0, at + 1);
    } else if (last.size() > 1 && last.back().lower == kName && last[last.size() - 2].comma_follows) {
        cut(rest, rest.sentences.size() - 1, last.size() - 1, last.size());
    } else {
        return std::nullopt;
    }
    if (rest.sentences.empty() || is_remark(rest, LineBefore::bots_answer))
        return std::nullopt;
    const LineKind kind = kind_of(rest);
    const bool is_asked =
        is_set_apart
            ? asks(kind) || kind == LineKind::fragment || (kind == LineKind::to_people && has_question_mark(rest))
            : kind == LineKind::request ||
                  (asks(kind) && stands_at(rest.sentences.front().words, 0, kInterrogatives)) ||
                  (has_question_mark(rest) && stands_at(rest.sentences.front().words, 0, kCanYou));
    return is_asked ? std::optional(std::move(rest)) : std::nullopt;
}

bool is_clear_wish(const Line& line) {
    using namespace clear_wish_detail;
    return any_sentence(line, is_wish);
}

bool is_clear_continuation(const Line& line) {
    using namespace clear_wish_detail;
    return any_sentence(line, goes_on);
}

bool wishes_to_see(const Line& line) {
    using namespace clear_wish_detail;
    return any_sentence(line, is_wish_to_see);
}

bool is_perhaps_asked(const Line& line) {
    using namespace clear_wish_detail;
    return any_sentence(line, may_be_asked);
}

}  // namespace genie_slack::relay
