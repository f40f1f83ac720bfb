// Compliments to the bot and jokes about it, and lines that look like them and ask something.
#include "app/relay/manners/banter.hpp"

#include "tests/unit/app/relay/relay_world.hpp"

namespace banter_test {

using namespace genie_slack;
using test::World;

constexpr const char* kBanter[] = {
    "<@UBOT> you rock, please never take my job",
    "<@UBOT> please never take my job",
    "lol <@UBOT> knows more than my boss",
    "you will love <@UBOT>",
    "gotta love <@UBOT>",
    "everyone loves <@UBOT>",
    "<@UBOT> is the best",
    "<@UBOT|genie> is simply the best!",
    "<@UBOT> you're amazing",
    "<@UBOT> you are the best :heart:",
    "<@UBOT> thanks, you saved my day",
    "wow <@UBOT> you nailed it!",
    "<@UBOT> rocks",
    "<@UBOT> deserves a raise",
    "haha, <@UBOT> is a genius",
    "ok <@UBOT>, you are smarter than my boss",
    "<@UBOT> will you marry me?",
    "<@UBOT> marry me!",
    "hey <@UBOT>, would you marry me please",
    "<@UBOT> do you love me?",
    // German
    "<@UBOT> willst du mich heiraten?",
    "<@UBOT> du bist der Hammer",
    "<@UBOT> du bist einfach der Beste!",
    "<@UBOT> ich liebe dich",
    "haha <@UBOT> weiß mehr als mein Chef",
    "<@UBOT> bitte nimm mir nicht meinen Job weg",
    "<@UBOT> ist super",
    "danke <@UBOT>, du rockst",
    // Spanish
    "<@UBOT> eres el mejor",
    "<@UBOT> te quiero",
    "<@UBOT> sabe más que mi jefe",
    // French
    "<@UBOT> t'es le meilleur",
    "<@UBOT> tu es génial",
    "<@UBOT> je t'adore",
};

constexpr const char* kAsked[] = {
    "<@UBOT> who knows more than 10 customers",
    "<@UBOT> best product",
    "<@UBOT> best",
    "<@UBOT> top 5",
    "<@UBOT> please rank the regions",
    "<@UBOT> what is the best region",
    "<@UBOT> which product is the best",
    "<@UBOT> is the best region EMEA",
    "<@UBOT> is it the best?",
    "<@UBOT> is EMEA the best",
    "<@UBOT> you are great, now show revenue by region",
    "<@UBOT> you rock! And by month?",
    "<@UBOT> will you marry the two tables?",
    "<@UBOT> how many customers will marry me",
    "<@UBOT> marry",
    "<@UBOT> will you show me revenue?",
    "<@UBOT> show me the best customers",
    "<@UBOT> failed job runs this week",
    "<@UBOT> job",
    "<@UBOT> how many cups of coffee were sold",
    "<@UBOT> coffee",
    "<@UBOT> revenue",
    "<@UBOT> all",
    "thanks <@UBOT>, only EMEA",
    "<@UBOT>",
    "",
    // German
    "<@UBOT> beste Produkte",
    "<@UBOT> wer ist der beste Kunde",
    "<@UBOT> du bist super, und nach Monat",
    "<@UBOT> zeig mir die besten Kunden",
    "<@UBOT> welcher Chef hat den meisten Umsatz",
    "<@UBOT> was ist das Beste",
    // Spanish
    "<@UBOT> el mejor producto",
    "<@UBOT> es el mejor producto de EMEA",
    "<@UBOT> quiero ventas por mes",
    "<@UBOT> eres el mejor, y por mes",
    // French
    "<@UBOT> meilleur produit",
    "<@UBOT> tu es génial, et par mois",
    "<@UBOT> top clients",
};

TEST_CASE("a compliment or a joke is known by its words, and a single other word makes it a question", "[manners]") {
    for (const char* line : kBanter) {
        INFO(line);
        CHECK(relay::is_banter(line, "UBOT"));
    }
    for (const char* line : kAsked) {
        INFO(line);
        CHECK_FALSE(relay::is_banter(line, "UBOT"));
    }
}

TEST_CASE("laughter that leads to nothing is no answer to what the bot asked back", "[manners]") {
    for (const char* line : {"haha, no idea either", "lol no clue", "haha me neither!", "hahaha ok, never mind",
                             "haha, keine Ahnung", "lol, ich auch nicht", "jaja ni idea", "mdr aucune idée"}) {
        INFO(line);
        CHECK(relay::is_laughed_off(relay::read_line(line, "UBOT")));
    }
    for (const char* line : {"haha, no idea, by month then", "haha", "lol no", "no idea either", "haha I meant revenue",
                             "lol, only EMEA", "haha, no idea either?", "haha never mind, show 2024", ""}) {
        INFO(line);
        CHECK_FALSE(relay::is_laughed_off(relay::read_line(line, "UBOT")));
    }
}

TEST_CASE("laughter below what was not understood asks nothing", "[manners]") {
    World world;
    world.genie.clarification = "I do not know that question.";
    world.deliver(world.question("what about zorblax?", "100.1"));
    world.settle();
    world.deliver(world.reply("haha, no idea either", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.ephemerals.empty());
    world.deliver(world.reply("haha, I meant revenue", "100.3", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("a compliment costs no answer, in a thread as in the direct message", "[manners]") {
    World world;
    const auto ask = [&world](const char* text, const char* ts, bool direct) {
        auto event = world.question(text, ts);
        auto& message = std::get<slack::MessageEvent>(event.body);
        if (direct) {
            message.mention = false;
            message.channel = "D1";
            message.channel_type = "im";
            message.text = text;
        }
        world.deliver(event);
        world.settle();
        return world.genie.asked.size();
    };
    CHECK(ask("you rock, please never take my job", "100.1", false) == 0);
    CHECK(ask("genie, du bist der Hammer", "200.1", true) == 0);
    CHECK(world.slack.messages.empty());
    CHECK(world.slack.ephemerals.empty());
    CHECK(ask("you rock! Revenue by region?", "300.1", false) == 1);
}

}  // namespace banter_test
