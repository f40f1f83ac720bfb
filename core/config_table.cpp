#include "core/config_table.hpp"

#include <charconv>
#include <cstdlib>

namespace genie_slack {

namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        const std::string_view item = trim(text.substr(0, comma));
        if (!item.empty())
            items.emplace_back(item);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return items;
}

std::string join_list(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items)
        text.append(text.empty() ? "" : ",").append(item);
    return text;
}

bool is_variable_name(std::string_view name) {
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        return false;
    for (const char c : name)
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    return true;
}

// The value after '=': nothing when a quote is not closed.
std::optional<std::string> env_value(std::string_view text) {
    text = trim(text);
    if (text.empty() || (text[0] != '"' && text[0] != '\'')) {
        const std::size_t comment = text.find(" #");
        return std::string(trim(text.substr(0, comment)));
    }
    const char quote = text[0];
    std::string value;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote)
            return value;
        if (quote == '"' && text[at] == '\\' && at + 1 < text.size()) {
            const char next = text[++at];
            value += next == 'n' ? '\n' : next == 't' ? '\t' : next;
        } else {
            value += text[at];
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (!value || !*value)
        return std::nullopt;
    return std::string(value);
}

std::vector<std::pair<std::string, std::string>> parse_env_file(std::string_view text,
                                                                std::vector<std::string>& problems) {
    std::vector<std::pair<std::string, std::string>> variables;
    // Editors of Windows begin a file of UTF-8 with it.
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        text.remove_prefix(kByteOrderMark.size());
    int number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        std::string_view line = trim(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (line.empty() || line[0] == '#')
            continue;
        if (line.substr(0, 7) == "export ")
            line = trim(line.substr(7));
        const std::string where = "line " + std::to_string(number) + ": ";
        const std::size_t equals = line.find('=');
        const std::string_view name = trim(line.substr(0, equals));
        if (equals == std::string_view::npos || !is_variable_name(name)) {
            problems.push_back(where + "is not NAME=value");
            continue;
        }
        auto value = env_value(line.substr(equals + 1));
        if (!value)
            problems.push_back(where + "the quote of " + std::string(name) + " is not closed");
        else
            variables.emplace_back(std::string(name), std::move(*value));
    }
    return variables;
}

ConfigTable& ConfigTable::add(Variable variable) {
    variables_.push_back(std::move(variable));
    return *this;
}

ConfigTable& ConfigTable::text(std::string name, std::string& field, std::string meaning) {
    Variable variable;
    variable.name = std::move(name);
    variable.fallback = field;
    variable.meaning = std::move(meaning);
    variable.set = [&field](const std::string& value) {
        field = value;
        return std::string();
    };
    variable.show = [&field] { return field; };
    return add(std::move(variable));
}

ConfigTable& ConfigTable::integer(std::string name, int& field, int low, int high, std::string meaning) {
    Variable variable;
    variable.name = std::move(name);
    variable.fallback = std::to_string(field);
    variable.meaning = std::move(meaning);
    variable.set = [&field, low, high](const std::string& value) {
        int number = 0;
        const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (failure != std::errc() || end != value.data() + value.size() || number < low || number > high)
            return "is '" + value + "', but must be a whole number from " + std::to_string(low) + " to " +
                   std::to_string(high);
        field = number;
        return std::string();
    };
    variable.show = [&field] { return std::to_string(field); };
    return add(std::move(variable));
}

ConfigTable& ConfigTable::flag(std::string name, bool& field, std::string meaning) {
    Variable variable;
    variable.name = std::move(name);
    variable.fallback = field ? "true" : "false";
    variable.meaning = std::move(meaning);
    variable.set = [&field](const std::string& value) {
        std::string lower;
        for (const char c : value)
            lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        if (lower == "true" || lower == "1" || lower == "yes" || lower == "on")
            field = true;
        else if (lower == "false" || lower == "0" || lower == "no" || lower == "off")
            field = false;
        else
            return "is '" + value + "', but must be true or false";
        return std::string();
    };
    variable.show = [&field] { return std::string(field ? "true" : "false"); };
    return add(std::move(variable));
}

std::string ConfigTable::not_among(const std::string& value, const std::vector<std::string>& names) {
    std::string out = "is '" + value + "', but must be ";
    for (std::size_t i = 0; i < names.size(); ++i)
        out.append(i == 0 ? "" : i + 1 == names.size() ? " or " : ", ").append(names[i]);
    return out;
}

ConfigTable& ConfigTable::list(std::string name, std::vector<std::string>& field, std::string meaning, Setter check) {
    Variable variable;
    variable.name = std::move(name);
    variable.fallback = join_list(field);
    variable.meaning = std::move(meaning);
    variable.set = [&field, check = std::move(check)](const std::string& value) {
        field = split_list(value);
        std::string problem(field.empty() ? "names nothing: list entries separated by commas" : "");
        for (std::size_t i = 0; check && problem.empty() && i < field.size(); ++i)
            problem = check(field[i]);
        return problem;
    };
    variable.show = [&field] { return join_list(field); };
    return add(std::move(variable));
}

ConfigTable& ConfigTable::secret(std::string name, Secret& field, std::string meaning, Setter check) {
    Variable variable;
    variable.name = std::move(name);
    variable.meaning = std::move(meaning);
    variable.secret = true;
    variable.set = [&field, check = std::move(check)](const std::string& value) {
        std::string problem = check ? check(value) : std::string();
        if (problem.empty())
            field = Secret(value);
        return problem;
    };
    variable.show = [&field] { return std::string(field.empty() ? "(not set)" : "***"); };
    return add(std::move(variable));
}

ConfigTable& ConfigTable::required() {
    variables_.back().required = true;
    return *this;
}

ConfigTable& ConfigTable::documented_default(std::string text) {
    variables_.back().fallback = std::move(text);
    return *this;
}

std::vector<std::string> ConfigTable::load(const VariableLookup& lookup) {
    std::vector<std::string> problems;
    for (const Variable& variable : variables_) {
        const auto value = lookup(variable.name);
        if (!value || value->empty()) {
            if (variable.required)
                problems.push_back(variable.name + ": is not set; it is needed: " + variable.meaning);
            continue;
        }
        const std::string problem = variable.set(*value);
        if (!problem.empty())
            problems.push_back(variable.name + ": " + problem);
    }
    return problems;
}

std::vector<std::string> ConfigTable::names() const {
    std::vector<std::string> names;
    for (const Variable& variable : variables_)
        names.push_back(variable.name);
    return names;
}

log::Fields ConfigTable::report() const {
    log::Fields fields;
    for (const Variable& variable : variables_)
        fields.emplace_back(variable.name, variable.show());
    return fields;
}

std::string ConfigTable::markdown() const {
    std::string text = "| variable | default | meaning |\n|---|---|---|\n";
    for (const Variable& variable : variables_) {
        const std::string fallback = variable.required           ? "required"
                                     : variable.fallback.empty() ? "none"
                                                                 : "`" + variable.fallback + "`";
        text += "| `" + variable.name + "` | " + fallback + " | " + variable.meaning + " |\n";
    }
    return text;
}

}  // namespace genie_slack
