#include "slack/text/markdown_tables.hpp"

#include <md4c.h>

#include <algorithm>

namespace genie_slack::slack {

namespace markdown_tables_detail {
namespace {

constexpr std::size_t kMost = 10;

int count_block(MD_BLOCKTYPE type, void*, void* count) {
    if (type != MD_BLOCK_TABLE)
        return 0;
    return ++*static_cast<std::size_t*>(count) >= kMost ? 1 : 0;
}
int ignore_block(MD_BLOCKTYPE, void*, void*) {
    return 0;
}
int ignore_span(MD_SPANTYPE, void*, void*) {
    return 0;
}
int ignore_text(MD_TEXTTYPE, const MD_CHAR*, MD_SIZE, void*) {
    return 0;
}

bool is_delimiter_row(std::string_view line) {
    const std::size_t start = line.find_first_not_of(" >");
    if (start == std::string_view::npos || line.substr(0, start).find("    ") != std::string_view::npos)
        return false;
    line = line.substr(start);
    return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
           line.find_first_not_of("|:- \t\r") == std::string_view::npos;
}

void append_widened(std::string& out, std::string_view line) {
    for (std::size_t i = 0; i < line.size();) {
        if (line[i] != '-') {
            out += line[i++];
            continue;
        }
        const std::size_t end = std::min(line.find_first_not_of('-', i), line.size());
        out.append(std::max<std::size_t>(end - i, 3), '-');
        i = end;
    }
}

// Whether the line opens or closes a fence of "```" or "~~~".
bool is_fence(std::string_view line) {
    const std::size_t start = std::min(line.find_first_not_of(" >"), line.size());
    return line.substr(start).starts_with("```") || line.substr(start).starts_with("~~~");
}

}  // namespace
}  // namespace markdown_tables_detail

std::string widen_delimiter_rows(std::string_view markdown) {
    using namespace markdown_tables_detail;
    std::string out;
    out.reserve(markdown.size() + 16);
    bool in_fence = false;
    bool behind_cells = false;
    while (!markdown.empty()) {
        const std::size_t end = std::min(markdown.find('\n'), markdown.size() - 1) + 1;
        const std::string_view line = markdown.substr(0, end);
        markdown.remove_prefix(end);
        const std::string_view content = line.substr(0, std::min(line.find('\n'), line.size()));
        if (!in_fence && behind_cells && is_delimiter_row(content)) {
            append_widened(out, line);
            behind_cells = false;
            continue;
        }
        if (is_fence(content))
            in_fence = !in_fence;
        behind_cells = content.find('|') != std::string_view::npos;
        out += line;
    }
    return out;
}

std::size_t count_markdown_tables(std::string_view markdown) {
    using namespace markdown_tables_detail;
    // There is no table without a bar, so most texts need no parsing.
    if (markdown.find('|') == std::string_view::npos)
        return 0;
    const std::string source = widen_delimiter_rows(markdown);
    std::size_t count = 0;
    MD_PARSER parser{};
    parser.flags = MD_DIALECT_GITHUB;
    parser.enter_block = count_block;
    parser.leave_block = ignore_block;
    parser.enter_span = ignore_span;
    parser.leave_span = ignore_span;
    parser.text = ignore_text;
    md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &count);
    return count;
}

}  // namespace genie_slack::slack
