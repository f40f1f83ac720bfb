#include "app/relay/manners/remark.hpp"

#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/line_opening.hpp"
#include "app/relay/manners/line_words.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay {

namespace remark_detail {

using namespace phrases;

// Of amazement, at the beginning of what is amazing. Praise is none: "great, Spain" goes on.
constexpr std::string_view kAmazed =
    "|wow|woah|whoa|ouch|oh|ooh|aha|uff|puh|oha|krass|yikes|omg|wtf|damn|oof|phew|huh|gosh|jeez|lol|haha|hahaha|hehe|"
    "rofl|lmao|mist|autsch|oje|ohje|oh weh|oh wow|oh no|oh je|wahnsinn|hui|boah|mannomann|na sowas|schau an|sieh an|"
    "holy moly|no way|caray|vaya|anda|jaja|jajaja|hala|ostras|uy|madre mía|oh là là|oups|ouf|mdr|ptdr|la vache|punaise|"
    "ah bon|tiens|ça alors|";
// How much of what was said before is so.
constexpr std::string_view kMostly =
    "|mostly|mainly|largely|primarily|partly|partially|basically|especially|particularly|roughly|almost|nearly|due "
    "to|driven by|hauptsächlich|vor allem|größtenteils|überwiegend|teilweise|insbesondere|besonders|meistens|"
    "meist|vorwiegend|sobre todo|principalmente|mayormente|en parte|especialmente|surtout|"
    "principalement|en partie|notamment|";
// A plan of the writer's own, at the beginning.
constexpr std::string_view kOwnPlans =
    "|i will|we will|i'll|we'll|ill|i am going to|i'm going to|we're going to|we are going to|i'm gonna|gonna|i shall|"
    "i would say|i'd say|will do|will tell|will ask|will check|will let|will share|will send|will ping|i tell|i told|"
    "ich werde|wir werden|ich sag|ich sage|ich geb|ich gebe|ich meld|ich melde|ich schreib|ich schreibe|ich erzähl|"
    "ich erzähle|ich informiere|ich ruf|ich rufe|ich red|ich rede|ich kümmere|ich kümmer|ich bring|ich bringe|ich "
    "nehme|ich nehm|ich mach das|ich mache das|wir reden|wir sprechen|sag ich|sage ich|mach ich|mache ich|"
    "voy a|vamos a|yo me|yo lo|se lo|les digo|les aviso|le digo|le aviso|lo comento|"
    "je vais|on va|nous allons|je m'en|je leur|je lui|je le dis|je préviens|j'en parle|je transmets|";
// What such a plan is where it is a wish for the bot.
constexpr std::string_view kWanted =
    "|need|want|like|take it by|have it by|see|brauchen|benötigen|wissen|sehen|haben|necesitar|querer|ver|saber|"
    "avoir besoin|vouloir|voir|savoir|";
// Behind what suits somebody: "Thursday works", "3 pm is fine for me", "Donnerstag passt mir gut".
constexpr std::string_view kSuits =
    "|works|work|suits|passt|passen|geht|ginge|klappt|is fine|is good|is ok|is okay|is perfect|is better|is great|"
    "would work|would be fine|would be better|could work|doesn't work|won't work|is bad|ist gut|ist ok|ist okay|"
    "ist besser|wäre gut|wäre besser|wäre ok|me va|me viene|está bien|me vale|va bien|viene bien|funciona|"
    "me convient|convient|marche|ça marche|ça me va|me va bien|est bien|est parfait|est mieux|";
constexpr std::string_view kAroundSuits =
    "|for|me|us|everyone|everybody|all|too|also|as|well|fine|best|better|then|great|good|perfectly|here|on|my|side|"
    "end|ok|okay|today|tomorrow|this|next|week|not|so|at|"
    "mir|uns|euch|auch|gut|besser|am|besten|super|prima|perfekt|nicht|leider|eher|noch|da|bei|hier|für|mich|alle|"
    "bien|mejor|también|para|mí|nosotros|perfecto|a|mi|no|mieux|aussi|pour|moi|nous|très|pas|parfaitement|parfait|";
// Days and hours; alone they answer a colleague.
constexpr std::string_view kDays =
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|today|tomorrow|tonight|morning|"
    "afternoon|evening|noon|lunchtime|weekend|am|pm|o'clock|at|on|in|the|this|next|week|half|past|around|about|early|"
    "late|later|after|before|lunch|or|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen|"
    "übermorgen|vormittag|nachmittag|abend|mittag|früh|uhr|um|gegen|nächste|nächsten|woche|oder|halb|ab|nach|"
    "lunes|martes|miércoles|jueves|viernes|sábado|domingo|hoy|mañana|tarde|el|la|a|las|por|o|próxima|semana|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd'hui|demain|matin|midi|soir|après|à|h|le|ou|"
    "prochaine|semaine|";
constexpr std::string_view kNamedDays =
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight|am|pm|o'clock|montag|dienstag|"
    "mittwoch|donnerstag|freitag|samstag|sonntag|heute|übermorgen|uhr|lunes|martes|miércoles|jueves|viernes|sábado|"
    "domingo|hoy|mañana|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd'hui|demain|";
// What the words of somebody else mean, or how they sound.
constexpr std::string_view kOfLanguage =
    "|heißt das|heisst das|bedeutet das|auf englisch|auf deutsch|auf spanisch|auf französisch|auf bayerisch|does that "
    "mean|does this mean|mean in|say that in|say this in|called in|in english|in german|in spanish|in french|in plain|"
    "significa eso|qué significa|quiere decir|en inglés|en alemán|en cristiano|en español|ça veut dire|veut dire|en "
    "anglais|en allemand|en français|se dit|on dit|";
// Whoever laughs asks with these all the same.
constexpr std::string_view kPlainlyAsked =
    "|how many|how much|how often|how high|which|what was|what were|what is the|what's the|what are the|what about|in "
    "which|wie viele|wie viel|wieviel|wieviele|wie hoch|wie oft|welche|welcher|welches|welchen|was war|was waren|was "
    "ist mit|in welchem|in welcher|cuántos|cuántas|cuánto|cuánta|cuál|cuáles|combien|quel|quelle|quels|quelles|";
// What a fragment begins with that goes on with the bot's answer, whoever spoke last; "mostly" is none.
constexpr std::string_view kGoesOn =
    "|by|per|only|just|without|excluding|except|including|top|bottom|sorted|grouped|split|compared|vs|versus|as|same|"
    "instead|also|now|then|for|since|between|nach|pro|je|nur|ohne|außer|verglichen|sortiert|gruppiert|aufgeteilt|als|"
    "statt|auch|jetzt|dann|und|and|y|et|por|solo|sólo|sin|par|seulement|sans|avec|what about|how about|";

// Of a question: it is not wanted any more.
constexpr std::string_view kTakesBack =
    "|never mind|nevermind|nvm|forget it|forget that|forget this|forget about it|scratch that|ignore this|ignore that|"
    "ignore me|not needed|no longer needed|not needed anymore|got it|found it|solved|vergiss es|vergiss das|vergesst "
    "es|"
    "egal|schon gut|hat sich erledigt|erledigt|nicht mehr nötig|ignorieren|passt schon|olvídalo|da igual|no importa|"
    "nada|déjalo|oublie|oublie ça|laisse tomber|tant pis|peu importe|";
constexpr std::string_view kAroundTakingBack =
    "|ok|okay|oh|ah|sorry|please|bitte|thanks|thx|danke|genie|it|that|this|all|good|i|have|es|das|hab|habe|ich|alles|"
    "gut|perdón|gracias|pardon|merci|désolé|";

bool says(LineKind kind) {
    return kind == LineKind::fragment || kind == LineKind::statement || kind == LineKind::personal;
}

LineKind kind_alone(const Words& words, bool has_question_mark) {
    Line alone;
    alone.sentences.push_back({words, has_question_mark});
    return kind_of(alone);
}

Words from(const Words& words, std::size_t at) {
    return {words.begin() + static_cast<std::ptrdiff_t>(std::min(at, words.size())), words.end()};
}

bool is_digits(const LineWord& word) {
    return !word.lower.empty() && word.lower[0] >= '0' && word.lower[0] <= '9';
}

// How many words of agreement or courtesy stand before what is said.
std::size_t agreement_before(const Words& words) {
    std::size_t at = 0;
    while (at < words.size()) {
        const std::size_t count = longest_at(words, at, kAgreement);
        if (count == 0)
            break;
        at += count;
    }
    return at;
}

bool goes_on(const Words& words) {
    return stands_at(words, 0, kContinuations) || (stands_at(words, 0, kOpeners) && words[0].lower != "so");
}

bool is_amazed(const Words& words) {
    std::size_t at = 0;
    for (std::size_t count = 1; count > 0 && at < words.size(); at += count)
        count = longest_at(words, at, kAmazed);
    if (at == 0 || at >= words.size())
        return false;
    const Words rest = from(words, at);
    return says(kind_alone(rest, false)) && !goes_on(rest) && !stands_at(rest, 0, kLeadIns);
}

bool is_own_plan(const Words& words) {
    const std::size_t before = agreement_before(words);
    std::size_t at = before < words.size() ? before : 0;
    while (at + 1 < words.size() && has(kOpeners, words[at].lower))
        ++at;
    const std::size_t plan = longest_at(words, at, kOwnPlans);
    return plan > 0 && !contains(from(words, at + plan), kWanted);
}

// "Thursday works", "EMEA passt mir": short, and nothing behind it.
bool suits(const Words& words) {
    constexpr std::size_t kLongest = 10;
    if (words.size() < 2 || words.size() > kLongest || stands_at(words, 0, kInterrogatives) ||
        contains(words, "|of|by|per|from|"))
        return false;
    for (std::size_t at = 1; at < words.size(); ++at) {
        const std::size_t count = longest_at(words, at, kSuits);
        if (count == 0)
            continue;
        const Words rest = from(words, at + count);
        return std::all_of(rest.begin(), rest.end(), [](const LineWord& word) {
            return has(kAroundSuits, word.lower) || has(kDays, word.lower) || is_digits(word);
        });
    }
    return false;
}

bool is_day(const Words& words) {
    return contains(words, kNamedDays) && std::all_of(words.begin(), words.end(), [](const LineWord& word) {
               return has(kDays, word.lower) || has(kAgreement, word.lower) || is_digits(word);
           });
}

// Said behind a colleague's line: agreement with more than a wish behind it.
bool answers_colleague(const Words& words, bool has_agreed) {
    const std::size_t agreed = agreement_before(words);
    if (agreed == words.size() || (agreed == 0 && !has_agreed))
        return false;
    const Words rest = from(words, agreed);
    return says(kind_alone(rest, false)) && !stands_at(rest, 0, kGoesOn);
}

bool is_mostly(const Words& words) {
    const std::size_t agreed = agreement_before(words);
    const Words rest = from(words, agreed);
    return !rest.empty() && longest_at(rest, 0, kMostly) > 0 && says(kind_alone(rest, false));
}

bool is_joke(const Sentence& sentence) {
    const Words& words = sentence.words;
    const LineKind kind = kind_alone(words, sentence.has_question_mark);
    if (contains(words, kOfLanguage) || (says(kind) && !goes_on(words)))
        return kind != LineKind::request;
    return kind == LineKind::question && !goes_on(words) && !stands_at(words, 0, kPlainlyAsked);
}

bool is_remark(const Line& line, const Sentence& sentence, LineBefore before, bool has_agreed) {
    const Words& words = sentence.words;
    if (line.has_laughter && is_joke(sentence))
        return true;
    if (sentence.has_question_mark)
        return false;
    const bool has_plan = is_own_plan(words);
    if (has_plan || is_amazed(words) || (line.has_link && kind_alone(words, false) == LineKind::fragment))
        return true;
    if (before == LineBefore::bots_question)
        return false;
    if ((suits(words) && says(kind_alone(words, false))) || is_mostly(words))
        return true;
    return before == LineBefore::colleagues && (answers_colleague(words, has_agreed) || is_day(words));
}

}  // namespace remark_detail

bool is_remark(const Line& line, LineBefore before) {
    using namespace remark_detail;
    if (line.has_other_script)
        return false;
    bool is_found = false;
    bool has_agreed = false;
    for (const Sentence& sentence : line.sentences) {
        const bool is_one = is_remark(line, sentence, before, has_agreed);
        const LineKind kind = kind_alone(sentence.words, sentence.has_question_mark);
        const bool is_small = kind == LineKind::courtesy || kind == LineKind::agreement || kind == LineKind::statement;
        if (!is_one && !is_small)
            return false;
        is_found = is_found || is_one;
        has_agreed = has_agreed || kind == LineKind::agreement;
    }
    return is_found;
}

bool takes_back(const Line& line) {
    using namespace remark_detail;
    bool is_found = false;
    for (const Sentence& sentence : line.sentences) {
        const Words& words = sentence.words;
        for (std::size_t at = 0; at < words.size();) {
            const std::size_t count = longest_at(words, at, kTakesBack);
            if (sentence.has_question_mark || (count == 0 && !has(kAroundTakingBack, words[at].lower)))
                return false;
            is_found = is_found || count > 0;
            at += std::max<std::size_t>(count, 1);
        }
    }
    return is_found;
}

}  // namespace genie_slack::relay
