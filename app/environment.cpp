#include "app/environment.hpp"

#include "app/config.hpp"
#include "app/near_miss.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace genie_slack {

namespace environment_detail {

constexpr std::size_t kMaxEnvFileBytes = 1 << 20;
constexpr std::size_t kLongName = 12;     // two slips in a long name are still that name
constexpr std::size_t kShortestName = 7;  // of a host's environment; short names are like many others

// Names of other programs that are near ours, and ours that others use as well.
constexpr std::array kOfOthers = {"HTTP_PROXY", "ALL_PROXY", "FTP_PROXY", "LANGUAGE", "LANG",         "PGHOSTADDR",
                                  "PGPASSFILE", "PGSSLCERT", "PGSSLKEY",  "PGSSLCRL", "SSL_CERT_DIR", "LOG_LEVELS"};
constexpr std::array kShared = {"LOG_LEVEL", "LOG_FORMAT", "SSL_CERT_FILE", "HTTPS_PROXY",
                                "NO_PROXY",  "PORT",       "ADMIN_USERS"};

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return out;
}

template <class List>
bool is_in(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

// The setting that a name is nearest to, near or not.
std::pair<std::string, std::size_t> nearest(const std::string& name, const std::vector<std::string>& ours) {
    std::pair<std::string, std::size_t> best;
    for (const std::string& setting : ours) {
        const std::size_t slips = slips_between(name, setting);
        if (best.first.empty() || slips < best.second)
            best = {setting, slips};
    }
    return best;
}

std::optional<std::string> meant_by(const std::string& given, const std::vector<std::string>& ours, NameSource source) {
    constexpr std::size_t kLongestName = 100;
    std::string name = upper(given);
    // The older Python bot had its space as a variable of a bundle, in the same file.
    if (source == NameSource::file && name.starts_with("BUNDLE_") && name.find("GENIE_SPACE") != std::string::npos)
        name.erase(0, name.find("GENIE_SPACE"));
    if (given.size() > kLongestName || is_in(ours, given) || is_in(kOfOthers, name))
        return std::nullopt;
    if (given != name && is_in(kShared, name))  // https_proxy
        return std::nullopt;
    const auto [setting, slips] = nearest(name, ours);
    const bool is_shared = setting.starts_with("PG") || is_in(kShared, setting) || setting.size() < kShortestName;
    if (source == NameSource::environment && is_shared)
        return std::nullopt;
    const std::size_t most = setting.size() >= kLongName ? 2 : setting.size() > 4 ? 1 : 0;
    if (slips <= most)
        return setting;
    // Whoever writes these wants to close something.
    const bool is_limit =
        name.starts_with("GENIE_SPACE") || (source == NameSource::file && name.starts_with("ALLOWED_"));
    return is_limit ? std::optional(setting) : std::nullopt;
}

std::vector<std::string> names_of_environment() {
    std::vector<std::string> names;
    for (char** variable = environ; variable && *variable; ++variable) {
        const std::string_view text(*variable);
        const std::size_t equals = text.find('=');
        // An empty one counts as not set.
        if (equals != std::string_view::npos && equals + 1 < text.size())
            names.emplace_back(text.substr(0, equals));
    }
    return names;
}

// Nothing when there is no file.
std::optional<std::string> read_file(const std::string& path, EnvFile kind, EnvironmentFindings& findings) {
    std::vector<std::string>& problems = findings.problems;
    if (::access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        if (kind == EnvFile::wanted)
            findings.missing_file = path + ": there is no such file, so that settings come from the environment alone";
        return std::nullopt;
    }
    findings.has_file = true;
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxEnvFileBytes + 1, '\0');
    if (file)
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) {
        problems.push_back(path + ": cannot be read (" + std::strerror(errno) +
                           "): make it readable for this process, or remove it");
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxEnvFileBytes)
        problems.push_back(path + ": is larger than 1 MiB");
    return text;
}

}  // namespace environment_detail

using namespace environment_detail;

std::vector<std::string> misspelt_names(const std::vector<std::string>& given, const std::vector<std::string>& ours,
                                        NameSource source) {
    std::vector<std::string> problems;
    for (const std::string& name : given)
        if (const auto meant = meant_by(name, ours, source))
            problems.push_back(name + ": is no setting of this program; did you mean " + *meant +
                               "? Rename it, or remove it" +
                               (source == NameSource::environment ? " from the environment" : ""));
    return problems;
}

VariableLookup environment_with_file(const std::string& env_file, EnvFile kind, EnvironmentFindings& findings) {
    std::vector<std::string>& problems = findings.problems;
    std::map<std::string, std::string> variables;
    std::vector<std::string> names;
    if (const auto text = read_file(env_file, kind, findings)) {
        std::vector<std::string> lines;
        for (auto& [name, value] : parse_env_file(*text, lines)) {
            if (!is_in(names, name))
                names.push_back(name);
            variables[name] = std::move(value);
        }
        for (const std::string& line : lines)
            problems.push_back(env_file + ": " + line);
    }
    const auto ours = config_variables();
    for (std::string& problem : misspelt_names(names, ours, NameSource::file))
        problems.push_back(env_file + ": " + std::move(problem));
    for (std::string& problem : misspelt_names(names_of_environment(), ours, NameSource::environment))
        problems.push_back(std::move(problem));
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        if (auto value = environment_variable(name))
            return value;
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

}  // namespace genie_slack
