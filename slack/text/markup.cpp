#include "slack/text/markup.hpp"

#include "slack/text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace genie_slack::slack {

namespace markup_detail {
namespace {

constexpr std::size_t kLinkBytes = 3'000;

// What is to be done with a character of a URL inside <url|label>.
void append_url_byte(std::string& out, char c) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
        out += "&amp;";
    } else if (byte <= ' ' || byte == 0x7F || c == '<' || c == '>' || c == '|' || c == '"' || c == '`') {
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    } else {
        out += c;
    }
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_scheme(std::string_view url, std::string_view scheme) {
    return url.size() > scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), url.begin(), [](char a, char b) { return a == lower(b); });
}

bool is_linkable(std::string_view url) {
    return url.size() <= kLinkBytes && (starts_with_scheme(url, "http://") || starts_with_scheme(url, "https://") ||
                                        starts_with_scheme(url, "mailto:"));
}

// Decodes the three entities that Slack writes, in one pass: "&amp;lt;" becomes "&lt;", not "<".
void append_decoded(std::string& out, std::string_view text) {
    struct Entity {
        std::string_view name;
        char character;
    };
    static constexpr Entity kEntities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
    for (std::size_t i = 0; i < text.size();) {
        const Entity* found = nullptr;
        if (text[i] == '&')
            for (const Entity& entity : kEntities)
                if (text.substr(i).starts_with(entity.name))
                    found = &entity;
        out += found ? found->character : text[i];
        i += found ? found->name.size() : 1;
    }
}

std::string decoded(std::string_view text) {
    std::string out;
    append_decoded(out, text);
    return out;
}

// A label that only repeats the address: "example.com" of "http://example.com".
bool repeats(std::string_view url, std::string_view label) {
    for (std::string_view scheme : {"https://", "http://", "mailto:"})
        if (url.starts_with(scheme))
            url.remove_prefix(scheme.size());
    while (url.ends_with('/'))
        url.remove_suffix(1);
    while (label.ends_with('/'))
        label.remove_suffix(1);
    return url == label;
}

// "<!...>": here, channel, everyone, subteam^S1|@name, date^seconds^format^link|fallback.
std::string readable_special(std::string_view name, std::string_view label) {
    if (!label.empty())
        return decoded(label);
    if (name.starts_with("subteam^"))
        return "@" + decoded(name.substr(8));
    return "@" + decoded(name.substr(0, name.find('^')));
}

std::string readable_link(std::string_view url, std::string_view label) {
    const std::string address = decoded(url);
    const std::string text = decoded(label);
    if (text.empty() || text == address)
        return address.starts_with("mailto:") ? address.substr(7) : address;
    return repeats(address, text) ? text : text + " (" + address + ")";
}

// A mention of a person ('@') or a channel ('#').
std::string readable_mention(char kind, std::string_view id, std::string_view label, const MentionNames& names) {
    const auto& ask = kind == '@' ? names.user : names.channel;
    const std::optional<std::string> name = ask ? ask(id) : std::nullopt;
    if (name && !name->empty())
        return kind + *name;
    return kind + decoded(label.empty() ? id : label);
}

// The text of an entity's inside, `inner` without the angle brackets.
std::string readable_entity(std::string_view inner, const MentionNames& names) {
    const std::size_t bar = inner.find('|');
    const std::string_view name = inner.substr(0, bar);
    const std::string_view label = bar == std::string_view::npos ? std::string_view() : inner.substr(bar + 1);
    switch (inner[0]) {
        case '@':
        case '#':
            return readable_mention(inner[0], name.substr(1), label, names);
        case '!':
            return readable_special(name.substr(1), label);
        default:
            return readable_link(name, label);
    }
}

// Puts straight quotes for curly ones, and a space for the no-break space that phones put after a mention.
std::string with_plain_characters(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const utf8::Character character = utf8::at(text, i);
        switch (character.code_point) {
            case U'\u201C':
            case U'\u201D':
            case U'\u201E':
            case U'\u201F':
                out += '"';
                break;
            case U'\u2018':
            case U'\u2019':
            case U'\u201A':
            case U'\u201B':
                out += '\'';
                break;
            case U'\u00A0':
                out += ' ';
                break;
            default:
                out.append(text, i, character.length);
        }
        i += character.length;
    }
    return out;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string trimmed(std::string text) {
    const auto solid = [](char c) { return !is_space(c); };
    text.erase(std::find_if(text.rbegin(), text.rend(), solid).base(), text.end());
    text.erase(text.begin(), std::find_if(text.begin(), text.end(), solid));
    return text;
}

}  // namespace
}  // namespace markup_detail

std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string link(std::string_view url, std::string_view label) {
    // A line end inside would end the link.
    std::string text = escape(label);
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    if (!markup_detail::is_linkable(url))
        return text.empty() ? escape(url) : text;
    std::string out = "<";
    for (const char c : url)
        markup_detail::append_url_byte(out, c);
    if (!text.empty() && label != url)
        out += "|" + text;
    return out + ">";
}

std::optional<Mention> mention_at(std::string_view text, std::size_t at) {
    constexpr std::string_view kStart = "<@";
    if (at >= text.size() || !text.substr(at).starts_with(kStart))
        return std::nullopt;
    const std::size_t close = text.find_first_of("<>", at + kStart.size());
    if (close == std::string_view::npos || text[close] == '<')
        return std::nullopt;
    const std::string_view inner = text.substr(at + kStart.size(), close - at - kStart.size());
    const std::string_view user = inner.substr(0, inner.find('|'));
    if (user.empty())
        return std::nullopt;
    return Mention{user, at, close + 1};
}

std::optional<Mention> find_mention(std::string_view text, std::string_view user, std::size_t from) {
    for (std::size_t at = text.find("<@", from); at != std::string_view::npos; at = text.find("<@", at + 1)) {
        const std::optional<Mention> mention = mention_at(text, at);
        if (mention && mention->user == user)
            return mention;
    }
    return std::nullopt;
}

std::string plain_text(std::string_view mrkdwn, std::string_view bot_user, const MentionNames& names) {
    std::string out;
    out.reserve(mrkdwn.size());
    for (std::size_t i = 0; i < mrkdwn.size();) {
        const std::size_t open = std::min(mrkdwn.find('<', i), mrkdwn.size());
        markup_detail::append_decoded(out, mrkdwn.substr(i, open - i));
        if (open == mrkdwn.size())
            break;
        // Slack writes a literal '<' as &lt;, so one that is not closed before the next is just text.
        const std::size_t close = mrkdwn.find_first_of("<>", open + 1);
        if (close == std::string_view::npos || mrkdwn[close] == '<' || close == open + 1) {
            out += '<';
            i = open + 1;
            continue;
        }
        const std::string_view inner = mrkdwn.substr(open + 1, close - open - 1);
        i = close + 1;
        const std::optional<Mention> mention = mention_at(mrkdwn, open);
        if (!mention || mention->user != bot_user) {
            out += markup_detail::readable_entity(inner, names);
            continue;
        }
        // "hello <@BOT> there" leaves one space.
        if (out.empty() || markup_detail::is_space(out.back()))
            while (i < mrkdwn.size() && mrkdwn[i] == ' ')
                ++i;
    }
    out = markup_detail::trimmed(markup_detail::with_plain_characters(out));
    return is_blank(out) ? std::string() : out;
}

bool is_blank(std::string_view text) {
    static constexpr char32_t kUnseen[] = {' ', 0x00A0, 0x00AD, 0x2028, 0x2029, 0x2800, 0x3000, 0x3164, 0xFEFF};
    for (std::size_t i = 0; i < text.size();) {
        const utf8::Character character = utf8::at(text, i);
        const bool is_space = character.code_point >= 0x2000 && character.code_point <= 0x200A;
        const bool is_unseen =
            is_space || utf8::columns(character.code_point) == 0 ||
            std::find(std::begin(kUnseen), std::end(kUnseen), character.code_point) != std::end(kUnseen);
        if (!is_unseen)
            return false;
        i += character.length;
    }
    return true;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count)
        i += utf8::at(text, i).length;
    return count;
}

std::string truncate(std::string_view text, std::size_t max_characters) {
    std::size_t end = 0;  // of the first max_characters - 1 characters
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (count + 1 == max_characters)
            end = i;
        if (count == max_characters)
            return max_characters == 0 ? std::string() : std::string(text.substr(0, end)) + "…";
        i += utf8::at(text, i).length;
        ++count;
    }
    return std::string(text);
}

}  // namespace genie_slack::slack
