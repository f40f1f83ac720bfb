// What somebody wrote, as the question that Genie is asked.
#include "app/relay/question_words.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace question_words_test {

using namespace genie_slack;
using test::World;

const relay::Self kSelf{"T1", "UBOT", "BBOT", "https://acme.slack.com/"};

slack::MessageEvent message(const std::string& text) {
    slack::MessageEvent event;
    event.text = text;
    return event;
}

TEST_CASE("what was forwarded belongs to the question", "[intake]") {
    slack::MessageEvent asked = message("<@UBOT> answer this");
    slack::Forwarded forwarded;
    forwarded.author = "A colleague";
    forwarded.text = "What was churn in May &amp; June?";
    asked.forwarded.push_back(forwarded);
    CHECK(relay::question_of(asked, kSelf) == "answer this\n\nA colleague: What was churn in May & June?");
    asked.text = "";
    CHECK(relay::question_of(asked, kSelf) == "What was churn in May & June?");
    forwarded.author = "Another one";
    forwarded.text = "And costs?";
    asked.forwarded.push_back(forwarded);
    CHECK(relay::question_of(asked, kSelf) == "A colleague: What was churn in May & June?\n\nAnother one: And costs?");
}

TEST_CASE("whom a question is also addressed to is no part of it", "[intake]") {
    const auto asked = [](const char* text) { return relay::question_of(message(text), kSelf); };
    constexpr const char* kAlso[] = {
        "<@UBOT> <@UBEN> revenue by region?",
        "<@UBEN> <@UBOT> revenue by region?",
        "<@UBOT>, <@UBEN|ben>: revenue by region?",
        "<@UBOT> <!here> revenue by region?",
        "<@UBOT> revenue by region? cc <@UBEN>",
        "<@UBOT> revenue by region? (fyi <@UBEN>, <@UANA>)",
        "<@UBOT> revenue by region? FYI: <@UBEN> <!subteam^S1|@sales>",
        "<@UBOT> revenue by region? /cc <@UBEN>.",
        "<@UBOT> revenue by region? <@UBEN>",
        "revenue by region? cc <@UBEN>",
    };
    for (const char* text : kAlso) {
        INFO(text);
        CHECK(asked(text) == "revenue by region?");
    }
    CHECK(asked("<@UBOT> revenue by region cc <@UBEN>") == "revenue by region");
    // Within the words, or as what is asked about, it is a name.
    CHECK(asked("<@UBOT> deals of <@UBEN> in May?") == "deals of @UBEN in May?");
    CHECK(asked("<@UBOT> deals of <@UBEN>?") == "deals of @UBEN?");
    CHECK(asked("<@UBOT> what did we sell to <@UBEN>") == "what did we sell to @UBEN");
    CHECK(asked("<@UBOT> <@UBEN>'s deals in May?") == "@UBEN's deals in May?");
    CHECK(asked("<@UBOT> <@UBEN> sold how much?") == "@UBEN sold how much?");
    CHECK(asked("<@UBOT> <@UBEN> and <@UANA>: who sold more?") == "@UBEN and @UANA: who sold more?");
    CHECK(asked("<@UBEN> deals in May?") == "@UBEN deals in May?");
    CHECK(asked("<@UBOT> <@UBEN>").empty());
    CHECK(asked("<@UBOT> :+1:") == ":+1:");
    CHECK(asked("<@UBOT>").empty());
    CHECK(asked("").empty());
}

TEST_CASE("what was said in a clip is the question where nothing was written", "[intake]") {
    slack::MessageEvent spoken = message("");
    slack::Clip clip;
    clip.status = "complete";
    clip.text = "revenue last week";
    spoken.clips.push_back(clip);
    CHECK(relay::question_of(spoken, kSelf) == "revenue last week");
    spoken.text = "revenue by month";
    CHECK(relay::question_of(spoken, kSelf) == "revenue by month");
}

TEST_CASE("ids in a question give way to names, where they are known", "[intake]") {
    const std::string question = "how many deals did @U05ANA1 close in #C07SALES, unlike @U05BOB2 or @USA?";
    CHECK(relay::ids_in(question) == std::vector<std::string>{"U05ANA1", "C07SALES", "U05BOB2"});
    const auto named = relay::with_names(question, [](std::string_view id) -> std::optional<std::string> {
        if (id == "U05ANA1")
            return "A colleague";
        if (id == "C07SALES")
            return "sales";
        return std::nullopt;
    });
    CHECK(named == "how many deals did @A colleague close in #sales, unlike @U05BOB2 or @USA?");
}

TEST_CASE("ids of every kind are found, and nothing within a word", "[intake]") {
    CHECK(relay::ids_in("@UGHJKLMNP and @U1 in #C2") == std::vector<std::string>{"UGHJKLMNP", "U1", "C2"});
    CHECK(relay::ids_in("mail ana@U1ACME.com, ana@UACME, @Uber2, @US, @UK, #C1x, #CäA1").empty());
}

TEST_CASE("colleagues reach Genie by name", "[intake][people]") {
    World world;
    slack::UserInfo colleague;
    colleague.id = "U05ANA1";
    colleague.name = "A colleague";
    world.slack.users["U05ANA1"] = colleague;
    world.deliver(world.question("how many deals did <@U05ANA1> close?", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].content == "how many deals did @A colleague close?");
    CHECK(world.turn("100.1").question == "how many deals did @A colleague close?");
}

TEST_CASE("channels reach Genie by name, and one that Slack does not tell by its id", "[intake]") {
    World world;
    world.slack.channels["C07SALES"].name = "sales";
    world.deliver(world.question("how many deals were closed in <#C07SALES|> and <#C08OTHER>?", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].content == "how many deals were closed in #sales and #C08OTHER?");
    CHECK(world.turn("100.1").question == world.genie.asked[0].content);
}

TEST_CASE("the bot's name at the edge of a question is no part of it", "[question words]") {
    const std::pair<const char*, const char*> rows[] = {
        {"hey genie, what was Q4 2025?", "what was Q4 2025?"},
        {"Genie: revenue by month", "revenue by month"},
        {"genie can you do top 10?", "can you do top 10?"},
        {"ok Genie - only EMEA", "only EMEA"},
        {"and by month, genie?", "and by month?"},
        {"top 10, Genie", "top 10"},
        // No name of its own, or nothing else.
        {"genie", "genie"},
        {"hey genie!", "hey genie!"},
        {"genies by region", "genies by region"},
        {"revenue of genie", "revenue of genie"},
        {"revenue by month", "revenue by month"},
        {"hey, revenue by month", "hey, revenue by month"},
        {"", ""},
    };
    for (const auto& [said, asked] : rows)
        CHECK(relay::without_name(said) == asked);
}

}  // namespace question_words_test
