#include "app/relay/manners/passing_mention.hpp"

#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/line_opening.hpp"
#include "app/relay/manners/line_words.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace genie_slack::relay {

namespace passing_mention_detail {

using namespace phrases;

// What people do with a bot, right before its name: "have you tried @genie".
constexpr std::string_view kVerbs =
    "|ask|asks|asked|asking|try|tries|tried|trying|use|uses|used|using|love|loves|loved|like|likes|adore|know|met|meet|"
    "invite|invited|added|adding|mention|mentioned|mentioning|ping|pinged|tag|tagged|thank|trust|trusts|recommend|"
    "prefer|consult|told|"
    "frag|frage|fragt|fragen|fragst|gefragt|nutze|nutzt|nutzen|benutze|benutzt|benutzen|verwende|verwendet|verwenden|"
    "probier|probiere|probiert|probieren|teste|testet|testen|kennt|kennst|kennen|liebe|lieben|mag|mögen|vertraue|"
    "vertrauen|empfehle|empfehlen|";
// Behind the name, at the end of a German sentence: "du kannst @genie nach dem Umsatz fragen".
constexpr std::string_view kLastVerbs =
    "|fragen|fragt|gefragt|nutzen|nutzt|genutzt|benutzen|benutzt|verwenden|verwendet|probieren|probiert|ausprobieren|"
    "ausprobiert|testen|getestet|einladen|eingeladen|erwähnt|empfehlen|empfohlen|machen lassen|";
constexpr std::string_view kPrepositions =
    "|to|with|by|from|via|about|of|than|through|for|an|mit|von|vom|bei|über|durch|für|ohne|als|";
// "love how @genie …": a clause in which it is the subject.
constexpr std::string_view kClauses =
    "|how|that|what|why|when|whenever|if|because|since|thing|wie|dass|was|warum|wenn|weil|ob|think|thinks|believe|"
    "guess|"
    "hope|glaube|finde|denke|hoffe|";
// Between such a word and the name.
constexpr std::string_view kSmall =
    "|doch|mal|halt|einfach|ruhig|auch|schon|lieber|just|also|our|the|this|den|dem|die|das|der|unser|unsere|unseren|"
    "unserem|at|out|";
// What is said of somebody's work, no question.
constexpr std::string_view kPraise =
    "|love|loves|kudos|shoutout|shout|props|thanks|thank|thx|credit|fan|danke|dank|lob|hut ab|respekt|great|nice|cool|"
    "awesome|amazing|impressed|impressive|super|toll|klasse|schön|stark|krass|praise|happy|fun|";
// Who says so is about to ask: "let me ask @genie …".
constexpr std::string_view kOwnPlan =
    "|let me|let's|lets|let us|i'll|i will|i ask|ich frage|ich frag|frage ich|frag ich|lass uns|lass mich|lasst uns|"
    "wir fragen|fragen wir|";
// Who says so asks.
constexpr std::string_view kAsks =
    "|i'd like|would like|i'd love|would love|want|wants|need|needs|möchte|will|brauche|question|request|frage an|"
    "eine frage|anfrage|";
// Of those verbs: what was done already; what people do or feel, with who does so before it.
constexpr std::string_view kDone = "|asked|tried|used|loved|told|added|mentioned|love|loves|liebe|gefragt|";
constexpr std::string_view kHabits =
    "|use|uses|using|like|likes|recommend|trust|prefer|know|nutzen|nutze|nutzt|benutzen|benutze|benutzt|verwenden|"
    "verwende|verwendet|lieben|mag|mögen|kennen|";
constexpr std::string_view kSpeakers = "|i|i'm|i've|we|we're|we've|they|people|ich|wir|man|alle|viele|";
// "ask @genie if you don't believe it": what somebody is told to do.
constexpr std::string_view kTells = "|ask|frag|fragt|";
constexpr std::string_view kAdvice = "|if|when|about|yourself|instead|wenn|falls|doch|selbst|";
// Before a verb at the end.
constexpr std::string_view kModals =
    "|du|kannst|könntest|hast|hat|habe|habt|ihr|wir|haben|man|jemand|könnt|können|soll|sollte|solltest|musst|müsst|"
    "darfst|";

// A line, cut at the mentions of the bot.
std::vector<std::string> cut_at_bot(std::string_view text, std::string_view bot) {
    std::vector<std::string> pieces;
    std::size_t from = 0;
    for (auto mention = slack::find_mention(text, bot); mention; mention = slack::find_mention(text, bot, from)) {
        pieces.emplace_back(text.substr(from, mention->begin - from));
        from = mention->end;
    }
    pieces.emplace_back(text.substr(from));
    return pieces;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Words before a name in its own clause: what follows a comma, a colon or another's mention begins anew.
Words clause_before(const std::string& before) {
    std::size_t end = before.size();
    while (end > 0 && is_blank(before[end - 1]))
        --end;
    if (end == 0 || std::string_view(".,:;!?-\n>)").find(before[end - 1]) != std::string_view::npos)
        return {};
    const Line line = read_line(before, "");
    return line.sentences.empty() ? Words() : line.sentences.back().words;
}

bool is_set_apart(const std::string& after) {
    const std::size_t at = after.find_first_not_of(" \t");
    return at != std::string::npos &&
           (std::string_view(",:;").find(after[at]) != std::string_view::npos ||
            (after[at] == '-' && at + 1 < after.size() && is_blank(after[at + 1])) ||
            after.compare(at, 3, "\xE2\x80\x93") == 0 || after.compare(at, 3, "\xE2\x80\x94") == 0);
}

// "<@U7> …", "hey <@U7>, …": somebody else is spoken to.
bool addresses_another(const std::string& before) {
    const std::size_t at = before.find("<@");
    if (at == std::string::npos)
        return false;
    const Line line = read_line(before.substr(0, at), "");
    return std::all_of(line.sentences.begin(), line.sentences.end(), [](const Sentence& sentence) {
        return is_all_courtesy(sentence.words) || is_all_agreement(sentence.words) ||
               (sentence.words.size() == 1 && has(kOpeners, sentence.words[0].lower));
    });
}

Words words_of(const std::string& text) {
    Words words;
    for (const Sentence& sentence : read_line(text, "").sentences)
        words.insert(words.end(), sentence.words.begin(), sentence.words.end());
    return words;
}

bool begins_request(const Words& words) {
    return !words.empty() &&
           (stands_at(words, 0, kInterrogatives) || stands_at(words, 0, kImperatives) || begins_clause_at(words, 0));
}

// Whether other words than those around the name ask something: in doubt they are for the bot.
bool asks_elsewhere(const std::string& before, const std::string& after) {
    const Line ahead = read_line(before, "");
    const std::size_t own = ahead.sentences.empty() ? 0 : ahead.sentences.size() - 1;
    const auto asks = [](const Sentence& sentence) {
        Line alone;
        alone.sentences.push_back(sentence);
        const LineKind kind = kind_of(alone);
        return sentence.has_question_mark || kind == LineKind::question || kind == LineKind::request;
    };
    if (std::any_of(ahead.sentences.begin(), ahead.sentences.begin() + static_cast<std::ptrdiff_t>(own), asks))
        return true;
    const Line behind = read_line(after, "");
    if (behind.sentences.empty())
        return false;
    // The first one still belongs to the sentence with the name, as does its question mark.
    const Words& rest = behind.sentences.front().words;
    const bool turns = std::any_of(rest.begin(), rest.end(), [&rest](const LineWord& word) {
        const auto at = static_cast<std::size_t>(&word - rest.data()) + 1;
        const bool breaks = word.comma_follows || has("|and|und|now|jetzt|", word.lower);
        return breaks && at < rest.size() &&
               (stands_at(rest, at, kImperatives) || stands_at(rest, at, kInterrogatives));
    });
    return begins_request(rest) || turns || std::any_of(behind.sentences.begin() + 1, behind.sentences.end(), asks);
}

struct Around {
    Words before;  // in the clause of the name
    std::string after;
    bool to_another = false;
};

bool is_governed(const Around& around, std::string_view list) {
    std::size_t last = around.before.size();
    while (last > 1 && has(kSmall, around.before[last - 1].lower))
        --last;
    return last > 0 && !around.before[last - 1].comma_follows && has(list, around.before[last - 1].lower);
}

bool ends_in_verb(const Words& words) {
    return !words.empty() && has(kLastVerbs, words.back().lower);
}

// "you could ask @genie for …", "du kannst @genie nach … fragen", "we use @genie for …".
bool is_object(const Around& around, const Words& after) {
    const Words& before = around.before;
    if (ends_in_verb(after) && contains(before, kModals))
        return true;
    if (!is_governed(around, kVerbs))
        return false;
    if (is_governed(around, kTells) && stands_at(after, 0, kAdvice) && around.after.find('?') == std::string::npos)
        return true;
    if (after.empty() || around.to_another || contains(before, kSecondPerson) || contains(before, kEverybody))
        return true;
    const bool is_told = is_governed(around, kDone) || (is_governed(around, kHabits) && contains(before, kSpeakers));
    return is_told && around.after.find('?') == std::string::npos;
}

bool is_spoken_of(const Around& around) {
    const Words& before = around.before;
    if (before.empty())
        return false;
    const Words after = words_of(around.after);
    if (is_object(around, after))
        return !contains(before, kAsks);
    const bool is_behind_preposition = is_governed(around, kPrepositions);
    if (!is_behind_preposition && !is_governed(around, kClauses))
        return false;
    if (around.to_another && is_behind_preposition)
        return true;
    const bool asks = around.after.find('?') != std::string::npos || contains(before, kAsks) || begins_request(before);
    return !asks && (contains(before, kPraise) || contains(before, kSpeakers));
}

}  // namespace passing_mention_detail

bool only_speaks_of_bot(std::string_view line, std::string_view bot_user) {
    using namespace passing_mention_detail;
    const std::vector<std::string> pieces = cut_at_bot(line, bot_user);
    std::string before;
    for (std::size_t at = 0; at + 1 < pieces.size(); ++at) {
        before += pieces[at];
        Around around;
        around.before = clause_before(before);
        for (std::size_t next = at + 1; next < pieces.size(); ++next)
            around.after += pieces[next];
        around.to_another = addresses_another(before);
        const bool is_theirs = around.to_another && !contains(around.before, kOwnPlan);
        if (is_set_apart(pieces[at + 1]) || !is_spoken_of(around) ||
            (!is_theirs && asks_elsewhere(before, around.after)))
            return false;
    }
    return pieces.size() > 1;
}

}  // namespace genie_slack::relay
