// The note to whoever wrote a line that the bot left alone, though it may have been a question.
#pragma once

#include "app/answer/actions.hpp"
#include "app/answer/message/rendered.hpp"
#include "app/words/words.hpp"

namespace genie_slack::answer {

// With a button that has the line answered after all.
Rendered render_left_alone(words::Language language, const LinePress& line);

}  // namespace genie_slack::answer
