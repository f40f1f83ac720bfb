// A question in plain words -> what has to be asked of the data. Pure: no data, no time of day.
#pragma once

#include "sandbox/genie/model.hpp"
#include "sandbox/genie/periods.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

enum class Kind {
    unknown,
    greeting,
    thanks,
    help,    // what can I ask, who are you
    tables,  // which tables are there
    reason,  // why did something happen
    card,    // a ready-made answer, see sample_cards.hpp
    aggregate,
    listing,
};

struct ValueFilter {
    std::string dimension;
    std::vector<std::string> values;
    bool exclude = false;

    friend bool operator==(const ValueFilter&, const ValueFilter&) = default;
};

struct Request {
    Kind kind = Kind::unknown;
    std::string card;
    std::string topic;
    std::vector<std::string> metrics;
    std::vector<std::string> dimensions;  // ids; at most two
    std::string grain;                    // "", day, week, month, quarter, year
    std::vector<ValueFilter> filters;
    std::vector<Period> periods;       // any of them
    std::optional<long> top;           // so many rows
    bool ascending = false;            // the lowest first
    bool by_metric = false;            // order by the measure even when there is a grain
    bool change = false;               // against the period before
    bool share = false;                // of the whole, in percent
    std::optional<std::string> above;  // of the topic's amount
    std::optional<std::string> below;
    bool by_amount = false;  // a listing ordered by the amount
    bool latest = false;     // a listing of the newest rows

    friend bool operator==(const Request&, const Request&) = default;
};

struct Parsed {
    Request request;
    bool follow_up = false;                   // it goes on from the question before
    std::vector<std::string> not_understood;  // words that were left out
};

// The values that dimensions have, by their normalized words.
class Vocabulary {
 public:
    struct Entry {
        std::string topic;
        std::string dimension;
        std::string value;
    };

    void add(const std::string& topic, const std::string& dimension, const std::string& value);
    // Phrases with the most words first.
    const std::vector<std::pair<std::string, std::vector<Entry>>>& entries() const;

 private:
    std::map<std::string, std::vector<Entry>> by_phrase_;
    mutable std::vector<std::pair<std::string, std::vector<Entry>>> sorted_;
};

// `space` is the key of a built-in space.
Parsed parse_question(std::string_view text, std::string_view space, const Vocabulary& vocabulary,
                      const std::optional<Request>& previous);

}  // namespace genie_slack::sandbox::databricks
