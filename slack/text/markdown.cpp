// Turns standard Markdown into mrkdwn, by md4c's callbacks. Long because one renderer holds the state that all of them
// change.
#include "slack/text/html_entity.hpp"
#include "slack/text/lone_tildes.hpp"
#include "slack/text/markdown_tables.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/mrkdwn_writer.hpp"
#include "slack/text/split_text.hpp"
#include "slack/text/text_table.hpp"
#include "slack/text/utf8.hpp"

#include <md4c.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::slack {

namespace markdown_detail {
namespace {

using Style = MrkdwnWriter::Style;

constexpr std::size_t kMaxInput = 2u << 20;
// md4c repeats a table row's missing cells up to the header's width, so a small text can cause a great many callbacks.
constexpr std::size_t kMaxCallbacks = 1'000'000;
constexpr std::size_t kCellBytes = 400;
constexpr std::size_t kColumns = 20;
constexpr std::size_t kRows = 2'000;
constexpr std::string_view kRule = "──────────";

void append_bounded(std::string& buffer, std::string_view text, std::size_t limit) {
    std::size_t room = limit - std::min(limit, buffer.size());
    if (text.size() > room)
        while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80)
            --room;
    buffer += text.substr(0, room);
}

// Collects the cells of one table; what is beyond the limits is only counted.
class TableCollector {
 public:
    void enter_head() { in_head_ = true; }
    void leave_head() { in_head_ = false; }
    void begin_row() {
        column_ = 0;
        if (rows_.size() <= kRows)
            rows_.emplace_back();
        else
            ++hidden_rows_;
    }
    void begin_cell(bool right_aligned) {
        ++column_;
        if (in_head_ && column_ > kColumns)
            ++hidden_columns_;
        if (column_ > kColumns)
            return;
        if (in_head_)
            right_aligned_.push_back(right_aligned);
        if (hidden_rows_ == 0)
            rows_.back().emplace_back();
    }
    void text(std::string_view text) {
        if (column_ > 0 && column_ <= kColumns && hidden_rows_ == 0)
            append_bounded(rows_.back().back(), text, kCellBytes);
    }
    std::string render(const TableNote& note) const {
        TextTableLimits limits;
        limits.rows = kRows;
        limits.note = note;
        return text_table(rows_, right_aligned_, limits, hidden_rows_, hidden_columns_);
    }

 private:
    std::vector<std::vector<std::string>> rows_;
    std::vector<bool> right_aligned_;
    std::size_t column_ = 0;
    std::size_t hidden_rows_ = 0;
    std::size_t hidden_columns_ = 0;
    bool in_head_ = false;
};

struct ListLevel {
    bool ordered = false;
    unsigned next = 1;
};

class Renderer {
 public:
    Renderer(std::size_t max_bytes, const TableNote& table_note) : max_bytes_(max_bytes), table_note_(table_note) {}

    bool cut() const { return cut_; }
    std::string take() {
        // When the parsing ended early, what is being collected belongs to the text too.
        if (links_ > 0) {
            links_ = 1;
            end_link();
        }
        if (in_code_span_)
            end_code_span();
        if (in_code_)
            end_code_block();
        if (in_table_)
            end_table();
        return writer_.take();
    }

    int enter_block(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_QUOTE:
                writer_.enter_quote();
                break;
            case MD_BLOCK_UL:
                begin_list(ListLevel{});
                break;
            case MD_BLOCK_OL:
                begin_list(ListLevel{true, static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start});
                break;
            case MD_BLOCK_LI:
                begin_item(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
                break;
            case MD_BLOCK_HR:
                writer_.begin_block();
                writer_.raw(kRule);
                break;
            case MD_BLOCK_H:
                writer_.begin_block();
                writer_.style(Style::bold, true);
                break;
            case MD_BLOCK_P:
            case MD_BLOCK_HTML:
                writer_.begin_block();
                break;
            case MD_BLOCK_CODE:
                in_code_ = true;
                break;
            case MD_BLOCK_TABLE:
                table_ = TableCollector();
                in_table_ = true;
                break;
            case MD_BLOCK_THEAD:
                table_.enter_head();
                break;
            case MD_BLOCK_TR:
                table_.begin_row();
                break;
            case MD_BLOCK_TH:
            case MD_BLOCK_TD:
                table_.begin_cell(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align == MD_ALIGN_RIGHT);
                break;
            default:
                break;
        }
        return status();
    }

    int leave_block(MD_BLOCKTYPE type) {
        switch (type) {
            case MD_BLOCK_QUOTE:
                writer_.leave_quote();
                break;
            case MD_BLOCK_UL:
            case MD_BLOCK_OL:
                lists_.pop_back();
                writer_.leave_list();
                break;
            case MD_BLOCK_LI:
                writer_.leave_item();
                break;
            case MD_BLOCK_H:
                writer_.style(Style::bold, false);
                break;
            case MD_BLOCK_CODE:
                end_code_block();
                break;
            case MD_BLOCK_THEAD:
                table_.leave_head();
                break;
            case MD_BLOCK_TABLE:
                end_table();
                break;
            default:
                break;
        }
        return status();
    }

    int enter_span(MD_SPANTYPE type, void* detail) {
        switch (type) {
            case MD_SPAN_STRONG:
            case MD_SPAN_EM:
            case MD_SPAN_DEL:
                style(type, true);
                break;
            case MD_SPAN_CODE:
                in_code_span_ = true;
                break;
            case MD_SPAN_A:
                begin_link(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
                break;
            case MD_SPAN_IMG:
                begin_link(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
                break;
            default:
                break;
        }
        return status();
    }

    int leave_span(MD_SPANTYPE type) {
        switch (type) {
            case MD_SPAN_STRONG:
            case MD_SPAN_EM:
            case MD_SPAN_DEL:
                style(type, false);
                break;
            case MD_SPAN_CODE:
                end_code_span();
                break;
            case MD_SPAN_A:
            case MD_SPAN_IMG:
                end_link();
                break;
            default:
                break;
        }
        return status();
    }

    int text(MD_TEXTTYPE type, std::string_view text) {
        const std::string shown = lone_tildes_shown(text);
        text = shown;
        switch (type) {
            case MD_TEXT_NULLCHAR:
                add_text("\xEF\xBF\xBD");
                break;
            case MD_TEXT_BR:
            case MD_TEXT_SOFTBR:
                if (collecting())
                    add_text(" ");
                else
                    writer_.line_end();
                break;
            case MD_TEXT_ENTITY:
                add_text(html_entity(text));
                break;
            default:
                add_text(text);
        }
        return status();
    }

 private:
    // A value other than zero ends the parsing.
    int status() {
        if (++callbacks_ > kMaxCallbacks || writer_.size() > max_bytes_ || code_.size() > max_bytes_)
            cut_ = true;
        return cut_ ? 1 : 0;
    }

    bool collecting() const { return in_code_ || in_code_span_ || links_ > 0 || in_table_; }

    void add_text(std::string_view text) {
        if (in_code_ || in_code_span_)
            append_bounded(code_, text, max_bytes_ + 1);
        else if (links_ > 0)
            append_bounded(label_, text, max_bytes_);
        else if (in_table_)
            table_.text(text);
        else
            writer_.text(text);
    }

    // Labels and cells have no styles.
    void style(MD_SPANTYPE type, bool on) {
        if (!collecting())
            writer_.style(type == MD_SPAN_STRONG ? Style::bold
                          : type == MD_SPAN_EM   ? Style::italic
                                                 : Style::strike,
                          on);
    }

    void begin_list(ListLevel level) {
        lists_.push_back(level);
        writer_.enter_list();
    }

    void begin_item(const MD_BLOCK_LI_DETAIL& detail) {
        ListLevel& list = lists_.back();
        std::string bullet;
        if (list.ordered)
            bullet = std::to_string(list.next++) + ". ";
        if (detail.is_task)
            bullet += detail.task_mark == ' ' ? "☐ " : "☑ ";
        writer_.begin_item(bullet.empty() ? "• " : bullet);
    }

    void end_code_block() {
        in_code_ = false;
        std::string code = std::exchange(code_, {});
        if (code.ends_with('\n'))
            code.pop_back();
        writer_.fenced(code);
    }

    void end_code_span() {
        in_code_span_ = false;
        const std::string code = std::exchange(code_, {});
        if (collecting())
            add_text(code);
        else if (code.find('`') == std::string::npos)
            writer_.raw("`" + escape(code) + "`");
        else  // mrkdwn cannot have a backtick between single ones
            writer_.raw("```" + escape(without_fences(code)) + "```");
    }

    void end_table() {
        in_table_ = false;
        writer_.fenced(table_.render(table_note_));
    }

    // An image inside a link gives the link its text.
    void begin_link(const MD_ATTRIBUTE& address) {
        if (links_++ > 0)
            return;
        label_.clear();
        url_.clear();
        for (std::size_t i = 0; address.text && address.substr_offsets[i] < address.size; ++i) {
            const std::string_view piece(address.text + address.substr_offsets[i],
                                         address.substr_offsets[i + 1] - address.substr_offsets[i]);
            url_ += address.substr_types[i] == MD_TEXT_ENTITY ? html_entity(piece) : lone_tildes_shown(piece);
        }
    }

    void end_link() {
        if (--links_ > 0)
            return;
        if (in_table_)
            table_.text(label_.empty() ? url_ : label_);
        else
            writer_.raw(link(url_, label_));
    }

    std::size_t max_bytes_;
    std::size_t callbacks_ = 0;
    const TableNote& table_note_;
    bool cut_ = false;
    MrkdwnWriter writer_;
    std::vector<ListLevel> lists_;
    bool in_code_ = false;
    bool in_code_span_ = false;
    std::string code_;
    int links_ = 0;
    std::string url_;
    std::string label_;
    bool in_table_ = false;
    TableCollector table_;
};

int on_enter_block(MD_BLOCKTYPE type, void* detail, void* renderer) {
    return static_cast<Renderer*>(renderer)->enter_block(type, detail);
}
int on_leave_block(MD_BLOCKTYPE type, void*, void* renderer) {
    return static_cast<Renderer*>(renderer)->leave_block(type);
}
int on_enter_span(MD_SPANTYPE type, void* detail, void* renderer) {
    return static_cast<Renderer*>(renderer)->enter_span(type, detail);
}
int on_leave_span(MD_SPANTYPE type, void*, void* renderer) {
    return static_cast<Renderer*>(renderer)->leave_span(type);
}
int on_text(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* renderer) {
    return static_cast<Renderer*>(renderer)->text(type, std::string_view(text, size));
}

std::string cut_to(std::string text, std::size_t max_bytes, bool cut, const std::string& note) {
    if (!cut && text.size() <= max_bytes)
        return text;
    const std::string ending = "\n…\n_" + note + "_";
    const bool notice = max_bytes > 2 * ending.size();
    const auto parts = split_by(text, notice ? max_bytes - ending.size() : max_bytes, Measure::bytes, 1);
    if (parts.empty() || parts[0].size() > max_bytes)
        return {};
    return notice ? parts[0] + ending : parts[0];
}

}  // namespace
}  // namespace markdown_detail

std::string markdown_to_mrkdwn(std::string_view markdown, std::size_t max_bytes, const MarkdownNotes& notes) {
    using namespace markdown_detail;
    const bool too_long = markdown.size() > kMaxInput;
    const std::string source = widen_delimiter_rows(lone_tildes_hidden(utf8::sanitize(markdown.substr(0, kMaxInput))));
    Renderer renderer(max_bytes, notes.table);
    MD_PARSER parser{};
    // Raw HTML stays plain text, so that it is escaped like any other.
    parser.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML;
    parser.enter_block = on_enter_block;
    parser.leave_block = on_leave_block;
    parser.enter_span = on_enter_span;
    parser.leave_span = on_leave_span;
    parser.text = on_text;
    md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &renderer);
    return cut_to(renderer.take(), max_bytes, renderer.cut() || too_long, notes.cut);
}

}  // namespace genie_slack::slack
