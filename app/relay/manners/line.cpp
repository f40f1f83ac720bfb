#include "app/relay/manners/line.hpp"

#include "slack/text/emoji.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace line_detail {

constexpr std::size_t kMostBytes = 2'000;  // what is longer is judged by its beginning

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr std::string_view kLaughter =
    "|joy|rofl|laughing|satisfied|sweat_smile|joy_cat|rolling_on_the_floor_laughing|zany_face|clown_face|"
    "stuck_out_tongue_winking_eye|"
    "\xF0\x9F\x98\x82|\xF0\x9F\xA4\xA3|\xF0\x9F\x98\x86|\xF0\x9F\x98\x85|\xF0\x9F\xA4\xAA|\xF0\x9F\x98\x9C|"
    "\xF0\x9F\xA4\xA1|";

bool laughs(std::string_view emoji) {
    return kLaughter.find("|" + std::string(emoji) + "|") != std::string_view::npos;
}
// A site's name alone, which Slack makes a link of by itself: "orders of <http://example.com|example.com>".
bool is_site(std::string_view link) {
    const std::size_t label = link.find('|');
    return label != std::string_view::npos && link.find_first_of("/ ", label) == std::string_view::npos &&
           link.substr(0, label).ends_with(link.substr(label + 1));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class Reader {
 public:
    Reader(std::string_view text, std::string_view bot_user) : text_(text.substr(0, kMostBytes)), bot_(bot_user) {}

    Line read() {
        while (at_ < text_.size())
            step();
        end_sentence();
        return std::move(line_);
    }

 private:
    bool at_line_start() const { return at_ == 0 || text_[at_ - 1] == '\n'; }
    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    void skip_past(std::string_view end) {
        const std::size_t found = text_.find(end, at_ + 1);
        at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    }

    void step() {
        if (at_line_start() && starts("&gt;")) {
            skip_past("\n");
        } else if (starts("```")) {
            end_word();
            at_ += 2;
            skip_past("```");
        } else if (text_[at_] == '<') {
            end_word();
            read_reference();
        } else if (starts_address()) {
            line_.has_link = true;
            at_ = std::min(text_.find_first_of(" \n\t>", at_), text_.size());
        } else if (text_[at_] == '&') {
            end_word();
            const std::size_t end = text_.find(';', at_);
            at_ = end == std::string_view::npos || end > at_ + 4 ? at_ + 1 : end + 1;
        } else if (const std::size_t emoji = slack::emoji_at(text_, at_)) {
            read_emoji(text_.substr(at_, emoji));
        } else if (at_line_start() && is_thumb()) {
            line_.has_emoji = true;
            at_ += 2;
        } else if (static_cast<unsigned char>(text_[at_]) >= 0x80) {
            read_wide();
        } else {
            read_plain(text_[at_++]);
        }
    }

    // "<@U1>", "<!here>", "<https://…|label>", "<#C1|sales>".
    void read_reference() {
        const std::size_t end = std::min(text_.find('>', at_), text_.size());
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        const std::optional<slack::Mention> mention = slack::mention_at(text_, at_);
        at_ = std::min(end + 1, text_.size());
        if (inside.starts_with("@")) {
            // One that is cut off may be anybody's.
            (mention && mention->user == bot_ ? line_.mentions_bot : line_.mentions_others) = true;
            comma();
        } else if (inside.starts_with("!date")) {
            word_ += "date";
            end_word();
        } else if (inside.starts_with("!")) {
            line_.mentions_others = true;
        } else if (inside.starts_with("#")) {
            word_ += "channel";
            end_word();
        } else if (is_site(inside)) {
            word_ += inside.substr(inside.find('|') + 1);
            end_word();
        } else {
            line_.has_link = true;
        }
    }

    // "https://…" as it was typed, where nobody made a reference of it.
    bool starts_address() const { return word_.empty() && (starts("https://") || starts("http://")); }

    void read_emoji(std::string_view emoji) {
        at_ += emoji.size();
        end_word();
        line_.has_emoji = true;
        const bool is_named = emoji.size() > 2 && emoji.front() == ':';
        line_.has_laughter = line_.has_laughter || laughs(is_named ? emoji.substr(1, emoji.size() - 2) : emoji);
    }

    // "+1" and "-1" as a whole line.
    bool is_thumb() const {
        return (starts("+1") || starts("-1")) && (at_ + 2 == text_.size() || text_[at_ + 2] == '\n');
    }

    void read_wide() {
        const auto lead = static_cast<unsigned char>(text_[at_]);
        const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        const std::string_view one = text_.substr(at_, size);
        at_ = std::min(at_ + size, text_.size());
        if (lead == 0xC3 && one.size() == 2) {
            // Latin letters with accents, capitals 0x20 below the small ones.
            const auto second = static_cast<unsigned char>(one[1]);
            const bool capital = second >= 0x80 && second <= 0x9E && second != 0x97;
            note_case(capital);
            word_ += one[0];
            word_ += static_cast<char>(capital ? second + 0x20 : second);
        } else if (one == "\xE2\x80\x99") {
            word_ += word_.empty() ? "" : "'";
        } else if (one == "\xE2\x80\xA6" || one == "\xE3\x80\x82") {
            end_sentence();
        } else if (one == "\xE2\x80\x93" || one == "\xE2\x80\x94") {
            comma();
        } else if (one == "\xEF\xBC\x9F") {
            end_word();
            if (current_.words.empty())
                current_.words.emplace_back();
            current_.has_question_mark = true;
            end_sentence();
        } else if (lead == 0xC2 || one.starts_with("\xE2\x80")) {
            end_word();
        } else if (lead == 0xE2) {
            end_word();
            line_.has_emoji = true;
        } else {
            line_.has_other_script = true;
            note_case(false);
            word_ += one;
        }
    }

    void read_plain(char c) {
        if (is_letter(c)) {
            note_case(c >= 'A' && c <= 'Z');
            word_ += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        } else if (is_digit(c)) {
            note_case(false);
            word_ += c;
        } else if (c == '\'' && !word_.empty()) {
            word_ += c;
        } else if (c == '?') {
            end_word();
            if (!current_.words.empty())
                current_.has_question_mark = true;
            else if (!line_.sentences.empty())
                line_.sentences.back().has_question_mark = true;  // "really!?"
            end_sentence();
        } else if (c == '!' || c == '\n' || c == ';' || (c == '.' && !is_in_number())) {
            end_sentence();
        } else if (c == ',' || c == ':') {
            is_in_number() ? end_word() : comma();
        } else if (c == '@' && word_.empty() && at_ < text_.size() && is_letter(text_[at_])) {
            line_.mentions_others = true;
        } else {
            end_word();
        }
    }

    // The character before `at_` stands between digits.
    bool is_in_number() const {
        return at_ >= 2 && at_ < text_.size() && is_digit(text_[at_ - 2]) && is_digit(text_[at_]);
    }
    void note_case(bool capital) {
        if (word_.empty())
            begins_capital_ = capital;
        else
            capital_inside_ = capital_inside_ || capital;
        small_inside_ = small_inside_ || !capital;
    }
    void end_word() {
        while (!word_.empty() && word_.back() == '\'')
            word_.pop_back();
        if (!word_.empty()) {
            LineWord word;
            word.is_name_like = begins_capital_ && !capital_inside_ && word_.size() > 1;
            word.is_capitals = !small_inside_ && word_.size() > 1;
            word.lower = std::move(word_);
            current_.words.push_back(std::move(word));
        }
        word_.clear();
        begins_capital_ = capital_inside_ = small_inside_ = false;
    }
    void comma() {
        end_word();
        if (!current_.words.empty())
            current_.words.back().comma_follows = true;
    }
    void end_sentence() {
        end_word();
        if (!current_.words.empty())
            line_.sentences.push_back(std::move(current_));
        current_ = Sentence();
    }

    std::string_view text_;
    std::string_view bot_;
    std::size_t at_ = 0;
    std::string word_;
    bool begins_capital_ = false;
    bool capital_inside_ = false;
    bool small_inside_ = false;
    Sentence current_;
    Line line_;
};

}  // namespace line_detail

Line read_line(std::string_view text, std::string_view bot_user) {
    return line_detail::Reader(text, bot_user).read();
}

}  // namespace genie_slack::relay
