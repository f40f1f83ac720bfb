#include "app/relay/delivery/turn_message.hpp"

#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/catch.hpp"

#include <string>

namespace turn_message_test {

using namespace genie_slack;
using relay::make_message;

storage::Turn turn_of(storage::Origin origin) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.id = "turn-1";
    turn.user = "U1";
    turn.question = "revenue < 5 & more?";
    turn.origin = origin;
    return turn;
}

answer::Rendered answer_of(std::size_t blocks = 1) {
    answer::Rendered rendered;
    rendered.text = "42";
    for (std::size_t i = 0; i < blocks; ++i)
        rendered.blocks.push_back(slack::blocks::section("42"));
    return rendered;
}

std::string shown_above(const slack::OutgoingMessage& message) {
    const auto& first = message.blocks.at(0).as_object();
    if (first.at("type").as_string() != "context")
        return "";
    return std::string(first.at("elements").as_array().at(0).at("text").as_string());
}

TEST_CASE("an answer stands in the thread of its question and tells whose it is", "[turn message]") {
    const auto message = make_message(turn_of(storage::Origin::mention), answer_of());
    CHECK(message.channel == "C1");
    CHECK(message.thread_ts == "100.1");
    CHECK(message.text == "42");
    CHECK(message.blocks.size() == 1);
    CHECK(message.metadata_type == relay::kTurnMetadata);
    CHECK(message.metadata_payload.at("turn").as_string() == "turn-1");
}

TEST_CASE("a question without a message of its own is shown above the answer, escaped", "[turn message]") {
    const std::string asked = "<@U1>: *revenue &lt; 5 &amp; more?*";
    CHECK(shown_above(make_message(turn_of(storage::Origin::follow_up), answer_of())) == asked);
    storage::Turn is_private = turn_of(storage::Origin::mention);
    is_private.answer_channel = "D1";
    const auto message = make_message(is_private, answer_of());
    CHECK(message.channel == "D1");
    CHECK(message.thread_ts.empty());
    CHECK(shown_above(message) == asked);
    // Where blocks are shown, the text is not: it becomes one.
    const auto plain = make_message(is_private, answer_of(0));
    REQUIRE(plain.blocks.size() == 2);
    CHECK(plain.blocks.at(1).at("text").at("text").as_string() == "42");
}

TEST_CASE("where there is no room for the question, the answer goes first", "[turn message]") {
    const auto full = make_message(turn_of(storage::Origin::follow_up), answer_of(slack::limits::kBlocksPerMessage));
    CHECK(full.blocks.size() == slack::limits::kBlocksPerMessage);
    CHECK(shown_above(full).empty());
}

slack::ThreadMessage found(const char* type, boost::json::object payload) {
    slack::ThreadMessage message;
    message.metadata_type = type;
    message.metadata_payload = std::move(payload);
    return message;
}

TEST_CASE("a turn's messages are known by their metadata, each part for itself", "[turn message]") {
    const auto answer = found(relay::kTurnMetadata, {{"turn", "turn-1"}});
    CHECK(relay::is_of_turn(answer, "turn-1", 0));
    CHECK_FALSE(relay::is_of_turn(answer, "turn-2", 0));
    CHECK_FALSE(relay::is_of_turn(answer, "turn-1", 1));
    const auto further = found(relay::kFurtherMetadata, {{"turn", "turn-1"}, {"part", 2}});
    CHECK(relay::part_of(further) == 2);
    CHECK(relay::is_of_turn(further, "turn-1", 2));
    CHECK_FALSE(relay::is_of_turn(further, "turn-1", 1));
    CHECK_FALSE(relay::is_of_turn(further, "turn-1", 0));
}

TEST_CASE("metadata is what anybody may write: odd ones belong to no turn", "[turn message]") {
    CHECK(relay::part_of(found(relay::kFurtherMetadata, {{"part", -1}})) == 0);
    CHECK(relay::part_of(found(relay::kFurtherMetadata, {{"part", "2"}})) == 0);
    CHECK(relay::part_of(found(relay::kTurnMetadata, {{"part", 2}})) == 0);
    CHECK(relay::metadata_of(found(relay::kTurnMetadata, {{"turn", 5}}), "turn").empty());
    CHECK_FALSE(relay::is_of_turn(found(relay::kNoteMetadata, {{"turn", "turn-1"}}), "turn-1", 0));
}

}  // namespace turn_message_test
