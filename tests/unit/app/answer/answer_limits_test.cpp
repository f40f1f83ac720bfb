// Whatever Genie sends, every form of what is shown is within Slack's limits.
#include "app/answer/message/answer.hpp"
#include "app/answer/message/failure.hpp"
#include "app/answer/message/status.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "app/answer/view/space_picker.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/catch.hpp"
#include "tests/support/answer_fuzz.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

#include <boost/json/serialize.hpp>

namespace answer_limits_test {

using namespace genie_slack;
using namespace genie_slack::answer;

bool shouts(const std::string& mrkdwn) {
    return mrkdwn.find("<!channel>") != std::string::npos || mrkdwn.find("<@U1>") != std::string::npos;
}

// Whether a text that Slack reads as mrkdwn holds a mention that nobody of us wrote.
bool shouts(const boost::json::value& value) {
    if (const auto* array = value.if_array()) {
        for (const auto& item : *array)
            if (shouts(item))
                return true;
    } else if (const auto* object = value.if_object()) {
        const auto* type = object->if_contains("type");
        const auto* text = object->if_contains("text");
        if (type && (*type == "mrkdwn" || *type == "markdown") && text &&
            shouts(std::string(text->as_string().c_str())))
            return true;
        for (const auto& member : *object)
            if (shouts(member.value()))
                return true;
    }
    return false;
}

using test::AnswerFuzz;

TEST_CASE("every form of any answer is within Slack's limits", "[answer]") {
    std::size_t charts = 0;
    std::size_t data_tables = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        INFO("seed " << seed);
        AnswerFuzz fuzz(seed);
        const auto ladder = render_answer(fuzz.answer());
        REQUIRE(ladder.size() >= 2);
        for (const Rendered& rendered : ladder) {
            REQUIRE(test::limits_broken(rendered).empty());
            REQUIRE_FALSE(shouts(rendered.text));
            REQUIRE_FALSE(shouts(boost::json::value(rendered.blocks)));
        }
        for (std::size_t i = 0; i < ladder.size(); ++i)
            REQUIRE(ladder[i].blocks.empty() == (i + 1 == ladder.size()));
        for (const auto& block : ladder[0].blocks) {
            charts += block.at("type").as_string() == "data_visualization" ? 1u : 0u;
            data_tables += block.at("type").as_string() == "data_table" ? 1u : 0u;
        }
    }
    CHECK(charts > 4);
    CHECK(data_tables > 50);
}

TEST_CASE("results of thousands of rows and dozens of columns are within Slack's limits", "[answer]") {
    for (const auto& [rows, columns] : {std::pair(6'000, 3), {700, 60}, {1, 60}, {0, 4}, {201, 20}}) {
        INFO(rows << " x " << columns);
        AnswerFuzz fuzz(static_cast<std::uint64_t>(rows + columns));
        AnswerInput input = fuzz.answer();
        input.links_only = false;
        input.table = fuzz.table(static_cast<std::size_t>(columns), static_cast<std::size_t>(rows), 60);
        for (const Rendered& rendered : render_answer(input)) {
            REQUIRE(test::limits_broken(rendered).empty());
            if (rows > 200 || (rows > 0 && columns > 20))
                CHECK(rendered.leaves_out_data);
        }
    }
}

TEST_CASE("any failure, progress and picker is within Slack's limits", "[answer]") {
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        INFO("seed " << seed);
        AnswerFuzz fuzz(seed);
        const Rendered failure = render_failure(fuzz.failure());
        REQUIRE(test::limits_broken(failure).empty());
        REQUIRE_FALSE(shouts(boost::json::value(failure.blocks)));

        genie::Message message;
        message.status = static_cast<genie::MessageStatus>(fuzz.number(0, 10));
        genie::Attachment& thinking = message.attachments.emplace_back();
        thinking.kind = genie::Attachment::Kind::text;
        thinking.phase = "RESPONSE_PHASE_THINKING";
        thinking.text = fuzz.text(5'000);
        ProgressInput going_on;
        going_on.message = &message;
        going_on.elapsed = std::chrono::seconds(fuzz.number(0, 100'000));
        going_on.turn_id = "turn";
        const Rendered progress = render_progress(going_on);
        REQUIRE(test::limits_broken(progress).empty());
        REQUIRE_FALSE(shouts(boost::json::value(progress.blocks)));

        std::vector<genie::Space> spaces(fuzz.number(0, 300));
        for (std::size_t i = 0; i < spaces.size(); ++i) {
            spaces[i].id = fuzz.one_in(9) ? fuzz.text(400) : std::to_string(i);
            spaces[i].title = fuzz.text(300);
            spaces[i].description = fuzz.text(3'000);
        }
        PickerInput picker;
        picker.turn_id = "turn";
        picker.spaces = spaces;
        picker.gone = fuzz.text(300);
        picker.is_change = fuzz.one_in(2);
        for (const Rendered& rung : render_space_picker(picker)) {
            REQUIRE(test::limits_broken(rung) == "");
            REQUIRE_FALSE(shouts(boost::json::value(rung.blocks)));
        }
        REQUIRE(boost::json::serialize(options_ack(spaces)).size() < 20'000);
    }
}

}  // namespace answer_limits_test
