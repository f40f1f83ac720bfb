// Ratings by button with a reason, and by reaction.
#include "app/answer/message/answer.hpp"
#include "app/answer/view/rating_view.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/json/serialize.hpp>

namespace ratings_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

struct RatedWorld : World {
    RatedWorld() {
        deliver(question("revenue?", "100.1"));
        settle();
    }
    std::string answer_ts() const { return slack.messages.at(0).ts; }
    void react(const std::string& name, bool added, const std::string& user = "U2") {
        slack::ReactionChanged reaction;
        reaction.added = added;
        reaction.user = user;
        reaction.reaction = name;
        reaction.item_user = "UBOT";
        reaction.channel = "C1";
        reaction.ts = answer_ts();
        deliver(event_of(reaction));
        settle(5s);
    }
    std::vector<storage::Feedback> stored() {
        auto found = test::run(
            time, context,
            storage->get_feedbacks(storage::thread_id(storage::ThreadKey("T1", "C1", "100.1")), Deadline::after(1s)));
        REQUIRE(found);
        return *found;
    }
};

TEST_CASE("where the form for the reason does not open, it is offered", "[rating]") {
    RatedWorld world;
    world.slack.view_errors.emplace_back(slack::ApiFault::payload, "views.open", "expired_trigger_id");
    auto pressed = world.press(world.answer_ts(), "100.1", answer::kRatingAction, "down:" + world.turn("100.1").id);
    std::get<slack::BlockActions>(pressed).trigger_id = "1.2.abc";
    world.deliver(pressed);
    world.settle(5s);
    REQUIRE_FALSE(world.slack.ephemeral_messages.empty());
    CHECK_THAT(boost::json::serialize(world.slack.ephemeral_messages.back().blocks), test::contains("Tell why"));
}

TEST_CASE("a bad rating asks for the reason, which is stored and reaches Genie", "[rating]") {
    RatedWorld world;
    const std::string id = world.turn("100.1").id;
    auto pressed = world.press(world.answer_ts(), "100.1", answer::kRatingAction, "down:" + id);
    std::get<slack::BlockActions>(pressed).trigger_id = "1.2.abc";
    world.deliver(pressed);
    world.settle(5s);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK(slack::limits::check_view(world.slack.opened_views[0].view).empty());
    REQUIRE(world.genie.ratings == std::vector<genie::Rating>{genie::Rating::negative});

    slack::ViewSubmission form;
    form.team = "T1";
    form.user = "U2";
    form.callback_id = answer::kRatingView;
    form.private_metadata = id;
    form.values.resize(2);
    form.values[0].action_id = answer::kRatingReason;
    form.values[0].value = "numbers";
    form.values[1].action_id = answer::kRatingComment;
    form.values[1].value = "March is missing";
    world.deliver(slack::Interaction(form));
    world.settle(5s);
    REQUIRE(world.genie.comments.size() == 2);
    CHECK(world.genie.comments[1] == "has wrong numbers: March is missing");
    const auto stored = world.stored();
    REQUIRE(stored.size() == 1);
    CHECK(stored[0].value == 0);
    CHECK(stored[0].comment == "has wrong numbers: March is missing");
}

TEST_CASE("of two reactions that say the opposite the one that stands is the rating", "[rating]") {
    for (const char* stays : {"+1", "-1"}) {
        INFO(stays);
        RatedWorld world;
        const std::string goes = std::string(stays) == "+1" ? "-1" : "+1";
        world.react(stays, true);
        world.react(goes, true);
        world.slack.reactions[world.answer_ts()] = {{stays, {"U3", "U2"}}, {"eyes", {"U2"}}};
        world.react(goes, false);
        REQUIRE(world.stored().size() == 1);
        CHECK(world.stored()[0].value == (std::string(stays) == "+1" ? 1 : 0));
        CHECK(world.genie.ratings.back() ==
              (std::string(stays) == "+1" ? genie::Rating::positive : genie::Rating::negative));
        // Somebody else's counts for nobody else.
        world.slack.reactions[world.answer_ts()] = {{goes, {"U3"}}};
        world.react(stays, false);
        CHECK(world.stored().empty());
        CHECK(world.genie.ratings.back() == genie::Rating::none);
    }
}

TEST_CASE("+1 and -1 on an answer count as ratings, and taking them away clears", "[rating]") {
    RatedWorld world;
    world.react("+1", true);
    REQUIRE(world.stored().size() == 1);
    CHECK(world.stored()[0].value == 1);
    world.react("-1", true);
    CHECK(world.stored()[0].value == 0);
    world.react("+1", false);  // the rating says something else by now
    CHECK(world.stored().size() == 1);
    world.react("-1", false);
    CHECK(world.stored().empty());
    CHECK(world.genie.ratings ==
          std::vector<genie::Rating>{genie::Rating::positive, genie::Rating::negative, genie::Rating::none});
    world.react("tada", true);
    CHECK(world.genie.ratings.size() == 3);
}

TEST_CASE("a -1 offers the form for its reason, once and to that person alone", "[rating]") {
    RatedWorld world;
    world.react("+1", true);
    CHECK(world.slack.ephemerals.empty());
    world.react("-1", true);
    world.react("-1", true);
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U2");
    const std::string id = world.turn("100.1").id;
    CHECK_THAT(boost::json::serialize(world.slack.ephemeral_messages[0].blocks),
               test::contains(answer::kRateDownAction) && test::contains("down:" + id));
    auto pressed = world.press("999.1", "100.1", answer::kRateDownAction, "down:" + id);
    std::get<slack::BlockActions>(pressed).trigger_id = "1.2.abc";
    world.deliver(pressed);
    world.settle(5s);
    CHECK(world.slack.opened_views.size() == 1);
    CHECK(world.genie.ratings == std::vector<genie::Rating>{genie::Rating::positive, genie::Rating::negative});
}

TEST_CASE("the ratings of two people stand side by side", "[rating]") {
    RatedWorld world;
    world.react("+1", true, "U2");
    world.react("-1", true, "U3");
    CHECK(world.stored().size() == 2);
}

TEST_CASE("a rating that was changed in Chainlit reaches Genie, without a word to anybody", "[rating]") {
    RatedWorld world;
    world.react("-1", true);
    const auto look = [&world](std::optional<int> value, const std::string& comment) {
        storage::ChangedRating changed;
        changed.turn_id = world.turn("100.1").id;
        changed.value = value;
        changed.comment = comment;
        world.storage->changed_elsewhere = {changed};
        changed.turn_id = "of a turn that is gone";
        world.storage->changed_elsewhere.insert(world.storage->changed_elsewhere.begin(), changed);
        world.deliver(world.question("and by region?", value ? "200.1" : "300.1"));
        world.settle(10min);
    };
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    look(1, "better now");
    look(std::nullopt, "");
    CHECK(world.genie.ratings ==
          std::vector<genie::Rating>{genie::Rating::negative, genie::Rating::positive, genie::Rating::none});
    CHECK(world.genie.comments.at(1) == "better now");
    CHECK(world.slack.ephemerals.size() == 1);  // the form that the reaction offers
    tasks.cancel();
    test::run(world.time, world.context, tasks.join(Deadline::after(1min)));
}

TEST_CASE("a rating from Chainlit that Genie could not take comes again, one that it never will does not", "[rating]") {
    RatedWorld world;
    storage::ChangedRating changed;
    changed.feedback_id = "rated";
    changed.turn_id = world.turn("100.1").id;
    changed.value = 1;
    world.storage->changed_elsewhere = {changed};
    world.genie.rating_errors.assign(50, genie::GenieError(genie::GenieFault::unavailable, "HTTP 503"));
    TaskGroup tasks(world.context.get_executor(), "recovery");
    tasks.spawn("recovery", world.relay.recover());
    world.deliver(world.question("and by region?", "200.1"));
    world.settle(10min);
    CHECK(world.genie.ratings.empty());
    CHECK(world.genie.rating_errors.size() < 50);
    CHECK(world.storage->changed_elsewhere.size() == 1);
    world.genie.rating_errors.clear();
    world.deliver(world.question("and by month?", "300.1"));
    world.settle(10min);
    CHECK(world.genie.ratings == std::vector<genie::Rating>{genie::Rating::positive});
    CHECK(world.storage->changed_elsewhere.empty());

    world.storage->changed_elsewhere = {changed};
    world.genie.rating_errors = {genie::GenieError(genie::GenieFault::not_found, "HTTP 404")};
    world.deliver(world.question("and by day?", "400.1"));
    world.settle(10min);
    CHECK(world.storage->changed_elsewhere.empty());
    CHECK(world.genie.ratings.size() == 1);
    tasks.cancel();
    test::run(world.time, world.context, tasks.join(Deadline::after(1min)));
}

TEST_CASE("the form for a bad rating is within Slack's limits in every language", "[rating]") {
    for (const auto language : words::kLanguages)
        CHECK(slack::limits::check_view(answer::render_rating_view(language, "turn")).empty());
}

}  // namespace ratings_test
