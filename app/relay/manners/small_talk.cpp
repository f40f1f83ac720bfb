#include "app/relay/manners/small_talk.hpp"

#include "app/relay/manners/data_words.hpp"
#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/line_opening.hpp"
#include "app/relay/manners/line_words.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay {

namespace small_talk_detail {

using namespace phrases;

// Behind a guess, also without a comma: "Julia I think?".
constexpr std::string_view kGuesses =
    "|i guess|i think|i suppose|i believe|i assume|i'd guess|i'd say|i would say|i reckon|my guess|guess|"
    "glaube ich|glaub ich|denke ich|denk ich|schätze ich|schätz ich|vermute ich|nehme ich an|meine ich|"
    "würde ich sagen|glaube|denk ich mal|schätze ich mal|"
    "supongo|creo|creo yo|me parece|diría yo|imagino|"
    "je crois|je pense|je suppose|j'imagine|je dirais|il me semble|";
// Before one.
constexpr std::string_view kGuessesAhead =
    "|i guess|i think|i'd guess|i suppose|my guess|ich glaube|ich glaub|ich denke|ich denk|ich schätze|ich schätz|"
    "ich vermute|creo que|supongo que|je crois|je crois que|je pense|je pense que|j'imagine|";
// People's own affairs. One word alone may be a measure's period: "weekly".
constexpr std::string_view kAffairs =
    "|the plan|a plan|our plan|your plan|the plans|any plans|plan b|plan again|the weekly|our weekly|next weekly|"
    "the daily|our daily|the call|a call|our call|your call|call today|call tomorrow|the invite|the invitation|"
    "an invite|calendar|calendars|agenda|the minutes|holiday|holidays|vacation|vacations|pto|day off|days off|"
    "sick leave|birthday|dinner|breakfast|offsite|retro|workshop|the sync|our sync|one on one|stand up|which room|"
    "meeting room|"
    "der plan|ein plan|einen plan|den plan|unser plan|plan nochmal|das weekly|im weekly|ins weekly|das daily|im daily|"
    "der call|den call|im call|einen call|besprechung|einladung|kalender|ferien|urlaub|feiertag|feiertage|geburtstag|"
    "kuchen|abendessen|frühstück|kantine|mittagspause|pause|feier|protokoll|welcher raum|welchem raum|"
    "el plan|reunión|la llamada|calendario|invitación|vacaciones|festivo|almuerzo|cena|cumpleaños|fin de semana|"
    "le plan|réunion|l'appel|un appel|calendrier|vacances|congé|congés|férié|déjeuner|dîner|anniversaire|week end|";
constexpr std::string_view kNoAffairs = "|call center|call centre|calendar week|calendar weeks|";
// Behind "who": what people do for each other, whatever it is about.
constexpr std::string_view kPreparing =
    "|prepares|prepare|prepared|preparing|presents|presenting|brings|bring|bringing|joins|join|joining|attends|attend|"
    "attending|hosts|hosting|moderates|organizes|organises|organizing|organising|invites|invited|is coming|coming|"
    "takes notes|taking notes|takes the minutes|is on call|said that|said so|told you|"
    "vorbereitet|bereitet|moderiert|organisiert|präsentiert|bringt|kommt mit|kommt noch|mitkommt|schreibt protokoll|"
    "lädt ein|eingeladen|hat gesagt|hat das gesagt|"
    "prepara|presenta|organiza|trae|viene|prépare|présente|organise|apporte|vient|";
constexpr std::string_view kWho = "|who|who's|whos|wer|quién|quiénes|qui|";
// A question word alone.
constexpr std::string_view kBare =
    "|what|which|who|when|where|why|how|which one|which ones|with whom|what time|since when|until when|where to|"
    "where from|how so|how come|who else|where exactly|when exactly|what exactly|"
    "was|wer|wann|wo|wohin|woher|warum|wieso|weshalb|wie|welche|welcher|welches|mit wem|seit wann|bis wann|wer noch|"
    "um wie viel uhr|wo genau|wann genau|was genau|wie das|wieso das|warum das|"
    "qué|quién|cuándo|dónde|adónde|por qué|cómo|cuál|con quién|"
    "quoi|qui|quand|où|pourquoi|comment|lequel|laquelle|avec qui|";
constexpr std::string_view kWhich = "|which|welche|welcher|welches|welchen|cuál|cuáles|quel|quelle|quels|quelles|";
// Of those, what right below an answer asks why it is so.
constexpr std::string_view kReasons =
    "|why|how|how so|how come|which|which one|which ones|warum|wieso|weshalb|wie|"
    "wie das|wieso das|warum das|por qué|cómo|pourquoi|comment|";
// Questions that are nothing else, whole.
constexpr std::string_view kTalk =
    "|what time|at what time|so what now|what now|now what|what's next|what next|who else|"
    "um wie viel uhr|um wieviel uhr|wie spät|was jetzt|was nun|wer noch|"
    "a qué hora|y ahora qué|à quelle heure|";
// They say that it is for the bot, or that something is looked up, whatever else they say.
constexpr std::string_view kToBot =
    "|what do you mean|do you mean|did you get|did you calculate|was meinst du mit|wie hast du|woher hast du|"
    "was ist mit|was war mit|wie sieht|wie ist es mit|woher kommt|woher kommen|qué hay de|qué pasa con|"
    "qu'en est il|";
constexpr std::string_view kWe = "|we|we're|we've|us|wir|uns|nosotros|nosotras|nous|";

bool says_little(LineKind kind) {
    return kind == LineKind::courtesy || kind == LineKind::agreement || kind == LineKind::statement;
}

LineKind kind_alone(const Sentence& sentence) {
    Line alone;
    alone.sentences.push_back(sentence);
    return kind_of(alone);
}

bool asks(LineKind kind) {
    return kind == LineKind::personal || kind == LineKind::question || kind == LineKind::to_people;
}

// "holidays, I guess?", "I think Julia?".
bool is_guess(const Sentence& sentence) {
    constexpr std::size_t kLongest = 8;
    const Words& words = sentence.words;
    if (words.size() < 2 || words.size() > kLongest || names_data(words))
        return false;
    for (std::size_t count = 1; count <= 4 && count < words.size(); ++count)
        if (has(kGuesses, joined(words, words.size() - count, count)))
            return true;
    const std::size_t ahead = longest_at(words, 0, kGuessesAhead);
    return ahead > 0 && ahead < words.size();
}

bool is_of_people(const Sentence& sentence) {
    if (sentence.has_question_mark && has(kTalk, joined(sentence.words, 0, sentence.words.size())))
        return true;
    const Words words = without_greeting(sentence.words);
    const bool is_who = has(kWho, words[0].lower);
    if (is_who && contains(words, kPreparing) && !names_measure(words) && !contains(words, "|most|meisten|más|plus|"))
        return true;
    return asks(kind_alone(sentence)) && contains(words, kAffairs) && !contains(words, kNoAffairs) &&
           !names_data(words);
}

bool is_bare(const Words& words, LineBefore before) {
    const std::string said = joined(words, 0, words.size());
    return has(kBare, said) && (before == LineBefore::colleagues || !has(kReasons, said));
}

// "yes! where?", "ok, when?"; "great, and why?" goes on.
bool is_bare_behind(const Sentence& sentence, LineBefore before, bool has_agreed) {
    if (!sentence.has_question_mark)
        return false;
    const Words& words = sentence.words;
    const std::size_t agreed = longest_at(words, 0, kAgreement);
    if (agreed == 0 || agreed >= words.size() || !words[agreed - 1].comma_follows)
        return has_agreed && is_bare(words, before);
    return is_bare({words.begin() + static_cast<std::ptrdiff_t>(agreed), words.end()}, before);
}

}  // namespace small_talk_detail

bool is_small_talk(const Line& line, LineBefore before) {
    using namespace small_talk_detail;
    if (line.has_other_script || before == LineBefore::bots_question)
        return false;
    bool is_found = false;
    bool has_agreed = false;
    for (const Sentence& sentence : line.sentences) {
        if (sentence.words.empty() || sentence.words.front().lower.empty())
            return false;
        const bool is_one =
            is_guess(sentence) || is_of_people(sentence) || is_bare_behind(sentence, before, has_agreed);
        const LineKind kind = kind_alone(sentence);
        if (!is_one && !says_little(kind))
            return false;
        is_found = is_found || is_one;
        has_agreed = has_agreed || kind == LineKind::agreement;
    }
    return is_found;
}

bool may_ask_colleague(const Line& line) {
    using namespace small_talk_detail;
    bool is_found = false;
    for (const Sentence& sentence : line.sentences) {
        if (sentence.words.empty() || sentence.words.front().lower.empty())
            return false;
        const LineKind kind = kind_alone(sentence);
        if (says_little(kind))
            continue;
        const Words words = without_greeting(sentence.words);
        const bool begins = stands_at(words, 0, kInterrogatives) || stands_at(words, 0, kAuxiliaries) ||
                            is_bare(words, LineBefore::colleagues);
        // "Which of them are new?" is asked of what stands in the answer.
        const bool goes_on = stands_at(sentence.words, 0, kOpeners) || stands_at(words, 0, kContinuations) ||
                             (words.size() > 1 && has(kWhich, words[0].lower));
        if ((kind != LineKind::personal && kind != LineKind::question) || !begins || goes_on ||
            contains(words, kImperatives) || contains(words, kToBot) || names_data(words) ||
            std::any_of(words.begin(), words.end(), [](const LineWord& word) { return word.is_capitals; }))
            return false;
        is_found = true;
    }
    return is_found;
}

bool speaks_of_us(const Line& line) {
    return std::any_of(line.sentences.begin(), line.sentences.end(), [](const Sentence& sentence) {
        return phrases::contains(sentence.words, small_talk_detail::kWe);
    });
}

}  // namespace genie_slack::relay
