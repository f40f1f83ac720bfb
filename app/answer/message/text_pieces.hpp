// What answers and failures are put together from.
#pragma once

#include "app/words/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

inline constexpr std::size_t kFollowUps = 5;

// Characters of all texts below `value`; what counts toward the limit over all blocks of a message.
std::size_t count_text(const boost::json::value& value);

// Puts `more` below `text`, with an empty line between them.
void append_paragraph(std::string& text, std::string_view more);

// Untrusted text on one line, escaped, with at most `characters` after escaping.
std::string escape_within(std::string_view text, std::size_t characters);

struct Mrkdwn {
    std::string text;
    bool leaves_out = false;  // rows, columns or ends of values of a table, or what was beyond the bytes
};
// Markdown of others as mrkdwn, without blanks around it; what is left out is said in the reader's language.
Mrkdwn to_mrkdwn(words::Language language, std::string_view markdown, std::size_t max_bytes);

struct Cut {
    std::string text;
    bool was_cut = false;
    std::string rest;  // what follows
};
// The beginning of escaped mrkdwn, cut between paragraphs, lines, sentences or words.
Cut cut_mrkdwn(std::string_view mrkdwn, std::size_t characters);

struct Preformatted {
    boost::json::object block;
    std::size_t shown = 0;  // characters of the text
    bool was_cut = false;
};
// Nothing when there is no room for a readable part.
std::optional<Preformatted> fit_preformatted(std::string_view text, std::size_t characters);

// Appends sections that hold `mrkdwn` whole.
void append_sections(boost::json::array& blocks, std::string_view mrkdwn);

// At most kFollowUps, without blanks and repetitions, and short enough to be a button's value.
std::vector<std::string> usable_questions(const std::vector<std::string>& suggested);
// Buttons that ask `questions` in the thread; appends nothing for none.
void append_follow_ups(boost::json::array& blocks, const std::vector<std::string>& questions);

}  // namespace genie_slack::answer
