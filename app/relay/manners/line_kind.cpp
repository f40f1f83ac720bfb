#include "app/relay/manners/line_kind.hpp"

#include "app/relay/manners/data_words.hpp"
#include "app/relay/manners/line_opening.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "app/relay/manners/line_words.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay {

namespace line_kind_detail {

using namespace phrases;

// "in which month", "um wie viel", "seit wann".
bool begins_behind_preposition(const Words& words) {
    constexpr std::string_view kPrepositions =
        "|in|by|for|from|at|on|with|since|of|um|bei|mit|aus|seit|von|bis|für|nach|zu|ab|auf|";
    constexpr std::string_view kAsked =
        "|which|what|how much|how many|how long|how often|when|welche|welcher|welches|welchen|welchem|wieviel|wie viel|"
        "wie viele|wie vielen|wie lange|wann|";
    return words.size() > 2 && has(kPrepositions, words[0].lower) && stands_at(words, 1, kAsked);
}

bool begins_question(const Words& words) {
    return begins_behind_preposition(words) || stands_at(words, 0, kInterrogatives) ||
           stands_at(words, 0, kAuxiliaries);
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

bool has_verb_of_people(const Words& words) {
    return contains(words, kPeopleVerbs) || contains(words, kPeopleVerbsGerman) || contains(words, kPeopleVerbsOfData);
}

bool is_first_person(const LineWord& word) {
    return has(kFirstPersonSingular, word.lower) || has(kFirstPersonSingularGerman, word.lower) ||
           has(kFirstPersonPlural, word.lower);
}

bool is_to_people(const Words& words) {
    if (contains(
            words,
            "|was meinst du mit|what do you mean|how did you|how do you|where did you get|wie hast du|woher hast du|"))
        return false;
    // "how many trucks do we need?" counts something, whoever "we" are.
    const bool counts = (stands_at(words, 0, "|how many|how much|wie viel|wie viele|wieviel|wieviele|which|welche|") ||
                         begins_behind_preposition(words)) &&
                        !contains(words, kSecondPerson);
    if (contains(words, kEverybody) || (!counts && contains(words, kBetweenPeople)) || calls_by_name(words))
        return true;
    if (stands_at(words, 0, "|can we|could we|will we|können wir|könnten wir|wollen wir|") && contains(words, kPlans))
        return true;
    return contains(words, kSecondPerson) && has_verb_of_people(words);
}

// "who owns this table?", "is Ben in today?": data may know, but it is people whom one asks.
bool is_about_colleagues(const Words& words) {
    constexpr std::string_view kCounted = "|most|more|highest|biggest|largest|many|meisten|mehr|größten|viele|";
    if (has("|who|who's|whos|wer|", words[0].lower))
        return contains(words, kWork) && !contains(words, kCounted);
    if (has("|when|wann|", words[0].lower))
        return contains(words, "|we|wir|") && has_verb_of_people(words);
    return words.size() > 2 && words.size() <= 5 && has("|is|ist|", words[0].lower) && words[1].is_name_like &&
           !has(kSubjects, words[1].lower) && has(kPresence, words.back().lower);
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
    for (std::size_t count = 1; count <= 3 && count <= size; ++count) {
        const bool set_apart = size == count || words[size - count - 1].comma_follows;
        // "revenue fell in March, right?" can be looked up.
        if (set_apart && has(kTags, joined(words, size - count, count)) && (size == count || !begins_question(words)))
            return names_measure(words) ? LineKind::personal : LineKind::statement;
    }
    const bool is_personal = !begins || size == 1 || contains(words, kSecondPerson) ||
                             contains(words, kFirstPersonSingular) ||
                             contains(words, "|ich|mir|mich|mein|meine|can we|could we|können wir|könnten wir|") ||
                             has(kAboutThis, joined(words, 0, size)) || stands_at(words, 0, kImperatives) ||
                             ends_in_name(words) || is_about_colleagues(words);
    // Who tells a long story may well name a meeting in it.
    constexpr std::size_t kLongStory = 15;
    if ((size <= kLongStory && contains(words, kSocial)) || contains(words, "|euch|eurer|"))
        return LineKind::to_people;
    return is_personal ? LineKind::personal : LineKind::question;
}

// "since May", not "it may be".
bool is_month(const Words& words, std::size_t at) {
    if (words[at].lower != "may" || (at + 1 < words.size() && has("|be|have|not|also|", words[at + 1].lower)))
        return false;
    return at + 1 == words.size() || has(kContinuations, words[at + 1].lower) ||
           (at > 0 && has(kContinuations, words[at - 1].lower));
}

// "only sent invoices".
bool is_attribute(const Words& words, std::size_t at) {
    return at > 0 && at + 1 < words.size() && has("|fixed|sent|forwarded|checked|announced|", words[at].lower) &&
           has("|only|nur|by|per|without|with|for|of|excluding|including|all|", words[at - 1].lower) &&
           !has("|it|that|this|the|", words[at + 1].lower);
}

// A clause that says something, before one that only narrows a fragment down.
bool has_verb(const Words& words, bool is_continuation) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (is_continuation && has(kRelatives, words[at].lower))
            return false;
        // "US" is a country.
        if (is_month(words, at) || is_attribute(words, at) || (words[at].lower == "us" && words[at].is_capitals))
            continue;
        if (has(kFiniteVerbs, words[at].lower) || is_first_person(words[at]))
            return true;
    }
    return false;
}

// "when the campaign ended, …", "wie man sieht", "wie cool ist das".
bool is_subordinate(const Words& words) {
    if (words.size() < 3 || !has("|when|where|how|wo|wie|", words[0].lower))
        return false;
    if (has("|we|they|he|she|it|man|wir|", words[1].lower) ||
        (words.size() > 3 && words[0].lower != "how" && has("|the|der|die|das|", words[1].lower)))
        return true;
    return words.size() <= 5 && has("|how|wie|", words[0].lower) && has(kCourtesy, words[1].lower) &&
           !has(kCourtesyFiller, words[1].lower) && contains(words, "|das|that|this|");
}

bool asks_without_mark(const Words& words) {
    if (stands_at(words, 0, kExclamations))
        return false;
    if (is_subordinate(words))
        return false;
    if (begins_behind_preposition(words) || (stands_at(words, 0, kInterrogatives) && words[0].lower != "was"))
        return true;
    if (words[0].lower == "was" && words.size() > 1 &&
        (has(kAuxiliaries, words[1].lower) || has(kAskingVerbs, words[1].lower)))
        return true;
    return stands_at(words, 0, kAuxiliaries) && words.size() > 1 && has(kSubjects, words[1].lower);
}

// "which region grew", "wie sieht der Trend aus": the verb stands where a question has it.
bool has_order_of_question(const Words& words) {
    const std::size_t first = begins_behind_preposition(words) ? 1 : 0;
    if (first == 0 && stands_at(words, 0, "|what's|whats|how's|hows|who's|where's|why's|"))
        return true;
    const bool may_wait = first == 1 || has("|what|which|how|wie|welche|welcher|welches|welchen|", words[0].lower);
    for (std::size_t at = first + 1; at < words.size() && at <= first + (may_wait ? 2 : 1); ++at) {
        if (has("|we|they|he|she|it|wir|sie|man|", words[at].lower))
            return false;
        if (has(kAuxiliaries, words[at].lower) || has(kAskingVerbs, words[at].lower))
            return true;
    }
    return false;
}

// "how many orders last week": nobody says so to a person.
bool is_clearly_asked(const Words& words) {
    constexpr std::string_view kClear =
        "|how many|how much|which|wie viele|wie viel|wieviel|wieviele|welche|welcher|welches|";
    if (words.size() < 3 || contains(words, kSecondPerson) ||
        contains(words, "|i|i'm|my|me|ich|mir|mich|mein|meine|") || has(kAboutThis, joined(words, 0, words.size())) ||
        is_about_colleagues(words))
        return false;
    return stands_at(words, 0, kClear) ||
           ((begins_behind_preposition(words) || stands_at(words, 0, kInterrogatives)) && has_order_of_question(words));
}

// A wish that is none for data: "I need to go", "ich möchte das mit Anna klären".
bool is_private_wish(const Words& words) {
    if (contains(words, "|to|") && !contains(words, "|to see|to know|to have|to compare|"))
        return true;
    for (std::size_t at = 0; at + 1 < words.size(); ++at)
        if (words[at].lower == "that" && !stands_at(words, at + 1, kContinuations))
            return true;
    return contains(words, "|dass|is|ist|it was|it's|") || contains(words, kSocial) ||
           contains(words, kPeopleVerbsGerman) ||
           (contains(words, "|mit|") && contains(words, "|möchte|möchten|will|würde|würden|wollte|"));
}

// "the campaign ended in April", "der Import hakt wieder": a noun and what it did.
bool tells_what_happened(const Words& words) {
    if (words.size() < 3 || !has("|the|our|der|die|das|unser|unsere|", words[0].lower))
        return false;
    const LineWord& third = words[2];
    const bool is_german = words[0].lower != "the" && words[0].lower != "our";
    if (is_german)
        return words[1].is_name_like && !third.is_name_like && !third.is_capitals && third.lower.size() > 3 &&
               (third.lower.ends_with("t") || third.lower.ends_with("te") || third.lower.ends_with("ten")) &&
               !has(kContinuations, third.lower) && !has(kCourtesy, third.lower);
    return words.size() > 3 && third.lower.size() > 4 && third.lower.ends_with("ed");
}

LineKind kind_without_mark(const Words& words) {
    constexpr std::size_t kLongestFragment = 8;
    constexpr std::size_t kLongestRequest = 14;
    std::size_t from = 0;
    while (from + 1 < words.size() && has(kOpeners, words[from].lower))
        ++from;
    const Words core(words.begin() + static_cast<std::ptrdiff_t>(from), words.end());
    if (asks_without_mark(core))
        return is_clearly_asked(core) ? LineKind::question : LineKind::personal;
    if (core[0].lower == "nicht" && contains(core, "|sondern|") && !has_verb(core, true))
        return LineKind::fragment;
    if (stands_at(core, 0, kExclamations) || stands_at(core, 0, kSuggestions) || is_subordinate(core) ||
        tells_what_happened(core))
        return LineKind::statement;
    if (is_wish_at(core, 0) || is_mild_wish(core))
        return is_private_wish(core) && !is_mild_wish(core) ? LineKind::statement : LineKind::request;
    const bool tells = core.size() > 1 && has("|i|we|ich|wir|", core[1].lower);  // "mache ich"
    if (stands_at(core, 0, kImperatives) && !tells && !contains(core, kPeopleVerbs))
        return LineKind::request;
    const bool goes_on = stands_at(core, 0, kContinuations) || from > 0;
    const bool points =
        core.size() > 1 && has("|that|those|these|they|he|she|", core[0].lower) && !stands_at(core, 1, kContinuations);
    if (points || (!goes_on && std::any_of(core.begin(), core.end(), [](const LineWord& word) {
            return !word.is_capitals && has("|it|uses|", word.lower);
        })))
        return LineKind::statement;
    // "only coffee" narrows an answer down.
    const bool narrows = has("|only|just|nur|bloß|solo|sólo|seulement|without|ohne|sin|sans|excluding|", core[0].lower);
    if (has_verb(core, goes_on) || contains(core, "|because|weil|wegen|") || (!narrows && contains(core, kSocial)) ||
        contains(core, kSecondPerson))
        return LineKind::statement;
    // "top 10 customers in EMEA by revenue last quarter": a long one begins with what is wanted.
    const bool is_precise = core.size() <= kLongestRequest && contains(core, kContinuations) &&
                            !has("|the|our|my|this|that|der|die|das|unser|unsere|mein|meine|", core[0].lower);
    return core.size() <= kLongestFragment || is_precise ? LineKind::fragment : LineKind::statement;
}

LineKind kind_of_sentence(const Sentence& sentence, bool has_other_script) {
    if (sentence.words.empty() || (sentence.words.size() == 1 && sentence.words[0].lower.empty()))
        return sentence.has_question_mark ? LineKind::personal : LineKind::courtesy;
    if (has_other_script)
        return sentence.has_question_mark ? LineKind::question : LineKind::fragment;
    if (is_to_people(sentence.words))
        return LineKind::to_people;
    if (!sentence.has_question_mark) {
        const bool is_alone = sentence.words.size() == 1 && has(kAgreementAlone, sentence.words[0].lower);
        if (is_alone || is_all_agreement(sentence.words))
            return LineKind::agreement;
        if (is_all_courtesy(sentence.words) || thanks_for(sentence.words) == sentence.words.size())
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
