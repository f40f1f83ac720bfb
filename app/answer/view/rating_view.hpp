// The short form that asks why an answer was not good.
#pragma once

#include "app/words/words.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace genie_slack::answer {

inline constexpr const char* kRatingView = "rating_reason";      // callback_id; private_metadata: the turn's id
inline constexpr const char* kRatingReason = "rating_kind";      // radio buttons
inline constexpr const char* kRatingComment = "rating_comment";  // free text

boost::json::object render_rating_view(words::Language language, const std::string& turn_id);
// What the chosen radio button says; "" for none of them.
std::string rating_reason(words::Language language, const std::string& value);

}  // namespace genie_slack::answer
