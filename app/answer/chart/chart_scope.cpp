#include "app/answer/chart/chart_scope.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

namespace chart_scope_detail {

using Words = std::vector<std::string>;

constexpr std::size_t kRead = 20'000;  // bytes of a text

// In lower case, as far as that is ASCII; whatever is neither letter nor digit separates.
Words words_of(std::string_view text) {
    Words words;
    bool goes_on = false;
    for (const char c : text.substr(0, kRead)) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_part =
            is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
        if (is_part && !goes_on)
            words.emplace_back();
        if (is_part)
            words.back() += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        goes_on = is_part;
    }
    return words;
}

struct NumberWord {
    std::string_view word;
    std::size_t number;
};
constexpr NumberWord kNumberWords[] = {
    {"two", 2},  {"three", 3}, {"four", 4},   {"five", 5},  {"six", 6},   {"zwei", 2},   {"drei", 3},
    {"vier", 4}, {"fünf", 5},  {"sechs", 6},  {"deux", 2},  {"trois", 3}, {"quatre", 4}, {"cinq", 5},
    {"dos", 2},  {"tres", 3},  {"cuatro", 4}, {"cinco", 5}, {"seis", 6},
};

std::optional<std::size_t> number_in(std::string_view word) {
    for (const NumberWord& known : kNumberWords)
        if (known.word == word)
            return known.number;
    std::size_t number = 0;
    const char* const end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, number);
    return error == std::errc() && stop == end ? std::optional<std::size_t>(number) : std::nullopt;
}

// What makes a number before it one of a selection. Not "first": "the first 3 months" selects no rows.
bool chooses(std::string_view word) {
    static constexpr std::string_view kChoosing[] = {
        "best",      "worst",       "most",        "least",     "fewest",     "largest",       "biggest",
        "highest",   "smallest",    "lowest",      "longest",   "shortest",   "fastest",       "slowest",
        "strongest", "weakest",     "cheapest",    "busiest",   "besten",     "schlechtesten", "meisten",
        "wenigsten", "größten",     "grössten",    "kleinsten", "höchsten",   "niedrigsten",   "längsten",
        "kürzesten", "schnellsten", "langsamsten", "teuersten", "billigsten", "günstigsten",   "plus",
        "moins",     "meilleurs",   "meilleures",  "pires",     "principaux", "principales",   "más",
        "menos",     "mayores",     "menores",     "mejores",   "peores",
    };
    // "umsatzstärksten".
    return word.ends_with("stärksten") || word.ends_with("schwächsten") ||
           std::find(std::begin(kChoosing), std::end(kChoosing), word) != std::end(kChoosing);
}

// Whether the words ask for a number of rows at the top or bottom that came as well.
bool asks_for_some(const Words& words, std::size_t rows) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto number = number_in(words[i]);
        if (!number || *number < 2 || *number > rows)
            continue;
        const bool follows_place = i > 0 && (words[i - 1] == "top" || words[i - 1] == "bottom");
        if (follows_place || (i + 1 < words.size() && chooses(words[i + 1])))
            return true;
    }
    return false;
}

// A query cannot bring more rows than it takes; one that takes them further inside brings as many or fewer.
bool takes_some(const Words& sql, std::size_t rows) {
    for (std::size_t i = 0; i + 1 < sql.size(); ++i) {
        const auto number = number_in(sql[i + 1]);
        if (number && ((sql[i] == "limit" && *number == rows) || (sql[i] == "offset" && *number > 0)))
            return true;
    }
    return false;
}

}  // namespace chart_scope_detail

ChartScope scope_of(const genie::ResultTable& table, std::string_view sql, std::string_view title,
                    std::string_view question) {
    using namespace chart_scope_detail;
    const std::size_t rows = table.rows.size();
    const bool is_cut = table.truncated || table.total_rows > static_cast<std::int64_t>(rows);
    const bool is_part = is_cut || takes_some(words_of(sql), rows) || asks_for_some(words_of(title), rows) ||
                         asks_for_some(words_of(question), rows);
    return is_part ? ChartScope::part : ChartScope::whole;
}

}  // namespace genie_slack::answer
