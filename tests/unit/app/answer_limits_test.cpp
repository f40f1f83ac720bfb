// Whatever Genie sends, every form of what is shown is within Slack's limits.
#include "app/answer/answer.hpp"
#include "app/answer/parts.hpp"
#include "app/answer/space_picker.hpp"
#include "core/random.hpp"
#include "slack/limits.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/rendered_text.hpp"

#include <boost/json/serialize.hpp>

using namespace genie_slack;
using namespace genie_slack::answer;

namespace answer_limits_test {

class Fuzz {
 public:
    explicit Fuzz(std::uint64_t seed) : random_(seed) {}

    std::size_t number(std::size_t low, std::size_t high) { return random_.between(low, high); }
    bool one_in(std::size_t n) { return number(1, n) == 1; }

    std::string text(std::size_t longest) {
        static const char* const kPieces[] = {
            "revenue ",
            "a",
            "&",
            "<!channel>",
            "<@U1>",
            "```",
            "`",
            "*bold* ",
            "**x**",
            "|",
            "\"q\"",
            "'",
            "\n",
            "\n\n",
            "\r\n",
            "\t",
            "# Head\n",
            "- item\n",
            "1. one\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "שלום",
            "数据分析",
            "\xF0\x9F\x91\x8D",
            "\xE2\x80\xAE",
            "e\xCC\x81",
            "&amp;",
            "[l](https://x.test/a|b>c)",
            "~~~\ncode\n~~~\n",
            "> quote\n",
            "–",
            "\\",
            "<b>html</b>",
            "1234567.89",
            "$",
            " ",
            "___",
            "***",
        };
        std::string out;
        for (std::size_t length = one_in(4) ? number(0, longest) : number(0, longest / 20); out.size() < length;)
            out += one_in(30) ? std::string(number(1, 300), 'w') : kPieces[number(0, std::size(kPieces) - 1)];
        return out;
    }

    genie::ResultTable table() {
        static const char* const kTypes[] = {"STRING", "INT", "DECIMAL", "DOUBLE", "DATE", "", "STRUCT"};
        genie::ResultTable table;
        for (std::size_t i = number(0, one_in(3) ? 60 : 6); i > 0; --i) {
            genie::Column column;
            column.name = text(200);
            column.type_name = kTypes[number(0, std::size(kTypes) - 1)];
            table.columns.push_back(column);
        }
        const std::size_t longest = one_in(3) ? 5'000 : 40;
        for (std::size_t i = number(0, one_in(3) ? 200 : 25); i > 0; --i) {
            auto& row = table.rows.emplace_back();
            for (std::size_t column = 0; column < table.columns.size() + (one_in(20) ? 1 : 0); ++column)
                row.push_back(cell(longest));
        }
        table.total_rows = static_cast<std::int64_t>(number(0, 1'000'000'000'000));
        table.truncated = one_in(3);
        return table;
    }

    std::optional<std::string> cell(std::size_t longest) {
        if (one_in(8))
            return std::nullopt;
        if (one_in(8))
            return "";
        if (one_in(3))
            return std::to_string(number(0, 1'000'000'000)) + (one_in(2) ? ".5E" + std::to_string(number(0, 60)) : "");
        return text(longest);
    }

    AnswerInput answer() {
        AnswerInput input;
        input.turn_id = "8c7ff2f1-0000-5000-8000-000000000000";
        input.space_title = text(400);
        input.question = text(3'000);
        for (std::size_t i = number(0, 3); i > 0; --i)
            input.parts.texts.push_back(text(one_in(5) ? 100'000 : 4'000));
        if (one_in(4))
            input.parts.clarification = text(4'000);
        if (!one_in(4)) {
            genie::Attachment& query = input.parts.query.emplace();
            query.title = text(500);
            query.description = text(3'000);
            query.sql = text(one_in(3) ? 50'000 : 1'000);
            for (std::size_t i = number(0, 4); i > 0; --i)
                query.parameters.push_back({text(300), "STRING", text(3'000)});
        }
        for (std::size_t i = number(0, 30); i > 0; --i)
            input.parts.suggested_questions.push_back(text(one_in(4) ? 4'000 : 1'900));
        if (!one_in(3))
            input.table = table();
        if (one_in(3))
            input.result_note = text(2'000);
        if (!one_in(4))
            input.conversation_url = "https://x.test/genie?" + std::string(number(0, one_in(9) ? 5'000 : 100), 'u');
        return input;
    }

    FailureInput failure() {
        static const char* const kTypes[] = {"SQL_EXECUTION_EXCEPTION",       "CONTENT_FILTER_EXCEPTION", "", "NEW_ONE",
                                             "WAREHOUSE_NOT_FOUND_EXCEPTION", "DESCRIBE_QUERY_TIMEOUT"};
        FailureInput input;
        input.failure = static_cast<Failure>(number(0, static_cast<std::size_t>(Failure::internal)));
        input.error_type = kTypes[number(0, std::size(kTypes) - 1)];
        input.error_text = text(20'000);
        input.space_title = text(1'000);
        input.reference = text(500);
        for (std::size_t i = number(0, 30); i > 0; --i)
            input.suggested_questions.push_back(text(4'000));
        input.turn_id = "turn";
        return input;
    }

 private:
    Random random_;
};

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
        if (type && *type == "mrkdwn" && text && shouts(std::string(text->as_string().c_str())))
            return true;
        for (const auto& member : *object)
            if (shouts(member.value()))
                return true;
    }
    return false;
}

}  // namespace answer_limits_test

using answer_limits_test::Fuzz;
using answer_limits_test::shouts;

TEST_CASE("every form of any answer is within Slack's limits", "[answer]") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        INFO("seed " << seed);
        Fuzz fuzz(seed);
        const auto ladder = render_answer(fuzz.answer());
        REQUIRE(ladder.size() >= 3);
        for (const Rendered& rendered : ladder) {
            REQUIRE(test::limits_broken(rendered).empty());
            REQUIRE_FALSE(shouts(rendered.text));
            REQUIRE_FALSE(shouts(boost::json::value(rendered.blocks)));
        }
        for (std::size_t i = 0; i < ladder.size(); ++i)
            REQUIRE(ladder[i].blocks.empty() == (i + 1 == ladder.size()));
    }
}

TEST_CASE("any failure, progress and picker is within Slack's limits", "[answer]") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        INFO("seed " << seed);
        Fuzz fuzz(seed);
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
