#include "app/relay/manners/data_words.hpp"

#include <algorithm>
#include <string_view>

namespace genie_slack::relay::phrases {

namespace data_words_detail {

constexpr std::string_view kMeasures =
    "|revenue|revenues|sales|turnover|orders|churn|margin|margins|profit|profits|cost|costs|returns|refunds|stock|"
    "inventory|customers|accounts|signups|conversion|conversions|conversion rate|traffic|visits|visitors|users|"
    "subscriptions|subscribers|invoices|payments|transactions|tickets|units sold|headcount|growth|spend|spending|"
    "prices|deals|leads|shipments|deliveries|cancellations|bookings|retention|arr|mrr|gmv|"
    "umsatz|umsätze|erlös|erlöse|bestellungen|aufträge|abwanderung|marge|margen|gewinn|gewinne|kosten|retouren|"
    "erstattungen|bestand|lagerbestand|kunden|kundinnen|besucher|nutzer|rechnungen|zahlungen|wachstum|preise|absatz|"
    "lieferungen|stornos|buchungen|verkäufe|"
    "ingresos|ventas|pedidos|clientes|beneficio|beneficios|costes|costos|devoluciones|existencias|facturas|pagos|"
    "crecimiento|precios|"
    "chiffre d'affaires|ventes|commandes|clients|bénéfice|bénéfices|coûts|retours|stocks|factures|paiements|"
    "croissance|prix|";
constexpr std::string_view kOfData =
    "|sell|sells|sold|selling|seller|sellers|order|ordered|customer|account|client|buy|buys|bought|earn|earns|earned|"
    "price|unit|units|quantity|region|regions|country|countries|product|products|category|categories|segment|segments|"
    "channel|channels|store|stores|shop|shops|employee|employees|budget|target|targets|actual|actuals|forecast|kpi|"
    "kpis|metric|metrics|rate|ratio|percent|percentage|share|average|avg|median|mean|total|totals|sum|count|trend|"
    "trends|row|rows|column|columns|table|tables|data|dataset|database|number|numbers|figure|figures|value|values|"
    "query|sql|source|filter|calculated|calculate|computed|include|includes|included|contain|contains|net|gross|"
    "outlier|outliers|increase|increased|decrease|decreased|drop|dropped|fell|rise|rose|grow|grew|declined|fall|"
    "falling|dip|dipped|jump|jumped|spike|spiked|peak|"
    "maximum|minimum|"
    "q1|q2|q3|q4|quarter|quarters|quarterly|month|months|monthly|year|years|yearly|annual|ytd|fiscal|january|february|"
    "march|april|june|july|august|september|october|november|december|"
    "most|least|more|less|higher|lower|highest|lowest|top|bottom|biggest|largest|smallest|best|worst|"
    "how many|how much|how often|how high|"
    "verkauft|verkaufen|bestellt|kunde|kundin|preis|menge|land|länder|produkt|produkte|kategorie|kategorien|kanal|"
    "kanäle|filiale|filialen|mitarbeiter|ziel|ziele|prognose|kennzahl|kennzahlen|quote|anteil|prozent|durchschnitt|"
    "summe|anzahl|zeile|zeilen|spalte|spalten|tabelle|daten|zahl|zahlen|wert|werte|abfrage|quelle|berechnet|enthalten|"
    "netto|brutto|ausreißer|gestiegen|gesunken|gefallen|eingebrochen|quartal|quartale|monat|monate|monatlich|jahr|"
    "jahre|jährlich|januar|februar|märz|juni|juli|oktober|dezember|meisten|wenigsten|mehr|weniger|größte|größten|"
    "kleinste|kleinsten|höchste|höchsten|niedrigste|niedrigsten|beste|besten|stärksten|wie viele|wie viel|wieviel|"
    "wieviele|wie oft|wie hoch|"
    "vende|venden|vendido|vendimos|cliente|región|regiones|país|países|producto|productos|datos|tabla|número|números|"
    "trimestre|mes|meses|año|años|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|"
    "diciembre|más|menos|mejor|mejores|cuántos|cuántas|cuánto|cuánta|"
    "vend|vendu|client|région|régions|pays|produit|produits|données|tableau|chiffre|chiffres|mois|année|années|"
    "janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|plus|moins|meilleur|meilleurs|"
    "combien|";
// They narrow an answer down.
constexpr std::string_view kNarrowing =
    "|by|per|only|without|excluding|except|including|vs|versus|compared|since|sorted|grouped|split|instead|"
    "pro|nur|ohne|außer|verglichen|seit|sortiert|gruppiert|aufgeteilt|stattdessen|"
    "por mes|por región|solo|sólo|sin|desde|par|seulement|sans|depuis|";

bool has_number(const Words& words) {
    return std::any_of(words.begin(), words.end(), [](const LineWord& word) {
        return !word.lower.empty() && word.lower.find_first_not_of("0123456789") == std::string::npos;
    });
}

}  // namespace data_words_detail

bool names_measure(const Words& words) {
    return contains(words, data_words_detail::kMeasures);
}

bool names_data(const Words& words) {
    using namespace data_words_detail;
    return names_measure(words) || contains(words, kOfData) || contains(words, kNarrowing) || has_number(words);
}

}  // namespace genie_slack::relay::phrases
