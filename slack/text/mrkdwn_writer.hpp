// Writes mrkdwn: lines with their quote marks and indentation, and the marks of styles where Slack can see them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

class MrkdwnWriter {
 public:
    enum class Style { bold, italic, strike };

    std::size_t size() const { return out_.size(); }
    // The text so far, with the marks that are open closed.
    std::string take();

    void enter_quote();
    void leave_quote() { --quotes_; }
    void enter_list();
    void leave_list();
    // Begins a line with `bullet`; the next block goes on behind it.
    void begin_item(std::string_view bullet);
    void leave_item() { behind_bullet_ = false; }
    // Begins a paragraph.
    void begin_block();
    // A ```fence```, never inside a quote or indented: mrkdwn has neither. `code` is plain text.
    void fenced(std::string_view code);

    // Plain text; escaped here.
    void text(std::string_view text);
    // mrkdwn that is complete in itself: a link, a code span.
    void raw(std::string_view mrkdwn);
    void line_end();
    void style(Style style, bool on);

 private:
    struct Open {
        Style style;
        bool written = false;
    };

    void begin_line();
    std::string line_prefix() const;
    void write_marks();
    void close_written_marks();
    void append_plain(std::string_view text);

    std::string out_;
    std::size_t lists_ = 0;
    int quotes_ = 0;
    bool list_has_line_ = false;
    bool quote_has_line_ = false;
    bool behind_bullet_ = false;
    bool behind_mark_ = false;
    // Behind the last literal "~" of the line that Slack could take for the beginning of a strike-through; 0: none.
    std::size_t behind_tilde_ = 0;
    std::array<int, 3> depth_{};
    std::vector<Open> open_;
};

// `code` as plain text that cannot end a fence.
std::string without_fences(std::string_view code);

}  // namespace genie_slack::slack
