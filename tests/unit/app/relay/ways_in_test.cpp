// Whoever may not ask may do nothing else either, whatever way is taken: the gate is asked at the moment of each press,
// command, shortcut, form, search and visit of the Home tab.
#include "app/answer/actions.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <functional>
#include <map>
#include <utility>

namespace ways_in_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

enum class Who { stranger, guest, unlisted_user, unlisted_channel };
constexpr Who kAll[] = {Who::stranger, Who::guest, Who::unlisted_user, Who::unlisted_channel};

// U1 may ask in C1, and has one answer there and one question that waits for its space. U2 may not.
struct Closed : World {
    explicit Closed(Who who_) : World({}, {}, runner_options(), rules_for(who_)), who(who_) {
        slack.users["U2"].is_guest = who == Who::guest;
        deliver(question("revenue?", "100.1"));
        settle();
        answered = turn("100.1");
        genie.add_space("space2", "Support");
        settle(10min);
        deliver(question("tickets?", "300.1"));
        settle();
        waiting = turn("300.1");
        REQUIRE(answered.state == storage::TurnState::delivered);
        REQUIRE(waiting.state == storage::TurnState::awaiting_space);
        slack.ephemerals.clear();
        before = state();
    }
    static relay::AccessRules rules_for(Who who) {
        relay::AccessRules rules;
        if (who == Who::unlisted_user)
            rules.users = {"U1"};
        if (who == Who::unlisted_channel)
            rules.channels = {"C1"};
        return rules;
    }
    const char* channel() const { return who == Who::unlisted_channel ? "C9" : "C1"; }
    const char* user_team() const { return who == Who::stranger ? "T9" : "T1"; }
    // What U2 could have changed or seen.
    std::string state() {
        std::string all =
            std::to_string(genie.asked.size()) + " asked, " + std::to_string(genie.executed_again) + " run again, " +
            std::to_string(genie.ratings.size()) + " ratings, " + std::to_string(slack.uploads.size()) + " files, " +
            std::to_string(slack.opened_views.size()) + " forms, " + std::to_string(slack.messages.size()) +
            " messages, " + std::to_string(slack.responses.size()) + " responses";
        for (const auto& message : slack.messages)
            all += "\n" + shown(message);
        for (const char* thread : {"100.1", "300.1"}) {
            const auto row = now(storage->get_conversation({"T1", "C1", thread}, Deadline::after(1s)));
            all += std::string("\n") + thread + ": " + (*row ? (*row)->genie_room_id : "none");
            all += std::string(" ") + storage::to_string(turn(thread).state) + " " + turn(thread).stopped_by;
        }
        for (const char* id : {"C1", "C9"})
            all += kept(storage::DefaultOf::channel, id);
        all += kept(storage::DefaultOf::person, "U2");
        const auto ratings = now(storage->get_feedbacks(storage::thread_id(answered.thread), Deadline::after(1s)));
        return all + std::to_string(ratings->size()) + " kept";
    }
    template <class T>
    T now(boost::asio::awaitable<T> task) {
        return test::run(time, context, std::move(task));
    }
    std::string kept(storage::DefaultOf kind, const char* id) {
        const auto space = now(storage->get_default_space(kind, "T1", id, Deadline::after(1s)));
        return *space ? std::string("\ndefault of ") + id + "\n" : "";
    }
    std::string word() const {
        switch (who) {
            case Who::stranger:
            case Who::guest:
                return words::say(words::Language::english, words::Word::refused_guest);
            case Who::unlisted_user:
                return words::say(words::Language::english, words::Word::refused_user);
            case Who::unlisted_channel:
                break;
        }
        return words::say(words::Language::english, words::Word::refused_channel);
    }
    slack::BlockActions pressed(const std::string& action_id, const std::string& value,
                                const std::string& block_id = "") {
        const slack::Interaction interaction = press("2000.000001", "100.1", action_id, value, block_id);
        auto actions = std::get<slack::BlockActions>(interaction);
        actions.user_team = user_team();
        actions.channel = channel();
        slack.threads_with_replies.emplace(channel(), "100.1");  // the pressed message is one
        actions.trigger_id = "1.2.abc";
        actions.response_url = "https://hooks.slack.com/actions/1";
        slack::Action box;
        box.action_id = answer::kRememberAction;
        box.value = "channel";
        actions.state.push_back(box);
        return actions;
    }

    Who who;
    storage::Turn answered;
    storage::Turn waiting;
    std::string before;
};

std::map<std::string, std::function<slack::BlockActions(Closed&)>> presses() {
    using answer::MoreChoice;
    const auto more = [](MoreChoice choice) {
        return [choice](Closed& world) {
            return world.pressed(answer::kMoreAction, answer::more_value({choice, world.answered.id}));
        };
    };
    const auto plain = [](const char* action) {
        return [action](Closed& world) { return world.pressed(action, world.answered.id); };
    };
    return {
        {"follow-up",
         [](Closed& world) { return world.pressed(answer::numbered(answer::kFollowUpAction, 0), "And by month?"); }},
        {"CSV", more(MoreChoice::csv)},
        {"run again", more(MoreChoice::again)},
        {"another space", more(MoreChoice::space)},
        {"SQL", plain(answer::kSqlAction)},
        {"share", plain(answer::kShareAction)},
        {"chart",
         [](Closed& world) {
             return world.pressed(answer::kChartAction, answer::chart_value({"pie", world.answered.id}));
         }},
        {"rating",
         [](Closed& world) {
             return world.pressed(answer::kRateDownAction, answer::rating_value({false, world.answered.id}));
         }},
        {"stop", [](Closed& world) { return world.pressed(answer::kStopAction, world.waiting.id); }},
        {"choice of a space, remembered",
         [](Closed& world) {
             return world.pressed(answer::kSpaceAction, "space2", answer::picker_block({false, world.waiting.id}));
         }},
        {"change of the space, remembered",
         [](Closed& world) {
             return world.pressed(answer::kSpaceAction, "space2", answer::picker_block({true, world.answered.id}));
         }},
        {"offered space",
         [](Closed& world) { return world.pressed(answer::numbered(answer::kUseSpaceAction, 0), "space2"); }},
    };
}

slack::SlashCommand command(const Closed& world, const std::string& text) {
    slack::SlashCommand command;
    command.team = "T1";
    command.user = "U2";
    command.user_team = world.user_team();
    command.channel = world.channel();
    command.command = "/genie";
    command.text = text;
    command.trigger_id = "9.9.x";
    return command;
}

slack::ViewSubmission form(const Closed& world, const char* callback_id, const std::string& metadata) {
    slack::ViewSubmission submission;
    submission.team = "T1";
    submission.user = "U2";
    submission.user_team = world.user_team();
    submission.callback_id = callback_id;
    submission.private_metadata = metadata;
    slack::Action value;
    value.action_id = answer::kQuestionInput;
    value.value = "revenue?";
    submission.values.push_back(value);
    return submission;
}

TEST_CASE("whoever may not ask may press nothing, and is told why, alone and once", "[ways][gate]") {
    for (const auto& [name, press] : presses()) {
        for (const Who who : kAll) {
            INFO(name << " by " << static_cast<int>(who));
            Closed world(who);
            CHECK(world.deliver(slack::Interaction(press(world))).send);
            world.settle();
            CHECK(world.state() == world.before);
            REQUIRE(world.slack.ephemerals.size() == 1);
            CHECK(world.slack.ephemerals[0].first == "U2");
            CHECK(world.slack.ephemerals[0].second == world.word());
        }
    }
}

TEST_CASE("a press that comes under the stranger's own team is a stranger's, and so is the next one", "[ways][gate]") {
    for (const auto& [name, press] : presses()) {
        INFO(name);
        Closed world(Who::stranger);
        world.slack.users["U2"].team = "T9";
        world.slack.users["U2"].enterprise = "E9";
        slack::BlockActions actions = press(world);
        actions.team = "T9";
        actions.enterprise = "E9";
        actions.user_team.clear();
        const slack::Interaction of_their_team(std::move(actions));
        CHECK(world.deliver(of_their_team).send);
        world.settle();
        CHECK(world.deliver(slack::Interaction(press(world))).send);
        world.settle();
        CHECK(world.state() == world.before);
        REQUIRE(world.slack.ephemerals.size() == 2);
        for (const auto& note : world.slack.ephemerals)
            CHECK(note.second == world.word());
    }
}

TEST_CASE("what shows nothing is done for members also where others read along by now", "[ways][gate]") {
    for (const auto& [name, press] : presses()) {
        const bool shows_nothing = name == "rating" || name == "stop";
        if (!shows_nothing && name != "CSV")
            continue;
        INFO(name);
        Closed world(Who::stranger);
        world.slack.channels["C1"].is_ext_shared = true;
        world.settle(10min);
        slack::BlockActions actions = press(world);
        actions.user = "U1";
        actions.user_team = "T1";
        world.deliver(slack::Interaction(std::move(actions)));
        world.settle();
        CHECK((world.state() != world.before) == shows_nothing);
    }
}

TEST_CASE("the same presses do something when anybody else makes them", "[ways][gate]") {
    for (const auto& [name, press] : presses()) {
        // Only of a private answer; only by whoever asked; neither is about the gate.
        if (name == "share" || name == "stop")
            continue;
        INFO(name);
        Closed world(Who::stranger);
        slack::BlockActions actions = press(world);
        actions.user = "U1";
        actions.user_team = "T1";
        world.deliver(slack::Interaction(std::move(actions)));
        world.settle();
        CHECK((world.state() != world.before || !world.slack.ephemerals.empty()));
        for (const auto& [user, text] : world.slack.ephemerals)
            CHECK(text != world.word());
    }
}

TEST_CASE("whoever may not ask gets nothing out of the command", "[ways][gate]") {
    for (const Who who : kAll) {
        Closed world(who);
        for (const char* text : {"ask revenue by region", "spaces", "use Support", "help", ""}) {
            INFO(text << " by " << static_cast<int>(who));
            const slack::Ack ack = world.deliver(command(world, text));
            REQUIRE(ack.payload);
            CHECK(ack.payload->at("text").as_string() == world.word());
        }
        world.settle();
        CHECK(world.state() == world.before);
    }
}

TEST_CASE("whoever may not ask gets no form, and a form that is sent all the same is refused in it", "[ways][gate]") {
    for (const Who who : kAll) {
        INFO(static_cast<int>(who));
        Closed world(who);
        slack::Shortcut shortcut;
        shortcut.on_message = true;
        shortcut.team = "T1";
        shortcut.user = "U2";
        shortcut.user_team = world.user_team();
        shortcut.callback_id = answer::kAskShortcut;
        shortcut.trigger_id = "trigger";
        shortcut.channel = world.channel();
        shortcut.message_ts = "500.1";
        world.deliver(slack::Interaction(shortcut));
        world.settle();
        CHECK(world.slack.opened_views.empty());
        REQUIRE(world.slack.ephemerals.size() == 1);
        CHECK(world.slack.ephemerals[0].second == world.word());

        const auto ask = form(world, answer::kAskShortcut, answer::shortcut_metadata({world.channel(), "500.1", ""}));
        const slack::Ack ack = world.deliver(slack::Interaction(ask));
        REQUIRE(ack.payload);
        CHECK(ack.payload->at("errors").at(answer::kQuestionInput).as_string() == world.word());
        world.settle();
        CHECK(world.state() == world.before);
    }
}

TEST_CASE("whoever may not ask sends no reason with a rating", "[ways][gate]") {
    for (const Who who : {Who::stranger, Who::guest, Who::unlisted_user}) {
        INFO(static_cast<int>(who));
        Closed world(who);
        const slack::Ack ack = world.deliver(slack::Interaction(form(world, answer::kRatingView, world.answered.id)));
        REQUIRE(ack.payload);
        CHECK(ack.payload->at("errors").at(answer::kRatingCommentBlock).as_string() == world.word());
        world.settle();
        CHECK(world.state() == world.before);
    }
}

TEST_CASE("a reason for a rating is refused where the channel of the answer is not allowed any more", "[ways][gate]") {
    Closed world(Who::unlisted_channel);
    storage::Turn elsewhere;
    elsewhere.thread = storage::ThreadKey("T1", "C9", "700.1");
    elsewhere.question_ts = "700.1";
    elsewhere.id = storage::turn_id(elsewhere.thread, elsewhere.question_ts);
    elsewhere.user = "U2";
    elsewhere.received_at = wall_now();
    REQUIRE(world.now(world.storage->accept(elsewhere, "", relay::question_rows(elsewhere), Deadline::after(1s))));
    world.deliver(slack::Interaction(form(world, answer::kRatingView, elsewhere.id)));
    world.settle();
    CHECK(world.genie.ratings.empty());
    REQUIRE_FALSE(world.slack.ephemerals.empty());
    CHECK(world.slack.ephemerals[0].second == world.word());
}

TEST_CASE("whoever may not ask finds no space by searching", "[ways][gate]") {
    for (const Who who : kAll) {
        for (const char* list : {answer::kSpaceAction, answer::kHomeSpaceAction}) {
            Closed world(who);
            slack::BlockSuggestion suggestion;
            suggestion.team = "T1";
            suggestion.user = "U2";
            suggestion.user_team = world.user_team();
            suggestion.channel = world.channel();
            suggestion.action_id = list;
            const slack::Ack ack = world.deliver(slack::Interaction(suggestion));
            REQUIRE(ack.payload);
            CHECK(ack.payload->at("options").as_array().empty());
        }
    }
}

TEST_CASE("whoever may not ask sees on the Home tab why, and can do nothing there", "[ways][gate]") {
    for (const Who who : {Who::guest, Who::unlisted_user}) {
        Closed world(who);
        world.deliver(world.event_of(slack::AppHomeOpened{"U2", "D-U2", "home"}));
        world.settle();
        REQUIRE(world.slack.homes.size() == 1);
        const std::string home = boost::json::serialize(world.slack.homes[0].view);
        CHECK_THAT(home, test::contains(world.word()) && !test::contains("Sales") && !test::contains("home_ask"));
    }
    for (const Who who : {Who::stranger, Who::guest, Who::unlisted_user}) {
        for (const char* action : {answer::kHomeAskAction, answer::kHomeSpaceAction, answer::kHomeNoSpaceAction}) {
            INFO(action << " by " << static_cast<int>(who));
            Closed world(who);
            slack::BlockActions actions = world.pressed(action, "space2");
            actions.channel.clear();
            actions.message_ts.clear();
            actions.view_id = "V1";
            actions.view["private_metadata"] = "D-U2";
            world.deliver(slack::Interaction(actions));
            world.settle();
            CHECK(world.state() == world.before);
            REQUIRE(world.slack.homes.size() == 1);
            CHECK_THAT(boost::json::serialize(world.slack.homes[0].view), test::contains(world.word()));
        }
    }
}

// The two events that Slack sends of one mention.
std::pair<slack::Event, slack::Event> mention_of(Closed& world, const std::string& text, const std::string& ts) {
    slack::Event mention = world.question(text, ts);
    auto& message = std::get<slack::MessageEvent>(mention.body);
    message.user = "U2";
    message.user_team = world.who == Who::stranger ? "T9" : "";
    message.channel = world.channel();
    slack::Event plain = mention;
    plain.event_id = "EvPlain" + ts;
    std::get<slack::MessageEvent>(plain.body).mention = false;
    std::get<slack::MessageEvent>(plain.body).channel_type = "channel";
    return {mention, plain};
}

TEST_CASE("whoever may not ask gets no examples by asking for help or by a greeting", "[ways][gate][help]") {
    for (const Who who : kAll) {
        for (const char* text : {"help", "hi", "hola", "que peux-tu faire ?"}) {
            INFO(text << " by " << static_cast<int>(who));
            Closed world(who);
            const auto [mention, plain] = mention_of(world, text, "600.1");
            world.deliver(mention);
            world.deliver(plain);
            world.settle();
            CHECK(world.state() == world.before);
            REQUIRE(world.slack.ephemerals.size() == 1);
            CHECK(world.slack.ephemerals[0].first == "U2");
            CHECK(world.slack.ephemerals[0].second == world.word());
        }
    }
}

TEST_CASE("a guest who greets the bot in the direct message is refused there", "[ways][gate][help]") {
    Closed world(Who::guest);
    slack::Event event = world.reply("hello", "600.1", "");
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.user = "U2";
    message.channel = "D-U2";
    message.channel_type = "im";
    world.deliver(event);
    world.settle();
    CHECK(world.state() == world.before);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].second == world.word());
}

TEST_CASE("of the two events of a refused mention only one tells it, whichever process has it", "[ways][gate]") {
    for (const Who who : kAll) {
        for (const char* text : {"revenue?", "help"}) {
            INFO(text << " by " << static_cast<int>(who));
            // A guest of whom nothing is known asks a question that is recorded, so storage tells its events apart.
            if (who == Who::guest && std::string(text) != "help")
                continue;
            std::size_t told = 0;
            for (const bool as_mention : {true, false}) {
                Closed world(who);
                const auto [mention, plain] = mention_of(world, text, "600.1");
                world.deliver(as_mention ? mention : plain);
                world.settle();
                CHECK(world.state() == world.before);
                told += world.slack.ephemerals.size();
            }
            CHECK(told == 1);
        }
    }
}

TEST_CASE("an app to which Slack tells mentions as messages only speaks at those", "[ways][gate]") {
    World world;
    const auto event = [&world](const std::string& ts, bool mention) {
        slack::Event said = world.question("help", ts);
        said.event_id = (mention ? "EvM" : "EvP") + ts;
        auto& message = std::get<slack::MessageEvent>(said.body);
        message.mention = mention;
        message.channel_type = mention ? "" : "channel";
        return said;
    };
    for (int i = 100; i < 112; ++i) {
        world.deliver(event(std::to_string(i) + ".1", false));
        world.settle();
    }
    CHECK(world.slack.messages.size() == 5);
    world.deliver(event("200.1", false));
    world.deliver(event("200.1", true));
    world.settle();
    CHECK(world.slack.messages.size() == 6);
    // From here on the mention speaks.
    world.deliver(event("201.1", false));
    world.settle();
    CHECK(world.slack.messages.size() == 6);
}

TEST_CASE("a refused message that Slack tells twice is refused once", "[ways][gate]") {
    for (const Who who : kAll) {
        INFO(static_cast<int>(who));
        Closed world(who);
        const auto [mention, plain] = mention_of(world, "revenue?", "600.1");
        world.deliver(mention);
        world.deliver(mention);
        world.deliver(plain);
        world.settle();
        CHECK(world.state() == world.before);
        REQUIRE(world.slack.ephemerals.size() == 1);
        CHECK(world.slack.ephemerals[0].second == world.word());
        CHECK(world.slack.lost_ephemerals == 0);
    }
}

}  // namespace ways_in_test
