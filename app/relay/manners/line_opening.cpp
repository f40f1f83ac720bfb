#include "app/relay/manners/line_opening.hpp"

#include "app/relay/manners/line_words.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay::phrases {

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

std::size_t thanks_for(const Words& words) {
    std::size_t at = 0;
    bool thanks = false;
    while (at < words.size()) {
        const std::size_t count = std::max(longest_at(words, at, kThanks), longest_at(words, at, kCourtesy));
        if (count == 0)
            break;
        thanks = stands_at(words, at, kThanks);
        at += count;
        if (thanks && at < words.size() && has("|for|für|fürs|pour|por|", words[at].lower))
            break;
    }
    if (!thanks || at >= words.size())
        return 0;
    if (at + 1 == words.size())
        return words[at].is_name_like || !words[at - 1].comma_follows ? words.size() : 0;
    if (!has("|for|für|fürs|pour|por|", words[at].lower))
        return 0;
    for (++at; at < words.size(); ++at) {
        const bool goes_on = has("|and|und|but|aber|now|jetzt|", words[at].lower) && at + 1 < words.size() &&
                             (stands_at(words, at + 1, kContinuations) || stands_at(words, at + 1, kInterrogatives));
        if (words[at - 1].comma_follows || goes_on)
            return at;
    }
    return at;
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

bool is_wish_at(const Words& words, std::size_t at) {
    if (at >= words.size())
        return false;
    if (stands_at(words, at, kWishes))
        return true;
    if (has("|meinte|meant|", words[at].lower))
        return at + 1 < words.size() && !has("|it|to|that|ich|er|sie|das|", words[at + 1].lower);
    if (!has("|i|we|ich|wir|", words[at].lower) || at + 1 >= words.size())
        return false;
    if (has("|hätte|hätten|würde|würden|", words[at + 1].lower))
        return contains(words, "|gern|gerne|lieber|");
    if (has("|werde|werden|", words[at + 1].lower))
        return has("|brauchen|benötigen|", words.back().lower);
    const bool small = has("|also|only|just|actually|really|will|nur|eigentlich|", words[at + 1].lower);
    return stands_at(words, at + 1, kWishVerbs) || (small && stands_at(words, at + 2, kWishVerbs));
}

bool is_mild_wish(const Words& words) {
    constexpr std::string_view kPraise = "|great|nice|good|better|cool|super|toll|gut|besser|schön|hilfreich|helpful|";
    constexpr std::string_view kAsked =
        "|by|per|nach|pro|je|als|as|in|ohne|without|with|only|nur|a|an|ein|eine|would be nice to|would be great to|";
    return contains(words, "|would be|wäre|wären|") && contains(words, kPraise) && stands_at(words, 0, kAsked) &&
           !contains(words, kPlans) && !contains(words, kSocial);
}

bool begins_clause_at(const Words& words, std::size_t at) {
    return is_wish_at(words, at) ||
           (at + 1 < words.size() && stands_at(words, at, kAuxiliaries) && has(kSubjects, words[at + 1].lower));
}

// Whether "sorry" and the like at the beginning only leads to a correction or a question; how many words that are.
std::size_t lead_in(const Words& words) {
    const std::size_t count = longest_at(words, 0, kLeadIns);
    if (count == 0 || count >= words.size())
        return 0;
    const bool goes_on = words[count - 1].comma_follows && stands_at(words, count, kContinuations);
    return goes_on || begins_clause_at(words, count) || stands_at(words, count, kImperatives) ||
                   stands_at(words, count, kInterrogatives)
               ? count
               : 0;
}

Words without_greeting(Words words) {
    if (const std::size_t thanks = thanks_for(words); thanks < words.size())
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(thanks));
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(lead_in(words)));
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
                                    has(kCourtesy, words[next].lower) || begins_clause_at(words, next));
        const bool is_thanks = has(kCourtesy, words[from].lower) && !filler;
        if (next < words.size() && !set_apart && !goes_on && !(is_thanks && words[from].lower == "thanks"))
            break;
        from = next;
    }
    if (from > 0 && from < words.size())
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(from));
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(lead_in(words)));
    return words;
}

}  // namespace genie_slack::relay::phrases
