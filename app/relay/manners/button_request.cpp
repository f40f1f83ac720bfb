#include "app/relay/manners/button_request.hpp"

#include "app/answer/chart/chart_wish.hpp"
#include "app/relay/manners/line.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace button_request_detail {

using line_kind_detail::has;

constexpr std::size_t kMostWords = 11;

constexpr std::string_view kFile = "|csv|excel|xlsx|xls|spreadsheet|file|datei|csv-datei|excel-datei|";
constexpr std::string_view kSql = "|sql|query|abfrage|calculated|calculate|computed|calculation|berechnet|berechnung|";
// Around those alone: "how was that calculated?".
constexpr std::string_view kHow =
    "|how|what|what's|whats|which|was|were|is|are|did|do|use|used|run|ran|wie|welche|welches|wurde|wurden|ist|sind|"
    "hast|du|benutzt|verwendet|";
constexpr std::string_view kChart =
    "|pie|bar|bars|line|area|column|columns|chart|graph|piechart|barchart|linechart|diagramm|grafik|kreisdiagramm|"
    "tortendiagramm|kuchendiagramm|balkendiagramm|säulendiagramm|liniendiagramm|flächendiagramm|linie|balken|";
// Alone they mean the file: "export please".
constexpr std::string_view kExport = "|export|download|exportieren|exportiere|herunterladen|";
constexpr std::string_view kTable = "|table|tabelle|";
// What is said around it.
constexpr std::string_view kSmall =
    "|please|pls|thanks|thx|ok|okay|now|and|also|just|only|instead|again|genie|hey|hi|"
    "as|a|an|in|into|to|the|it|this|that|these|those|them|of|for|me|us|i|we|you|can|could|may|would|like|have|get|got|"
    "show|see|give|send|make|draw|plot|display|export|download|turn|need|want|i'd|i'll|let|put|change|switch|behind|"
    "data|result|results|answer|numbers|rows|complete|whole|full|all|format|version|"
    "bitte|danke|jetzt|und|auch|mal|doch|nur|nochmal|stattdessen|als|ein|eine|einen|der|die|das|den|dem|es|dies|dieses|"
    "davon|dazu|dahinter|daraus|mir|uns|ich|wir|du|kann|kannst|könnte|könntest|können|möchte|hätte|gern|gerne|brauche|"
    "will|haben|bekommen|sehen|zeig|zeige|zeigen|gib|geben|schick|schicke|schicken|mach|mache|machen|stell|stelle|"
    "darstellen|dar|exportieren|exportiere|herunterladen|daten|ergebnis|antwort|zahlen|ganze|ganzes|komplett|alles|";

std::size_t count(const std::vector<LineWord>& words, std::string_view list) {
    return static_cast<std::size_t>(
        std::count_if(words.begin(), words.end(), [list](const LineWord& word) { return has(list, word.lower); }));
}

}  // namespace button_request_detail

std::optional<ButtonRequest> button_request(std::string_view words) {
    using namespace button_request_detail;
    const Line line = read_line(slack::escape(words), "");
    if (line.sentences.size() != 1 || line.mentions_others || line.has_link || line.has_other_script)
        return std::nullopt;
    const std::vector<LineWord>& all = line.sentences.front().words;
    const std::size_t charts = count(all, kChart);
    const bool is_export = count(all, kChart) + count(all, kSql) + count(all, kTable) == 0;
    const std::size_t files = count(all, kFile) + (is_export ? count(all, kExport) : 0);
    const std::size_t queries = count(all, kSql);
    const std::size_t tables = count(all, kTable);
    const std::size_t small = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const LineWord& word) {
        return has(kSmall, word.lower) || (queries > 0 && has(kHow, word.lower));
    }));
    const bool says_more = charts + count(all, kFile) + queries + tables + small < all.size();
    // "SQL as CSV" is anybody's guess.
    const int wishes = (charts > 0 ? 1 : 0) + (files > 0 ? 1 : 0) + (queries > 0 ? 1 : 0);
    if (says_more || all.size() > kMostWords || wishes > 1 || (wishes == 0 && tables == 0))
        return std::nullopt;
    ButtonRequest request;
    request.what = files > 0     ? ButtonRequest::What::file
                   : queries > 0 ? ButtonRequest::What::sql
                                 : ButtonRequest::What::chart;
    if (request.what != ButtonRequest::What::chart)
        return request;
    // "Show me a chart" leaves the kind to Genie.
    request.chart = charts == 0 ? "none" : answer::chart_wish(words);
    return request.chart.empty() ? std::nullopt : std::optional(request);
}

}  // namespace genie_slack::relay
