#include "app/answer/message/repeated_questions.hpp"

#include "app/answer/result/cell.hpp"

#include <algorithm>
#include <optional>

namespace genie_slack::answer {

namespace repeated_questions_detail {

// What stands around words without changing them.
std::string bare(std::string_view text) {
    constexpr std::string_view kMarks = " \t*_`\"'.?!\\";
    const std::string line = one_line(text);
    const std::size_t first = line.find_first_not_of(kMarks);
    if (first == std::string::npos)
        return "";
    return line.substr(first, line.find_last_not_of(kMarks) - first + 1);
}

// "what" of "- what", "* what", "1. what".
std::optional<std::string_view> item_of(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    std::size_t mark = line.find_first_not_of("0123456789");
    if (mark == std::string_view::npos)
        return std::nullopt;
    const bool is_bullet = mark == 0 && (line[0] == '-' || line[0] == '*' || line[0] == '+');
    const bool is_number = mark > 0 && (line[mark] == '.' || line[mark] == ')');
    if ((!is_bullet && !is_number) || mark + 1 >= line.size() || line[mark + 1] != ' ')
        return std::nullopt;
    return line.substr(mark + 2);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// "What would you like to know? For example:" without its last sentence, where a colon ends that.
void drop_lead(std::string& text) {
    const std::size_t end = text.find_last_not_of(" \n*_");
    if (end == std::string::npos || text[end] != ':')
        return;
    std::size_t start = std::string::npos;
    for (const char* stop : {". ", "? ", "! ", "\n"}) {
        const std::size_t found = text.rfind(stop, end);
        if (found != std::string::npos && (start == std::string::npos || found > start))
            start = found;
    }
    // Words of one piece say more than what they lead to.
    if (start == std::string::npos)
        text.erase(end, 1);
    else
        text.erase(start + 1);
    text.erase(text.find_last_not_of(" \n") + 1);
    // What began bold ends so.
    std::size_t marks = 0;
    for (std::size_t at = text.find("**"); at != std::string::npos; at = text.find("**", at + 2))
        ++marks;
    if (marks % 2 == 1)
        text += "**";
}

}  // namespace repeated_questions_detail

std::string without_questions(std::string_view markdown, const std::vector<std::string>& questions) {
    using namespace repeated_questions_detail;
    std::string text;
    std::size_t dropped = 0;
    std::size_t kept = 0;  // of the list that is being read
    const auto is_question = [&](std::string_view item) {
        return std::any_of(questions.begin(), questions.end(),
                           [&](const std::string& question) { return bare(question) == bare(item); });
    };
    const auto end_list = [&] {
        if (dropped > 0 && kept == 0)
            drop_lead(text);
        dropped = kept = 0;
    };
    bool is_in_code = false;
    for (const std::string_view line : lines_of(markdown)) {
        is_in_code = is_in_code != (line.find("```") != std::string_view::npos);
        const auto item = is_in_code ? std::nullopt : item_of(line);
        if (item && is_question(*item)) {
            ++dropped;
            continue;
        }
        if (item)
            ++kept;
        else if (line.find_first_not_of(" \t\r") != std::string_view::npos)
            end_list();
        text.append(line).append("\n");
    }
    end_list();
    text.erase(text.find_last_not_of(" \n") + 1);
    return text;
}

}  // namespace genie_slack::answer
