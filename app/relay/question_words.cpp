#include "app/relay/question_words.hpp"

#include "slack/text/markup.hpp"

#include <algorithm>
#include <cctype>

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

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr std::string_view kName = "genie";
constexpr std::string_view kGreetings =
    "|hi|hey|hello|hallo|ok|okay|yo|moin|servus|dear|liebe|lieber|hola|oye|bonjour|salut|coucou|dis|please|bitte|";

// The word at `at` in lower case, which moves behind it and what sets it apart.
std::string word_at(const std::string& text, std::size_t& at) {
    std::size_t end = text.find_first_not_of(" \t\n", at);
    std::string word;
    for (; end != std::string::npos && end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])); ++end)
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[end])));
    if (word.empty() || (end < text.size() && is_word_character(text[end])))
        return "";
    const std::size_t next = text.find_first_not_of(" \t\n,:;!-", end);
    at = next == std::string::npos ? text.size() : next;
    return word;
}

// Whom the text is addressed to at `at`: "<@U1>", "<@U1|ana>", "<!subteam^S1>", "<!here>"; "" when it is to nobody
// there.
std::string_view address_at(std::string_view text, std::size_t at) {
    if (const std::optional<slack::Mention> mention = slack::mention_at(text, at))
        return text.substr(at, mention->end - at);
    const std::string_view rest = text.substr(at);
    const std::size_t end = rest.find('>');
    const bool is_one = rest.starts_with("<!subteam") || rest.starts_with("<!here>") ||
                        rest.starts_with("<!channel>") || rest.starts_with("<!everyone>");
    return is_one && end != std::string_view::npos ? rest.substr(0, end + 1) : std::string_view();
}

bool is_mention_of(std::string_view address, std::string_view user) {
    const std::optional<slack::Mention> mention = slack::mention_at(address, 0);
    return mention && mention->user == user;
}

// "@ben and @ana: who sold more?", "@ben sold how much?": there the name is what is asked about.
bool goes_on_with_name(std::string_view rest) {
    constexpr std::string_view kVerbs = "|and|or|vs|vs.|is|has|had|was|did|does|sold|und|oder|ist|hat|hatte|war|&amp;|";
    if (rest.starts_with("'") || rest.starts_with("\xE2\x80\x99"))
        return true;
    const std::size_t from = rest.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return false;
    const std::string_view word = rest.substr(from, rest.find_first_of(" \t\n,:?!", from) - from);
    return kVerbs.find("|" + std::string(word) + "|") != std::string_view::npos;
}

// Where what is asked begins: behind the mentions that begin a text which names the bot among them.
std::size_t end_of_addresses(std::string_view text, std::string_view bot) {
    bool names_bot = false;
    std::size_t at = 0;
    std::size_t end = 0;
    while (at < text.size()) {
        const std::string_view address = address_at(text, at);
        // A colon may begin an emoji.
        const bool is_between = is_space(text[at]) || text[at] == ',' || text.substr(at).starts_with(": ");
        if (address.empty() && !is_between)
            break;
        if (!address.empty() && !is_mention_of(address, bot) && goes_on_with_name(text.substr(at + address.size())))
            break;
        names_bot = names_bot || is_mention_of(address, bot);
        at += address.empty() ? 1 : address.size();
        end = at;
    }
    return names_bot ? end : 0;
}

// Where the address that ends before `end` begins; `end` when none does.
std::size_t start_of_address(std::string_view text, std::size_t end) {
    if (end == 0 || text[end - 1] != '>')
        return end;
    const std::size_t start = text.rfind('<', end);
    return start != std::string_view::npos && address_at(text, start).size() == end - start ? start : end;
}

std::size_t without_spaces(std::string_view text, std::size_t end, std::string_view also = "") {
    while (end > 0 && (is_space(text[end - 1]) || also.find(text[end - 1]) != std::string_view::npos))
        --end;
    return end;
}

// Where what is asked ends: before "cc @ben", "(fyi @ben, @ana)", and before mentions behind the end of a sentence.
std::size_t start_of_copies(std::string_view text) {
    constexpr std::string_view kCopies = "|cc|fyi|attn|fao|cf|zk|zki|info|copy|";
    std::size_t at = without_spaces(text, text.size(), ").,;");
    bool has_mention = false;
    for (std::size_t start = start_of_address(text, at); start != at; start = start_of_address(text, at)) {
        has_mention = true;
        at = without_spaces(text, start, ",;&+");
    }
    if (!has_mention)
        return text.size();
    const std::size_t mentions = at;
    at = without_spaces(text, at, ":/");
    std::size_t word = at;
    while (word > 0 && is_word_character(text[word - 1]))
        --word;
    std::string copy(text.substr(word, at - word));
    std::transform(copy.begin(), copy.end(), copy.begin(), [](unsigned char c) { return std::tolower(c); });
    if (!copy.empty() && kCopies.find("|" + copy + "|") != std::string_view::npos)
        return without_spaces(text, word, "(/,;-");
    const bool follows_sentence = mentions > 0 && (text[mentions - 1] == '?' || text[mentions - 1] == '!');
    return follows_sentence ? mentions : text.size();
}

// A message without those whom it is also addressed to.
std::string_view words_asked(std::string_view text, std::string_view bot) {
    text.remove_suffix(text.size() - start_of_copies(text));
    const std::size_t begin = end_of_addresses(text, bot);
    text.remove_prefix(begin);
    return text;
}

}  // namespace question_words_detail

std::string question_of(const slack::MessageEvent& message, const Self& self) {
    std::string question =
        slack::plain_text(question_words_detail::words_asked(message.text, self.user_id), self.user_id);
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

std::string without_name(const std::string& question) {
    using namespace question_words_detail;
    std::size_t begin = 0;
    std::string word = word_at(question, begin);
    if (!word.empty() && kGreetings.find("|" + word + "|") != std::string_view::npos)
        word = word_at(question, begin);
    if (word == kName) {
        const std::string rest = question.substr(begin);
        return slack::is_blank(rest) ? question : rest;
    }
    // "…, genie?"
    const std::size_t end = question.find_last_not_of(" \t\n?!.");
    if (end == std::string::npos || end + 1 < kName.size())
        return question;
    std::size_t at = end + 1 - kName.size();
    std::size_t name_at = at;
    if (word_at(question, name_at) != kName)
        return question;
    const std::string closing = question.substr(end + 1);
    at = question.find_last_not_of(" \t\n", at == 0 ? 0 : at - 1);
    if (at == std::string::npos || at == 0 || question[at] != ',')
        return question;
    return question.substr(0, at) + closing;
}

}  // namespace genie_slack::relay
