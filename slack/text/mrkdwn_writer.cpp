#include "slack/text/mrkdwn_writer.hpp"

#include "slack/text/markup.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::slack {

namespace mrkdwn_writer_detail {
namespace {

constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";
constexpr std::size_t kIndent = 4;
constexpr std::size_t kDeepestIndent = 8;

char mark_of(MrkdwnWriter::Style style) {
    switch (style) {
        case MrkdwnWriter::Style::bold:
            return '*';
        case MrkdwnWriter::Style::italic:
            return '_';
        case MrkdwnWriter::Style::strike:
            return '~';
    }
    return '*';
}

// These are letters and digits; everything beyond ASCII counts as a letter, which costs an invisible character at
// worst.
bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t';
}

}  // namespace
}  // namespace mrkdwn_writer_detail

using mrkdwn_writer_detail::kZeroWidthSpace;

std::string without_fences(std::string_view code) {
    std::string out;
    std::size_t run = 0;
    for (const char c : code) {
        run = c == '`' ? run + 1 : 0;
        if (run == 3) {
            out += kZeroWidthSpace;
            run = 1;
        }
        out += c;
    }
    return out;
}

std::string MrkdwnWriter::take() {
    close_written_marks();
    while (!out_.empty() && (out_.back() == '\n' || out_.back() == ' '))
        out_.pop_back();
    return std::move(out_);
}

std::string MrkdwnWriter::line_prefix() const {
    std::string prefix = quotes_ > 0 ? "> " : "";
    if (lists_ > 1)
        prefix.append(mrkdwn_writer_detail::kIndent * std::min(lists_ - 1, mrkdwn_writer_detail::kDeepestIndent), ' ');
    return prefix;
}

// Lines of one list stand close, other blocks have a blank line between them.
void MrkdwnWriter::begin_line() {
    behind_mark_ = false;
    behind_tilde_ = 0;
    if (behind_bullet_) {
        behind_bullet_ = false;
        return;
    }
    if (!out_.empty())
        out_ += lists_ > 0 && list_has_line_ ? "\n" : quotes_ > 0 && quote_has_line_ ? "\n>\n" : "\n\n";
    out_ += line_prefix();
    list_has_line_ = lists_ > 0;
    quote_has_line_ = quotes_ > 0;
}

void MrkdwnWriter::enter_quote() {
    if (quotes_++ == 0)
        quote_has_line_ = false;
}

void MrkdwnWriter::enter_list() {
    if (lists_++ == 0)
        list_has_line_ = false;
}

void MrkdwnWriter::leave_list() {
    --lists_;
    behind_bullet_ = false;
}

void MrkdwnWriter::begin_item(std::string_view bullet) {
    begin_line();
    out_ += bullet;
    behind_bullet_ = true;
}

void MrkdwnWriter::begin_block() {
    const bool continued = lists_ > 0 && !behind_bullet_;
    begin_line();
    if (continued)
        out_ += "  ";
}

void MrkdwnWriter::fenced(std::string_view code) {
    if (!out_.empty())
        out_ += lists_ > 0 && list_has_line_ ? "\n" : "\n\n";
    behind_bullet_ = false;
    behind_mark_ = false;
    list_has_line_ = lists_ > 0;
    quote_has_line_ = false;
    out_ += "```\n" + escape(without_fences(code)) + "\n```";
}

void MrkdwnWriter::text(std::string_view text) {
    if (text.empty())
        return;
    const bool marks = std::any_of(open_.begin(), open_.end(), [](const Open& open) { return !open.written; });
    if (marks)
        write_marks();
    else if (behind_mark_ && mrkdwn_writer_detail::is_word(text.front()))
        out_ += kZeroWidthSpace;
    behind_mark_ = false;
    behind_bullet_ = false;
    append_plain(text);
}

// Slack strikes what stands between two tildes at the borders of words. Where the text has such a pair, zero-width
// spaces part both from what is between them; a "~" that has no partner stays as it is.
void MrkdwnWriter::append_plain(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t tilde = std::min(text.find_first_of("~\n", i), text.size());
        out_ += escape(text.substr(i, tilde - i));
        if (tilde == text.size())
            break;
        i = tilde + 1;
        if (text[tilde] == '\n') {
            behind_tilde_ = 0;
            out_ += '\n';
            continue;
        }
        const char before = out_.empty() ? '\n' : out_.back();
        const char after = i < text.size() ? text[i] : ' ';
        const bool closes =
            behind_tilde_ > 0 && !mrkdwn_writer_detail::is_space(before) && !mrkdwn_writer_detail::is_word(after);
        if (closes) {
            out_.insert(behind_tilde_, kZeroWidthSpace);
            out_ += kZeroWidthSpace;
            behind_tilde_ = 0;
        }
        out_ += '~';
        if (!closes && !mrkdwn_writer_detail::is_word(before))
            behind_tilde_ = out_.size();
    }
}

void MrkdwnWriter::raw(std::string_view mrkdwn) {
    write_marks();
    behind_mark_ = false;
    behind_bullet_ = false;
    out_ += mrkdwn;
}

// A style ends with its line in mrkdwn; the next text opens it again.
void MrkdwnWriter::line_end() {
    close_written_marks();
    behind_tilde_ = 0;
    for (Open& open : open_)
        open.written = false;
    while (out_.ends_with(' '))
        out_.pop_back();
    out_ += "\n" + line_prefix();
    if (lists_ > 0)
        out_ += "  ";
    behind_mark_ = false;
}

// mrkdwn has no nesting of a style in itself, so only the outermost one counts.
void MrkdwnWriter::style(Style style, bool on) {
    int& depth = depth_[static_cast<std::size_t>(style)];
    depth += on ? 1 : -1;
    if (on) {
        if (depth == 1)
            open_.push_back(Open{style});
        return;
    }
    if (depth > 0)
        return;
    const auto open = std::find_if(open_.begin(), open_.end(), [style](const Open& o) { return o.style == style; });
    if (open == open_.end())
        return;
    if (open->written) {
        out_ += mrkdwn_writer_detail::mark_of(style);
        behind_mark_ = true;
    }
    open_.erase(open);
}

// Slack sees a mark only at a word's border; where there is none, a zero-width space makes one.
void MrkdwnWriter::write_marks() {
    bool first = true;
    for (Open& open : open_) {
        if (open.written)
            continue;
        if (first && !out_.empty() && (behind_mark_ || mrkdwn_writer_detail::is_word(out_.back())))
            out_ += kZeroWidthSpace;
        first = false;
        open.written = true;
        out_ += mrkdwn_writer_detail::mark_of(open.style);
    }
}

void MrkdwnWriter::close_written_marks() {
    for (auto open = open_.rbegin(); open != open_.rend(); ++open)
        if (open->written)
            out_ += mrkdwn_writer_detail::mark_of(open->style);
}

}  // namespace genie_slack::slack
