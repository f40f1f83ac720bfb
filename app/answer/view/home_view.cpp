#include "app/answer/view/home_view.hpp"

#include "app/answer/message/help.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "app/answer/view/space_picker.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
namespace json = boost::json;
using storage::TurnState;
using words::Word;

namespace home_view_detail {

constexpr std::size_t kQuestionCharacters = 150;
constexpr std::size_t kTitleCharacters = 75;
constexpr double kSecondsShown = 90;

std::string say(const HomeInput& input, Word word, std::initializer_list<words::Value> values = {}) {
    return words::say(input.language, word, values);
}

void add_status(json::array& content, const HomeInput& input) {
    std::string status;
    if (!input.spaces)
        status = say(input, Word::home_unreachable);
    else if (input.spaces->empty())
        status = say(input, Word::home_no_spaces);
    else
        status = say(input, Word::home_fine, {{"n", input.spaces->size()}});
    content.push_back(blocks::context(status));
}

void add_examples(json::array& content, const HomeInput& input) {
    const std::vector<std::string> questions = usable_questions(input.examples);
    if (questions.empty())
        return;
    content.push_back(blocks::section(say(input, Word::home_examples)));
    json::array buttons;
    for (const std::string& question : questions) {
        const std::string id = numbered(kHomeAskAction, buttons.size());
        buttons.push_back(blocks::button(id, question, question));
    }
    content.push_back(blocks::actions("", std::move(buttons)));
}

const genie::Space* known_space(const HomeInput& input) {
    if (!input.spaces)
        return nullptr;
    const auto found = std::find_if(input.spaces->begin(), input.spaces->end(),
                                    [&](const genie::Space& space) { return space.id == input.space.space_id; });
    return found == input.spaces->end() ? nullptr : &*found;
}

json::object space_select(const HomeInput& input) {
    const std::string placeholder = say(input, Word::choose_space);
    json::object select;
    if (input.is_searchable) {
        select = blocks::external_select(kHomeSpaceAction, placeholder);
    } else {
        auto options = space_options(*input.spaces);
        options.resize(std::min(options.size(), limits::kSelectOptions));
        select = blocks::static_select(kHomeSpaceAction, placeholder, options);
    }
    return select;
}

void add_space(json::array& content, const HomeInput& input) {
    const bool is_set = !input.space.space_id.empty();
    std::string title = escape_within(input.space.space_name, kTitleCharacters);
    if (!input.spaces || space_options(*input.spaces).empty()) {
        if (is_set)
            content.push_back(blocks::section(say(input, Word::home_space_title) + "\n" +
                                              say(input, Word::home_space_is, {{"title", title}})));
        return;
    }
    const genie::Space* known = known_space(input);
    if (known)
        title = escape_within(known->title, kTitleCharacters);
    std::string text = say(input, Word::home_space_title) + "\n";
    if (is_set)
        text += say(input, known ? Word::home_space_is : Word::home_space_gone, {{"title", title}});
    else if (input.spaces->size() == 1)
        text += say(input, Word::home_space_only,
                    {{"title", escape_within(input.spaces->front().title, kTitleCharacters)}});
    else
        text += say(input, Word::home_space_none);
    content.push_back(blocks::section(text));
    json::array elements;
    if (input.spaces->size() > 1)
        elements.push_back(space_select(input));
    if (is_set)
        elements.push_back(blocks::button(kHomeNoSpaceAction, say(input, Word::home_space_remove), "none"));
    if (!elements.empty())
        content.push_back(blocks::actions("", std::move(elements)));
}

// Returns "" for a question that is answered.
std::string say_state(const HomeInput& input, TurnState state) {
    switch (state) {
        case TurnState::delivered:
            return "";
        case TurnState::failed:
            return say(input, Word::home_failed);
        case TurnState::awaiting_space:
            return say(input, Word::home_waits);
        case TurnState::received:
        case TurnState::asking:
        case TurnState::asked:
        case TurnState::answered:
            return say(input, Word::home_running);
    }
    return "";
}

std::string say_time(WallTime time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    return "<!date^" + std::to_string(seconds) + "^{date_short_pretty}, {time}|" + format_utc(time).substr(0, 16) +
           " UTC>";
}

std::string say_question(const HomeInput& input, const HomeInput::Question& question) {
    const std::string text = escape_within(question.text, kQuestionCharacters);
    std::string line = "• ";
    line += question.link.empty() ? text : slack::link(question.link, slack::truncate(question.text, 100));
    line += "\n   " + say_time(question.asked_at);
    if (!question.space_title.empty())
        line += " · " + escape_within(question.space_title, kTitleCharacters);
    const std::string state = say_state(input, question.state);
    if (!state.empty())
        line += " · " + state;
    return line;
}

void add_recent(json::array& content, const HomeInput& input) {
    content.push_back(blocks::section(say(input, Word::home_recent)));
    if (!input.recent || input.recent->empty()) {
        content.push_back(blocks::context(say(input, input.recent ? Word::home_recent_none : Word::home_forgotten)));
        return;
    }
    const std::size_t shown = std::min(input.recent->size(), kRecentQuestions);
    for (std::size_t i = 0; i < shown; ++i)
        content.push_back(blocks::section(say_question(input, (*input.recent)[i])));
}

std::string say_seconds(const HomeInput& input, double seconds) {
    if (seconds < kSecondsShown)
        return say(input, Word::seconds, {{"n", static_cast<std::int64_t>(std::lround(seconds))}});
    return say(input, Word::minutes, {{"n", static_cast<std::int64_t>(std::lround(seconds / 60))}});
}

std::string say_usage(const HomeInput& input, Word title, const storage::UsagePeriod& period) {
    std::string text = "*" + say(input, title) + "*\n" +
                       say(input, Word::usage_counts,
                           {{"questions", period.questions},
                            {"people", period.people},
                            {"conversations", period.conversations},
                            {"failed", period.failed}});
    if (period.stopped > 0)
        text += ", " + say(input, Word::usage_stopped, {{"n", period.stopped}});
    if (period.p95_seconds > 0)
        text += "\n" + say(input, Word::usage_times,
                           {{"average", say_seconds(input, period.average_seconds)},
                            {"p95", say_seconds(input, period.p95_seconds)}});
    if (period.ratings_up + period.ratings_down > 0)
        text += "\n" + say(input, Word::usage_ratings, {{"up", period.ratings_up}, {"down", period.ratings_down}});
    return text;
}

void add_usage(json::array& content, const HomeInput& input) {
    content.push_back(blocks::divider());
    content.push_back(blocks::section(say(input, Word::usage_title)));
    content.push_back(blocks::section(say_usage(input, Word::usage_today, input.usage->today)));
    content.push_back(blocks::section(say_usage(input, Word::usage_week, input.usage->week)));
    content.push_back(blocks::section(say_usage(input, Word::usage_month, input.usage->month)));
}

}  // namespace home_view_detail

json::object render_home(const HomeInput& input) {
    using namespace home_view_detail;
    json::array content;
    content.push_back(blocks::header(say(input, Word::home_title)));
    if (!input.refusal.empty()) {
        content.push_back(blocks::section(input.refusal));
        json::object refused;
        refused["type"] = "home";
        refused["blocks"] = std::move(content);
        return refused;
    }
    if (!input.notice.empty())
        content.push_back(blocks::section(input.notice));
    add_status(content, input);
    add_examples(content, input);
    content.push_back(blocks::divider());
    add_space(content, input);
    content.push_back(blocks::divider());
    add_recent(content, input);
    if (input.usage)
        add_usage(content, input);
    content.push_back(blocks::divider());
    const std::string bot = input.bot_user.empty() ? std::string("@genie") : "<@" + input.bot_user + ">";
    content.push_back(blocks::section(say(input, Word::help_how, {{"bot", bot}}) + "\n" +
                                      say_who_is_heard(input.language, input.heard, bot)));

    json::object view;
    view["type"] = "home";
    view["private_metadata"] = input.private_metadata;
    view["blocks"] = std::move(content);
    return view;
}

}  // namespace genie_slack::answer
