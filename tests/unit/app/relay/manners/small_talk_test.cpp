// Small talk that looks like a question to the bot, and questions that look like small talk. Long because it is tables.
#include "app/relay/manners/button_request.hpp"
#include "app/relay/manners/manners.hpp"

#include "tests/catch.hpp"

namespace small_talk_test {

using namespace genie_slack;
using relay::Manner;
using relay::ThreadFacts;

// By who has asked in the thread, right below the bot's answer or below a colleague's line.
ThreadFacts by_asker(bool follows_colleague) {
    ThreadFacts facts;
    facts.has_asked = true;
    facts.talk = follows_colleague ? 1 : 0;
    facts.follows_colleague = follows_colleague;
    return facts;
}

Manner manner_of(const char* line, const ThreadFacts& facts) {
    return relay::manner_for(line, facts, relay::ThreadReplies::automatic, "UBOT");
}

bool gets_note(const char* line, const ThreadFacts& facts) {
    return relay::is_held_back(line, facts, relay::ThreadReplies::automatic, "UBOT");
}

constexpr const char* kSmallTalk[] = {
    // Guesses
    "holidays, I guess?",
    "Julia I think?",
    "Julia, I think",
    "the campaign, I suppose?",
    "because of Easter I guess?",
    "I think Julia?",
    "I guess so?",
    "my guess: the holidays?",
    "the holidays, right?",
    "the campaign, wasn't it?",
    "Feiertage, schätze ich?",
    "Julia, glaube ich?",
    "Julia glaub ich",
    "die Kampagne, oder?",
    "die Ferien, nicht wahr?",
    "das Wetter vermute ich?",
    "Julia, creo?",
    "las vacaciones, supongo",
    "las vacaciones, ¿verdad?",
    "Julia, je crois ?",
    "les vacances, je suppose ?",
    "les vacances, n'est-ce pas ?",
    // A bare question word behind agreement
    "yes! where?",
    "sure! when?",
    "ok! who?",
    "ja! wo?",
    "klar. wann?",
    "sí! dónde?",
    "oui ! où ?",
    // Jokes
    "just kidding",
    "just kidding :joy:",
    "jk",
    "haha just kidding!",
    "only joking",
    "that was a joke",
    "sorry, bad joke",
    "war nur Spaß",
    "nur ein Scherz",
    "kleiner Scherz :wink:",
    "es broma",
    "je plaisante",
    "c'était une blague",
    // People's own affairs
    "what was the plan again?",
    "what's the plan?",
    "what is our plan for tomorrow?",
    "any plans?",
    "who prepares the weekly?",
    "who prepares the weekly numbers?",
    "who is presenting?",
    "who brings the slides?",
    "who said that?",
    "when is the weekly?",
    "when is the next weekly?",
    "is the call still on?",
    "do we have a call today?",
    "when was the call?",
    "which room?",
    "where is the invite?",
    "is it in the calendar?",
    "what's on the agenda?",
    "lunch today?",
    "where is lunch?",
    "are these the holidays?",
    "when are the holidays?",
    "is there a meeting at all?",
    "how was your vacation?",
    "was war der Plan nochmal?",
    "wie ist der Plan?",
    "wer bereitet das Weekly vor?",
    "wer schreibt Protokoll?",
    "wann ist das Weekly?",
    "wann ist der Call?",
    "wann sind Ferien?",
    "ist heute Feiertag?",
    "wie war der Urlaub?",
    "wo ist die Einladung?",
    "kommt das in den Kalender?",
    "wann ist Mittagspause?",
    "what time?",
    "so what now?",
    "what's next?",
    "um wie viel Uhr?",
    "à quelle heure ?",
    "cuál era el plan?",
    "cuándo es la reunión?",
    "quién prepara la reunión?",
    "cuándo son las vacaciones?",
    "quel était le plan ?",
    "quand est la réunion ?",
    "qui prépare la réunion ?",
};

constexpr const char* kAsked[] = {
    "who sells most?",
    "who sold the most?",
    "what was the plan for Q3?",
    "what was the plan revenue?",
    "plan vs actual by region?",
    "revenue fell in March, right?",
    "orders dropped in May, didn't they?",
    "who were the top customers?",
    "who brings most revenue?",
    "who are our best customers?",
    "who bought twice?",
    "which customers presented returns?",
    "weekly?",
    "weekly",
    "by calendar week?",
    "how many calls per agent?",
    "revenue in the holidays?",
    "how many orders were there in the holidays?",
    "how is the call center doing?",
    "I guess by month?",
    "yes! by month",
    "ok, and why?",
    "yes! where did revenue fall?",
    "just the top 10",
    "just EMEA",
    "why?",
    "what about Germany?",
    "wer verkauft am meisten?",
    "wie war der Plan für Q3?",
    "der Umsatz ist im März gefallen, oder?",
    "wer waren die größten Kunden?",
    "Umsatz in den Ferien?",
    "nur der Umsatz",
    "las ventas bajaron en marzo, ¿verdad?",
    "quién vende más?",
    "cuál era el plan para el trimestre?",
    "les ventes ont baissé en mars, n'est-ce pas ?",
    "qui vend le plus ?",
};

TEST_CASE("small talk asks nothing, whoever says it and wherever it stands", "[manners]") {
    for (const char* line : kSmallTalk) {
        INFO(line);
        for (const bool follows_colleague : {false, true}) {
            const ThreadFacts asker = by_asker(follows_colleague);
            CHECK(manner_of(line, asker) != Manner::take_up);
            if (manner_of(line, asker) == Manner::leave)
                CHECK_FALSE(gets_note(line, asker));
        }
        ThreadFacts other;
        other.talk = 0;
        CHECK(manner_of(line, other) != Manner::take_up);
        // A joke is courtesy, of which nobody asks whether it was one for the bot.
        if (manner_of(line, other) == Manner::leave)
            CHECK_FALSE(gets_note(line, other));
    }
}

TEST_CASE("what speaks of data is asked, however much it looks like small talk", "[manners]") {
    for (const char* line : kAsked) {
        INFO(line);
        CHECK(manner_of(line, by_asker(false)) == Manner::take_up);
    }
}

TEST_CASE("what answers the bot's question may be a guess", "[manners]") {
    ThreadFacts facts = by_asker(true);
    facts.asked_back = true;
    for (const char* line :
         {"EMEA I think", "the booking date, I guess?", "I think gross", "where?", "what is that?"}) {
        INFO(line);
        CHECK(manner_of(line, facts) == Manner::take_up);
    }
}

TEST_CASE("below a colleague's line a question without a word of data is left alone, with a note", "[manners]") {
    for (const char* line :
         {"why?", "when was that?", "who did it?", "where is that?", "how is it going?", "what is that?",
          "wann war das?", "warum?", "wo ist das?", "wer war das?", "pourquoi ?", "cuándo?"}) {
        INFO(line);
        CHECK(manner_of(line, by_asker(false)) == Manner::take_up);
        CHECK(manner_of(line, by_asker(true)) == Manner::leave);
        CHECK(gets_note(line, by_asker(true)));
        ThreadFacts alone = by_asker(true);
        alone.is_alone = true;
        CHECK(manner_of(line, alone) == Manner::take_up);
    }
    for (const char* line : {"how many orders were there?", "why did EMEA drop?", "what was the revenue?", "and why?",
                             "how did you calculate that?", "what do you mean by active?", "can you do top 10?",
                             "what about Germany?", "who are the top customers?", "which region grew most?"}) {
        INFO(line);
        CHECK(manner_of(line, by_asker(true)) == Manner::take_up);
    }
}

TEST_CASE("what a colleague asks of us without a word of data is left alone right below the answer, too", "[manners]") {
    ThreadFacts other;
    other.talk = 0;
    for (const char* line : {"where do we meet?", "how are we doing?", "was machen wir jetzt?", "when do we start?"}) {
        INFO(line);
        CHECK(manner_of(line, other) == Manner::leave);
        CHECK(gets_note(line, other));
        CHECK(manner_of(line, by_asker(false)) == Manner::take_up);
    }
    for (const char* line : {"how many customers do we have?", "which products do we sell?", "woher kommt das?",
                             "was ist mit Berlin?", "seit wann haben wir das Produkt?"}) {
        INFO(line);
        CHECK(manner_of(line, other) == Manner::take_up);
        CHECK(manner_of(line, by_asker(true)) == Manner::take_up);
    }
}

TEST_CASE("a colleague's claim about data, with a question mark, gets the note with the button", "[manners]") {
    ThreadFacts other;
    other.talk = 0;
    CHECK(manner_of("revenue fell in March, right?", other) == Manner::leave);
    CHECK(gets_note("revenue fell in March, right?", other));
}

TEST_CASE("an emoji is no word, whatever it is called", "[manners]") {
    for (const char* line : {":100:", ":1st_place_medal:", ":8ball: :tada:", "1\xEF\xB8\x8F\xE2\x83\xA3",
                             ":bar_chart:", ":pie:", "\xF0\x9F\x93\x8A"}) {
        INFO(line);
        CHECK(manner_of(line, by_asker(false)) == Manner::courtesy);
        CHECK_FALSE(relay::button_request(line));
    }
    CHECK(manner_of(":100: only EMEA", by_asker(false)) == Manner::take_up);
    CHECK(relay::button_request("as a table :100:"));
    CHECK(manner_of("at 3:30:15", by_asker(false)) == Manner::take_up);
}

}  // namespace small_talk_test
