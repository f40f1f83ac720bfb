#include "genie/databrickscfg.hpp"

namespace genie_slack::genie {

namespace databrickscfg_detail {

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower_key(std::string_view text) {
    std::string key(text);
    for (char& c : key)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return key;
}

std::string_view unquote(std::string_view value) {
    const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'');
    return quoted && value.back() == value.front() ? value.substr(1, value.size() - 2) : value;
}

}  // namespace databrickscfg_detail

ProfileFile parse_databrickscfg(std::string_view text) {
    using namespace databrickscfg_detail;
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        text.remove_prefix(kByteOrderMark.size());

    ProfileFile file;
    std::string section = "DEFAULT";
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = trim(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (line.empty() || line.front() == '#' || line.front() == ';')
            continue;
        if (line.front() == '[') {
            const auto close = line.find(']');
            if (close != std::string_view::npos) {
                section = std::string(trim(line.substr(1, close - 1)));
                file[section];
            }
            continue;
        }
        const auto separator = line.find_first_of("=:");
        if (separator == std::string_view::npos)
            continue;
        const std::string key = lower_key(trim(line.substr(0, separator)));
        if (!key.empty())
            file[section][key] = std::string(unquote(trim(line.substr(separator + 1))));
    }
    return file;
}

}  // namespace genie_slack::genie
