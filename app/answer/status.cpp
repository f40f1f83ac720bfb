// What is shown while the answer is not there yet: progress and the choice of a space.
#include "app/answer/answer.hpp"
#include "app/answer/cell.hpp"
#include "slack/blocks.hpp"
#include "slack/limits.hpp"
#include "slack/markup.hpp"

#include <algorithm>
#include <set>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;

namespace status_detail {

constexpr Duration kLongWait = std::chrono::seconds(15);
constexpr std::size_t kProgressCharacters = 150;

std::string words_for(const genie::Message* message) {
    if (!message)
        return "Asking Genie…";
    switch (message->status) {
        case genie::MessageStatus::submitted:
            return "Asking Genie…";
        case genie::MessageStatus::fetching_metadata:
            return "Looking at the tables…";
        case genie::MessageStatus::filtering_context:
            return "Picking the relevant data…";
        case genie::MessageStatus::asking_ai:
            return "Thinking about your question…";
        case genie::MessageStatus::pending_warehouse:
            return "Starting the SQL warehouse, this can take some minutes…";
        case genie::MessageStatus::executing_query:
            return "Running the query…";
        case genie::MessageStatus::completed:
        case genie::MessageStatus::query_result_expired:
            return "Preparing the answer…";
        case genie::MessageStatus::failed:
        case genie::MessageStatus::cancelled:
        case genie::MessageStatus::unknown:
            break;
    }
    return "Working on it…";
}

std::string words_for(Duration elapsed) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    if (seconds < 60)
        return std::to_string(seconds) + " s";
    const auto minutes = seconds / 60;
    if (minutes < 60)
        return std::to_string(minutes) + " min" + (seconds % 60 == 0 ? "" : " " + std::to_string(seconds % 60) + " s");
    return std::to_string(minutes / 60) + " h" + (minutes % 60 == 0 ? "" : " " + std::to_string(minutes % 60) + " min");
}

blocks::Option option_of(const genie::Space& space) {
    blocks::Option option;
    option.value = space.id;
    option.text = slack::truncate(one_line(space.title), limits::kOptionCharacters);
    if (option.text.empty())
        option.text = slack::truncate(space.id, limits::kOptionCharacters);
    option.description = slack::truncate(one_line(space.description), limits::kOptionCharacters);
    return option;
}

}  // namespace status_detail

Rendered render_progress(const genie::Message* message, Duration elapsed) {
    Rendered rendered;
    rendered.text = status_detail::words_for(message);
    if (elapsed >= status_detail::kLongWait)
        rendered.text += " (" + status_detail::words_for(elapsed) + ")";
    const std::string doing = message ? one_line(genie::progress_text(*message)) : std::string();
    if (!doing.empty())
        rendered.text += " · " + slack::escape(slack::truncate(doing, status_detail::kProgressCharacters));
    rendered.blocks.push_back(blocks::context(rendered.text));
    return rendered;
}

Rendered render_picker(const std::string& turn_id, const std::vector<genie::Space>& spaces) {
    std::vector<blocks::Option> options;
    std::set<std::string> seen;
    for (const genie::Space& space : spaces) {
        const std::size_t length = slack::count_characters(space.id);
        if (length > 0 && length <= limits::kOptionValueCharacters && seen.insert(space.id).second)
            options.push_back(status_detail::option_of(space));
    }
    const std::size_t usable = options.size();
    if (usable == 0) {
        FailureInput none;
        none.failure = Failure::no_spaces;
        none.turn_id = turn_id;
        return render_failure(none);
    }
    options.resize(std::min(usable, limits::kSelectOptions));

    Rendered rendered;
    rendered.text = "Which Genie space should answer your question?";
    rendered.blocks.push_back(blocks::section(rendered.text));
    boost::json::array elements;
    elements.push_back(blocks::static_select(kSpaceAction, "Choose a space", options));
    rendered.blocks.push_back(blocks::actions(std::string(kSpaceBlock) + ":" + turn_id, std::move(elements)));
    if (usable > options.size())
        rendered.blocks.push_back(blocks::context("These are the first " +
                                                  format_count(static_cast<std::int64_t>(options.size())) + " of " +
                                                  format_count(static_cast<std::int64_t>(usable), "space") +
                                                  "; an admin can choose which ones are offered."));
    return rendered;
}

}  // namespace genie_slack::answer
