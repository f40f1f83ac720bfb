// What somebody wrote, as the question that Genie is asked: with what was forwarded, or said in a clip.
#pragma once

#include "app/relay/self.hpp"
#include "slack/events/events.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

// Plain text; "" when there are no words for us. What was forwarded with the message stands below its own words; what
// was said in a clip counts when nothing was written. Who else is spoken to at its edge ("@genie @ben …", "… cc @ben")
// is no part of it.
std::string question_of(const slack::MessageEvent& message, const Self& self);

// Whether Slack gives no words of something that was forwarded: a file, or what it does not show.
bool has_unread_forward(const slack::MessageEvent& message);
// Whether the question is only the beginning of what was said in a clip. Slack tells no more of it than that.
bool asks_cut_clip(const slack::MessageEvent& message, const Self& self);

// Without the bot's name at its edge: "what was Q4?" of "hey genie, what was Q4?". As it is where nothing else is left.
std::string without_name(const std::string& question);

// Ids of people and channels that stand in a question in place of their names: "@U05ANA", "#C07SALES"; each once.
std::vector<std::string> ids_in(std::string_view question);
// The same question with the names that `name_of` gives; what it does not know stays.
std::string with_names(std::string_view question,
                       const std::function<std::optional<std::string>(std::string_view id)>& name_of);

// Whether `named` can be `question` with names in the places of its ids.
bool may_be_named_as(std::string_view question, std::string_view named);

}  // namespace genie_slack::relay
