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
    // German
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
    "<@UBOT> do you love me?",
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
