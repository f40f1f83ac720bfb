#include "app/relay/manners/button_labels.hpp"

#include "app/answer/chart/chart_names.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "app/words/words.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

namespace genie_slack::relay {

namespace button_labels_detail {

using phrases::has;
using What = ButtonRequest::What;
using words::Word;

struct Label {
    Word word;
    What what;
    const char* chart = "";
};
constexpr Label kLabels[] = {
    {Word::sql_button, What::sql},
    {Word::show_table, What::chart, answer::kNoChart},
    {Word::show_chart, What::chart, answer::kAnyChart},
    {Word::chart_placeholder, What::chart, answer::kAnyChart},
    {Word::chart_none, What::chart, answer::kNoChart},
    {Word::chart_line, What::chart, "line"},
    {Word::chart_bar, What::chart, "bar"},
    {Word::chart_area, What::chart, "area"},
    {Word::chart_pie, What::chart, "pie"},
    {Word::more_file, What::file},
    {Word::more_again, What::again},
    {Word::more_space, What::space},
    {Word::share_button, What::share},
    {Word::share_channel_button, What::share},
    {Word::ask_again_button, What::ask_again},
    {Word::try_again, What::ask_again},
    {Word::good_answer, What::good},
    {Word::bad_answer, What::bad},
};

struct Phrase {
    const char* words;  // without those of kAround
    What what;
};
constexpr Phrase kPhrases[] = {
    {"rerun", What::again},
    {"re run", What::again},
    {"rerun query", What::again},
    {"run query again", What::again},
    {"run again query", What::again},
    {"refresh", What::again},
    {"refresh data", What::again},
    {"nochmal ausführen", What::again},
    {"noch mal ausführen", What::again},
    {"erneut ausführen", What::again},
    {"neu ausführen", What::again},
    {"aktualisieren", What::again},
    {"nochmal", What::again},
    {"noch mal", What::again},
    {"noch einmal", What::again},
    {"wiederhole", What::again},
    {"wiederhol", What::again},
    {"wiederholen", What::again},
    {"aktualisiere", What::again},
    {"neu berechnen", What::again},
    {"neu rechnen", What::again},
    {"berechne neu", What::again},
    {"rechne neu", What::again},
    {"rechne nochmal", What::again},
    {"rechne noch mal", What::again},
    {"volver a ejecutar", What::again},
    {"otra vez", What::again},
    {"vez más", What::again},
    {"de nuevo", What::again},
    {"nuevamente", What::again},
    {"repetir", What::again},
    {"repite", What::again},
    {"repítelo", What::again},
    {"actualizar", What::again},
    {"actualiza", What::again},
    {"actualízalo", What::again},
    {"recalcular", What::again},
    {"recalcula", What::again},
    {"relancer", What::again},
    {"relance", What::again},
    {"encore fois", What::again},
    {"de nouveau", What::again},
    {"à nouveau", What::again},
    {"répète", What::again},
    {"répéter", What::again},
    {"répétez", What::again},
    {"actualiser", What::again},
    {"actualise", What::again},
    {"recalculer", What::again},
    {"recalcule", What::again},
    {"not helpful", What::bad},
    {"not good answer", What::bad},
    {"nicht hilfreich", What::bad},
    {"pas utile", What::bad},
    {"no es útil", What::bad},
    // How it was calculated
    {"explain", What::sql},
    {"explain calculation", What::sql},
    {"explain how got", What::sql},
    {"explain how got number", What::sql},
    {"explain how got numbers", What::sql},
    {"explain how got result", What::sql},
    {"explain how got answer", What::sql},
    {"explain how was calculated", What::sql},
    {"explain how is calculated", What::sql},
    {"how did get", What::sql},
    {"how did get number", What::sql},
    {"how did get numbers", What::sql},
    {"how did get result", What::sql},
    {"how did get answer", What::sql},
    {"how did come up with", What::sql},
    {"how did come up with number", What::sql},
    {"where does number come from", What::sql},
    {"where do numbers come from", What::sql},
    {"erklär", What::sql},
    {"erkläre", What::sql},
    {"erklären", What::sql},
    {"wie kommst auf zahl", What::sql},
    {"wie kommst darauf", What::sql},
    {"wie bist darauf gekommen", What::sql},
    {"woher kommt zahl", What::sql},
    {"woher kommen zahlen", What::sql},
    {"explica", What::sql},
    {"explícalo", What::sql},
    {"cómo calculaste", What::sql},
    {"cómo has calculado", What::sql},
    {"cómo se calculó", What::sql},
    {"explique", What::sql},
    {"comment as calculé", What::sql},
    {"comment a été calculé", What::sql},
    {"comment est calculé", What::sql},
};

// Sharing, without those of kAround; a channel's name is "channel".
constexpr std::string_view kShares =
    "|share|share here|share channel|share with channel|share in channel|share with team|share with everyone|"
    "share with everybody|share with all|share with group|share with colleagues|share with boss|share with my team|"
    "share with my boss|share with our team|post in channel|post channel|"
    "teile|teil|teilen|teile mit channel|teile im channel|teile in channel|teile mit allen|teile mit team|"
    "mit channel teilen|in channel teilen|im channel teilen|im kanal teilen|mit allen teilen|mit team teilen|"
    "comparte|compártelo|compartir|comparte con channel|compártelo con channel|comparte en channel|comparte con todos|"
    "compártelo con todos|comparte con equipo|compártelo con equipo|"
    "partage|partager|partage avec channel|partage dans channel|partage avec tous|partage avec tout monde|"
    "partage avec l'équipe|partager avec channel|";
// "Market share" is none: alone it needs a word for the answer.
constexpr std::string_view kOfAnswer = "|this|that|it|these|das|es|dies|diese|lo|esto|le|la|ça|ceci|";

constexpr std::string_view kAround =
    "|please|pls|plz|thanks|thx|now|then|ok|okay|hey|hi|genie|can|could|you|me|us|it|this|that|these|those|the|a|an|"
    "as|to|"
    "bitte|danke|jetzt|mal|doch|kannst|du|mir|uns|es|das|dies|diese|dieser|dieses|die|den|der|dem|ein|eine|einen|als|"
    "por|favor|gracias|ahora|puedes|lo|la|el|los|las|un|una|como|esto|esta|este|"
    "s'il|te|vous|plaît|merci|maintenant|peux|tu|moi|le|les|une|ce|cette|ça|en|comme|";

std::string without_small(const std::vector<LineWord>& words) {
    std::string left;
    std::string_view before;
    for (const LineWord& word : words) {
        // "Zeig mal" is "zeig", but "noch mal" is more than "noch".
        const bool is_noch_mal = word.lower == "mal" && before == "noch";
        if (is_noch_mal || !has(kAround, word.lower))
            left += (left.empty() ? "" : " ") + word.lower;
        before = word.lower;
    }
    return left;
}

using Requests = std::map<std::string, ButtonRequest, std::less<>>;

Requests read_labels() {
    Requests requests;
    for (const Label& label : kLabels)
        for (const words::Language language : words::kLanguages) {
            const Line line = read_line(slack::escape(words::say(language, label.word)), "");
            requests.emplace(without_small(line.sentences.front().words), ButtonRequest{label.what, label.chart, {}});
        }
    for (const Phrase& phrase : kPhrases)
        requests.emplace(phrase.words, ButtonRequest{phrase.what, "", {}});
    return requests;
}

}  // namespace button_labels_detail

std::optional<ButtonRequest> labelled_request(const Sentence& sentence) {
    using namespace button_labels_detail;
    static const Requests kRequests = read_labels();
    const std::string left = without_small(sentence.words);
    const bool names_answer = std::any_of(sentence.words.begin(), sentence.words.end(),
                                          [](const LineWord& word) { return has(kOfAnswer, word.lower); });
    if (has(kShares, left) && (names_answer || left.find(' ') != std::string::npos))
        return ButtonRequest{What::share, ""};
    const auto found = kRequests.find(left);
    if (found == kRequests.end())
        return std::nullopt;
    // "Is this a good answer?" rates nothing.
    const bool is_rating = found->second.what == What::good || found->second.what == What::bad;
    if (is_rating && sentence.has_question_mark)
        return std::nullopt;
    return found->second;
}

}  // namespace genie_slack::relay
