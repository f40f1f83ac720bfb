#include "app/answer/message/status.hpp"

#include "app/answer/actions.hpp"
#include "app/answer/result/cell.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <set>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
using words::Language;
using words::Word;

namespace status_detail {

constexpr Duration kLongWait = std::chrono::seconds(15);
constexpr std::size_t kProgressCharacters = 150;

Word word_for(const genie::Message* message) {
    if (!message)
        return Word::asking_genie;
    switch (message->status) {
        case genie::MessageStatus::submitted:
            return Word::asking_genie;
        case genie::MessageStatus::fetching_metadata:
            return Word::looking_at_tables;
        case genie::MessageStatus::filtering_context:
            return Word::picking_data;
        case genie::MessageStatus::asking_ai:
            return Word::thinking;
        case genie::MessageStatus::pending_warehouse:
            return Word::starting_warehouse;
        case genie::MessageStatus::executing_query:
            return Word::running_query;
        case genie::MessageStatus::completed:
        case genie::MessageStatus::query_result_expired:
            return Word::preparing_answer;
        case genie::MessageStatus::failed:
        case genie::MessageStatus::cancelled:
        case genie::MessageStatus::unknown:
            break;
    }
    return Word::working_on_it;
}

// "59 s", "2 min 5 s", "2 h 3 min".
std::string say_duration(Language language, Duration duration) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    const auto both = [&](Word large, auto many, Word small, auto few) {
        return words::say(language, large, {{"n", many}}) +
               (few == 0 ? std::string() : " " + words::say(language, small, {{"n", few}}));
    };
    if (seconds < 60)
        return words::say(language, Word::seconds, {{"n", seconds}});
    if (seconds < 3600)
        return both(Word::minutes, seconds / 60, Word::seconds, seconds % 60);
    return both(Word::hours, seconds / 3600, Word::minutes, seconds / 60 % 60);
}

std::string say_place(const ProgressInput& input) {
    return *input.queue_place <= 1 ? words::say(input.language, Word::waiting_next)
                                   : words::say(input.language, Word::waiting_in_line, {{"place", *input.queue_place}});
}

}  // namespace status_detail

std::string progress_words(const ProgressInput& input) {
    using namespace status_detail;
    std::string line = input.queue_place     ? say_place(input)
                       : input.is_unanswered ? words::say(input.language, Word::databricks_silent)
                                             : words::say(input.language, word_for(input.message));
    if (input.elapsed >= kLongWait)
        line += " (" + say_duration(input.language, input.elapsed) + ")";
    // It is rounded up: it is an estimate, and "0 s" would promise too much.
    if (input.queue_place && input.expected_wait)
        line += " · " +
                words::say(input.language, Word::expected_wait,
                           {{"time", say_duration(input.language,
                                                  std::max<Duration>(*input.expected_wait, std::chrono::seconds(1)))}});
    const bool shows_thoughts = input.message && !input.hides_thoughts;
    const std::string doing = shows_thoughts ? one_line(genie::progress_text(*input.message)) : std::string();
    if (!doing.empty())
        line += " · " + slack::truncate(doing, kProgressCharacters);
    return line;
}

Rendered render_progress(const ProgressInput& input) {
    Rendered rendered;
    rendered.text = slack::escape(progress_words(input));
    rendered.blocks.push_back(blocks::context(rendered.text));
    if (!input.turn_id.empty()) {
        boost::json::array buttons;
        buttons.push_back(blocks::button(kStopAction, words::say(input.language, Word::stop_button), input.turn_id));
        rendered.blocks.push_back(blocks::actions("", std::move(buttons)));
    }
    return rendered;
}

Rendered render_stopped(Language language, const std::string& turn_id) {
    Rendered rendered;
    rendered.text = words::say(language, Word::stopped);
    rendered.blocks.push_back(blocks::context(rendered.text));
    if (!turn_id.empty()) {
        boost::json::array buttons;
        buttons.push_back(blocks::button(kAskAgainAction, words::say(language, Word::ask_again_button), turn_id));
        rendered.blocks.push_back(blocks::actions("", std::move(buttons)));
    }
    return rendered;
}

}  // namespace genie_slack::answer
