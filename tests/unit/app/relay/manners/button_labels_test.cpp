// Every word that stands on something to press below an answer, said in a line.
#include "app/answer/actions.hpp"
#include "app/answer/message/answer.hpp"
#include "app/answer/message/failure.hpp"
#include "app/relay/manners/button_request.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"

#include <set>
#include <string>
#include <vector>

namespace button_labels_test {

using namespace genie_slack;
namespace json = boost::json;
using relay::ButtonRequest;
using What = ButtonRequest::What;

std::string text_in(const json::object& object, const char* key) {
    const auto* text = object.if_contains(key);
    return text && text->is_object() ? std::string(text->get_object().at("text").as_string()) : std::string();
}

// Of all controls below `value` but the questions to go on with, which are questions.
void collect(const json::value& value, std::set<std::string>& labels) {
    if (const auto* array = value.if_array())
        for (const json::value& each : *array)
            collect(each, labels);
    const auto* object = value.if_object();
    if (!object)
        return;
    const auto* id = object->if_contains("action_id");
    if (id && answer::is_numbered(id->as_string(), answer::kFollowUpAction))
        return;
    const auto* type = object->if_contains("type");
    const bool is_button = type && *type == "button";
    const auto* options = object->if_contains("options");
    for (const std::string& text : {is_button ? text_in(*object, "text") : "", text_in(*object, "placeholder")})
        if (!text.empty())
            labels.insert(text);
    for (const char* key : {"positive_button", "negative_button"})
        if (const auto* button = object->if_contains(key))
            labels.insert(text_in(button->as_object(), "text"));
    if (options)
        for (const json::value& option : options->as_array())
            labels.insert(text_in(option.as_object(), "text"));
    for (const auto& member : *object)
        if (member.key() != "confirm")
            collect(member.value(), labels);
}

std::vector<answer::AnswerInput> answers_of_every_kind() {
    std::vector<answer::AnswerInput> inputs = {test::revenue(),          test::only_text("Nothing."),
                                               test::customers(230),     test::revenue_by_month(),
                                               test::share_by_channel(), test::revenue_by_product()};
    answer::AnswerInput area = test::revenue_by_product();
    area.table = test::revenue_by_month().table;
    area.table->columns.pop_back();
    for (auto& row : area.table->rows)
        row.pop_back();
    inputs.push_back(area);
    answer::AnswerInput lost = test::revenue();
    lost.table.reset();
    lost.result_note = "lost";
    inputs.push_back(lost);
    answer::AnswerInput nothing = test::only_text("");
    nothing.parts.texts.clear();
    inputs.push_back(nothing);
    answer::AnswerInput old_words = test::revenue();
    old_words.text_at = WallTime(std::chrono::seconds(1'767'225'600));
    inputs.push_back(old_words);
    answer::AnswerInput shared = test::revenue();
    shared.may_share = true;
    inputs.push_back(shared);
    shared.shares_at_root = true;
    inputs.push_back(shared);
    return inputs;
}

std::set<std::string> labels_in(words::Language language) {
    std::set<std::string> labels;
    for (answer::AnswerInput& input : answers_of_every_kind())
        for (const auto style : {answer::AnswerStyle::full, answer::AnswerStyle::compact})
            for (const char* chart : {"", "none"}) {
                input.language = language;
                input.style = style;
                if (!input.parts.query || *chart)
                    input.chart = chart;
                for (const answer::Rendered& rung : answer::render_answer(input))
                    collect(rung.blocks, labels);
            }
    answer::FailureInput failure;
    failure.language = language;
    failure.turn_id = "turn-1";
    collect(answer::render_failure(failure).blocks, labels);
    return labels;
}

TEST_CASE("each label below an answer is understood when it is said, in every language", "[manners]") {
    for (const words::Language language : words::kLanguages) {
        const auto labels = labels_in(language);
        CHECK(labels.size() >= 16);
        for (const std::string& label : labels) {
            INFO(label);
            CHECK(relay::button_request(label));
            CHECK(relay::button_request(label + "!"));
        }
    }
}

TEST_CASE("a label means what its button does", "[manners]") {
    using words::Language;
    using words::Word;
    const auto meant = [](Word word) {
        std::set<What> found;
        for (const Language language : words::kLanguages)
            if (const auto request = relay::button_request(words::say(language, word)))
                found.insert(request->what);
        return found;
    };
    CHECK(meant(Word::more_again) == std::set{What::again});
    CHECK(meant(Word::more_file) == std::set{What::file});
    CHECK(meant(Word::more_space) == std::set{What::space});
    CHECK(meant(Word::good_answer) == std::set{What::good});
    CHECK(meant(Word::bad_answer) == std::set{What::bad});
    CHECK(meant(Word::sql_button) == std::set{What::sql});
    CHECK(meant(Word::share_button) == std::set{What::share});
    CHECK(meant(Word::ask_again_button) == std::set{What::ask_again});
    for (const Language language : words::kLanguages) {
        CHECK(relay::button_request(words::say(language, Word::chart_pie))->chart == "pie");
        CHECK(relay::button_request(words::say(language, Word::show_table))->chart == "none");
        CHECK(relay::button_request(words::say(language, Word::show_chart))->chart == "any");
        CHECK(relay::button_request(words::say(language, Word::chart_none))->chart == "none");
    }
}

TEST_CASE("labels are understood with small words around them, and in other words", "[manners]") {
    struct Row {
        const char* words;
        What what;
        const char* chart = "";
    };
    constexpr Row kRows[] = {
        {"run it again please", What::again},
        {"rerun", What::again},
        {"run the query again", What::again},
        {"bitte noch einmal ausführen", What::again},
        {"good answer!", What::good},
        {"not helpful", What::bad},
        {"show me the table", What::chart, "none"},
        {"pie", What::chart, "pie"},
        {"as a chart", What::chart, "any"},
        {"can you plot that?", What::chart, "any"},
        {"can you draw it?", What::chart, "any"},
        {"show me a chart", What::chart, "any"},
        {"como gráfico circular, por favor", What::chart, "pie"},
        {"explain", What::sql},
        {"explain how you got this number", What::sql},
        {"how did you get this number?", What::sql},
        {"what's the query behind this?", What::sql},
        {"Where do these numbers come from?", What::sql},
        {"can you export this?", What::file},
        {"change the space", What::space},
        {"share it in the thread", What::share},
    };
    for (const Row& row : kRows) {
        INFO(row.words);
        const auto request = relay::button_request(row.words);
        REQUIRE(request);
        CHECK(request->what == row.what);
        CHECK(request->chart == row.chart);
    }
    for (const char* words : {"is this a good answer?", "run", "again", "run revenue again", "explain revenue",
                              "how did we get new customers?", "good question", "share by region", "market share",
                              "explain the drop in May", "draw a conclusion", "who is heard in a thread?",
                              "refresh rate by device", "the bar is closed", "show the change"}) {
        INFO(words);
        CHECK_FALSE(relay::button_request(words));
    }
}

}  // namespace button_labels_test
