// The short form that asks why an answer was not good.
#pragma once

#include "app/answer/actions.hpp"
#include "app/answer/message/answer.hpp"
#include "app/words/words.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace genie_slack::answer {

boost::json::object render_rating_view(words::Language language, const std::string& turn_id);
// The button that opens it, for a rating that was no press.
Rendered render_rating_offer(words::Language language, const std::string& turn_id);
// What the chosen radio button says; "" for none of them.
std::string rating_reason(words::Language language, const std::string& value);

}  // namespace genie_slack::answer
