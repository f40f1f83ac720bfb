#include "app/relay/manners/line_kind.hpp"

#include "app/relay/manners/line_words.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace genie_slack::relay {

namespace line_kind_detail {

bool has(std::string_view list, std::string_view phrase) {
    std::string framed("|");
    framed.append(phrase).append("|");
    return list.find(framed) != std::string_view::npos;
}

using Words = std::vector<LineWord>;

std::string joined(const Words& words, std::size_t from, std::size_t count) {
    std::string text;
    for (std::size_t i = from; i < words.size() && i < from + count; ++i)
        text.append(i == from ? "" : " ").append(words[i].lower);
    return text;
}

// Whether a phrase of the list stands at `at`.
bool stands_at(const Words& words, std::size_t at, std::string_view list) {
    for (std::size_t count = 1; count <= 4 && at + count <= words.size(); ++count)
        if (has(list, joined(words, at, count)))
            return true;
    return false;
}

bool contains(const Words& words, std::string_view list) {
    for (std::size_t at = 0; at < words.size(); ++at)
        if (stands_at(words, at, list))
            return true;
    return false;
}

// Length in words of the phrase of the list at `at`, 0 when there is none.
std::size_t longest_at(const Words& words, std::size_t at, std::string_view list) {
    for (std::size_t count = 4; count > 0; --count)
        if (at + count <= words.size() && has(list, joined(words, at, count)))
            return count;
    return 0;
}

bool is_all_courtesy(const Words& words) {
    bool says_something = false;
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t count = std::max(longest_at(words, at, kCourtesy), longest_at(words, at, kAgreement));
        if (count == 0)
            return false;
        says_something = says_something || !has(kCourtesyFiller, joined(words, at, count));
        at += count;
    }
    return says_something;
}

bool is_all_agreement(const Words& words) {
    bool agrees = false;
    for (std::size_t at = 0; at < words.size();) {
        if (const std::size_t count = longest_at(words, at, kAgreement)) {
            agrees = true;
            at += count;
        } else if (has(kCourtesy, words[at].lower) || has(kOpeners, words[at].lower)) {
            ++at;
        } else {
            return false;
        }
    }
    return agrees;
}

// "thanks, now by month" without its first word. Words that a comma sets apart go, and thanks without one.
Words without_greeting(Words words) {
    std::size_t from = 0;
    while (from < words.size()) {
        const std::size_t count = std::max(longest_at(words, from, kAgreement), longest_at(words, from, kCourtesy));
        const bool filler = has(kCourtesyFiller, words[from].lower);
        if (count == 0 || (filler && !words[from].comma_follows && from == 0 && words[from].lower != "please" &&
                           words[from].lower != "bitte"))
            break;
        // "no returns", "right side": an agreement counts with its comma, or before what begins a sentence anew.
        const std::size_t next = from + count;
        const bool set_apart = words[next - 1].comma_follows;
        const bool goes_on =
            next < words.size() && (stands_at(words, next, kOpeners) || stands_at(words, next, kInterrogatives) ||
                                    stands_at(words, next, kContinuations) || stands_at(words, next, kImperatives) ||
                                    has(kCourtesy, words[next].lower));
        const bool is_thanks = has(kCourtesy, words[from].lower) && !filler;
        if (next < words.size() && !set_apart && !goes_on && !(is_thanks && words[from].lower == "thanks"))
            break;
        from = next;
    }
    if (from > 0 && from < words.size())
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(from));
    return words;
}

bool begins_question(const Words& words) {
    return stands_at(words, 0, kInterrogatives) || stands_at(words, 0, kAuxiliaries);
}

// "Anna, can you check?", "hey Tom".
bool calls_by_name(const Words& words) {
    const std::size_t first =
        has("|hi|hey|hello|hallo|moin|servus|dear|liebe|lieber|hola|bonjour|salut|coucou|", words[0].lower) ? 1 : 0;
    if (first == 1 && words.size() > 1 && words[1].is_name_like && !has("|genie|", words[1].lower) &&
        !has(kInterrogatives, words[1].lower))
        return true;
    const LineWord& name = words[0];
    if (first == 1 || !name.is_name_like || !name.comma_follows || words.size() < 2)
        return false;
    const bool is_known = has(kCourtesy, name.lower) || has(kAgreement, name.lower) || has(kOpeners, name.lower) ||
                          has(kContinuations, name.lower) || has(kInterrogatives, name.lower) ||
                          has(kImperatives, name.lower) || has(kSuggestions, name.lower);
    const Words rest(words.begin() + 1, words.end());
    return !is_known && (begins_question(rest) || contains(rest, kSecondPerson) || contains(rest, kImperatives));
}

bool is_to_people(const Words& words) {
    if (contains(
            words,
            "|was meinst du mit|what do you mean|how did you|how do you|where did you get|wie hast du|woher hast du|"))
        return false;
    if (contains(words, kEverybody) || contains(words, kBetweenPeople) || calls_by_name(words))
        return true;
    return contains(words, kSecondPerson) && contains(words, kPeopleVerbs);
}

bool ends_in_name(const Words& words) {
    const std::size_t size = words.size();
    return size >= 3 && words.back().is_name_like && words[size - 2].comma_follows;
}

// A sentence with a question mark, without what was said before it.
LineKind kind_of_question(const Words& words) {
    const bool begins = begins_question(words) || stands_at(words, 0, kContinuations) || stands_at(words, 0, kOpeners);
    if (stands_at(words, 0, kSuggestions))
        return LineKind::statement;
    const std::size_t size = words.size();
    for (std::size_t count = 1; count <= 2 && count <= size; ++count) {
        const bool set_apart = size == count || words[size - count - 1].comma_follows;
        if (set_apart && has(kTags, joined(words, size - count, count)) && (size == count || !begins_question(words)))
            return LineKind::statement;
    }
    const bool is_personal = !begins || size == 1 || contains(words, kSecondPerson) ||
                             contains(words, kFirstPerson.substr(0, kFirstPerson.find("|we|") + 1)) ||
                             contains(words, "|ich|mir|mich|mein|meine|can we|could we|können wir|könnten wir|") ||
                             has(kAboutThis, joined(words, 0, size)) || stands_at(words, 0, kImperatives) ||
                             ends_in_name(words);
    // Who tells a long story may well name a meeting in it.
    constexpr std::size_t kLongStory = 15;
    if (size <= kLongStory && contains(words, kSocial))
        return LineKind::to_people;
    return is_personal ? LineKind::personal : LineKind::question;
}

// A clause that says something, before one that only narrows a fragment down.
bool has_verb(const Words& words, bool is_continuation) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (is_continuation && has(kRelatives, words[at].lower))
            return false;
        if (has(kFiniteVerbs, words[at].lower) || has(kFirstPerson, words[at].lower))
            return true;
    }
    return false;
}

bool asks_without_mark(const Words& words) {
    if (stands_at(words, 0, kExclamations))
        return false;
    if (stands_at(words, 0, kInterrogatives) && words[0].lower != "was")
        return true;
    if (words[0].lower == "was" && words.size() > 1 &&
        (has(kAuxiliaries, words[1].lower) || has("|kostet|", words[1].lower)))
        return true;
    return stands_at(words, 0, kAuxiliaries) && words.size() > 1 && has(kSubjects, words[1].lower);
}

// "how many orders last week": nobody says so to a person.
bool is_clearly_asked(const Words& words) {
    constexpr std::string_view kClear =
        "|how many|how much|what is|what was|what are|what were|which|where is|where are|who has|who had|wie viele|wie "
        "viel|wie hoch|"
        "wieviel|wieviele|was ist|was war|was sind|welche|welcher|welches|wer hat|wer hatte|wo ist|wo sind|when "
        "did|how did|why did|"
        "why is|why are|why was|warum ist|warum war|warum sind|wann war|wie war|wie waren|wie ist|";
    return words.size() >= 3 && stands_at(words, 0, kClear) && !contains(words, kSecondPerson) &&
           !has(kAboutThis, joined(words, 0, words.size()));
}

LineKind kind_without_mark(const Words& words) {
    constexpr std::size_t kLongestFragment = 8;
    std::size_t from = 0;
    while (from + 1 < words.size() && has(kOpeners, words[from].lower))
        ++from;
    const Words core(words.begin() + static_cast<std::ptrdiff_t>(from), words.end());
    if (asks_without_mark(core))
        return is_clearly_asked(core) ? LineKind::question : LineKind::personal;
    if (stands_at(core, 0, kExclamations) || stands_at(core, 0, kSuggestions))
        return LineKind::statement;
    if (stands_at(core, 0, kWishes))
        return contains(core, "|to|mit|dass|that|is|es|ist|") && !contains(core, "|to see|to know|")
                   ? LineKind::statement
                   : LineKind::request;
    const bool tells = core.size() > 1 && has("|i|we|ich|wir|", core[1].lower);  // "mache ich"
    if (stands_at(core, 0, kImperatives) && !tells &&
        !contains(core, kPeopleVerbs.substr(0, kPeopleVerbs.find("|take|") + 1)))
        return LineKind::request;
    const bool goes_on = stands_at(core, 0, kContinuations) || from > 0;
    const bool points =
        core.size() > 1 && has("|that|those|these|they|he|she|", core[0].lower) && !stands_at(core, 1, kContinuations);
    if (points || (!goes_on && contains(core, "|it|uses|")))
        return LineKind::statement;
    if (has_verb(core, goes_on) || contains(core, "|because|weil|wegen|") || contains(core, kSocial) ||
        contains(core, kSecondPerson))
        return LineKind::statement;
    return core.size() <= kLongestFragment ? LineKind::fragment : LineKind::statement;
}

LineKind kind_of_sentence(const Sentence& sentence, bool has_other_script) {
    if (sentence.words.empty() || (sentence.words.size() == 1 && sentence.words[0].lower.empty()))
        return sentence.has_question_mark ? LineKind::personal : LineKind::courtesy;
    if (has_other_script)
        return sentence.has_question_mark ? LineKind::question : LineKind::fragment;
    if (is_to_people(sentence.words))
        return LineKind::to_people;
    if (!sentence.has_question_mark) {
        if (is_all_agreement(sentence.words))
            return LineKind::agreement;
        if (is_all_courtesy(sentence.words))
            return LineKind::courtesy;
    }
    const Words words = without_greeting(sentence.words);
    return sentence.has_question_mark ? kind_of_question(words) : kind_without_mark(words);
}

}  // namespace line_kind_detail

LineKind kind_of(const Line& line) {
    if (line.sentences.empty())
        return line.has_emoji && !line.has_link ? LineKind::courtesy : LineKind::nothing;
    LineKind kind = LineKind::courtesy;
    for (const Sentence& sentence : line.sentences)
        kind = std::max(kind, line_kind_detail::kind_of_sentence(sentence, line.has_other_script));
    return kind;
}

}  // namespace genie_slack::relay
