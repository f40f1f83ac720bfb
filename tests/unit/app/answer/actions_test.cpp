// What is drawn into buttons is what is read out of them.
#include "app/answer/actions.hpp"

#include "slack/blocks/blocks.hpp"
#include "tests/catch.hpp"

#include <set>

namespace actions_test {

using namespace genie_slack::answer;

const std::string kTurn = "0b2f4c7e-6f0e-5b0a-9c55-3f8d1f9f2a10";

TEST_CASE("every value is read back as it was written", "[actions]") {
    for (const bool positive : {true, false}) {
        const RatingPress rating{positive, kTurn};
        CHECK(parse_rating(rating_value(rating)) == rating);
    }
    for (const char* chart : {"line", "bar", "area", "pie", "none"}) {
        const ChartPress press{chart, kTurn};
        CHECK(parse_chart(chart_value(press)) == press);
    }
    for (const MoreChoice choice : {MoreChoice::csv, MoreChoice::again, MoreChoice::space}) {
        const MorePress press{choice, kTurn};
        CHECK(parse_more(more_value(press)) == press);
    }
    const LinePress line{"100.1", "100.2"};
    CHECK(parse_line(line_value(line)) == line);
    for (const bool is_change : {true, false}) {
        const PickerBlock block{is_change, kTurn};
        CHECK(parse_picker(picker_block(block)) == block);
    }
    for (const char* thread : {"", "100.1"}) {
        const ShortcutTarget target{"C1", "100.2", thread};
        CHECK(parse_shortcut(shortcut_metadata(target)) == target);
    }
    for (const std::size_t number : {0u, 7u, 12u})
        CHECK(is_numbered(numbered(kFollowUpAction, number), kFollowUpAction));
}

TEST_CASE("the buttons of older messages are understood: formats on the wire stay as they are", "[actions]") {
    CHECK(rating_value({true, "T"}) == "up:T");
    CHECK(rating_value({false, "T"}) == "down:T");
    CHECK(chart_value({"pie", "T"}) == "pie:T");
    CHECK(more_value({MoreChoice::csv, "T"}) == "csv:T");
    CHECK(more_value({MoreChoice::again, "T"}) == "again:T");
    CHECK(more_value({MoreChoice::space, "T"}) == "space:T");
    CHECK(line_value({"1.1", "1.2"}) == "1.1:1.2");
    CHECK(picker_block({false, "T"}) == "choose_space_for:T");
    CHECK(picker_block({true, "T"}) == "change_space_for:T");
    CHECK(numbered(kFollowUpAction, 0) == "ask_follow_up:0");
    CHECK(is_numbered("ask_follow_up", kFollowUpAction));
    CHECK(parse_shortcut(shortcut_metadata({"C1", "1.2", "1.1", true}))->is_private);
    CHECK_FALSE(parse_shortcut(shortcut_metadata({"C1", "1.2", "1.1"}))->is_private);
    CHECK(shortcut_metadata({"C1", "1.2", "1.1"}) == R"({"channel":"C1","message_ts":"1.2","thread_ts":"1.1"})");
}

TEST_CASE("Slack's own feedback buttons carry ratings", "[actions]") {
    const auto block = genie_slack::slack::blocks::feedback(kRatingAction, "good", "bad", kTurn);
    const auto& buttons = block.at("elements").as_array().at(0);
    const auto value = [&](const char* which) { return std::string(buttons.at(which).at("value").as_string()); };
    CHECK(parse_rating(value("positive_button")) == RatingPress{true, kTurn});
    CHECK(parse_rating(value("negative_button")) == RatingPress{false, kTurn});
}

TEST_CASE("what was never written is not read", "[actions]") {
    for (const char* odd : {"", ":", "up", "up:", ":T", "sideways:T"}) {
        CHECK_FALSE(parse_rating(odd));
        CHECK_FALSE(parse_more(odd));
        CHECK_FALSE(parse_picker(odd));
        if (std::string_view(odd) != "sideways:T")
            CHECK_FALSE(parse_line(odd));
    }
    CHECK_FALSE(parse_chart("pie"));
    for (const char* odd : {"", "{", "[]", R"({"channel":"C1"})", R"({"channel":1,"message_ts":2})"})
        CHECK_FALSE(parse_shortcut(odd));
    CHECK_FALSE(is_numbered("ask_follow_up:", kFollowUpAction));
    CHECK_FALSE(is_numbered("ask_follow_up:x", kFollowUpAction));
    CHECK_FALSE(is_numbered("ask_follow_up_now", kFollowUpAction));
    CHECK_FALSE(is_numbered("rate_answer_up", kRatingAction));
}

TEST_CASE("no two kinds of element share an id", "[actions]") {
    const std::initializer_list<std::string_view> ids = {
        kFollowUpAction, kRatingAction,  kRateUpAction,    kRateDownAction,    kSqlAction,       kChartAction,
        kMoreAction,     kShareAction,   kStopAction,      kSpaceAction,       kRememberAction,  kKeepSpaceAction,
        kUseSpaceAction, kHomeAskAction, kHomeSpaceAction, kHomeNoSpaceAction, kAnswerLineAction};
    CHECK(std::set<std::string_view>(ids).size() == ids.size());
}

}  // namespace actions_test
