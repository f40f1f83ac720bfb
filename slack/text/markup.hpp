// Text in Slack's mrkdwn, both directions (slack.md 4).
#pragma once

#include "slack/text/text_table.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

// Untrusted text made safe inside mrkdwn: & < > escaped, nothing else.
std::string escape(std::string_view text);

// "<url|label>" with the label escaped and '|', '>' in the URL encoded; only http, https and mailto become links.
std::string link(std::string_view url, std::string_view label);

// A person's mention as it stands in a text: "<@U1>" or "<@U1|ana>" (slack.md 4).
struct Mention {
    std::string_view user;  // the id, part of that text
    std::size_t begin = 0;  // of '<'
    std::size_t end = 0;    // behind '>'
};
// The mention that begins at `at`; nothing when none does, or when it is not closed before the next '<'.
std::optional<Mention> mention_at(std::string_view text, std::size_t at);
// The first mention of `user` that begins at `from` or behind it.
std::optional<Mention> find_mention(std::string_view text, std::string_view user, std::size_t from = 0);

// What people and channels are called. A function that is not set, or gives nullopt, leaves what the text says: the
// label of the mention, else its id.
struct MentionNames {
    std::function<std::optional<std::string>(std::string_view id)> user;
    std::function<std::optional<std::string>(std::string_view id)> channel;
};

// What a person wrote, as plain text for Genie: entities decoded, links and mentions readable ("@Ana Muster", "#sales";
// "@U05ANA" without a name), curly quotes made straight, the mention of `bot_user` removed wherever it stands, white
// space trimmed.
std::string plain_text(std::string_view mrkdwn, std::string_view bot_user, const MentionNames& names = {});

// What markdown_to_mrkdwn() says itself, for readers of other languages than English.
struct MarkdownNotes {
    std::string cut = "The text is too long and was cut here.";
    TableNote table;
};

// Standard Markdown (Genie's answers) as mrkdwn: bold, italic, strike, code, links, headings as bold, lists with
// bullets, tables as preformatted text, images as links. Parsed with md4c; raw HTML comes out as text. Output is
// bounded by `max_bytes`; when it is cut, the cut is said at the end.
std::string markdown_to_mrkdwn(std::string_view markdown, std::size_t max_bytes = 200'000,
                               const MarkdownNotes& notes = {});

// Splits at the ends of paragraphs, else of lines, else of sentences, else at spaces, never inside a UTF-8 sequence or
// an entity; code fences are closed and opened again in the next part. Each part has at most `max_characters` (code
// points).
std::vector<std::string> split_text(std::string_view text, std::size_t max_characters);
// The first part and all that follows it.
struct TextCut {
    std::string head;
    std::string rest;
};
TextCut cut_text(std::string_view text, std::size_t max_characters);

// Whether nobody sees anything of it: white space, and characters without width.
bool is_blank(std::string_view text);
// Code points of valid UTF-8; an invalid byte counts as one.
std::size_t count_characters(std::string_view text);
// The first `max_characters` of `text`, with "…" as the last one when something was cut.
std::string truncate(std::string_view text, std::size_t max_characters);

}  // namespace genie_slack::slack
