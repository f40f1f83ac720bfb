// Two hundred lines as people write them into threads, and for which of them the bot speaks. Long because it is one
// table.
#include "app/relay/manners/manners.hpp"

#include "tests/catch.hpp"

#include <string>

namespace manners_test {

using namespace genie_slack;
using relay::Manner;
using relay::ThreadFacts;
using relay::ThreadReplies;

// Short names keep the tables readable.
// NOLINTBEGIN(readability-identifier-naming)
constexpr Manner T = Manner::take_up;
constexpr Manner C = Manner::courtesy;
constexpr Manner L = Manner::leave;
// NOLINTEND(readability-identifier-naming)

struct Row {
    const char* line;
    Manner asker;  // by who asked in this thread
    Manner other;  // by anybody else
};

// Right after an answer of the bot that asked nothing back.
constexpr Row kAfterAnswer[] = {
    // Continuations, questions and requests of the one who asked.
    {"and by month?", T, T},
    {"And by month", T, L},
    {"only EMEA", T, L},
    {"only EMEA?", T, T},
    {"why", T, L},
    {"I would like to know, because my boss asked me in the meeting about the numbers, what the revenue by region was?",
     T, L},
    {"why?", T, L},
    {"top 10", T, L},
    {"2024", T, L},
    {"by region", T, L},
    {"per quarter please", T, L},
    {"now as a bar chart", T, L},
    {"as table", T, L},
    {"same for Germany", T, L},
    {"same for 2023?", T, T},
    {"without returns", T, L},
    {"excluding test accounts", T, L},
    {"last year", T, L},
    {"last year?", T, T},
    {"compared to Q3", T, L},
    {"vs last year", T, L},
    {"sorted by revenue", T, L},
    {"show me the orders behind it", T, T},
    {"compare with 2023", T, T},
    {"show me 2025", T, T},
    {"please show revenue by region", T, T},
    {"show it to Ben", T, L},
    {"show me yours", T, L},
    {"compare notes with finance", T, L},
    {"break it down by product", T, T},
    {"list the top 5 customers", T, T},
    {"exclude APAC", T, L},
    {"ok and for Germany", T, L},
    {"thanks, now by month", T, L},
    {"great, and by month?", T, T},
    {"Thanks! And by month?", T, T},
    {"cool. only online orders", T, L},
    {"revenue", T, L},
    {"EMEA?", T, L},
    {"only customers who have ordered twice", T, L},
    {"but only where churn is high", T, L},
    {"I need this by month", T, L},
    {"I'd like to see that per customer", T, L},
    {"can you split that by channel?", T, L},
    {"could you show the SQL?", T, L},
    {"what do you mean by active?", T, L},
    {"are you sure?", T, L},
    {"please add the margin", T, L},
    {"in euro please", T, L},
    {"EMEA had the campaign in March. What about APAC?", T, T},
    {"looks right. And APAC?", T, T},
    {"how about the last 90 days", T, L},
    {"*only* the `paid` ones", T, L},
    {"&gt; EMEA 4.2M\nwhy so much?", T, T},
    {"how many customers did we lose", T, T},
    {"which regions", T, L},
    {"total", T, L},
    {"remove the last month, it is incomplete", T, L},
    {"instead of revenue use margin", T, L},
    {"also for Austria and Switzerland", T, L},
    {"Germany, Austria and Switzerland?", T, L},
    {"over the last 12 months", T, L},
    {"\xE5\xA3\xB2\xE4\xB8\x8A", T, L},
    {"pourquoi ?", T, L},
    {"por mes", T, L},
    // The same in Spanish and French.
    {"y por mes?", T, T},
    {"¿y por mes?", T, T},
    {"solo EMEA", T, L},
    {"sólo EMEA", T, L},
    {"sin devoluciones", T, L},
    {"el año pasado", T, L},
    {"¿por qué?", T, L},
    {"por qué", T, L},
    {"cuántos clientes hay?", T, T},
    {"et par mois ?", T, T},
    {"par mois", T, L},
    {"seulement EMEA", T, L},
    {"sans les retours", T, L},
    {"l'année dernière", T, L},
    {"pourquoi", T, L},
    {"combien de clients ?", T, T},
    {"gracias", C, C},
    {"muchas gracias!", C, C},
    {"gracias por los datos", C, C},
    {"merci", C, C},
    {"merci beaucoup", C, C},
    {"merci pour les chiffres", C, C},
    {"gracias, y por mes?", T, T},
    {"merci, et par mois ?", T, T},
    {"me parece bien", L, L},
    {"creo que la campaña fue en marzo", L, L},
    {"c'est bizarre", L, L},
    {"je pense que la campagne était en mars", L, L},
    {"forecast the next quarter", T, L},
    {"order by date", T, L},
    {"is that net or gross?", T, T},
    {"is that net or gross", T, L},
    // The same in German.
    {"und nach Monat?", T, T},
    {"und nach Monat", T, L},
    {"nur EMEA", T, L},
    {"warum", T, L},
    {"warum?", T, L},
    {"nach Region aufgeteilt", T, L},
    {"pro Quartal bitte", T, L},
    {"als Balkendiagramm", T, L},
    {"das gleiche für 2023", T, L},
    {"dasselbe pro Monat", T, L},
    {"ohne Retouren", T, L},
    {"letztes Jahr", T, L},
    {"verglichen mit Q3", T, L},
    {"zeig mir die Bestellungen dazu", T, T},
    {"vergleiche das mit 2023", T, T},
    {"sortiere nach Umsatz", T, L},
    {"danke, jetzt nach Monat", T, L},
    {"super, und für Österreich?", T, T},
    {"Umsatz", T, L},
    {"nur Kunden, die zweimal bestellt haben", T, L},
    {"ich brauche das nach Monat", T, L},
    {"ich meine netto", T, L},
    {"kannst du das nach Kanal aufteilen?", T, L},
    {"was meinst du mit aktiv?", T, L},
    {"in Euro bitte", T, L},
    {"wie viele Kunden haben wir verloren", T, T},
    {"welche Regionen", T, L},
    {"und die Schweiz", T, L},
    {"nur die letzten 90 Tage", T, L},
    {"statt Umsatz die Marge", T, L},
    {"ist das netto oder brutto?", T, T},
    {"bis Ende März", T, L},
    {"je Kunde", T, L},
    {"Summe", T, L},
    {"gib mir die zehn größten", T, L},
    // Questions by their form, to nobody in person.
    {"how many orders were there last week?", T, T},
    {"how many orders were there last week", T, T},
    {"what was the revenue in March?", T, T},
    {"which region grew most?", T, T},
    {"why did EMEA drop in May?", T, T},
    {"when did churn start to rise?", T, T},
    {"who are the top customers?", T, T},
    {"what about returns?", T, T},
    {"how much is that per customer?", T, T},
    {"is it higher than last year?", T, T},
    {"did revenue grow in Q2?", T, T},
    {"does that include returns?", T, T},
    {"in which month was the peak?", T, T},
    {"how many customers do we have?", T, T},
    {"and what happened in May?", T, T},
    {"wie viele Bestellungen gab es letzte Woche?", T, T},
    {"wie hoch war der Umsatz im März?", T, T},
    {"welche Region ist am stärksten gewachsen?", T, T},
    {"warum ist EMEA im Mai eingebrochen?", T, T},
    {"seit wann steigt die Abwanderung?", T, T},
    {"wer sind die größten Kunden?", T, T},
    {"was ist mit den Retouren?", T, T},
    {"ist das mehr als letztes Jahr?", T, T},
    {"sind Retouren darin enthalten?", T, T},
    {"gibt es auch Zahlen für 2022?", T, T},
    {"in welchem Monat war das Maximum?", T, T},
    // Statements.
    {"looks right to me, EMEA had the campaign in March", L, L},
    {"looks right to me", L, L},
    {"comment added in the sheet", T, L},
    {"I think that's wrong", L, L},
    {"that explains it", L, L},
    {"that's wrong, right?", L, L},
    {"we had an outage in May", L, L},
    {"numbers look off", L, L},
    {"the campaign ran in March", L, L},
    {"EMEA had the campaign in March", L, L},
    {"not sure about that", L, L},
    {"nice, forwarding to finance", L, L},
    {"this is great for the board meeting", L, L},
    {"and I think that's wrong", L, L},
    {"in March we had the campaign", L, L},
    {"for me that's fine", L, L},
    {"just checking", L, L},
    {"only because of the campaign", L, L},
    {"maybe the campaign in March?", L, L},
    {"because of the campaign?", L, L},
    {"what a mess", L, L},
    {"which is what we expected", L, L},
    {"as expected", L, L},
    {"when we launched, it doubled", L, L},
    {"I want to check with finance", L, L},
    {"was a good month", L, L},
    {"will forward it", L, L},
    {"I see the same in our dashboard", L, L},
    {"really?", L, L},
    {"seriously?!", L, L},
    {"so EMEA is the problem", L, L},
    {"das passt, EMEA hatte im März die Kampagne", L, L},
    {"ich glaube, das stimmt nicht", L, L},
    {"das erklärt es", L, L},
    {"das war die Kampagne, oder?", L, L},
    {"wir hatten im Mai einen Ausfall", L, L},
    {"die Zahlen sehen komisch aus", L, L},
    {"im März lief die Kampagne", L, L},
    {"das ist ja interessant", L, L},
    {"und das war auch so geplant", L, L},
    {"für mich passt das", L, L},
    {"vielleicht die Kampagne im März?", L, L},
    {"was für ein Chaos", L, L},
    {"wie erwartet", L, L},
    {"war ein guter Monat", L, L},
    {"wirklich?", L, L},
    {"hat geklappt", L, L},
    {"nicht schlecht", L, L},
    // Words to people, wherever the mention stands.
    {"<@U7> what do you think?", L, L},
    {"what do you think <@U7>?", L, L},
    {"can <@U7> check the March numbers?", L, L},
    {"as <@U7> said, by month?", L, L},
    {"<!here> any idea why?", L, L},
    {"<!subteam^S123|@finance> is that right?", L, L},
    {"@anna why is EMEA so low?", L, L},
    {"Anna, can you check this?", L, L},
    {"Tom, why is EMEA so low?", L, L},
    {"hey Tom, is that right?", L, L},
    {"what do you think?", L, L},
    {"do you know why?", L, L},
    {"does anyone know why EMEA dropped?", L, L},
    {"guys, is that right?", L, L},
    {"shall we discuss this tomorrow?", L, L},
    {"should we tell finance?", L, L},
    {"let's talk about it on Monday", L, L},
    {"let me check", L, L},
    {"I'll check with finance. By Friday.", L, L},
    {"can you forward this to finance?", L, L},
    {"could you look at this please", L, L},
    {"lunch?", L, L},
    {"coffee at 3?", L, L},
    {"who can take this?", L, L},
    {"are we sure?", L, L},
    {"any thoughts?", L, L},
    {"did you talk to sales?", L, L},
    {"Anna, kannst du das prüfen?", L, L},
    {"hallo Tom, stimmt das?", L, L},
    {"was meinst du?", L, L},
    {"weiß jemand, warum EMEA gefallen ist?", L, L},
    {"sollen wir das morgen besprechen?", L, L},
    {"lass uns am Montag reden", L, L},
    {"ich frage mal Finance", L, L},
    {"kannst du das weiterleiten?", L, L},
    {"könnt ihr das bestätigen?", L, L},
    {"Mittagessen?", L, L},
    {"wer kann das übernehmen?", L, L},
    {"habt ihr das auch gesehen?", L, L},
    // Questions that may be to a person: only who asked is served.
    {"is that right?", T, L},
    {"why is that?", T, L},
    {"what's that?", T, L},
    {"can I get that as a file?", T, L},
    {"where do I find that?", T, L},
    {"stimmt das?", T, L},
    {"wieso das?", T, L},
    {"kann ich das als Datei haben?", T, L},
    {"can we see that by month?", T, L},
    // Thanks, agreement, laughter, emoji: nothing.
    {"thanks!", C, C},
    {"Thank you so much", C, C},
    {"thanks a lot :pray:", C, C},
    {"ok \xF0\x9F\x91\x8D", C, C},
    {":+1:", C, C},
    {"\xF0\x9F\x98\x80", C, C},
    {"got it", C, C},
    {"lol", C, C},
    {"haha nice", C, C},
    {"perfect :tada:", C, C},
    {"great job!", C, C},
    {"makes sense", C, C},
    {"sounds good", C, C},
    {"yes", C, C},
    {"no", C, C},
    {"yep, exactly", C, C},
    {"good point", C, C},
    {"wow", C, C},
    {"hmm", C, C},
    {"I see", C, C},
    {"never mind", C, C},
    {"danke", C, C},
    {"danke dir!", C, C},
    {"vielen Dank :pray:", C, C},
    {"alles klar", C, C},
    {"passt", C, C},
    {"sch\xC3\xB6n", C, C},
    {"super, danke!", C, C},
    {"ja genau", C, C},
    {"gute Frage", C, C},
    {"macht Sinn", C, C},
    {"interessant", C, C},
    // The same in Spanish and French.
    {"¡gracias!", C, C},
    {"muchas gracias", C, C},
    {"gracias por la ayuda", C, C},
    {"mil gracias, muy amable", C, C},
    {"Perfecto", C, C},
    {"genial", C, C},
    {"perfecto, gracias", C, C},
    {"vale", C, C},
    {"de acuerdo", C, C},
    {"vale, gracias", C, C},
    {"sí, claro", C, C},
    {"está bien", C, C},
    {"jajaja", C, C},
    {"buenos días", C, C},
    {"merci", C, C},
    {"merci beaucoup !", C, C},
    {"merci pour ton aide", C, C},
    {"parfait", C, C},
    {"parfait, merci", C, C},
    {"super, merci beaucoup", C, C},
    {"c'est parfait", C, C},
    {"d’accord", C, C},
    {"ok merci", C, C},
    {"ça marche", C, C},
    {"oui, tout à fait", C, C},
    {"bonjour", C, C},
    {"mdr", C, C},
    // What only begins like them.
    {"vale la pena ampliar EMEA?", T, L},
    {"gracias a qué producto crecimos", T, L},
    {"gracias, y por mes", T, L},
    {"merci, par mois", T, L},
    {"super rayon", T, L},
    {"todo", T, L},
    {"claro por región", T, L},
    // As they come.
    {"and for the last 3 years", T, L},
    {"sort that descending", T, L},
    {"make that a table please", T, L},
    {"how did you calculate that?", T, L},
    {"can you give me the exact numbers", T, L},
    {"UK only", T, L},
    {"nach Filiale bitte", T, L},
    {"wie hast du das berechnet?", T, L},
    {"absteigend sortiert", T, L},
    {"nur Neukunden", T, L},
    {"orders &gt; 100", T, L},
    {"Q2 2024 vs Q2 2023", T, L},
    {"average instead of sum", T, L},
    {"umsatz je mitarbeiter", T, L},
    {"what would it be without refunds?", T, T},
    {"which table is this from?", T, T},
    {"woher kommt das?", T, T},
    {"aus welcher Tabelle ist das?", T, T},
    {"EMEA really killed it", L, L},
    {"ok, closing this", L, L},
    {"sorry, wrong thread", L, L},
    {"well, that escalated quickly", L, L},
    {"target was 4M", L, L},
    {"we hit the target!", L, L},
    {"no, that's the old definition", L, L},
    {"moving this to <#C7|finance>", L, L},
    {"can we move this to DM?", L, L},
    {"congrats to all", L, L},
    {"ok, dann mache ich das Ticket zu", L, L},
    {"wir haben das Ziel erreicht", L, L},
    {"frag Tom", L, L},
    {"bin gleich da", L, L},
    {"I get 4.1M in the dashboard, any idea why?", L, L},
    {"ok then", C, C},
    {"Perfekt :ok_hand:", C, C},
    // Thanks to somebody, or for something.
    {"thanks Ben", C, C},
    {"danke, Anna!", C, C},
    {"good job Tom", C, C},
    {"great work team", C, C},
    {"thanks for the numbers", C, C},
    {"danke für die schnelle Antwort", C, C},
    {"merci pour les chiffres", C, C},
    {"nice find", C, C},
    {"very helpful", C, C},
    {"+1", C, C},
    {"-1", C, C},
    {"ack", C, C},
    {"jup", C, C},
    {"gut zu wissen", C, C},
    {"oje", C, C},
    {"bitte", C, C},
    // What goes on behind them.
    {"danke für die Zahlen, und wie war 2023?", T, T},
    {"thanks for that, now only B2B", T, L},
    {"great, Spain", T, L},
    // Names that are also words.
    {"only US", T, L},
    {"top 10 customers in EMEA by revenue last quarter", T, L},
    {"monthly revenue by region for the last two years without returns", T, L},
    {"die zehn Kunden mit dem größten Umsatz", T, L},
    {"Umsatz nach Region und Produkt für die letzten drei Quartale", T, L},
    {"fwiw finance reports 4.1m for the same month", L, L},
    {"the numbers for EMEA from finance differ quite a bit this month", L, L},
    {"and the US", T, L},
    {"in May", T, L},
    {"since may", T, L},
    {"from May to July", T, L},
    {"only fixed costs", T, L},
    {"IT only", T, L},
    {"let us know", L, L},
    {"it may be the import", L, L},
    // Who corrects himself, or wishes for something.
    {"no I meant gross revenue", T, L},
    {"nein ich meinte Bruttoumsatz", T, L},
    {"sorry, I meant 2025 not 2024", T, L},
    {"sorry, meinte 2025", T, L},
    {"actually I meant per employee", T, L},
    {"we only need DACH", T, L},
    {"I need that by week", T, L},
    {"ich brauch das pro Monat", T, L},
    {"ich hätte das gern mit Anteil", T, L},
    {"ich würde das gern nach Land sehen", T, L},
    {"pro Filiale wäre super", T, L},
    {"would be nice to have it by country", T, L},
    {"nicht nach Region sondern nach Land", T, L},
    {"put it in EUR", T, L},
    {"run it again", T, L},
    {"no I think it's fine", L, L},
    {"sorry, ich war in einem Call", L, L},
    {"I mean, it was Easter", L, L},
    {"by Friday would be great", L, L},
    {"bis Freitag wäre super", L, L},
    {"ich möchte das erst mit Finance klären", L, L},
    // Behind an agreement without a comma.
    {"cool can you do that by week", T, L},
    {"ok kannst du die Namen ergänzen", T, L},
    {"nice can we see this per month", T, L},
    {"ok is that net", T, L},
    {"ok is fine", L, L},
    // Questions by the order of their words, without a mark.
    {"what's the average order value", T, T},
    {"how does that compare to 2023", T, T},
    {"who are our biggest customers in the nordics", T, T},
    {"wieso ist Mai so schwach", T, T},
    {"warum fehlt die Schweiz", T, T},
    {"wie sieht das für Q4 aus", T, T},
    {"bei welchen Kunden ist der Umsatz gesunken", T, T},
    {"by how much did it grow", T, T},
    {"seit wann haben wir das Produkt", T, T},
    {"how many trucks do we need?", T, T},
    {"wie viele Mitarbeiter brauchen wir?", T, T},
    {"um wie viel ist das gestiegen?", T, T},
    {"enthält das auch die Schweiz?", T, T},
    {"when the campaign ended, orders dropped", L, L},
    {"how we do it in sales", L, L},
    {"wie man sieht, die Kampagne", L, L},
    {"wie cool ist das denn", L, L},
    {"which might be the reason", L, L},
    {"in which case we can ignore it", L, L},
    // What happened, and what is only said in passing.
    {"makes sense, the campaign ended in april", L, L},
    {"die Kampagne endete im April", L, L},
    {"der Import hakt wieder", L, L},
    {"zur Info", L, L},
    {"für später", L, L},
    {"bis morgen", L, L},
    {"tbh no idea", L, L},
    {"the returned orders", T, L},
    {"die Kunden ohne Bestellung", T, L},
    // To colleagues.
    {"können wir das morgen besprechen?", L, L},
    {"can we look at this in the weekly?", L, L},
    {"müssen wir da was machen?", L, L},
    {"schaut ihr euch das an?", L, L},
    {"any update?", L, L},
    {"who owns this table?", T, L},
    {"who owns the most accounts?", T, T},
    {"wer pflegt das Dashboard?", T, L},
    {"is Ben in today?", T, L},
    {"können wir das nach Monat sehen?", T, L},
    // No words.
    {"<https://example.com/board>", L, L},
    {"<https://example.com/board|the board> :point_up:", L, L},
    {"&gt; EMEA 4.2M", L, L},
};

struct FactsRow {
    const char* line;
    bool has_asked;
    bool asked_back;
    int talk;  // -1: unknown
    Manner manner;
};

constexpr FactsRow kByFacts[] = {
    // Genie asked back: who asked answers in whatever words.
    {"yes", true, true, 0, T},
    {"no", true, true, 0, T},
    {"ja", true, true, 0, T},
    {"both", true, true, 0, T},
    {"beides", true, true, 0, T},
    {"net revenue", true, true, 0, T},
    {"the booking date is fine", true, true, 0, T},
    {"das Buchungsdatum ist gemeint", true, true, 0, T},
    {"it doesn't matter", true, true, 0, T},
    {"thanks!", true, true, 0, C},
    {":+1:", true, true, 0, C},
    {"<@U7> what do you think?", true, true, 0, L},
    {"let me check", true, true, 0, L},
    {"bitte", true, true, 0, T},
    {"thanks Ben", true, true, 0, C},
    {"yes", false, true, 0, C},
    {"the booking date is fine", false, true, 0, L},
    {"how many orders were there?", false, true, 0, T},
    // Two lines among people: only a mention brings it back.
    {"and by month?", true, false, 1, T},
    {"and by month?", true, false, 2, L},
    {"how many orders were there last week?", false, false, 1, T},
    {"how many orders were there last week?", false, false, 2, L},
    {"yes", true, true, 2, C},
    {"thanks", true, false, 5, C},
    {"<@UBOT> and by month?", true, false, 9, T},
    {"and by month, <@UBOT|genie>?", false, false, 9, T},
    {"<@U7> look what <@UBOT> says", false, false, 9, T},
    // Unknown: silence towards others, service for who asked.
    {"how many orders were there last week?", false, false, -1, L},
    {"and by month?", true, false, -1, T},
};

Manner of(const FactsRow& row, ThreadReplies mode = ThreadReplies::automatic) {
    ThreadFacts facts;
    facts.has_asked = row.has_asked;
    facts.asked_back = row.asked_back;
    if (row.talk >= 0)
        facts.talk = static_cast<std::size_t>(row.talk);
    return relay::manner_for(row.line, facts, mode, "UBOT");
}

TEST_CASE("who asked is taken up for what asks or continues, anybody else for what is a question to nobody",
          "[manners]") {
    static_assert(std::size(kAfterAnswer) + std::size(kByFacts) >= 200);
    for (const Row& row : kAfterAnswer) {
        INFO(row.line);
        CHECK(of({row.line, true, false, 0, row.asker}) == row.asker);
        CHECK(of({row.line, false, false, 0, row.other}) == row.other);
    }
}

TEST_CASE("what was asked back, and how long people have talked, decides with the words", "[manners]") {
    for (const FactsRow& row : kByFacts) {
        INFO(row.line << ", asked: " << row.has_asked << ", asked back: " << row.asked_back << ", talk: " << row.talk);
        CHECK(of(row) == row.manner);
    }
}

TEST_CASE("to what only its writer read as not understood, yes and no are the only answers", "[manners]") {
    ThreadFacts facts;
    facts.has_asked = facts.asked_back = true;
    facts.talk = 0;
    facts.misunderstood = 1;
    const auto manner = [&](const char* line) {
        return relay::manner_for(line, facts, ThreadReplies::automatic, "UBOT");
    };
    for (const char* line : {"yes", "ja", "no", "both", "and by month?", "only EMEA", "genie, top 10"}) {
        INFO(line);
        CHECK(manner(line) == T);
    }
    for (const char* line : {"no idea", "Julia I think", "as always", "sure, in a minute", "hold on", "one minute",
                             "I have the revenue by customer somewhere too", "hang on, the kid is crying"}) {
        INFO(line);
        CHECK(manner(line) != T);
    }
    // Twice in a row: these people talk with each other.
    facts.misunderstood = 2;
    for (const char* line : {"and by month?", "only EMEA", "how many orders were there last week?"}) {
        INFO(line);
        CHECK(manner(line) == L);
        CHECK(relay::is_held_back(line, facts, ThreadReplies::automatic, "UBOT"));
    }
    CHECK(manner("yes") == T);
    // What answers a colleague is no wish.
    facts.follows_colleague = true;
    for (const char* line : {"since 2023", "yes, since monday"})
        CHECK_FALSE(relay::is_held_back(line, facts, ThreadReplies::automatic, "UBOT"));
    CHECK(relay::is_held_back("what about EMEA?", facts, ThreadReplies::automatic, "UBOT"));
    CHECK(manner("genie, top 10") == T);
    CHECK(manner("<@UBOT> and by month?") == T);
}

TEST_CASE("in a direct message all but thanks, emoji and agreement with nothing is for the bot", "[manners]") {
    ThreadFacts facts;
    facts.is_direct = true;
    const auto manner = [&](const char* line) {
        return relay::manner_for(line, facts, ThreadReplies::mention, "UBOT");
    };
    for (const Row& row : kAfterAnswer) {
        INFO(row.line);
        CHECK(manner(row.line) != L);
    }
    for (const char* line : {"only EMEA", "the campaign was in March", "Anna, can you check this?", "stop"})
        CHECK(manner(line) == T);
    for (const char* line : {"thanks!", ":+1:", "great, thanks", "danke!", "muchas gracias", "¡perfecto!", "jaja",
                             "merci beaucoup", "parfait", "génial, merci", "mdr"})
        CHECK(manner(line) == Manner::courtesy);
    facts.asked_back = true;
    for (const char* line : {"got it", "alles klar", "no idea"}) {
        INFO(line);
        CHECK(manner(line) == C);
    }
    for (const char* line : {"ok", "yes", "ok, thanks", "vale", "de acuerdo", "d'accord", "ok merci", "ja"}) {
        INFO(line);
        facts.asked_back = false;
        CHECK(manner(line) == C);
        facts.asked_back = true;
        CHECK(manner(line) == T);
    }
}

TEST_CASE("THREAD_REPLIES=mention takes up mentions alone, all takes up all but courtesy and words to others",
          "[manners]") {
    for (const Row& row : kAfterAnswer) {
        INFO(row.line);
        CHECK(of({row.line, true, false, 0, L}, ThreadReplies::mention) != T);
        if (row.other == C)
            CHECK(of({row.line, false, false, 9, C}, ThreadReplies::all) == C);
    }
    CHECK(of({"<@UBOT> why", false, false, 9, T}, ThreadReplies::mention) == T);
    CHECK(of({"looks right to me", false, false, 9, T}, ThreadReplies::all) == T);
    CHECK(of({"what do you think <@U7>?", true, false, 0, L}, ThreadReplies::all) == L);
    CHECK(of({"<https://example.com>", true, false, 0, L}, ThreadReplies::all) == L);
}

}  // namespace manners_test
