// What somebody wrote into a thread, in sentences and words: what a reader of lines (line_kind.hpp) looks at.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

struct LineWord {
    std::string lower;           // letters and digits, with apostrophes inside; lower case of Latin letters
    bool is_name_like = false;   // "Anna": a capital, then lower case
    bool is_capitals = false;    // "US": nothing but capitals
    bool comma_follows = false;  // also a colon or a dash
};

struct Sentence {
    std::vector<LineWord> words;  // never empty
    bool has_question_mark = false;
};

struct Line {
    std::vector<Sentence> sentences;
    bool mentions_bot = false;
    bool mentions_others = false;  // a person, a group, everybody here; also "@anna" as plain text
    bool has_emoji = false;
    bool has_laughter = false;  // of the emoji, one laughs
    bool has_link = false;
    bool has_other_script = false;  // letters of which nothing is known here
};

// `text` is mrkdwn as Slack escaped it. What is quoted, and code, is no part of the line.
Line read_line(std::string_view text, std::string_view bot_user);

}  // namespace genie_slack::relay
