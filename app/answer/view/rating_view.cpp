#include "app/answer/view/rating_view.hpp"

#include "slack/blocks/blocks.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace json = boost::json;
using words::Word;

namespace rating_view_detail {

constexpr int kCommentCharacters = 1'000;

constexpr std::pair<const char*, Word> kReasons[] = {{"numbers", Word::rating_numbers},
                                                     {"question", Word::rating_question},
                                                     {"missing", Word::rating_missing},
                                                     {"other", Word::rating_other}};

json::object optional_input(const char* block_id, const std::string& label, json::object element) {
    json::object input;
    input["type"] = "input";
    input["block_id"] = block_id;
    input["optional"] = true;
    input["label"] = blocks::plain_text(label);
    input["element"] = std::move(element);
    return input;
}

}  // namespace rating_view_detail

std::string rating_reason(words::Language language, const std::string& value) {
    for (const auto& [name, word] : rating_view_detail::kReasons)
        if (value == name)
            return words::say(language, word);
    return "";
}

Rendered render_rating_offer(words::Language language, const std::string& turn_id) {
    Rendered rendered;
    rendered.text = words::say(language, Word::rating_title);
    json::array buttons;
    buttons.push_back(
        blocks::button(kRateDownAction, words::say(language, Word::rating_tell), rating_value({false, turn_id})));
    rendered.blocks.push_back(blocks::section(rendered.text));
    rendered.blocks.push_back(blocks::actions("", std::move(buttons)));
    return rendered;
}

json::object render_rating_view(words::Language language, const std::string& turn_id) {
    using namespace rating_view_detail;
    json::array options;
    for (const auto& [name, word] : kReasons) {
        json::object option;
        option["value"] = name;
        option["text"] = blocks::plain_text(words::say(language, word));
        options.push_back(std::move(option));
    }
    json::object reasons;
    reasons["type"] = "radio_buttons";
    reasons["action_id"] = kRatingReason;
    reasons["options"] = std::move(options);
    json::object comment;
    comment["type"] = "plain_text_input";
    comment["action_id"] = kRatingComment;
    comment["multiline"] = true;
    comment["max_length"] = kCommentCharacters;
    json::array content;
    content.push_back(optional_input("reason", words::say(language, Word::rating_why), std::move(reasons)));
    content.push_back(
        optional_input(kRatingCommentBlock, words::say(language, Word::rating_expected), std::move(comment)));

    json::object view;
    view["type"] = "modal";
    view["callback_id"] = kRatingView;
    view["private_metadata"] = turn_id;
    view["title"] = blocks::plain_text(words::say(language, Word::rating_title));
    view["submit"] = blocks::plain_text(words::say(language, Word::rating_send));
    view["close"] = blocks::plain_text(words::say(language, Word::rating_skip));
    view["blocks"] = std::move(content);
    return view;
}

}  // namespace genie_slack::answer
