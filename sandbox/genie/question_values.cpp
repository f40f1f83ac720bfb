#include "sandbox/genie/question_values.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace genie_slack::sandbox::databricks {

namespace question_values_detail {

// What may stand between "without" and what is left out.
const std::set<std::string, std::less<>> kBefore = {
    "the",  "a",  "an",  "any", "in",  "for", "from", "as",  "der", "die", "das", "den", "dem", "des", "ein",
    "eine", "im", "aus", "von", "als", "el",  "la",   "los", "las", "le",  "les", "un",  "une", "all", "alle"};
// What joins several that are left out.
const std::set<std::string, std::less<>> kJoins = {"and", "or", "nor", "und", "oder", "noch", "y", "o", "et", "ou"};

struct Place {
    std::size_t start;
    std::size_t end;
    const ColumnValue* what;
    bool left_out = false;
};

Place* starting_at(std::vector<Place>& places, std::size_t start) {
    const auto found = std::find_if(places.begin(), places.end(), [&](const Place& one) { return one.start == start; });
    return found == places.end() ? nullptr : &*found;
}

// The first word behind `at` that says something.
std::size_t behind_small(const QuestionTokens& words, std::size_t at) {
    while (at < words.size() && kBefore.contains(words.free(at)))
        ++at;
    return at;
}

// "The web channel", "region AMER": the column's name only says what kind of value it is.
void use_column_name(QuestionTokens& words, const Place& place) {
    const std::size_t beside[] = {place.start - 1, place.end};
    for (const std::size_t at : beside)
        if (words.free(at) == place.what->column)
            words.use(at);
}

// The one that is named at `at`, perhaps behind its column's name.
Place* named_at(const QuestionTokens& words, std::vector<Place>& places, std::size_t at) {
    Place* const place = starting_at(places, at);
    if (place)
        return place;
    Place* const next = starting_at(places, at + 1);
    return next && words.free(at) == next->what->column ? next : nullptr;
}

// Marks those that the "without" at `at` leaves out; whether there is one.
bool leave_out(QuestionTokens& words, std::vector<Place>& places, std::size_t at) {
    Place* place = named_at(words, places, behind_small(words, at + 1));
    const bool any = place != nullptr;
    while (place) {
        place->left_out = true;
        use_column_name(words, *place);
        const std::string& column = place->what->column;
        std::size_t next = place->end;
        while (next < words.size() && words.at(next) == column)
            ++next;
        const bool joined = next < words.size() && kJoins.contains(words.at(next));
        Place* const other = named_at(words, places, joined ? behind_small(words, next + 1) : next);
        // "Without AMER, LATAM": of the same kind; "without AMER, Web" may mean anything.
        place = other && (joined || other->what->column == column) ? other : nullptr;
    }
    return any;
}

void add(ValuesByColumn& values, const ColumnValue& one) {
    std::vector<std::string>& list = values[one.column];
    if (!is_among(list, one.value))
        list.push_back(one.value);
}

}  // namespace question_values_detail

bool is_among(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

NamedValues take_values(QuestionTokens& words, const std::vector<ColumnValue>& values,
                        const std::set<std::string>& shape) {
    using namespace question_values_detail;
    std::vector<Place> places;
    for (const ColumnValue& value : values)
        for (const Span& span : words.take(value.phrase))
            places.push_back({span.start, span.start + span.size, &value});
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (words.free(at) != "without")
            continue;
        if (leave_out(words, places, at) || shape.contains(std::string(words.free(behind_small(words, at + 1)))))
            words.use(at);
    }
    NamedValues named;
    for (const Place& place : places)
        add(place.left_out ? named.left_out : named.kept, *place.what);
    return named;
}

}  // namespace genie_slack::sandbox::databricks
