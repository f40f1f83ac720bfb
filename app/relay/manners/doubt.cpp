#include "app/relay/manners/doubt.hpp"

#include "app/relay/manners/line.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <string>

namespace genie_slack::relay {

namespace doubt_detail {

using phrases::has;

// What is said before it.
constexpr std::string_view kBefore = "|please|ok|okay|hey|hi|hm|hmm|wait|so|and|genie|bitte|und|y|pero|et|mais|";
// What is said around it.
constexpr std::string_view kSmall =
    "|please|pls|plz|thanks|thx|now|then|ok|okay|hey|hi|hm|hmm|wait|so|and|genie|really|this|that|it|these|those|them|"
    "they|the|all|bitte|danke|jetzt|dann|und|mal|doch|auch|wirklich|denn|das|dies|die|diese|der|den|es|por|favor|"
    "gracias|y|pero|esto|eso|esta|este|estos|estas|el|la|los|las|s'il|te|vous|plaît|merci|et|mais|vraiment|ça|ce|cela|"
    "le|les|cette|ces|";
// What is doubted, where it is named.
constexpr std::string_view kThing =
    "|number|numbers|figure|figures|result|results|answer|data|total|zahl|zahlen|ergebnis|antwort|daten|número|números|"
    "cifra|cifras|resultado|respuesta|datos|chiffre|chiffres|nombre|résultat|réponse|données|";

// Questions also without their mark, where a verb begins them: "this is right" has none.
constexpr std::string_view kVerbs = "|is|are|ist|sind|bist|estás|est|êtes|";
constexpr std::string_view kQuestions =
    "|is right|are right|is correct|are correct|is true|are true|is accurate|are accurate|are you sure|"
    "are you sure about|are you certain|ist richtig|sind richtig|ist korrekt|sind korrekt|ist wahr|bist du sicher|"
    "bist du dir sicher|bist du sicher dass stimmt|estás seguro|estás segura|êtes sûr|êtes sûre|est juste|est correct|"
    "est exact|est vrai|est que juste|est que c'est juste|est que c'est correct|est que c'est exact|"
    "est que c'est vrai|";
// Without it these are agreement.
constexpr std::string_view kMarked =
    "|right|correct|true|accurate|sure|you sure|can be right|can be true|could be right|could be true|stimmt|stimmen|"
    "kann stimmen|können stimmen|kann sein|richtig|korrekt|sicher|ganz sicher|correcto|correcta|cierto|verdad|"
    "está bien|está correcto|seguro|segura|son correctos|son correctas|juste|c'est juste|c'est correct|exact|"
    "c'est exact|vrai|c'est vrai|sont justes|sont corrects|sont exacts|sûr|sûre|tu sûr|tu sûre|t'es sûr|t'es sûre|";
// Wishes.
constexpr std::string_view kWishes =
    "|double check|doublecheck|can you double check|could you double check|can you check|could you check|"
    "can you verify|could you verify|verify|recheck|check again|prüf nochmal|prüfe nochmal|nochmal prüfen|prüfen|"
    "noch einmal prüfen|prüf nach|prüfe nach|nachprüfen|kannst du prüfen|kannst du nachprüfen|"
    "kannst du nochmal prüfen|überprüfen|überprüf|überprüfe|kannst du überprüfen|verifica|verifícalo|compruébalo|"
    "comprueba|revísalo|puedes comprobarlo|puedes verificarlo|puedes revisarlo|vérifie|vérifiez|vérifier|"
    "tu peux vérifier|peux tu vérifier|pouvez vérifier|";

}  // namespace doubt_detail

bool asks_whether_right(std::string_view words) {
    using namespace doubt_detail;
    const Line line = read_line(slack::escape(words), "");
    if (line.sentences.size() != 1 || line.mentions_others || line.has_link || line.has_other_script ||
        line.has_laughter)
        return false;
    const Sentence& sentence = line.sentences.front();
    const auto begins = std::find_if_not(sentence.words.begin(), sentence.words.end(),
                                         [](const LineWord& word) { return has(kBefore, word.lower); });
    std::string said;
    for (const LineWord& word : sentence.words)
        if (!has(kSmall, word.lower) && !has(kThing, word.lower))
            said += (said.empty() ? "" : " ") + word.lower;
    if (has(kWishes, said))
        return true;
    if (sentence.has_question_mark)
        return has(kQuestions, said) || has(kMarked, said);
    return begins != sentence.words.end() && has(kVerbs, begins->lower) && has(kQuestions, said);
}

}  // namespace genie_slack::relay
