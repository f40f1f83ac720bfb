#include "slack/text/mrkdwn_markdown.hpp"

#include "slack/text/html_entity.hpp"

#include <cctype>

namespace genie_slack::slack {

namespace mrkdwn_markdown_detail {

constexpr std::string_view kFence = "```";
constexpr std::string_view kBullet = "\xE2\x80\xA2 ";
constexpr std::size_t kLongestEntity = 5;  // "&amp;"

bool is_letter_or_digit(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

// Whether `text` begins with what Markdown takes for an entity.
bool begins_entity(std::string_view text) {
    constexpr std::size_t kLongestName = 33;
    const std::size_t end = text.substr(0, kLongestName).find_first_of("; ");
    return text.starts_with('&') && end != text.npos && end > 1 && text[end] == ';';
}

// Whether "<" before `next` could begin a tag or a comment.
bool begins_tag(char next) {
    return std::isalpha(static_cast<unsigned char>(next)) != 0 || next == '/' || next == '!' || next == '?';
}

std::string decoded(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const std::size_t end = text.front() == '&' ? text.substr(0, kLongestEntity).find(';') : text.npos;
        const std::size_t size = end == text.npos ? 1 : end + 1;
        plain += size == 1 ? std::string(text.substr(0, 1)) : html_entity(text.substr(0, size));
        text.remove_prefix(size);
    }
    return plain;
}

// One line of mrkdwn.
class Line {
 public:
    explicit Line(std::string_view text) : text_(text) {}

    std::string convert() {
        if (text_.starts_with(kBullet)) {
            out_ = "- ";
            at_ = kBullet.size();
        } else if (text_.starts_with('#') || text_.starts_with("&gt;")) {
            out_ = "\\";  // neither a heading nor a quote
        }
        while (at_ < text_.size())
            step();
        return std::move(out_);
    }

 private:
    char at(std::size_t position) const { return position < text_.size() ? text_[position] : ' '; }
    char before() const { return at_ == 0 ? ' ' : text_[at_ - 1]; }

    void step() {
        switch (text_[at_]) {
            case '`':
                return code();
            case '<':
                return reference();
            case '&':
                return entity();
            case '*':
                return style("**", bold_, "\\*");
            case '~':
                return style("~~", strike_, "~");
            case '[':
            case '\\':
                out_ += '\\';
                break;
            default:
                break;
        }
        out_ += text_[at_++];
    }

    void code() {
        const std::size_t ticks = text_.substr(at_).starts_with(kFence) ? kFence.size() : 1;
        const std::size_t end = text_.find(text_.substr(at_, ticks), at_ + ticks);
        const std::size_t next = end == text_.npos ? at_ + ticks : end + ticks;
        out_ += decoded(text_.substr(at_, next - at_));
        at_ = next;
    }

    void entity() {
        const std::size_t end = text_.substr(at_, kLongestEntity).find(';');
        const std::size_t size = end == text_.npos ? 1 : end + 1;
        const std::string plain = decoded(text_.substr(at_, size));
        at_ += size;
        if (plain == "<" && begins_tag(at(at_)))
            out_ += '\\';
        out_ += plain;
    }

    // "<url|label>", "<@U1>", "<#C1|name>", "<!here>", "<!date^1700000000^{date}|fallback>".
    void reference() {
        const std::size_t end = text_.find('>', at_);
        if (end == text_.npos) {
            out_ += text_[at_++];
            return;
        }
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        const std::size_t bar = inside.find('|');
        const std::string label = bar == inside.npos ? "" : decoded(inside.substr(bar + 1));
        const std::string target = decoded(inside.substr(0, bar));
        const char kind = target.empty() ? ' ' : target.front();
        if (kind == '@' || kind == '#') {
            out_ += kind + escape_markdown(label.empty() ? target.substr(1) : label);
        } else if (kind == '!') {
            out_ += label.empty() ? "@" + target.substr(1) : escape_markdown(label);
        } else {
            link(target, label);
        }
    }

    void link(const std::string& url, const std::string& label) {
        std::string safe;
        for (const char c : url)
            safe += c == '(' ? "%28" : c == ')' ? "%29" : c == ' ' ? "%20" : std::string(1, c);
        out_ += label.empty() ? "<" + safe + ">" : "[" + escape_markdown(label) + "](" + safe + ")";
    }

    bool is_closed_later() const {
        for (std::size_t end = at_ + 2; end < text_.size(); ++end)
            if (text_[end] == text_[at_])
                return text_[end - 1] != ' ' && !is_letter_or_digit(at(end + 1));
        return false;
    }

    // A mark opens before a word and closes behind one; `otherwise` where it is only a character.
    void style(std::string_view mark, bool& is_open, std::string_view otherwise) {
        const bool closes = is_open && before() != ' ' && !is_letter_or_digit(at(at_ + 1));
        const bool opens = !is_open && !is_letter_or_digit(before()) && at(at_ + 1) != ' ' && is_closed_later();
        if (closes || opens)
            is_open = opens;
        out_ += closes || opens ? mark : otherwise;
        ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string out_;
    bool bold_ = false;
    bool strike_ = false;
};

bool is_own_block(std::string_view line) {
    return line.empty() || line.starts_with(kBullet) || line.starts_with('>') || line.starts_with(kFence);
}

}  // namespace mrkdwn_markdown_detail

std::string mrkdwn_to_markdown(std::string_view mrkdwn) {
    using namespace mrkdwn_markdown_detail;
    std::string out;
    std::string_view last;
    bool in_fence = false;
    for (std::size_t begin = 0; begin <= mrkdwn.size();) {
        const std::size_t end = std::min(mrkdwn.find('\n', begin), mrkdwn.size());
        const std::string_view line = mrkdwn.substr(begin, end - begin);
        // Two spaces keep the line's end where Markdown would go on in the same line.
        if (begin > 0)
            out += in_fence || is_own_block(last) || is_own_block(line) ? "\n" : "  \n";
        const bool is_fence = line == kFence;
        if (is_fence)
            in_fence = !in_fence;
        out += in_fence && !is_fence ? decoded(line) : Line(line).convert();
        last = line;
        begin = end + 1;
    }
    return out;
}

std::string escape_markdown(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : ' ';
        const char before = i > 0 ? text[i - 1] : ' ';
        using namespace mrkdwn_markdown_detail;
        // Within a word, "_" is only a character.
        const bool is_mark = std::string_view("\\*`[]|~").find(c) != std::string_view::npos ||
                             (c == '_' && !(is_letter_or_digit(before) && is_letter_or_digit(next))) ||
                             (c == '<' && begins_tag(next)) || begins_entity(text.substr(i));
        if (is_mark)
            out += '\\';
        out += c;
    }
    return out;
}

}  // namespace genie_slack::slack
