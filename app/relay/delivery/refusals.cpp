#include "app/relay/delivery/refusals.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

namespace genie_slack::relay {

namespace json = boost::json;

namespace refusals_detail {

// Every workspace knows them: what is wrong with one of them is its content.
constexpr std::string_view kPlainBlocks[] = {"section", "context", "header", "divider", "actions", "image"};
constexpr std::string_view kSizeWords[] = {"less than", "more than",  "fewer than", "at most", "at least", "too long",
                                           "too many",  "too large",  "length",     "limit",   "maximum",  "exceed",
                                           "character", "max_length", "max_items",  "bytes",   "size"};

std::string_view type_of(const json::value& block) {
    const json::value* type = block.is_object() ? block.get_object().if_contains("type") : nullptr;
    return type && type->is_string() ? std::string_view(type->get_string()) : std::string_view();
}

constexpr std::string_view kUnknownWords[] = {"unsupported", "not supported", "not allowed", "not enabled", "unknown"};

template <std::size_t size>
bool has_one_of(std::string_view detail, const std::string_view (&words)[size]) {
    return std::any_of(std::begin(words), std::end(words),
                       [&](std::string_view word) { return detail.find(word) != std::string_view::npos; });
}

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// "table" stands in "unsupported type: table", and not in "unsupported type: data_table".
bool names(std::string_view detail, std::string_view type) {
    for (auto at = detail.find(type); at != std::string_view::npos; at = detail.find(type, at + 1)) {
        const auto end = at + type.size();
        const bool begins = at == 0 || !is_word_character(detail[at - 1]);
        if (begins && (end == detail.size() || !is_word_character(detail[end])))
            return true;
    }
    return false;
}

// The block to which a path as a whole points: "/blocks/2", "/2/type"; not "/blocks/2/rows/0".
std::optional<std::size_t> block_at(std::string_view path) {
    constexpr std::string_view kBlocks = "/blocks";
    constexpr std::string_view kType = "/type";
    if (path.starts_with(kBlocks))
        path.remove_prefix(kBlocks.size());
    if (path.ends_with(kType))
        path.remove_suffix(kType.size());
    if (!path.starts_with('/'))
        return std::nullopt;
    path.remove_prefix(1);
    std::size_t index = 0;
    const auto [end, failure] = std::from_chars(path.data(), path.data() + path.size(), index);
    if (failure != std::errc() || end != path.data() + path.size())
        return std::nullopt;
    return index;
}

// The path in "… [json-pointer:/blocks/2/type]" and in "… at /2/type"; "" when there is none.
std::string_view path_in(std::string_view detail) {
    constexpr std::string_view kPointer = "[json-pointer:";
    constexpr std::string_view kAt = " at /";
    if (const auto pointer = detail.find(kPointer); pointer != std::string_view::npos) {
        detail.remove_prefix(pointer + kPointer.size());
        return detail.substr(0, detail.find(']'));
    }
    const auto at = detail.rfind(kAt);
    return at == std::string_view::npos ? std::string_view() : detail.substr(at + kAt.size() - 1);
}

// What is said before the path.
std::string_view words_of(std::string_view detail) {
    return detail.substr(0, std::min(detail.find("[json-pointer:"), detail.rfind(" at /")));
}

}  // namespace refusals_detail

std::set<std::string> features_of(const json::array& blocks) {
    std::set<std::string> features;
    for (const json::value& block : blocks)
        if (const auto type = refusals_detail::type_of(block); !type.empty())
            features.emplace(type);
    return features;
}

std::set<std::string> features_named(const json::array& sent, const slack::ApiError& error) {
    using namespace refusals_detail;
    std::set<std::string> named;
    if (!error.code.starts_with("invalid_blocks"))
        return named;
    for (const std::string& detail : error.details) {
        const std::string_view words = words_of(detail);
        if (has_one_of(words, kSizeWords))
            continue;
        for (const std::string& type : features_of(sent))
            if (has_one_of(words, kUnknownWords) && names(words, type))
                named.insert(type);
        const auto index = block_at(path_in(detail));
        if (!index || *index >= sent.size())
            continue;
        const std::string_view type = type_of(sent[*index]);
        if (!type.empty() &&
            std::find(std::begin(kPlainBlocks), std::end(kPlainBlocks), type) == std::end(kPlainBlocks))
            named.emplace(type);
    }
    return named;
}

bool Refusals::is_refused(const std::string& feature) const {
    const auto found = until_.find(feature);
    return found != until_.end() && Clock::now() < found->second;
}

void Refusals::refuse(const std::string& feature, Duration life) {
    if (!is_refused(feature))
        log::warn("slack.feature_refused", {{"feature", feature}});
    const TimePoint now = Clock::now();
    std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
    until_[feature] = now + life;
}

std::size_t Refusals::first_rung(const std::vector<answer::Rendered>& ladder) const {
    for (std::size_t rung = 0; rung + 1 < ladder.size(); ++rung) {
        const auto features = features_of(ladder[rung].blocks);
        if (std::none_of(features.begin(), features.end(), [&](const auto& feature) { return is_refused(feature); }))
            return rung;
    }
    return ladder.empty() ? 0 : ladder.size() - 1;
}

}  // namespace genie_slack::relay
