#include "app/relay/manners/button_request.hpp"

#include "app/answer/chart/chart_names.hpp"
#include "app/answer/chart/chart_wish.hpp"
#include "app/relay/manners/button_labels.hpp"
#include "app/relay/manners/doubt.hpp"
#include "app/relay/manners/line.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace button_request_detail {

using phrases::has;

constexpr std::size_t kMostWords = 11;

constexpr std::string_view kCsv = "|csv|";
constexpr std::string_view kXlsx = "|excel|xlsx|xls|spreadsheet|";
constexpr std::string_view kFile = "|csv|excel|xlsx|xls|spreadsheet|file|datei|archivo|fichier|";
constexpr std::string_view kSql =
    "|sql|query|abfrage|consulta|requête|calculated|calculate|computed|calculation|berechnet|berechnung|";
// Around those alone: "how was that calculated?".
constexpr std::string_view kHow =
    "|how|what|what's|whats|which|was|were|is|are|did|do|use|used|run|ran|wie|welche|welches|wurde|wurden|ist|sind|"
    "hast|du|benutzt|verwendet|";
constexpr std::string_view kChart =
    "|pie|bar|bars|line|area|column|columns|chart|graph|piechart|barchart|linechart|diagramm|grafik|kreisdiagramm|"
    "tortendiagramm|kuchendiagramm|balkendiagramm|säulendiagramm|liniendiagramm|flächendiagramm|linie|balken|"
    "gráfico|gráfica|barras|graphique|barres|camembert|";
// Which kind that is, is left open.
constexpr std::string_view kAnyChart = "|chart|graph|diagramm|grafik|gráfico|gráfica|graphique|";
// What says it alone, or beside one of those.
constexpr std::string_view kPie = "|pie|camembert|";
constexpr std::string_view kBars = "|barras|barres|";
// Alone they mean a chart: "can you plot that?".
constexpr std::string_view kDraw =
    "|plot|draw|visualize|visualise|zeichne|zeichnen|plotte|plotten|visualisiere|visualisieren|";
// Alone they mean the file: "export please".
constexpr std::string_view kExport =
    "|export|download|exportieren|exportiere|herunterladen|descargar|descarga|descárgalo|exportar|exporta|expórtalo|"
    "télécharger|télécharge|exporter|exporte|";
constexpr std::string_view kTable = "|table|tabelle|tabla|tableau|";
// What is said around it.
constexpr std::string_view kSmall =
    "|please|pls|thanks|thx|ok|okay|now|and|also|just|only|instead|again|same|genie|hey|hi|"
    "as|a|an|in|into|to|the|it|this|that|these|those|them|of|for|me|us|i|we|you|can|could|may|would|like|have|get|got|"
    "show|see|give|send|make|draw|plot|display|export|download|turn|need|want|i'd|i'll|let|put|change|switch|behind|"
    "data|result|results|answer|numbers|rows|complete|whole|full|all|format|version|"
    "bitte|danke|jetzt|und|auch|mal|doch|nur|nochmal|stattdessen|als|ein|eine|einen|der|die|das|den|dem|es|dies|dieses|"
    "como|en|por|favor|gracias|ahora|puedes|podrías|puedo|quiero|lo|un|una|el|la|los|las|esto|eso|de|del|forma|formato|"
    "muestra|muéstrame|muéstralo|mostrar|mostrarme|ver|enséñame|enseña|dame|darme|haz|hazlo|pon|ponlo|descargar|"
    "descarga|descárgalo|exportar|exporta|expórtalo|resultado|resultados|datos|respuesta|completo|"
    "s'il|te|vous|plaît|merci|maintenant|peux|tu|pouvez|je|veux|comme|le|les|une|ça|cela|ce|sous|forme|vers|moi|"
    "montre|montrez|montrer|affiche|affichez|afficher|voir|donne|donnez|fais|mets|télécharger|télécharge|exporter|"
    "exporte|résultat|résultats|données|réponse|complet|"
    "davon|dazu|dahinter|daraus|draus|mir|uns|ich|wir|du|kann|kannst|könnte|könntest|können|möchte|hätte|gern|gerne|"
    "brauche|"
    "will|haben|bekommen|sehen|zeig|zeige|zeigen|gib|geben|schick|schicke|schicken|mach|mache|machen|stell|stelle|"
    "darstellen|dar|exportieren|exportiere|herunterladen|daten|ergebnis|antwort|zahlen|ganze|ganzes|komplett|alles|";

// What the answer is wanted for, at the end: "for the meeting", "fürs Meeting". It changes nothing.
constexpr std::string_view kFor = "|for|für|fürs|para|pour|";
constexpr std::string_view kWhose =
    "|the|my|our|a|an|next|upcoming|today's|tomorrow's|weekly|monthly|das|die|den|der|mein|meine|meinen|unser|unsere|"
    "unseren|ein|eine|einen|nächste|nächsten|nächstes|el|la|los|las|mi|mis|nuestro|nuestra|un|una|le|les|mon|ma|mes|"
    "notre|une|";
constexpr std::string_view kPurposes =
    "|meeting|meetings|boss|bosses|manager|deck|presentation|slides|slide|board|call|review|report|standup|weekly|"
    "newsletter|team|colleagues|email|mail|chef|chefin|chefs|präsentation|besprechung|folien|folie|sitzung|termin|"
    "vorstand|bericht|kollegen|reunión|jefe|jefa|presentación|informe|equipo|réunion|patron|patronne|présentation|"
    "rapport|équipe|l'équipe|";

void cut_purpose(std::vector<LineWord>& words) {
    if (words.size() < 3 || !has(kPurposes, words.back().lower))
        return;
    std::size_t at = words.size() - 1;
    while (at > 0 && (has(kWhose, words[at - 1].lower) || has(kPurposes, words[at - 1].lower)))
        --at;
    if (at > 1 && has(kFor, words[at - 1].lower))
        words.resize(at - 1);
}

// With a word in place of a channel's name.
std::string with_channels(std::string_view words) {
    std::string out;
    for (std::size_t at = 0; at < words.size();) {
        const bool is_name = words[at] == '#' && (at == 0 || words[at - 1] == ' ');
        if (!is_name) {
            out += words[at++];
            continue;
        }
        out += "channel";
        at = std::min(words.find_first_of(" ?!,;", at), words.size());
    }
    return out;
}

std::size_t count(const std::vector<LineWord>& words, std::string_view list) {
    return static_cast<std::size_t>(
        std::count_if(words.begin(), words.end(), [list](const LineWord& word) { return has(list, word.lower); }));
}

std::string chart_of(const std::vector<LineWord>& words, std::string_view line) {
    const std::size_t charts = count(words, kChart);
    if (charts == 0)
        return count(words, kTable) > 0 ? answer::kNoChart : answer::kAnyChart;
    const std::string wish = answer::chart_wish(line);
    if (!wish.empty())
        return wish;
    const std::size_t open = count(words, kAnyChart);
    if (open == charts)
        return answer::kAnyChart;
    if (count(words, kPie) + open == charts)
        return "pie";
    return count(words, kBars) + open == charts ? "bar" : "";
}

answer::FileFormat format_of(const std::vector<LineWord>& words) {
    const bool is_csv = count(words, kCsv) > 0;
    const bool is_xlsx = count(words, kXlsx) > 0;
    if (is_csv == is_xlsx)
        return answer::FileFormat::automatic;
    return is_csv ? answer::FileFormat::csv : answer::FileFormat::xlsx;
}

}  // namespace button_request_detail

std::optional<ButtonRequest> button_request(std::string_view words) {
    using namespace button_request_detail;
    if (asks_whether_right(words))
        return ButtonRequest{ButtonRequest::What::check, ""};
    Line line = read_line(slack::escape(with_channels(words)), "");
    if (line.sentences.size() != 1 || line.mentions_others || line.has_link || line.has_other_script ||
        line.has_laughter)
        return std::nullopt;
    cut_purpose(line.sentences.front().words);
    if (auto labelled = labelled_request(line.sentences.front()))
        return labelled;
    const std::vector<LineWord>& all = line.sentences.front().words;
    const std::size_t charts = count(all, kChart);
    const std::size_t queries = count(all, kSql);
    const std::size_t tables = count(all, kTable);
    const bool is_export = charts + queries + tables == 0;
    const std::size_t files = count(all, kFile) + (is_export ? count(all, kExport) : 0);
    const std::size_t drawings = files + queries + tables == 0 ? count(all, kDraw) : 0;
    const std::size_t named = charts + count(all, kFile) + queries + tables;
    const auto small = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const LineWord& word) {
        const bool is_how = queries > 0 && has(kHow, word.lower);
        const bool is_drawing = drawings > 0 && has(kDraw, word.lower);
        return has(kSmall, word.lower) || is_how || is_drawing;
    }));
    // "SQL as CSV" is anybody's guess.
    const int wishes = (charts > 0 ? 1 : 0) + (files > 0 ? 1 : 0) + (queries > 0 ? 1 : 0);
    const bool wants_nothing = wishes == 0 && tables + drawings == 0;
    if (named + small < all.size() || all.size() > kMostWords || wishes > 1 || wants_nothing)
        return std::nullopt;
    ButtonRequest request;
    request.what = files > 0     ? ButtonRequest::What::file
                   : queries > 0 ? ButtonRequest::What::sql
                                 : ButtonRequest::What::chart;
    if (request.what == ButtonRequest::What::file)
        request.format = format_of(all);
    if (request.what != ButtonRequest::What::chart)
        return request;
    request.chart = chart_of(all, words);
    return request.chart.empty() ? std::nullopt : std::optional(request);
}

}  // namespace genie_slack::relay
