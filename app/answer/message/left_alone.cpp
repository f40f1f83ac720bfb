#include "app/answer/message/left_alone.hpp"

#include "slack/blocks/blocks.hpp"

namespace genie_slack::answer {

namespace blocks = slack::blocks;

Rendered render_left_alone(words::Language language, const LinePress& line) {
    Rendered note;
    note.text = words::say(language, words::Word::mention_me);
    note.blocks.push_back(blocks::section(note.text));
    boost::json::array buttons;
    buttons.push_back(
        blocks::button(kAnswerLineAction, words::say(language, words::Word::answer_this_button), line_value(line)));
    note.blocks.push_back(blocks::actions("", std::move(buttons)));
    return note;
}

}  // namespace genie_slack::answer
