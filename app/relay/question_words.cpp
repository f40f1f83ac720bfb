#include "app/relay/question_words.hpp"

#include "slack/text/markup.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::relay {

namespace question_words_detail {

constexpr std::size_t kShortestId = 6;
constexpr std::size_t kLongestId = 20;
constexpr std::size_t kMostIds = 20;
constexpr std::size_t kMostWords = 4;  // of small talk

bool is_id_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The id that stands at `at` behind "@" or "#"; "" when none does.
std::string_view id_at(std::string_view text, std::size_t at) {
    const bool names_person = text[at] == '@';
    if ((!names_person && text[at] != '#') || at + 1 >= text.size())
        return {};
    const char kind = text[at + 1];
    if (names_person ? kind != 'U' && kind != 'W' : kind != 'C' && kind != 'G')
        return {};
    std::size_t end = at + 1;
    while (end < text.size() && is_id_character(text[end]))
        ++end;
    const std::string_view id = text.substr(at + 1, end - at - 1);
    const bool has_digit = std::any_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    return id.size() < kShortestId || id.size() > kLongestId || !has_digit ? std::string_view() : id;
}

// The words of a text in lower case, without punctuation, ":emoji:" and everything that is no letter of ASCII.
std::vector<std::string> words_of(std::string_view text, bool& has_other_letters) {
    std::vector<std::string> words(1);
    has_other_letters = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == ':') {
            const std::size_t end = text.find(':', i + 1);
            const std::string_view name = end == std::string_view::npos ? "" : text.substr(i + 1, end - i - 1);
            const bool is_emoji = !name.empty() && name.find_first_of(" \n\t?") == std::string_view::npos;
            if (is_emoji)
                i = end;
            words.emplace_back();
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            words.back() += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        } else if (c < 0x80) {
            if (!words.back().empty())
                words.emplace_back();
        } else if (c == 0xC3 && i + 1 < text.size()) {
            // A letter with an accent; the words below are written with its two bytes.
            words.back() += text.substr(i, 2);
            ++i;
        } else if (c >= 0xC4 && c != 0xE2 && c < 0xEF) {
            // Lead bytes of other scripts; punctuation, symbols and emoji begin with E2, EF and F0.
            has_other_letters = true;
        }
    }
    std::erase(words, "");
    return words;
}

constexpr std::array kSmallTalk = {
    "thanks", "thank",  "you",  "thx",          "ty",    "cheers", "great", "nice",  "perfect", "awesome",
    "cool",   "ok",     "okay", "got",          "it",    "so",     "much",  "very",  "good",    "job",
    "bot",    "lol",    "haha", "wow",          "super", "yay",    "danke", "dank",  "vielen",  "prima",
    "toll",   "klasse", "dir",  "alles",        "klar",  "passt",  "gut",   "genau", "agreed",  "done",
    "noted",  "a",      "lot",  "sch\xC3\xB6n", "merci", "top",    "jo",    "yep",   "right",   "exactly"};

}  // namespace question_words_detail

std::string question_of(const slack::MessageEvent& message, const Self& self) {
    std::string question = slack::plain_text(message.text, self.user_id);
    for (const slack::Clip& clip : message.clips)
        if (question.empty() && !clip.text.empty())
            question = clip.text;
    for (const slack::Forwarded& forwarded : message.forwarded) {
        const std::string words = slack::plain_text(forwarded.text, self.user_id);
        if (words.empty())
            continue;
        if (!question.empty())
            question += "\n\n";
        question += forwarded.author.empty() ? words : forwarded.author + ": " + words;
    }
    return question;
}

bool is_small_talk(std::string_view question) {
    using namespace question_words_detail;
    if (question.find('?') != std::string_view::npos)
        return false;
    bool has_other_letters = false;
    const auto words = words_of(question, has_other_letters);
    if (has_other_letters || words.size() > kMostWords)
        return false;
    return std::all_of(words.begin(), words.end(), [](const std::string& word) {
        return std::find(kSmallTalk.begin(), kSmallTalk.end(), word) != kSmallTalk.end();
    });
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

}  // namespace genie_slack::relay
