// Lines that mention the bot: which are for it, and which only speak of it.
#include "app/relay/manners/passing_mention.hpp"

#include "app/relay/manners/manners.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace passing_mention_test {

using namespace genie_slack;
using test::World;

constexpr const char* kSpokenOf[] = {
    "love how <@UBOT> just knows things :joy:",
    "love how <@UBOT|genie> just knows things",
    "I love <@UBOT>",
    "<@UBEN> you can ask <@UBOT> for the revenue by region",
    "hey <@UBEN>, ask <@UBOT> what was revenue in 2025",
    "<@UBEN> have you asked <@UBOT> about the revenue by region?",
    "have you tried <@UBOT>?",
    "have you tried <@UBOT> for that?",
    "did you ask <@UBOT>?",
    "has anyone used <@UBOT> for this?",
    "you could just ask <@UBOT>",
    "ask <@UBOT>",
    "Ask <@UBOT> if you don't believe it, Ana :)",
    "just ask <@UBOT> yourself",
    "we use <@UBOT> for this",
    "I asked <@UBOT> but got nothing",
    "tried <@UBOT> yesterday, works great",
    "thanks to <@UBOT> we have the numbers",
    "kudos to <@UBOT>",
    "great work by <@UBOT>!",
    "I think <@UBOT> is wrong here",
    "I got that from <@UBOT>",
    "let me ask <@UBOT>",
    "nice that <@UBOT> speaks German",
    // German
    "frag doch mal <@UBOT>",
    "danke an <@UBOT>",
    "<@UBEN> frag mal <@UBOT> nach dem Umsatz",
    "<@UBEN> du kannst <@UBOT> nach dem Umsatz je Region fragen",
    "hast du <@UBOT> schon gefragt?",
    "habt ihr <@UBOT> mal ausprobiert?",
    "wir nutzen <@UBOT> dafür",
    "die Zahlen habe ich von <@UBOT>",
    "schön, wie <@UBOT> das macht",
    "ich glaube <@UBOT> spinnt",
};

constexpr const char* kAddressed[] = {
    "<@UBOT> revenue by region",
    "<@UBOT> love how you know things",
    "revenue by region <@UBOT>",
    "what was revenue in 2025 <@UBOT>?",
    "can you <@UBOT> show me revenue",
    "hey <@UBOT> what was revenue",
    "ok <@UBOT> and by month",
    "please <@UBOT> show revenue by region",
    "und <@UBOT>, wie war der Umsatz",
    "so <@UBOT> wie war der Umsatz",
    "thanks <@UBOT>",
    "thank you <@UBOT> and by month?",
    "<@UBEN> <@UBOT> revenue by region in 2025?",
    "<@UBEN> and <@UBOT> what was revenue in 2025?",
    "<@UBEN> wants to know, <@UBOT> revenue by region",
    "<@UBEN> let me ask <@UBOT>: revenue by region",
    "<@UBEN> let's ask <@UBOT> what was revenue in 2025?",
    "as <@UBEN> asked <@UBOT> what was revenue in 2025?",
    "let me ask <@UBOT> what was revenue in 2025",
    "let's ask <@UBOT>, revenue by region",
    "ask <@UBOT> revenue by region",
    "use <@UBOT> to show revenue by region",
    "I'd like <@UBOT> to show revenue by region",
    "I want <@UBOT> to compare 2024 and 2025",
    "I would love <@UBOT> to show me the top 10 customers",
    "I have a question for <@UBOT> revenue in 2025 by region",
    "question for <@UBOT>: revenue in 2025?",
    "ich frage mal <@UBOT> wie hoch der Umsatz war",
    "frag <@UBOT> nach dem Umsatz je Region",
    "kannst du mir <@UBOT> den Umsatz zeigen",
    "can you get the revenue by region from <@UBOT>?",
    "revenue by region in the US with <@UBOT>",
    "What was our revenue in 2025? I love <@UBOT>",
    "we use <@UBOT> for this. Show me the revenue by region",
    "we love <@UBOT>, show me the revenue by region",
    "<@UBOT> we use <@UBOT> for this",
    "is <@UBOT> down?",
    "how does <@UBOT> work?",
    "what can <@UBOT> do?",
    "<@UBEN> look what <@UBOT> can do",
    "how about <@UBOT>?",
    "umsatz 2025 bitte <@UBOT>",
    "<@UBOTTLE> and revenue",
};

TEST_CASE("a mention is an address unless the words around it only speak of the bot", "[manners]") {
    for (const char* line : kSpokenOf) {
        INFO(line);
        CHECK(relay::only_speaks_of_bot(line, "UBOT"));
        CHECK(relay::manner_for(line, {}, relay::ThreadReplies::automatic, "UBOT") == relay::Manner::leave);
        relay::ThreadFacts direct;
        direct.is_direct = true;
        CHECK(relay::manner_for(line, direct, relay::ThreadReplies::automatic, "UBOT") == relay::Manner::take_up);
    }
    for (const char* line : kAddressed) {
        INFO(line);
        CHECK_FALSE(relay::only_speaks_of_bot(line, "UBOT"));
    }
}

slack::Event said(World& world, const std::string& text, const std::string& ts) {
    slack::Event event = world.question("", ts);
    std::get<slack::MessageEvent>(event.body).text = text;
    return event;
}

TEST_CASE("who speaks of the bot in a channel gets no answer, who asks it gets one", "[manners]") {
    World world;
    world.deliver(said(world, "love how <@UBOT> just knows things", "100.1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.empty());
    CHECK(world.slack.ephemerals.empty());
    world.deliver(said(world, "hey <@UBOT> what was revenue in 2025", "200.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("whoever greets the bot at more length is greeted", "[manners]") {
    World world;
    const char* greetings[] = {"hi there, how are you?", "hello", "Hallo Genie, wie geht's?", "good morning all!"};
    std::size_t greeted = 0;
    for (const char* text : greetings) {
        INFO(text);
        world.deliver(world.question(text, std::to_string(++greeted) + "00.1"));
        world.settle();
        CHECK(world.genie.asked.empty());
        CHECK(world.slack.messages.size() == greeted);
    }
    world.deliver(world.question("hi there, how is revenue?", "900.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
}

}  // namespace passing_mention_test
