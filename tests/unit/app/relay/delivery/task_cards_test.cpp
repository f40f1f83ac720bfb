#include "app/relay/delivery/task_cards.hpp"

#include "tests/catch.hpp"

namespace task_cards_test {

using namespace genie_slack;
using relay::TaskCards;

std::string shown(const boost::json::array& chunks) {
    std::string text;
    for (const boost::json::value& value : chunks) {
        const boost::json::object& chunk = value.as_object();
        if (!text.empty())
            text += "; ";
        if (const auto* id = chunk.if_contains("id"))
            text += std::string(id->as_string()) + " " + std::string(chunk.at("status").as_string()) + " ";
        text += std::string(chunk.at("title").as_string());
    }
    return text;
}

// A phase of Genie's, or none: it is asked.
void note(TaskCards& cards, std::optional<genie::MessageStatus> status) {
    genie::Message message;
    answer::ProgressInput input;
    if (status) {
        message.status = *status;
        input.message = &message;
    }
    cards.note(input);
}

TEST_CASE("each phase has a card, and what did not change is not sent again", "[progress]") {
    TaskCards cards;
    CHECK(cards.changes().empty());
    note(cards, std::nullopt);
    CHECK(shown(cards.changes()) == "t1 in_progress Asking Genie…");
    CHECK(cards.changes().empty());
    // Whether we ask or Genie has just heard it is one thing.
    note(cards, genie::MessageStatus::submitted);
    CHECK(cards.changes().empty());
    note(cards, genie::MessageStatus::executing_query);
    CHECK(shown(cards.changes()) == "t1 complete Asking Genie…; t2 in_progress Running the query…");
}

TEST_CASE("a card's words follow what happens within its phase", "[progress]") {
    TaskCards cards;
    answer::ProgressInput waiting;
    waiting.queue_place = 2;
    cards.note(waiting);
    CHECK(shown(cards.changes()) == "t1 in_progress Waiting for Genie: place 2 in line…");
    waiting.queue_place = 1;
    cards.note(waiting);
    CHECK(shown(cards.changes()) == "t1 in_progress Waiting for Genie: next in line…");
    note(cards, std::nullopt);
    CHECK(shown(cards.changes()) == "t1 complete Waiting for Genie: next in line…; t2 in_progress Asking Genie…");
}

TEST_CASE("what went nowhere comes again", "[progress]") {
    TaskCards cards;
    note(cards, std::nullopt);
    cards.changes();
    note(cards, genie::MessageStatus::executing_query);
    const std::string lost = shown(cards.changes());
    cards.not_sent();
    CHECK(shown(cards.changes()) == lost);
    CHECK(cards.changes().empty());
}

TEST_CASE("the end completes what is not done, under a new title where there is one", "[progress]") {
    TaskCards cards;
    note(cards, std::nullopt);
    note(cards, genie::MessageStatus::executing_query);
    CHECK(shown(cards.ending("")) == "t2 complete Running the query…");
    CHECK(shown(cards.ending("Done")) == "Done; t2 complete Running the query…");
    CHECK(TaskCards().ending("").empty());
}

TEST_CASE("the title of all cards is cut to what Slack takes", "[progress]") {
    const boost::json::object title = relay::plan_title(std::string(200, 'x'));
    CHECK(title.at("type") == "plan_update");
    CHECK(title.at("title").as_string() == std::string(149, 'x') + "…");
}

}  // namespace task_cards_test
