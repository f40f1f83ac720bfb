#include "app/answer/view/sql_view.hpp"

#include "app/answer/message/text_pieces.hpp"
#include "app/answer/result/cell.hpp"
#include "app/answer/result/sql_format.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
using words::Word;

namespace sql_view_detail {

constexpr std::size_t kTitleCharacters = 150;
constexpr std::size_t kDescriptionBytes = 60'000;
constexpr std::size_t kLinkCharacters = 1'300;
constexpr std::size_t kParameterCharacters = 300;
// Even with four bytes a character all of it stays well below the 250,000 bytes of a view.
constexpr std::size_t kSqlBlocks = 12;
constexpr std::size_t kSqlPiece = limits::kSectionCharacters - 10;  // the fences

struct Piece {
    std::string text;
    std::size_t end = 0;
};

// Takes a piece from `start` on, of whole lines where they fit; escaped it has at most kSqlPiece characters.
Piece next_piece(const std::string& sql, std::size_t start) {
    std::size_t room = kSqlPiece;
    std::size_t end = start;
    std::size_t line_end = start;
    while (end < sql.size()) {
        std::size_t next = end + 1;
        while (next < sql.size() && (static_cast<unsigned char>(sql[next]) & 0xC0) == 0x80)
            ++next;
        // A backtick may get a character without width beside it.
        const std::string_view character(sql.data() + end, next - end);
        const std::size_t size = character == "`" ? 2 : slack::count_characters(slack::escape(character));
        if (size > room)
            break;
        room -= size;
        end = next;
        if (character == "\n")
            line_end = end;
    }
    Piece piece;
    piece.end = end == sql.size() || line_end == start ? end : line_end;
    piece.text = sql.substr(start, piece.end - start);
    if (piece.text.ends_with('\n'))
        piece.text.pop_back();
    return piece;
}

void append_sql(json::array& out, const SqlViewInput& input) {
    const std::string sql = format_sql(clean_lines(input.sql));
    if (sql.find_first_not_of(" \t\r\n") == std::string::npos) {
        out.push_back(blocks::section(words::say(input.language, Word::no_sql)));
        return;
    }
    std::size_t end = 0;
    for (std::size_t i = 0; i < kSqlBlocks && end < sql.size(); ++i) {
        const Piece piece = next_piece(sql, end);
        end = piece.end;
        if (piece.text.find_first_not_of(" \t\r\n") != std::string::npos)
            out.push_back(blocks::preformatted(piece.text));
    }
    if (end < sql.size())
        out.push_back(
            blocks::context(words::say(input.language, Word::sql_cut,
                                       {{"shown", slack::count_characters(std::string_view(sql).substr(0, end))},
                                        {"all", slack::count_characters(sql)}})));
}

void append_description(json::array& out, const SqlViewInput& input) {
    const std::string title = escape_within(input.title, kTitleCharacters);
    if (!title.empty())
        out.push_back(blocks::section("*" + title + "*"));
    const std::string text = to_mrkdwn(input.language, input.description, kDescriptionBytes).text;
    const Cut cut = cut_mrkdwn(text, limits::kSectionCharacters);
    if (cut.text.find_first_not_of(" \t\r\n") != std::string::npos)
        out.push_back(blocks::section(cut.text));
    if (cut.was_cut)
        out.push_back(blocks::context(words::say(input.language, Word::text_is_cut)));
}

void append_parameters(json::array& out, const SqlViewInput& input) {
    if (input.parameters.empty())
        return;
    std::string list = "*" + words::say(input.language, Word::parameters) + "*";
    std::size_t shown = 0;
    bool cut = false;
    for (const genie::QueryParameter& parameter : input.parameters) {
        const std::string whole = one_line(parameter.keyword) + " = " + one_line(parameter.value) +
                                  (parameter.sql_type.empty() ? "" : " (" + one_line(parameter.sql_type) + ")");
        const std::string line = "\n• " + escape_within(whole, kParameterCharacters);
        if (slack::count_characters(list) + slack::count_characters(line) > limits::kSectionCharacters)
            break;
        cut = cut || slack::count_characters(slack::escape(whole)) > kParameterCharacters;
        list += line;
        ++shown;
    }
    out.push_back(blocks::section(list));
    if (shown < input.parameters.size())
        out.push_back(blocks::context(
            words::say(input.language, Word::parameters_cut, {{"shown", shown}, {"all", input.parameters.size()}})));
    else if (cut)
        out.push_back(blocks::context(words::say(input.language, Word::values_cut)));
}

void append_origin(json::array& out, const SqlViewInput& input) {
    if (input.rows)
        out.push_back(blocks::context(
            words::say(input.language, Word::result_rows,
                       {{"total", input.more_rows ? words::say(input.language, Word::more_than, {{"n", *input.rows}})
                                                  : words::format_integer(input.language, *input.rows)},
                        {"rows", *input.rows}})));
    std::string line = escape_within(input.space_title, kTitleCharacters);
    const std::string identity = escape_within(input.identity, kTitleCharacters);
    if (!identity.empty())
        line += (line.empty() ? "" : " · ") + words::say(input.language, Word::asked_as, {{"identity", identity}});
    const std::string link = slack::link(input.conversation_url, words::say(input.language, Word::open_in_genie));
    if (link.starts_with('<') && slack::count_characters(link) <= kLinkCharacters)
        line += (line.empty() ? "" : " · ") + link;
    if (!line.empty())
        out.push_back(blocks::context(line));
}

}  // namespace sql_view_detail

json::object render_sql_view(const SqlViewInput& input) {
    using namespace sql_view_detail;
    json::array out;
    append_description(out, input);
    append_sql(out, input);
    append_parameters(out, input);
    append_origin(out, input);
    json::object view;
    view["type"] = "modal";
    view["title"] = blocks::plain_text(words::say(input.language, Word::sql_title));
    view["close"] = blocks::plain_text(words::say(input.language, Word::close_button));
    view["blocks"] = std::move(out);
    return view;
}

std::string sentence_of(words::Language language, std::string_view description) {
    constexpr std::size_t kBytes = 4'000;
    constexpr std::size_t kCharacters = 300;
    std::string text = to_mrkdwn(language, one_line(description), kBytes).text;
    Cut cut = cut_mrkdwn(text, kCharacters);
    if (cut.was_cut && !cut.text.empty() && !cut.text.ends_with('.'))
        cut.text += "…";
    return std::move(cut.text);
}

}  // namespace genie_slack::answer
