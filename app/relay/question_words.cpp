#include "app/relay/question_words.hpp"

#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace question_words_detail {

constexpr std::size_t kShortestId = 2;
constexpr std::size_t kShortestOfLetters = 4;  // "@US" and "@UAE" are countries
constexpr std::size_t kLongestId = 20;
constexpr std::size_t kMostIds = 20;

bool is_id_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_word_character(char c) {
    return is_id_character(c) || (c >= 'a' && c <= 'z') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// The id that stands at `at` behind "@" or "#"; "" when none does. Older ids have no digit, so that a word in capitals
// may look like one: Slack knows no name for it, and it stays.
std::string_view id_at(std::string_view text, std::size_t at) {
    const bool names_person = text[at] == '@';
    if ((!names_person && text[at] != '#') || at + 1 >= text.size() || (at > 0 && is_word_character(text[at - 1])))
        return {};
    const char kind = text[at + 1];
    if (names_person ? kind != 'U' && kind != 'W' : kind != 'C' && kind != 'G')
        return {};
    std::size_t end = at + 1;
    while (end < text.size() && is_id_character(text[end]))
        ++end;
    const std::string_view id = text.substr(at + 1, end - at - 1);
    const bool goes_on = end < text.size() && is_word_character(text[end]);
    const bool has_digit = std::any_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t shortest = has_digit ? kShortestId : kShortestOfLetters;
    return id.size() < shortest || id.size() > kLongestId || goes_on ? std::string_view() : id;
}

}  // namespace question_words_detail

std::string question_of(const slack::MessageEvent& message, const Self& self) {
    std::string question = slack::plain_text(message.text, self.user_id);
    for (const slack::Clip& clip : message.clips)
        if (question.empty() && !clip.text.empty())
            question = clip.text;
    // Who wrote it adds nothing to a question that is all there is.
    const bool is_alone = question.empty() && message.forwarded.size() == 1;
    for (const slack::Forwarded& forwarded : message.forwarded) {
        const std::string words = slack::plain_text(forwarded.text, self.user_id);
        if (words.empty())
            continue;
        if (!question.empty())
            question += "\n\n";
        question += forwarded.author.empty() || is_alone ? words : forwarded.author + ": " + words;
    }
    return question;
}

bool has_unread_forward(const slack::MessageEvent& message) {
    return std::any_of(message.forwarded.begin(), message.forwarded.end(),
                       [](const slack::Forwarded& forwarded) { return forwarded.text.empty(); });
}

bool asks_cut_clip(const slack::MessageEvent& message, const Self& self) {
    const auto spoken = std::find_if(message.clips.begin(), message.clips.end(),
                                     [](const slack::Clip& clip) { return !clip.text.empty(); });
    return spoken != message.clips.end() && spoken->has_more && slack::plain_text(message.text, self.user_id).empty();
}

std::vector<std::string> ids_in(std::string_view question) {
    using namespace question_words_detail;
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < question.size() && ids.size() < kMostIds; ++at) {
        const std::string_view id = id_at(question, at);
        if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.emplace_back(id);
    }
    return ids;
}

std::string with_names(std::string_view question,
                       const std::function<std::optional<std::string>(std::string_view id)>& name_of) {
    std::string named;
    for (std::size_t at = 0; at < question.size(); ++at) {
        const std::string_view id = question_words_detail::id_at(question, at);
        named += question[at];
        const auto name = id.empty() ? std::nullopt : name_of(id);
        if (!name || name->empty())
            continue;
        named += *name;
        at += id.size();
    }
    return named;
}

bool may_be_named_as(std::string_view question, std::string_view named) {
    bool begins = true;  // no id so far: the texts begin alike
    std::size_t start = 0;
    for (std::size_t at = 0; at <= question.size(); ++at) {
        const bool ends = at == question.size();
        const std::string_view id = ends ? std::string_view() : question_words_detail::id_at(question, at);
        if (!ends && id.empty())
            continue;
        const std::string_view piece = question.substr(start, at - start);
        if (ends && !begins)
            return named.ends_with(piece);
        const std::size_t found = named.find(piece);
        if (found == std::string_view::npos || (begins && found != 0))
            return false;
        if (ends)
            return named == piece;
        named.remove_prefix(found + piece.size());
        begins = false;
        at += id.size();
        start = at + 1;
    }
    return false;
}

}  // namespace genie_slack::relay
