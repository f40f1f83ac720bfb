#include "app/answer/view/home_view.hpp"
#include "core/random.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/catch.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace home_view_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace std::chrono_literals;

std::string violations(const boost::json::object& view) {
    std::string found;
    for (const auto& violation : slack::limits::check_view(view))
        found += violation.pointer + ": " + violation.message + "\n";
    return found;
}

// Whether some mrkdwn calls everybody.
bool shouts(const boost::json::value& value) {
    if (const auto* array = value.if_array())
        return std::any_of(array->begin(), array->end(), shouts);
    const auto* object = value.if_object();
    if (!object)
        return false;
    const auto* type = object->if_contains("type");
    if (type && *type == "mrkdwn")
        return std::string(object->at("text").as_string()).find("<!channel>") != std::string::npos;
    return std::any_of(object->begin(), object->end(), [](const auto& member) { return shouts(member.value()); });
}

HomeInput some_home() {
    HomeInput input;
    input.private_metadata = "D1";
    input.bot_user = "UBOT";
    input.spaces.emplace(2);
    (*input.spaces)[0].id = "s1";
    (*input.spaces)[0].title = "Sales & Stock";
    (*input.spaces)[1].id = "s2";
    (*input.spaces)[1].title = "Support";
    input.examples = {"Revenue by region?"};
    HomeInput::Question question;
    question.text = "What <about> costs?";
    question.link = "https://acme.slack.com/archives/C1/p2000000001";
    question.space_title = "Sales & Stock";
    question.asked_at = WallTime(1'767'225'600s);
    question.state = storage::TurnState::delivered;
    input.recent.emplace();
    input.recent->push_back(question);
    question.link = "";
    question.text = "And now?";
    question.state = storage::TurnState::asking;
    input.recent->push_back(question);
    return input;
}

std::string shown(const HomeInput& input) {
    const auto view = render_home(input);
    CHECK(violations(view) == "");
    return boost::json::serialize(view);
}

TEST_CASE("the Home tab shows questions with links, examples, the space and how to ask", "[home]") {
    const std::string text = shown(some_home());
    CHECK_THAT(text, test::contains(R"("private_metadata":"D1")"));
    CHECK_THAT(text, test::contains("I can query 2 spaces."));
    CHECK_THAT(text, test::contains("<https://acme.slack.com/archives/C1/p2000000001|What &lt;about&gt; costs?>"));
    CHECK_THAT(text, test::contains("<!date^1767225600^{date_short_pretty}, {time}|2026-01-01T00:00 UTC>"));
    CHECK_THAT(text, test::contains("And now?") && test::contains("in progress"));
    CHECK_THAT(text, test::contains("home_ask:0") && test::contains("Revenue by region?"));
    CHECK_THAT(text, test::contains("I ask you in each new thread") && test::contains("external_select"));
    CHECK_THAT(text, test::contains("mention <@UBOT>"));
    CHECK_THAT(text, !test::contains("home_no_space") && !test::contains("only admins"));
}

TEST_CASE("the Home tab says which space is set, and that it is gone", "[home]") {
    HomeInput input = some_home();
    input.space = {"s1", "Old name"};
    CHECK_THAT(shown(input), test::contains("New threads ask *Sales &amp; Stock*") && test::contains("home_no_space"));
    input.space = {"s9", "Old name"};
    CHECK_THAT(shown(input), test::contains("“Old name” is not available any more"));
    input.space = {};
    input.spaces->resize(1);
    CHECK_THAT(shown(input),
               test::contains("All questions go to *Sales &amp; Stock*") && !test::contains("home_space\""));
    input.spaces->clear();
    CHECK_THAT(shown(input), test::contains("no Genie space that I may use yet"));
    input.spaces.reset();
    CHECK_THAT(shown(input), test::contains("Genie cannot be reached"));
}

TEST_CASE("the Home tab says what it could not look up", "[home]") {
    HomeInput input = some_home();
    input.recent->clear();
    CHECK_THAT(shown(input), test::contains("Nothing asked yet"));
    input.recent.reset();
    CHECK_THAT(shown(input), test::contains("my database does not answer"));
}

TEST_CASE("admins see numbers in the Home tab", "[home]") {
    HomeInput input = some_home();
    input.language = words::Language::german;
    input.usage.emplace();
    input.usage->week.questions = 1'284;
    input.usage->week.people = 1;
    input.usage->week.conversations = 20;
    input.usage->week.stopped = 2;
    input.usage->week.average_seconds = 7.4;
    input.usage->week.p95_seconds = 125;
    input.usage->week.ratings_up = 3;
    const std::string text = shown(input);
    CHECK_THAT(text, test::contains("1.284 Fragen von 1 Person in 20 Unterhaltungen, 0 ohne Antwort, 2 gestoppt"));
    CHECK_THAT(text, test::contains("durchschnittlich 7 s, 95 % innerhalb von 2 min"));
    CHECK_THAT(text, test::contains("3 positiv, 0 negativ"));
}

TEST_CASE("any Home tab is within Slack's limits", "[home]") {
    Random random(7);
    const auto text = [&](std::size_t most) {
        static const char* const kPieces[] = {"x", "<!channel>", "&", "\n", "|", ">", "語", "😀", "*", "`", "\"", " "};
        std::string out;
        for (std::size_t i = random.between(0, most); i > 0; --i)
            out += kPieces[random.between(0, std::size(kPieces) - 1)];
        return out;
    };
    for (int i = 0; i < 100; ++i) {
        INFO("round " << i);
        HomeInput input;
        input.language = random.between(0, 1) == 0 ? words::Language::english : words::Language::german;
        input.is_searchable = random.between(0, 1) == 0;
        input.spaces.emplace(random.between(0, 200));
        for (std::size_t n = 0; n < input.spaces->size(); ++n) {
            (*input.spaces)[n].id = std::to_string(n);
            (*input.spaces)[n].title = text(300);
            (*input.spaces)[n].description = text(3'000);
        }
        if (random.between(0, 1) == 0)
            input.space = {"1", text(300)};
        for (std::uint64_t n = random.between(0, 8); n > 0; --n)
            input.examples.push_back(text(3'000));
        input.recent.emplace(random.between(0, 30));
        for (HomeInput::Question& question : *input.recent) {
            question.text = text(5'000);
            question.link = random.between(0, 1) == 0 ? "" : "https://acme.slack.com/archives/C1/p1";
            question.space_title = text(300);
            question.state = static_cast<storage::TurnState>(random.between(0, 6));
        }
        if (random.between(0, 1) == 0)
            input.usage.emplace();
        const auto view = render_home(input);
        REQUIRE(violations(view) == "");
        REQUIRE_FALSE(shouts(view));
    }
}

}  // namespace home_view_test
