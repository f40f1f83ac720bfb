#include "core/log_repeats.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace genie_slack::log {

namespace log_repeats_detail {

constexpr std::uint64_t kWritten = 10;
constexpr Duration kMinute = std::chrono::minutes(1);
// So many kinds of line are told apart in a minute; what comes beyond is written.
constexpr std::size_t kMostKinds = 4096;
constexpr std::array<std::string_view, 16> kTellApart = {"turn",    "method", "class",   "code", "call",   "fault",
                                                         "kind",    "type",   "why",     "what", "reason", "group",
                                                         "feature", "event",  "problem", "note"};

bool tells_apart(const Field& field) {
    return std::find(kTellApart.begin(), kTellApart.end(), field.key) != kTellApart.end();
}

std::string key_of(Level level, std::string_view event, const Fields& fields) {
    std::string key = std::to_string(static_cast<int>(level));
    key.append(event);
    for (const Field& field : fields)
        if (const auto* text = std::get_if<std::string>(&field.value); text && tells_apart(field))
            key.append(1, '\0').append(field.key).append(1, '=').append(*text);
    return key;
}

}  // namespace log_repeats_detail

using namespace log_repeats_detail;

bool Repeats::admit(Level level, std::string_view event, const Fields& fields, TimePoint now) {
    if (level < Level::info)
        return true;
    if (seen_.empty())
        minute_ends_ = now + kMinute;
    std::string key = key_of(level, event, fields);
    auto found = seen_.find(key);
    if (found == seen_.end()) {
        if (seen_.size() >= kMostKinds)
            return true;
        Seen seen;
        seen.line.level = level;
        seen.line.event = event;
        std::copy_if(fields.begin(), fields.end(), std::back_inserter(seen.line.fields), tells_apart);
        found = seen_.emplace(std::move(key), std::move(seen)).first;
    }
    return ++found->second.times <= kWritten;
}

std::vector<Repeats::Line> Repeats::ended(TimePoint now) {
    return now >= minute_ends_ ? take() : std::vector<Line>();
}

std::vector<Repeats::Line> Repeats::take() {
    std::vector<Line> lines;
    for (auto& [key, seen] : seen_) {
        if (seen.times <= kWritten)
            continue;
        seen.line.fields.emplace_back("repeated", seen.times - kWritten);
        lines.push_back(std::move(seen.line));
    }
    seen_.clear();
    return lines;
}

}  // namespace genie_slack::log
