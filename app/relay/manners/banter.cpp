#include "app/relay/manners/banter.hpp"

#include "app/relay/manners/line_opening.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace genie_slack::relay {

namespace banter_detail {

using namespace phrases;

constexpr std::string_view kName = "genie";

// What a compliment or a joke turns on.
constexpr std::string_view kPoints =
    "|rock|rocks|rule|rules|best|amazing|awesome|brilliant|fantastic|great|incredible|wonderful|genius|smart|smarter|"
    "clever|cool|cute|funny|hilarious|legend|hero|star|lifesaver|beast|magic|magical|wizard|love|loves|lovely|boss|"
    "raise|promotion|job|coffee|beer|cookie|hug|nailed|killed|marry|crushed|saved|saves|impressive|perfect|insane|goat|"
    // German
    "hammer|rockst|rockt|beste|bester|besten|genial|super|toll|klasse|spitze|mega|geil|krass|held|heldin|schatz|gold|"
    "wahnsinn|liebe|liebt|lieben|chef|chefin|gehaltserhöhung|kaffee|bier|schlau|schlauer|klug|klüger|witzig|lustig|"
    // Spanish
    "mejor|increíble|crack|máquina|amo|quiero|encantas|adoro|jefe|jefa|trabajo|fenómeno|héroe|molas|mola|"
    // French
    "meilleur|meilleure|génial|géniale|incroyable|formidable|magique|champion|championne|t'aime|t'adore|adore|patron|"
    "patronne|boulot|travail|déchires|déchire|assures|gères|top|";

// All else that stands in one. No word of data, and none that asks.
constexpr std::string_view kSmall =
    "|genie|genie's|bot|man|dude|buddy|the|a|an|so|such|really|just|simply|totally|absolutely|literally|honestly|"
    "seriously|truly|definitely|officially|still|my|our|your|me|us|i|we|all|everyone|everybody|anyone|anybody|any|"
    "every|ever|never|always|more|better|than|and|but|is|are|was|were|be|am|will|would|gonna|gotta|know|knows|"
    "everything|have|need|needs|get|gets|got|made|makes|deserve|deserves|take|away|day|today|it|don't|please|pls|"
    "you|u|you're|youre|you've|you'll|ya|"
    "der|die|das|den|dem|ein|eine|einen|mein|meine|meinen|mir|mich|uns|echt|einfach|wirklich|total|voll|ja|mal|doch|"
    "bitte|nie|niemals|nicht|immer|alle|alles|mehr|als|und|aber|ist|bist|hast|du|dich|dir|ich|wir|weiß|weißt|weg|nimm|"
    "klau|rettest|verdienst|wert|"
    "el|la|lo|un|una|eres|es|tú|te|mi|muy|más|que|de|todo|sabe|sabes|por|favor|nunca|y|no|quites|"
    "le|les|une|tu|t'es|est|vous|êtes|trop|très|vraiment|mon|ma|moi|plus|tout|jamais|toujours|pas|ne|prends|sait|sais|"
    "et|je|s'il|plaît|";

constexpr std::string_view kToBot =
    "|you|u|you're|youre|you've|you'll|ya|du|dich|dir|tú|te|eres|molas|tu|t'es|t'aime|t'adore|vous|";
// Right behind the name: what the bot is, or does.
constexpr std::string_view kOfBot =
    "|is|rocks|rules|knows|saves|saved|made|makes|deserves|needs|never|always|ist|rockt|weiß|es|sabe|mola|est|sait|"
    "déchire|";
constexpr std::string_view kLove = "|love|loves|liebe|liebt|lieben|amo|adoro|adore|";
// Asked for in earnest by nobody.
constexpr std::string_view kPleas =
    "|never take my|don't take my|nimm mir nicht|klau mir nicht|no me quites|ne prends pas|";

// Questions that want no answer, whole.
constexpr std::string_view kJokes =
    "|will you marry me|would you marry me|can you marry me|can i marry you|marry me|do you love me|"
    "willst du mich heiraten|heirate mich|heiratest du mich|liebst du mich|"
    "te casas conmigo|quieres casarte conmigo|cásate conmigo|me quieres|"
    "veux tu m'épouser|tu veux m'épouser|épouse moi|tu m'aimes|";
constexpr std::string_view kLaughs =
    "|ha|haha|hahaha|hahahaha|hehe|hehehe|hihi|lol|lool|lmao|rofl|jaja|jajaja|jeje|mdr|ptdr|xd|";
// They take back what was said, or somebody else said.
constexpr std::string_view kJests =
    "|just kidding|only kidding|kidding|i'm kidding|was kidding|just joking|only joking|joking|i'm joking|jk|j k|"
    "just messing|a joke|bad joke|nice joke|good one|that was a joke|it was a joke|"
    "nur spaß|war nur spaß|war nur ein spaß|nur ein spaß|war ein scherz|nur ein scherz|kleiner scherz|scherz|spaß|"
    "ich scherze|spaß beiseite|war ein witz|"
    "es broma|era broma|es una broma|era una broma|broma|de broma|"
    "je plaisante|je rigole|c'est une blague|c'était une blague|une blague|pour rire|";
// What is said behind laughter where nobody knows an answer.
constexpr std::string_view kShrugs =
    "|no idea|no clue|me neither|nor do i|neither do i|don't know|dunno|idk|good one|nice one|nice try|never mind|"
    "nevermind|fair enough|keine ahnung|kein plan|ich auch nicht|weiß ich nicht|weiß nicht|weiß ich auch nicht|"
    "guter versuch|schon gut|macht nichts|ni idea|yo tampoco|no sé|no lo sé|buen intento|da igual|no importa|"
    "aucune idée|moi non plus|je ne sais pas|sais pas|bien essayé|tant pis|";
constexpr std::string_view kAroundShrugs =
    "|either|too|also|well|oh|ah|ok|okay|i|we|me|have|had|got|honestly|then|there|really|even|so|sorry|genie|that|"
    "that's|was|a|auch|ich|wir|da|hab|habe|ja|na|gut|dann|sorry|auch|es|tampoco|pues|yo|bueno|non|plus|bon|ben|moi|"
    "j'ai|je|";

// With the bot's name in place of its mentions.
std::string named(std::string_view text, std::string_view bot) {
    std::string out;
    std::size_t from = 0;
    for (auto mention = slack::find_mention(text, bot); mention; mention = slack::find_mention(text, bot, from)) {
        out.append(text.substr(from, mention->begin - from)).append(kName);
        from = mention->end;
    }
    return out.append(text.substr(from));
}

std::vector<Words> clauses_of(const Line& line) {
    std::vector<Words> clauses;
    for (const Sentence& sentence : line.sentences) {
        clauses.emplace_back();
        for (const LineWord& word : sentence.words) {
            clauses.back().push_back(word);
            if (word.comma_follows)
                clauses.emplace_back();
        }
        if (clauses.back().empty())
            clauses.pop_back();
    }
    return clauses;
}

bool is_idle(const Words& clause) {
    return is_all_courtesy(clause) || is_all_agreement(clause) ||
           std::all_of(clause.begin(), clause.end(), [](const LineWord& word) {
               return has(kPoints, word.lower) || has(kSmall, word.lower) || is_all_courtesy({word});
           });
}

// Of the whole line, without the name and what is said in passing.
std::string bare_words(const Line& line) {
    Words words;
    for (const Sentence& sentence : line.sentences)
        for (const LineWord& word : sentence.words)
            if (word.lower != kName && !has("|hey|hi|please|bitte|ok|haha|lol|dear|oh|", word.lower))
                words.push_back(word);
    return joined(words, 0, words.size());
}

// Whether an idle clause says something to the bot, or of it.
bool speaks_to_bot(const Words& clause) {
    if (!contains(clause, kPoints))
        return false;
    for (std::size_t at = 0; at < clause.size(); ++at) {
        if (clause[at].lower == "genie's" || has(kToBot, clause[at].lower))
            return true;
        if (clause[at].lower != kName)
            continue;
        const bool is_subject = at + 1 < clause.size() && has(kOfBot, clause[at + 1].lower);
        const bool is_loved = at > 0 && at + 1 == clause.size() && has(kLove, clause[at - 1].lower);
        if (is_subject || is_loved)
            return true;
    }
    return contains(clause, kPleas);
}

}  // namespace banter_detail

bool is_banter(std::string_view text, std::string_view bot_user) {
    using namespace banter_detail;
    const Line line = read_line(named(text, bot_user), "");
    if (has(kJokes, bare_words(line)))
        return true;
    if (line.has_link || line.has_other_script ||
        std::any_of(line.sentences.begin(), line.sentences.end(),
                    [](const Sentence& sentence) { return sentence.has_question_mark; }))
        return false;
    const std::vector<Words> clauses = clauses_of(line);
    return std::all_of(clauses.begin(), clauses.end(), is_idle) &&
           std::any_of(clauses.begin(), clauses.end(), speaks_to_bot);
}

bool is_laughed_off(const Line& line) {
    using namespace banter_detail;
    Words words;
    for (const Sentence& sentence : line.sentences) {
        if (sentence.has_question_mark)
            return false;
        words.insert(words.end(), sentence.words.begin(), sentence.words.end());
    }
    bool laughs = false;
    bool shrugs = false;
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t jests = longest_at(words, at, kJests);
        const std::size_t count = std::max(longest_at(words, at, kShrugs), jests);
        const bool laughs_here = has(kLaughs, words[at].lower) || jests > 0;
        if (count == 0 && !laughs_here && !has(kAroundShrugs, words[at].lower))
            return false;
        laughs = laughs || laughs_here;
        shrugs = shrugs || count > 0;
        at += std::max<std::size_t>(count, 1);
    }
    return laughs && shrugs;
}

}  // namespace genie_slack::relay
