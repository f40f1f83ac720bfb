// Remarks that look like a continuation and ask nothing, and lines that look like them and ask. Long because it is
// tables.
#include "app/relay/manners/manners.hpp"

#include "tests/catch.hpp"

namespace remark_test {

using namespace genie_slack;
using relay::Manner;
using relay::ThreadFacts;

// By the one who has asked in the thread: the bot is most ready to hear that one.
Manner of_asker(const char* line, bool follows_colleague) {
    ThreadFacts facts;
    facts.has_asked = true;
    facts.talk = follows_colleague ? 1 : 0;
    facts.follows_colleague = follows_colleague;
    return relay::manner_for(line, facts, relay::ThreadReplies::automatic, "UBOT");
}

Manner of_other(const char* line) {
    ThreadFacts facts;
    facts.talk = 0;
    return relay::manner_for(line, facts, relay::ThreadReplies::automatic, "UBOT");
}

template <std::size_t remarks, std::size_t asked>
void check(const char* const (&cost_nothing)[remarks], const char* const (&are_asked)[asked], bool follows_colleague) {
    static_assert(remarks >= 25 && asked >= 25);
    for (const char* line : cost_nothing) {
        INFO(line);
        CHECK(of_asker(line, follows_colleague) != Manner::take_up);
        CHECK(of_other(line) != Manner::take_up);
    }
    for (const char* line : are_asked) {
        INFO(line);
        CHECK(of_asker(line, follows_colleague) == Manner::take_up);
    }
}

TEST_CASE("agreement with what a colleague has just said asks nothing, agreement with a wish does", "[manners]") {
    constexpr const char* kRemarks[] = {
        "yes, mostly the Germany deals",
        "yes, the Germany deals",
        "yes the big order from Maple",
        "yeah, the campaign",
        "yep, Easter",
        "right, the summer sale",
        "no, the other one",
        "no, rather the spring fair",
        "exactly, the returns",
        "true, especially APAC",
        "ok, the usual suspects",
        "Yes! Mostly the Germany deals.",
        "sure, the new price list",
        "agreed, the same story every year",
        "correct, two big orders",
        "mostly the Germany deals",
        "mainly the new customers",
        "Thursday at 3",
        "tomorrow",
        "ja, vor allem die Deutschland-Deals",
        "ja, die Kampagne",
        "ja genau, das Ostergeschäft",
        "nein, eher der Messeauftrag",
        "genau, die Retouren",
        "stimmt, der Großauftrag",
        "richtig, vor allem APAC",
        "hauptsächlich die Neukunden",
        "vor allem der Großauftrag",
        "klar, die üblichen Verdächtigen",
        "Donnerstag um 3",
        "sí, sobre todo Alemania",
        "claro, la campaña de marzo",
        "exacto, los pedidos grandes",
        "oui, surtout l'Allemagne",
        "exactement, la campagne de mars",
    };
    constexpr const char* kAsked[] = {
        "yes, by month",
        "yes, by month please",
        "only Germany",
        "December?",
        "and Thursday?",
        "yes, only EMEA",
        "yes, and by region?",
        "no, I meant net revenue",
        "ok, show it by region",
        "right, and in 2024?",
        "yes, as a table",
        "yes, top 10 please",
        "no, without returns",
        "by customer",
        "top 5",
        "exactly, how many orders were there?",
        "yes, which of them are new?",
        "sure, compare it with 2024",
        "yes, for 2024",
        "and the Germany deals",
        "ja, nach Monat",
        "ja, nur EMEA",
        "ja, und nach Region?",
        "nein, ich meinte netto",
        "genau, zeig das nach Land",
        "ok, pro Quartal",
        "nein, ohne Retouren",
        "ja, als Tabelle",
        "sí, por mes",
        "sí, solo EMEA",
        "oui, par mois",
        "oui, seulement EMEA",
    };
    check(kRemarks, kAsked, true);
    // Right below the bot's answer the same words may go on with it.
    CHECK(of_asker("yes, the Germany deals", false) == Manner::take_up);
    CHECK(of_asker("yes, mostly the Germany deals", false) != Manner::take_up);
    CHECK(of_asker("the Germany deals", true) == Manner::take_up);
}

TEST_CASE("a line that is mostly a link asks nothing, a question or a wish with a link does", "[manners]") {
    constexpr const char* kRemarks[] = {
        "<https://example.com/q3-deck> see slide 4",
        "https://example.com/q3-deck see slide 4",
        "see slide 4 <https://example.com/q3-deck>",
        "<https://example.com/q3-deck|the deck> slide 4",
        "slide 4 https://example.com/q3-deck",
        "<https://example.com/board>",
        "https://example.com/board",
        "http://example.com/board",
        "dashboard: <https://example.com/board>",
        "the numbers <https://example.com/board>",
        "for reference <https://example.com/board>",
        "here <https://example.com/board>",
        "source: https://example.com/report?year=2025",
        "old report https://example.com/report",
        "from last week <https://example.com/board>",
        "<https://example.com/a> <https://example.com/b>",
        "same picture here https://example.com/board",
        "last year's deck <https://example.com/deck>",
        "as discussed: https://example.com/notes",
        "Folie 4 <https://example.com/deck>",
        "siehe <https://example.com/deck> Folie 4",
        "https://example.com/deck Folie 4",
        "die Zahlen: https://example.com/board",
        "hier das Dashboard https://example.com/board",
        "zum Vergleich <https://example.com/alt>",
        "Bericht vom Vorjahr https://example.com/bericht",
        "aquí el informe https://example.com/informe",
        "diapositiva 4 https://example.com/deck",
        "le rapport <https://example.com/rapport>",
        "page 4 https://example.com/rapport",
    };
    constexpr const char* kAsked[] = {
        "compare it with <https://example.com/board>",
        "show the orders of <https://example.com/board>",
        "how many orders came from <https://example.com/shop>?",
        "how many orders came from https://example.com/shop?",
        "what is the revenue of <https://example.com/shop>?",
        "which customers use <https://example.com/shop>?",
        "is that the same as in <https://example.com/board>?",
        "<https://example.com/board> shows 4.1M. What about APAC?",
        "https://example.com/deck and by month?",
        "I need the numbers for <https://example.com/deck>",
        "we need this by month for <https://example.com/deck>",
        "list the customers of slide 4 in <https://example.com/deck>",
        "why does <https://example.com/board> have other numbers?",
        "explain the difference to <https://example.com/board>",
        "orders of <http://example.com|example.com>",
        "only <http://example.com|example.com>",
        "by <http://example.com|example.com> and month",
        "<http://example.com|example.com> by month",
        "top customers like <http://example.com|example.com>",
        "revenue of <http://shop.example.com|shop.example.com> in 2025",
        "vergleiche das mit <https://example.com/board>",
        "wie viele Bestellungen kamen über <https://example.com/shop>?",
        "zeig die Kunden aus <https://example.com/shop>",
        "warum hat <https://example.com/board> andere Zahlen?",
        "nur <http://example.com|example.com>",
        "ich brauche die Zahlen für https://example.com/deck",
        "cuántos pedidos hay en <https://example.com/shop>?",
        "combien de commandes sur <https://example.com/shop> ?",
    };
    check(kRemarks, kAsked, false);
}

TEST_CASE("what suits somebody asks nothing, what is wanted besides does", "[manners]") {
    constexpr const char* kRemarks[] = {
        "Thursday works",
        "Thursday works for me",
        "thursday works too",
        "3 pm works",
        "Monday at 10 works for me",
        "tomorrow is fine",
        "next week works better",
        "Friday would be better",
        "EMEA works for me too",
        "that works",
        "both work",
        "10 o'clock works for everyone",
        "Tuesday doesn't work",
        "either works for me",
        "noon is good",
        "yes, Thursday works",
        "ok, Thursday works for me",
        "Donnerstag passt",
        "Donnerstag passt mir gut",
        "Donnerstag geht bei mir",
        "15 Uhr passt",
        "morgen geht nicht",
        "Freitag wäre besser",
        "nächste Woche passt mir besser",
        "beides geht",
        "ja, Donnerstag passt",
        "Montag klappt leider nicht",
        "el jueves me va bien",
        "mañana me viene bien",
        "jeudi me convient",
        "jeudi ça marche",
    };
    constexpr const char* kAsked[] = {
        "EMEA works for me too? show it",
        "Thursday works. And by month?",
        "Thursday works. Show me the orders of March",
        "and Thursday?",
        "only Thursday",
        "Thursday only",
        "orders on Thursday",
        "how many orders on Thursday?",
        "by weekday",
        "which day works best?",
        "what works best in EMEA?",
        "works by region",
        "revenue of the gas works",
        "is Thursday better than Friday?",
        "Thursday vs Friday",
        "only Thursday please",
        "for Thursday",
        "by week would be great",
        "per customer would be good",
        "does it work by month?",
        "und Donnerstag?",
        "nur Donnerstag",
        "Donnerstag gegen Freitag",
        "wie viele Bestellungen am Donnerstag?",
        "welcher Tag lief am besten?",
        "geht das auch nach Monat?",
        "pro Filiale wäre super",
        "Donnerstag passt. Und nach Monat?",
        "solo el jueves",
        "seulement jeudi",
    };
    check(kRemarks, kAsked, false);
}

TEST_CASE("amazement asks nothing, amazement with a wish does", "[manners]") {
    constexpr const char* kRemarks[] = {
        "wow, December",
        "wow, December!",
        "wow EMEA",
        "wow, the Germany deals",
        "wow, 4 million",
        "whoa, Maple Hotel Group",
        "ouch, March",
        "ouch, the returns",
        "oh, December",
        "oh wow, October",
        "omg APAC",
        "yikes, Q2",
        "haha, poor APAC",
        "lol, tea",
        "damn, 20 percent",
        "phew, a close one",
        "huh, Restaurant",
        "aha, the fair",
        "wow, what a month",
        "wow wow, December",
        "krass, Dezember",
        "krass, der Dezember!",
        "wow, so ein Sprung",
        "uff, der März",
        "autsch, die Retouren",
        "oha, 20 Prozent",
        "oh je, Q2",
        "boah, EMEA",
        "Wahnsinn, der Dezember",
        "haha, armer Tee",
        "vaya, diciembre",
        "madre mía, marzo",
        "oh là là, décembre",
        "ouf, mars",
        "mdr, le thé",
    };
    constexpr const char* kAsked[] = {
        "December?",
        "wow, December?",
        "wow, and by month?",
        "wow, only EMEA",
        "wow, by month please",
        "wow, show me the orders",
        "wow, top 10 please",
        "wow, how many orders were there?",
        "wow, which customers were that?",
        "wow! And in 2024?",
        "oh, I meant 2024",
        "oh sorry, by month",
        "haha, I meant revenue",
        "ouch, why?",
        "ouch, what happened in March?",
        "great, Spain",
        "perfect, December",
        "nice, now December",
        "cool, only December",
        "December",
        "in December",
        "oh, and without returns",
        "wow, compare it with 2024",
        "krass, und nach Monat?",
        "krass, nur Dezember bitte",
        "uff, warum?",
        "oha, zeig mir die Bestellungen",
        "oh, ich meinte 2024",
        "wow, nach Region bitte",
        "super, Spanien",
        "vaya, y por mes?",
        "oh, par mois",
    };
    check(kRemarks, kAsked, false);
}

TEST_CASE("what somebody is going to do asks nothing, what somebody needs does", "[manners]") {
    constexpr const char* kRemarks[] = {
        "I will tell the team",
        "I will tell the team.",
        "I'll tell the team",
        "we will discuss it",
        "I will check with Ben",
        "ok, I will ask finance",
        "I'm going to ask Ben",
        "I am going to send it around",
        "will tell the team",
        "will share that",
        "will ask Chen later",
        "we'll raise it tomorrow",
        "I will put it into the deck",
        "yes, I will forward it",
        "then I will change the plan",
        "ich werde das dem Team sagen",
        "ich sage es dem Team",
        "ich sag Ben Bescheid",
        "ich gebe das weiter",
        "ich melde mich dann",
        "ich schreibe das ins Protokoll",
        "ok, ich rede mit Ben",
        "wir werden das besprechen",
        "dann sage ich es dem Team",
        "ich bringe das am Montag mit",
        "mach ich gleich",
        "ich informiere die Kollegen",
        "voy a decírselo al equipo",
        "se lo comento a Ben",
        "je vais le dire à l'équipe",
        "on va en parler lundi",
    };
    constexpr const char* kAsked[] = {
        "I will need it by month",
        "I'd like to see that per customer",
        "I need this by month",
        "we need the margin",
        "we will need that by region",
        "I will need the top 10",
        "I want it as a table",
        "tell me the revenue by region",
        "tell me more",
        "will revenue grow in Q4?",
        "will it be higher next year?",
        "what will the revenue be?",
        "show the team revenue",
        "by team",
        "only the sales team",
        "team revenue",
        "which team will grow most?",
        "forecast the next quarter",
        "I will tell the team. And by month?",
        "ich brauche das nach Monat",
        "ich werde das nach Monat brauchen",
        "ich möchte das nach Monat sehen",
        "wir brauchen das pro Team",
        "wie viele Kunden sind das?",
        "nach Team",
        "wird der Umsatz steigen?",
        "nur das Vertriebsteam",
        "ich sag es dem Team. Und nach Monat?",
        "voy a necesitar eso por mes",
        "je vais avoir besoin de ça par mois",
    };
    check(kRemarks, kAsked, false);
    // Also where the bot has asked something back.
    ThreadFacts asked_back;
    asked_back.has_asked = asked_back.asked_back = true;
    asked_back.talk = 0;
    for (const char* line : {"I will tell the team", "wow, December", "ich sage es dem Team"}) {
        INFO(line);
        CHECK(relay::manner_for(line, asked_back, relay::ThreadReplies::automatic, "UBOT") == Manner::leave);
    }
    for (const char* line : {"Thursday works", "yes, the Germany deals", "mostly the Germany deals", "Thursday"}) {
        INFO(line);
        asked_back.follows_colleague = true;
        CHECK(relay::manner_for(line, asked_back, relay::ThreadReplies::automatic, "UBOT") == Manner::take_up);
    }
}

TEST_CASE("who laughs asks nothing, but for a plain question or a wish", "[manners]") {
    constexpr const char* kRemarks[] = {
        "was heißt das auf Englisch? :joy:",
        "was heißt das auf Deutsch? :rofl:",
        "und was heißt das auf Englisch? :joy:",
        "wie sagt man das auf Bayerisch? :joy:",
        "wer hat das denn übersetzt? :joy:",
        "kann das auch Klingonisch? :joy:",
        "Umsatz :joy:",
        "armer Tee :joy:",
        "warum nicht gleich alles? :joy:",
        "bist du sicher? :joy:",
        "das glaubt uns keiner \xF0\x9F\x98\x82",
        "Kaffeekönig \xF0\x9F\xA4\xA3",
        "what does that mean in English? :joy:",
        "what does that mean in plain English? :rofl:",
        "how do you say that in German? :joy:",
        "poor tea :joy:",
        "tea :joy:",
        "coffee forever :laughing:",
        "December :sweat_smile:",
        "really? :joy:",
        "seriously? :joy:",
        "are you kidding? :joy:",
        "why? :joy:",
        "who needs tea anyway :joy:",
        "what a month :joy:",
        "the usual \xF0\x9F\x98\x82",
        "¿y qué significa eso en cristiano? :joy:",
        "pobre té :joy:",
        "ça veut dire quoi en français ? :joy:",
        "pauvre thé :joy:",
    };
    constexpr const char* kAsked[] = {
        "and by month? :joy:",
        "und nach Monat? :joy:",
        "only tea :joy:",
        "nur Tee :joy:",
        "how many orders were there in May? :joy:",
        "how many cups of tea did we sell? :rofl:",
        "which region grew most? :joy:",
        "what was the revenue in March? :joy:",
        "show me the orders :joy:",
        "top 10 please :joy:",
        "I meant 2024 :sweat_smile:",
        "sorry, I meant 2024 :sweat_smile:",
        "ich meinte 2024 :sweat_smile:",
        "zeig mir die Bestellungen :joy:",
        "wie viele Bestellungen gab es im Mai? :joy:",
        "welche Region ist am stärksten gewachsen? :joy:",
        "wie hoch war der Umsatz im März? :joy:",
        "only EMEA :smile:",
        "December :slightly_smiling_face:",
        "why? :thinking_face:",
        "revenue :pray:",
        "by month :wink:",
        "tea :eyes:",
        "what about returns? :smile:",
        "without tea :joy:",
        "compare it with coffee :joy:",
        "¿y por mes? :joy:",
        "et par mois ? :joy:",
    };
    check(kRemarks, kAsked, false);
}

}  // namespace remark_test
