#include "genie/readable_error.hpp"

#include "genie/json_text.hpp"

#include <boost/json/stream_parser.hpp>

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

// What an object or a list of objects begins with, as JSON or as Python writes it. "{x}" and "[1]" are words of a text.
bool opens_object(std::string_view text) {
    if (text.starts_with('[')) {
        text = trimmed(text.substr(1));
        if (!text.starts_with('{'))
            return false;
    }
    if (!text.starts_with('{'))
        return false;
    text = trimmed(text.substr(1));
    return text.starts_with('"') || text.starts_with('\'');
}

// The JSON at the front of `text`, whatever follows it; nothing when it does not end or is none.
std::optional<json::value> leading_json(std::string_view text) {
    json::stream_parser parser;
    boost::system::error_code failure;
    parser.write_some(text.data(), text.size(), failure);
    if (failure || !parser.done())
        return std::nullopt;
    return parser.release();
}

// The text after `"message":`, up to its closing quote or the end of what is cut off: for what does not parse.
std::string message_by_hand(std::string_view text) {
    for (const char quote : {'"', '\''}) {
        const std::string name = std::string(1, quote) + "message" + quote;
        const std::size_t key = text.find(name);
        if (key == std::string_view::npos)
            continue;
        std::string_view rest = trimmed(text.substr(key + name.size()));
        if (!rest.starts_with(':'))
            continue;
        rest = trimmed(rest.substr(1));
        if (rest.empty() || (rest.front() != '"' && rest.front() != '\''))
            continue;
        const char end = rest.front();
        std::string out;
        for (std::size_t i = 1; i < rest.size() && rest[i] != end; ++i) {
            if (rest[i] == '\\' && i + 1 < rest.size())
                ++i;
            const bool is_line_end = rest[i] == 'n' && rest[i - 1] == '\\';
            out += is_line_end ? '\n' : rest[i];
        }
        return out;
    }
    return "";
}

// The message of the first JSON in `text`, or else what stands before it. nullopt when there is none.
std::optional<std::string> without_json(std::string_view text) {
    for (std::size_t at = text.find_first_of("{["); at != std::string_view::npos;
         at = text.find_first_of("{[", at + 1)) {
        const std::string_view rest = text.substr(at);
        if (!opens_object(rest))
            continue;
        const auto parsed = leading_json(rest);
        std::string message = parsed ? message_in(*parsed, kMaxDepth) : message_by_hand(rest);
        if (!message.empty())
            return message;
        std::string_view before = trimmed(text.substr(0, at));
        while (before.ends_with(':') || before.ends_with('='))
            before = trimmed(before.substr(0, before.size() - 1));
        return std::string(before);
    }
    return std::nullopt;
}

// "at /app/x.js:1:2", as JavaScript writes a place without a function.
bool is_script_place(std::string_view text) {
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.back())) != 0 &&
           text.find(':') != std::string_view::npos && text.find(' ') == std::string_view::npos;
}

bool is_frame(std::string_view line) {
    const bool is_indented = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view text = trimmed(line);
    // Java and JavaScript: "at com.databricks.sql.X.run(X.scala:12)".
    if (text.starts_with("at ") && (text.find('(') != std::string_view::npos || is_script_place(text.substr(3))))
        return true;
    // Go.
    if (text.starts_with("goroutine ") && text.ends_with(':'))
        return true;
    if (text.starts_with("Driver stacktrace:") || text.starts_with("Caused by:") ||
        text.starts_with("JVM stacktrace") || text.starts_with("Traceback (most"))
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

// Spark tells of the task and the machine before it says what went wrong.
std::string_view without_job(std::string_view text) {
    constexpr std::string_view kJob = "Job aborted due to stage failure";
    constexpr std::string_view kWorker = "executor ";
    if (!text.starts_with(kJob))
        return text;
    const std::size_t worker = text.find(kWorker);
    const std::size_t end = worker == std::string_view::npos ? worker : text.find("): ", worker);
    text = end == std::string_view::npos ? text : trimmed(text.substr(end + 3));
    return trimmed(text.substr(0, text.find("Driver stacktrace:")));
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
        std::optional<std::string> inner = without_json(out);
        if (!inner)
            break;
        out = std::move(*inner);
    }
    out = without_stack(out);
    return std::string(without_classes(without_job(without_classes(out))));
}

std::string_view error_class(std::string_view readable) {
    const std::size_t end = readable.find(']');
    if (!readable.starts_with('[') || end == std::string_view::npos)
        return {};
    const std::string_view name = readable.substr(1, end - 1);
    const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_' || c == '.';
    });
    return is_name && !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0 ? name
                                                                                                   : std::string_view();
}

std::string_view without_error_class(std::string_view readable) {
    constexpr std::string_view kState = "SQLSTATE: ";
    constexpr std::size_t kStateCharacters = 5;
    if (const std::string_view name = error_class(readable); !name.empty())
        readable = readable_error_detail::trimmed(readable.substr(name.size() + 2));
    const std::size_t state = readable.rfind(kState);
    if (state == std::string_view::npos)
        return readable;
    // "SQLSTATE: 42P01; line 1 pos 14".
    const std::string_view rest = readable.substr(state + kState.size());
    const bool is_last = rest.size() <= kStateCharacters || rest[kStateCharacters] == ';';
    return is_last ? readable_error_detail::trimmed(readable.substr(0, state)) : readable;
}

}  // namespace genie_slack::genie
