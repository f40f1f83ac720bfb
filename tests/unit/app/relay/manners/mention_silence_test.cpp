// What names the bot, or stands in its direct message, and wants something, is never met with silence.
#include "tests/unit/app/relay/relay_world.hpp"

namespace mention_silence_test {

using namespace genie_slack;
using test::World;

enum class Where { root, foreign_thread, own_thread, colleagues_thread, direct_message };
constexpr Where kEverywhere[] = {Where::root, Where::foreign_thread, Where::own_thread, Where::colleagues_thread,
                                 Where::direct_message};

struct Reaction {
    std::size_t messages = 0;
    std::vector<std::string> notes;
    std::size_t asked = 0;
};

Reaction reaction_to(const std::string& line, Where where) {
    World world;
    const bool is_served = where == Where::own_thread || where == Where::colleagues_thread;
    if (is_served) {
        world.deliver(world.question("revenue by region?", "100.1"));
        world.settle();
    }
    const bool has_thread = is_served || where == Where::foreign_thread;
    const std::size_t messages = world.slack.messages.size();
    const std::size_t asked = world.genie.asked.size();
    slack::Event event = world.question(line, "100.5", has_thread ? "100.1" : "");
    auto& message = std::get<slack::MessageEvent>(event.body);
    if (where == Where::direct_message) {
        message.channel = "D1";
        message.channel_type = "im";
        message.mention = false;
        message.text = line;
    }
    if (where == Where::colleagues_thread)
        message.user = "U2";
    world.deliver(event);
    world.settle();
    Reaction reaction;
    reaction.messages = world.slack.messages.size() - messages;
    reaction.asked = world.genie.asked.size() - asked;
    for (const auto& [user, text] : world.slack.ephemerals)
        reaction.notes.push_back(text);
    return reaction;
}

TEST_CASE("whoever says yes to a bot that has asked nothing reads so", "[manners]") {
    for (const Where where : kEverywhere)
        for (const char* line : {"yes please", "yes", "no", "sure", "of course", "both", "ja bitte", "ja, gerne!",
                                 "sí, por favor", "oui", "please", "ok yes"}) {
            INFO(line << " at " << static_cast<int>(where));
            const Reaction reaction = reaction_to(line, where);
            CHECK(reaction.asked == 0);
            CHECK(reaction.messages == 0);
            REQUIRE(reaction.notes.size() == 1);
            CHECK_THAT(reaction.notes.front(), test::contains("had not asked anything"));
        }
}

TEST_CASE("thanks and the like want no words", "[manners]") {
    for (const Where where : kEverywhere)
        for (const char* line : {"thanks!", "no worries", "no thanks", "got it", "ok", ":+1:", "lol", "never mind"}) {
            INFO(line << " at " << static_cast<int>(where));
            const Reaction reaction = reaction_to(line, where);
            CHECK(reaction.asked + reaction.messages + reaction.notes.size() == 0);
        }
}

TEST_CASE("what the bot can do is told wherever it is asked of it", "[manners]") {
    for (const Where where : kEverywhere)
        for (const char* line : {"what can you do?", "hey, what can you do?", "What can you do for us here?",
                                 "help please", "can you help me?", "und was kannst du?", "Was kannst du alles?",
                                 "hola, ¿qué puedes hacer?", "que peux-tu faire pour nous ?"}) {
            INFO(line << " at " << static_cast<int>(where));
            const Reaction reaction = reaction_to(line, where);
            CHECK(reaction.asked == 0);
            CHECK(reaction.messages == 1);
        }
}

TEST_CASE("a greeting within a thread is returned to its writer alone", "[manners]") {
    for (const char* line : {"hi", "good morning!", "hallo", "bonjour"}) {
        INFO(line);
        const Reaction reaction = reaction_to(line, Where::own_thread);
        CHECK(reaction.asked + reaction.messages == 0);
        REQUIRE(reaction.notes.size() == 1);
        CHECK_THAT(reaction.notes.front(), test::contains("Hello!"));
    }
}

TEST_CASE("whoever rates an answer in words a second time is thanked again", "[manners]") {
    for (const char* line : {"good answer", "bad answer"}) {
        INFO(line);
        World world;
        world.deliver(world.question("revenue by region?", "100.1"));
        world.settle();
        std::size_t told = 0;
        for (const char* ts : {"100.2", "100.3"}) {
            world.deliver(world.question(line, ts, "100.1"));
            world.settle();
            CHECK(world.slack.ephemerals.size() > told);
            told = world.slack.ephemerals.size();
        }
        CHECK(world.genie.ratings.size() == 1);
    }
}

TEST_CASE("who reads that nothing was asked reads it once for each message", "[manners]") {
    World world;
    const slack::Event mention = world.question("yes please", "100.1");
    slack::Event plain = mention;
    std::get<slack::MessageEvent>(plain.body).mention = false;
    for (const auto& event : {mention, plain, mention}) {
        world.deliver(event);
        world.settle();
    }
    CHECK(world.slack.ephemerals.size() == 1);
}

}  // namespace mention_silence_test
