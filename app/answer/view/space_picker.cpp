#include "app/answer/view/space_picker.hpp"

#include "app/answer/message/failure.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
namespace json = boost::json;
using words::Word;

namespace space_picker_detail {

// An ack must stay below 20,480 bytes with its envelope (slack.md 1.5).
constexpr std::size_t kAckBytes = 18'000;
constexpr std::size_t kNamedSpaces = 30;
constexpr std::size_t kTextCharacters = limits::kTextCharacters - 200;

std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!is_space)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}

blocks::Option option_of(const genie::Space& space) {
    blocks::Option option;
    option.value = space.id;
    option.text = slack::truncate(on_one_line(space.title), limits::kOptionCharacters);
    if (option.text.empty())
        option.text = slack::truncate(space.id, limits::kOptionCharacters);
    option.description = slack::truncate(on_one_line(space.description), limits::kOptionCharacters);
    return option;
}

json::object remember_boxes(const PickerInput& input) {
    json::object option;
    option["value"] = input.remember == Remember::channel ? "channel" : "person";
    option["text"] = blocks::plain_text(words::say(
        input.language, input.remember == Remember::channel ? Word::remember_for_channel : Word::remember_for_person));
    json::array options;
    options.push_back(std::move(option));
    json::object boxes;
    boxes["type"] = "checkboxes";
    boxes["action_id"] = kRememberAction;
    boxes["options"] = std::move(options);
    return boxes;
}

std::string question_of(const PickerInput& input) {
    std::string text;
    if (!input.gone.empty())
        text = words::say(input.language, Word::space_gone, {{"title", escape_within(input.gone, 150)}}) + " ";
    return text + words::say(input.language, input.is_change ? Word::which_space_next : Word::which_space);
}

Rendered with_select(const PickerInput& input, json::object select, const std::string& note) {
    Rendered rendered;
    rendered.text = question_of(input);
    rendered.blocks.push_back(blocks::section(rendered.text));
    json::array elements;
    elements.push_back(std::move(select));
    if (!input.is_change)
        elements.push_back(remember_boxes(input));
    else
        elements.push_back(
            blocks::button(kKeepSpaceAction, words::say(input.language, Word::keep_space), input.turn_id));
    rendered.blocks.push_back(blocks::actions(picker_block({input.is_change, input.turn_id}), std::move(elements)));
    if (!note.empty())
        rendered.blocks.push_back(blocks::context(note));
    return rendered;
}

// All texts of a message count together: with many spaces there is no room for descriptions.
Rendered with_list(const PickerInput& input, std::vector<blocks::Option> options) {
    const std::size_t all = options.size();
    options.resize(std::min(all, limits::kSelectOptions));
    for (;;) {
        std::string note;
        if (options.size() < all)
            note = words::say(input.language, Word::first_spaces, {{"shown", options.size()}, {"all", all}});
        const std::string placeholder = words::say(input.language, Word::choose_space);
        Rendered rendered = with_select(input, blocks::static_select(kSpaceAction, placeholder, options), note);
        if (options.size() == 1 || limits::check_message(rendered.text, rendered.blocks).empty())
            return rendered;
        const bool described = std::any_of(options.begin(), options.end(),
                                           [](const blocks::Option& option) { return !option.description.empty(); });
        if (!described)
            options.resize(options.size() / 2);
        for (blocks::Option& option : options)
            option.description.clear();
    }
}

Rendered as_text(const PickerInput& input, const std::vector<blocks::Option>& options) {
    Rendered rendered;
    rendered.text = question_of(input) + "\n" + words::say(input.language, Word::choose_by_command) + "\n";
    std::size_t named = 0;
    for (; named < std::min(options.size(), kNamedSpaces); ++named) {
        const std::string line = "• " + slack::escape(options[named].text) + "\n";
        if (slack::count_characters(rendered.text + line) > kTextCharacters)
            break;
        rendered.text += line;
    }
    if (named < options.size())
        rendered.text += words::say(input.language, Word::more_spaces, {{"n", options.size() - named}});
    return rendered;
}

}  // namespace space_picker_detail

std::vector<blocks::Option> space_options(const std::vector<genie::Space>& spaces) {
    std::vector<blocks::Option> options;
    std::set<std::string> seen;
    for (const genie::Space& space : spaces) {
        const std::size_t length = slack::count_characters(space.id);
        if (length > 0 && length <= limits::kOptionValueCharacters && seen.insert(space.id).second)
            options.push_back(space_picker_detail::option_of(space));
    }
    return options;
}

std::vector<Rendered> render_space_picker(const PickerInput& input) {
    using namespace space_picker_detail;
    const std::vector<blocks::Option> options = space_options(input.spaces);
    std::vector<Rendered> ladder;
    if (options.empty()) {
        FailureInput none;
        none.language = input.language;
        none.failure = Failure::no_spaces;
        none.turn_id = input.turn_id;
        ladder.push_back(render_failure(none));
        return ladder;
    }
    const std::string placeholder = words::say(input.language, Word::choose_space);
    ladder.push_back(with_select(input, blocks::external_select(kSpaceAction, placeholder), ""));
    ladder.push_back(with_list(input, options));
    ladder.push_back(as_text(input, options));
    return ladder;
}

json::object options_ack(const std::vector<genie::Space>& spaces) {
    std::vector<blocks::Option> options = space_options(spaces);
    options.resize(std::min(options.size(), limits::kSelectOptions));
    // More spaces are worth more than long descriptions.
    for (const std::size_t description : {limits::kOptionCharacters, std::size_t{30}, std::size_t{0}}) {
        json::object ack;
        json::array list;
        std::size_t bytes = 0;
        for (const blocks::Option& option : options) {
            json::object entry;
            entry["text"] = blocks::plain_text(option.text);
            entry["value"] = option.value;
            if (description > 0 && !option.description.empty())
                entry["description"] = blocks::plain_text(slack::truncate(option.description, description));
            const std::size_t added = json::serialize(entry).size() + 1;
            if (bytes + added > space_picker_detail::kAckBytes)
                break;
            bytes += added;
            list.push_back(std::move(entry));
        }
        if (list.size() < options.size() && description > 0)
            continue;
        ack["options"] = std::move(list);
        return ack;
    }
    return {};
}

}  // namespace genie_slack::answer
