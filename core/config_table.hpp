// One table of configuration variables that reads, validates, reports and documents itself.
#pragma once

#include "core/log.hpp"
#include "core/secret.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genie_slack {

// A variable's text, or nothing when it is not set.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

// The variables of the process' environment; an empty one counts as not set.
std::optional<std::string> environment_variable(const std::string& name);

// Reads the contents of an .env file: NAME=value lines, optional "export ", # comments, single or double quotes (double
// ones know \n, \t, \", \\). Problems come back in `problems` as "line 3: ...".
std::vector<std::pair<std::string, std::string>> parse_env_file(std::string_view text,
                                                                std::vector<std::string>& problems);

// Variables are bound to the fields of a struct that outlives the table. A setter returns what is wrong and how to mend
// it, without the variable's name and never with a secret's value; "" means fine.
class ConfigTable {
 public:
    using Setter = std::function<std::string(const std::string& value)>;

    struct Variable {
        std::string name;
        std::string fallback;  // documented default, "" for none
        std::string meaning;
        bool required = false;
        bool secret = false;
        Setter set;
        std::function<std::string()> show;  // effective value, for the report
    };

    ConfigTable& add(Variable variable);
    ConfigTable& text(std::string name, std::string& field, std::string meaning);
    ConfigTable& integer(std::string name, int& field, int low, int high, std::string meaning);
    ConfigTable& flag(std::string name, bool& field, std::string meaning);
    // One of a few values by their names, as they are documented; the default is the field's.
    template <class Value>
    ConfigTable& choice(std::string name, Value& field, std::vector<std::pair<std::string, Value>> choices,
                        std::string meaning);
    // `check` gets each entry and returns what is wrong with it, or "".
    ConfigTable& list(std::string name, std::vector<std::string>& field, std::string meaning, Setter check = {});
    // `check` gets the value and returns what is wrong with it, or "".
    ConfigTable& secret(std::string name, Secret& field, std::string meaning, Setter check);

    // Says that the variable added last has to be set.
    ConfigTable& required();
    // How the default of the variable added last reads in the documentation, where the field's value does not say it.
    ConfigTable& documented_default(std::string text);

    // Sets all fields; every problem as one line "NAME: what is wrong, how to mend it".
    std::vector<std::string> load(const VariableLookup& lookup);
    // Of all variables, in order.
    std::vector<std::string> names() const;
    // Effective values for the log at start; secrets as "***" or "(not set)".
    log::Fields report() const;
    // The rows of the table in docs/configuration.md: | variable | default | meaning |.
    std::string markdown() const;

 private:
    // What is wrong with a value that is none of `names`.
    static std::string not_among(const std::string& value, const std::vector<std::string>& names);

    std::vector<Variable> variables_;
};

template <class Value>
ConfigTable& ConfigTable::choice(std::string name, Value& field, std::vector<std::pair<std::string, Value>> choices,
                                 std::string meaning) {
    Variable variable;
    variable.name = std::move(name);
    variable.meaning = std::move(meaning);
    variable.show = [&field, choices] {
        const auto chosen = std::find_if(choices.begin(), choices.end(),
                                         [&field](const auto& choice) { return choice.second == field; });
        return chosen == choices.end() ? std::string() : chosen->first;
    };
    variable.fallback = variable.show();
    variable.set = [&field, choices = std::move(choices)](const std::string& value) {
        std::vector<std::string> names;
        for (const auto& [choice, meant] : choices) {
            if (choice == value) {
                field = meant;
                return std::string();
            }
            names.push_back(choice);
        }
        return not_among(value, names);
    };
    return add(std::move(variable));
}

}  // namespace genie_slack
