#include "genie/readable_error.hpp"

#include "genie/json_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

namespace genie_slack::genie {

namespace json = boost::json;

namespace readable_error_detail {
namespace {

constexpr std::size_t kLongest = 16u << 10;
// Messages in messages: JSON in a text in JSON.
constexpr int kMaxDepth = 4;
constexpr int kMaxClasses = 4;
constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

std::string message_in(const json::value& value, int depth) {
    if (const json::array* list = value.if_array(); list && !list->empty() && depth > 0)
        return message_in(list->front(), depth - 1);
    for (const char* key : {"message", "error_message", "errorMessage", "error_description", "detail", "error"}) {
        const json::value* found = find_member(value, key);
        if (!found)
            continue;
        if (found->is_object() && depth > 0) {
            std::string inner = message_in(*found, depth - 1);
            if (!inner.empty())
                return inner;
        } else if (std::string text = member_text(value, key); !text.empty()) {
            return text;
        }
    }
    return "";
}

// The text without the JSON that stands between `open` and `close`: its message, or else what stands before it. nullopt
// when there is none.
std::optional<std::string> without_json(std::string_view text, char open, char close) {
    const std::size_t first = text.find(open);
    const std::size_t last = text.rfind(close);
    if (first == std::string_view::npos || last == std::string_view::npos || last < first)
        return std::nullopt;
    const auto parsed = parse_json(text.substr(first, last - first + 1));
    if (!parsed)
        return std::nullopt;
    // "[1]" is no JSON to take apart.
    const json::array* list = parsed->if_array();
    if (!parsed->is_object() && (!list || list->empty() || !list->front().is_object()))
        return std::nullopt;
    std::string message = message_in(*parsed, kMaxDepth);
    if (!message.empty())
        return message;
    std::string_view before = trimmed(text.substr(0, first));
    while (before.ends_with(':') || before.ends_with('='))
        before = trimmed(before.substr(0, before.size() - 1));
    return std::string(before);
}

bool is_frame(std::string_view line) {
    const bool is_indented = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view text = trimmed(line);
    // Java and JavaScript: "at com.databricks.sql.X.run(X.scala:12)".
    if (text.starts_with("at ") && text.find('(') != std::string_view::npos)
        return true;
    if (text.starts_with("Caused by:") || text.starts_with("JVM stacktrace") || text.starts_with("Traceback (most"))
        return true;
    if (text.starts_with("... ") && text.ends_with(" more"))
        return true;
    if (is_indented && text.starts_with("File \""))
        return true;
    // The plan below an AnalysisException.
    return text.starts_with("'Project") || text.starts_with("+- ") || text.starts_with(":- ") ||
           text.starts_with("== Physical Plan");
}

// A stack whose line ends were lost: " at org.x.Y.z(Y.java:3) at ...".
std::string_view without_inline_frames(std::string_view line) {
    for (std::size_t at = line.find(" at "); at != std::string_view::npos; at = line.find(" at ", at + 1)) {
        const std::string_view frame = line.substr(at + 4);
        const std::size_t open = frame.find('(');
        const std::size_t space = frame.find(' ');
        const std::string_view place = open == std::string_view::npos ? std::string_view() : frame.substr(open);
        const std::size_t end = place.find(')');
        if (open == std::string_view::npos || space < open || end == std::string_view::npos ||
            frame.substr(0, open).find('.') == std::string_view::npos)
            continue;
        const std::string_view file = place.substr(1, end - 1);
        if (file.find(".java:") != std::string_view::npos || file.find(".scala:") != std::string_view::npos ||
            file.find(".py:") != std::string_view::npos || file == "Native Method" || file == "Unknown Source")
            return line.substr(0, at);
    }
    return line;
}

std::string without_stack(std::string_view text) {
    // Python says at the end what went wrong.
    if (const std::size_t trace = text.find("Traceback (most recent call last)"); trace != std::string_view::npos) {
        const std::string_view before = trimmed(text.substr(0, trace));
        if (!before.empty())
            return std::string(before);
        const std::string_view all = trimmed(text);
        return std::string(trimmed(all.substr(all.find_last_of('\n') + 1)));
    }
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (is_frame(line))
            break;
        const std::string_view kept = without_inline_frames(line);
        out += kept;
        if (kept.size() != line.size())
            break;
        out += '\n';
    }
    return std::string(trimmed(out));
}

// "org.apache.spark.sql.AnalysisException: " and the like.
std::string_view without_classes(std::string_view text) {
    for (int i = 0; i < kMaxClasses; ++i) {
        const std::size_t colon = text.find(": ");
        if (colon == std::string_view::npos)
            break;
        const std::string_view name = text.substr(0, colon);
        const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '$';
        });
        if (!is_name || !(name.ends_with("Exception") || name.ends_with("Error")))
            break;
        text = trimmed(text.substr(colon + 2));
    }
    return text;
}

}  // namespace
}  // namespace readable_error_detail

std::string readable_error(std::string_view text) {
    using namespace readable_error_detail;
    std::string out(trimmed(text.substr(0, kLongest)));
    for (int depth = 0; depth < kMaxDepth; ++depth) {
        std::optional<std::string> inner = without_json(out, '{', '}');
        if (!inner)
            inner = without_json(out, '[', ']');
        if (!inner)
            break;
        out = std::move(*inner);
    }
    out = without_stack(out);
    return std::string(without_classes(out));
}

}  // namespace genie_slack::genie
