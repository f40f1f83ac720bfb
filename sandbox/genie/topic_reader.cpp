#include "sandbox/genie/topic_reader.hpp"

#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/words.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::sandbox::databricks {

namespace topic_reader_detail {

constexpr std::array<std::string_view, 5> kGrains = {"day", "week", "month", "quarter", "year"};

std::string_view grain_of(std::string_view word) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kAdverbs = {{{"daily", "day"},
                                                                                               {"weekly", "week"},
                                                                                               {"monthly", "month"},
                                                                                               {"quarterly", "quarter"},
                                                                                               {"yearly", "year"},
                                                                                               {"annual", "year"},
                                                                                               {"annually", "year"},
                                                                                               {"per annum", "year"}}};
    for (const std::string_view grain : kGrains)
        if (word == grain || (word.size() == grain.size() + 1 && word.starts_with(grain) && word.back() == 's'))
            return grain;
    for (const auto& [adverb, grain] : kAdverbs)
        if (word == adverb)
            return grain;
    return {};
}

// Words after which a noun says how to split, not what to count.
bool splits(std::string_view word) {
    static constexpr std::array<std::string_view, 14> kWords = {"by",      "per",      "each", "every", "across",
                                                                "which",   "what",     "best", "worst", "biggest",
                                                                "largest", "smallest", "top",  "bottom"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// Longest phrases first, so that "average order value" is not taken for "order".
template <class Item>
std::vector<std::pair<std::string, const Item*>> by_length(const std::vector<Item>& items) {
    std::vector<std::pair<std::string, const Item*>> phrases;
    for (const Item& item : items) {
        for (const std::string& phrase : item.phrases)
            phrases.emplace_back(phrase, &item);
        if constexpr (requires { item.plural; }) {
            phrases.emplace_back(item.label, &item);
            phrases.emplace_back(item.plural, &item);
        }
    }
    std::sort(phrases.begin(), phrases.end(), [](const auto& a, const auto& b) {
        const std::size_t left = word_count(a.first);
        const std::size_t right = word_count(b.first);
        return left != right ? left > right : a.second < b.second;  // then in the order of the model
    });
    return phrases;
}

template <class T>
void add_once(std::vector<T>& list, const T& value) {
    if (std::find(list.begin(), list.end(), value) == list.end())
        list.push_back(value);
}

// Reads a question as one about `topic`.
class TopicReader {
 public:
    TopicReader(std::string_view text, const Topic& topic, const Vocabulary& vocabulary)
        : words_(text), topic_(topic), vocabulary_(vocabulary) {
        request_.topic = topic.id;
    }

    void read() {
        lead();
        amounts();
        order_and_count();
        if (!topic_.date.empty()) {
            request_.periods = take_periods(words_, kToday);
            grains();
        }
        split_dimensions();
        values();
        metrics();
        plain_dimensions();
        time_words();
        listing();
        periods_side_by_side();
    }

    Reading result() const {
        const Request& r = request_;
        Reading reading;
        reading.request = request_;
        reading.left_over = words_.left_over();
        reading.anything = !r.metrics.empty() || !r.dimensions.empty() || !r.grain.empty() || !r.filters.empty() ||
                           !r.periods.empty() || r.top || r.share || r.change || r.above || r.below || listing_noun_ ||
                           ordered_;
        reading.subject = r.kind == Kind::listing ? 2 : r.metrics.empty() ? 0 : 1;
        reading.lead_in = lead_in_;
        reading.adds_split = adds_split_;
        reading.asks_why = why_;
        return reading;
    }

 private:
    void lead() {
        static constexpr std::array<std::string_view, 16> kLeads = {
            "and",  "now",  "only", "but",     "what about", "how about", "same",    "instead",
            "also", "then", "just", "without", "except",     "excluding", "exclude", "ok"};
        for (const std::string_view phrase : kLeads)
            lead_in_ = lead_in_ || words_.matches(0, phrase);
        why_ = words_.take("why") || words_.take("how come") || words_.take("what caused") || words_.take("reason for");
        adds_split_ = words_.take_any({"split", "broken down", "break it down", "break that down", "break down",
                                       "breakdown", "additionally", "also by"});
        exclude_at_ = words_.size();
        for (const std::string_view phrase : {"without", "except", "excluding", "exclude", "not"})
            if (const auto position = words_.find(phrase)) {
                exclude_at_ = std::min(exclude_at_, *position);
                words_.use(*position);
            }
    }

    void amounts() {
        if (topic_.amount.empty())
            return;
        const auto after = [this](std::initializer_list<std::string_view> phrases) -> std::optional<std::string> {
            for (const std::string_view phrase : phrases) {
                const auto position = words_.find(phrase);
                const std::size_t next = position ? *position + word_count(phrase) : 0;
                if (!position || !words_.free(next) ||
                    words_.at(next).find_first_not_of("0123456789.") != std::string::npos)
                    continue;
                std::string number = words_.at(next);
                words_.use(*position, word_count(phrase) + 1);
                words_.take_any({"eur", "euro", "euros"});
                return number;
            }
            return {};
        };
        request_.above = after({"above", "over", "more than", "at least", "exceeding", "greater than", "larger than"});
        request_.below = after({"below", "under", "less than", "at most", "smaller than", "cheaper than"});
    }

    void order_and_count() {
        static constexpr std::array<std::string_view, 8> kLow = {"bottom",   "lowest", "least",   "worst",
                                                                 "smallest", "fewest", "slowest", "cheapest"};
        static constexpr std::array<std::string_view, 9> kHigh = {
            "top", "highest", "most", "best", "largest", "biggest", "strongest", "leading", "greatest"};
        const auto count_at = [this](std::size_t word, std::size_t number) {
            if (!words_.free(number))
                return;
            const auto count = number_word(words_.at(number));
            if (!count || *count < 1 || *count > 100'000)
                return;
            request_.top = count;
            words_.use(number);
            split_at_ = std::max(word, number) + 1;
        };
        const auto superlative = [&](std::string_view phrase, bool ascending) {
            const auto position = words_.find(phrase);
            if (!position)
                return;
            request_.ascending = ascending;
            request_.by_metric = true;
            ordered_ = true;
            split_at_ = *position + 1;
            count_at(*position, *position + 1);
            if (!request_.top && *position > 0)
                count_at(*position, *position - 1);
            if (!request_.top && (phrase == "top" || phrase == "bottom"))
                request_.top = 10;
            words_.use(*position);
        };
        for (const std::string_view phrase : kLow)
            superlative(phrase, true);
        for (const std::string_view phrase : kHigh)
            superlative(phrase, false);
        for (const std::string_view phrase : {"latest", "newest", "recent", "most recent", "oldest"})
            if (const auto position = words_.find(phrase)) {
                latest_ = true;
                count_at(*position, *position + 1);
                if (!request_.top && *position > 0)
                    count_at(*position, *position - 1);
                words_.use(*position);
            }
        request_.share = words_.take_any({"share", "percentage", "percent", "proportion", "as a share", "shares"});
    }

    void grains() {
        if (words_.take_any({"year over year", "yoy", "year on year"}))
            request_.grain = "year", request_.change = true;
        if (words_.take_any({"month over month", "mom", "month on month"}))
            request_.grain = "month", request_.change = true;
        if (words_.take_any({"quarter over quarter", "qoq", "quarter on quarter"}))
            request_.grain = "quarter", request_.change = true;
        for (std::size_t position = 0; position < words_.size(); ++position) {
            const std::string_view grain = words_.free(position) ? grain_of(words_.at(position)) : std::string_view();
            if (grain.empty())
                continue;
            request_.grain = grain;
            words_.use(position);
        }
    }

    void split_by(const Dimension& dimension, std::size_t position, const std::string& phrase) {
        words_.use(position, word_count(phrase));
        if (request_.dimensions.size() < 2)
            add_once(request_.dimensions, dimension.id);
    }

    void split_dimensions() {
        const auto phrases = by_length(topic_.dimensions);
        bool splitting = false;
        for (std::size_t position = 0; position < words_.size(); ++position) {
            const std::string& before = position > 0 ? words_.at(position - 1) : words_.at(0);
            if (position > 0 && !(before == "and" && splitting))
                splitting = splits(before);
            if (!splitting && split_at_ != position)
                continue;
            for (const auto& [phrase, dimension] : phrases) {
                // "Top customers by revenue": the superlative's noun; "top revenue" has none.
                if (!words_.matches(position, phrase))
                    continue;
                const std::size_t length = word_count(phrase);
                split_by(*dimension, position, phrase);
                position += length - 1;
                splitting = true;
                break;
            }
        }
    }

    void values() {
        std::vector<std::pair<std::string, const Vocabulary::Entry*>> aliases;
        for (const auto& [phrase, entries] : vocabulary_.entries())
            for (const Vocabulary::Entry& entry : entries)
                if (entry.topic == topic_.id)
                    while (const auto position = words_.find(phrase))
                        filter_by(entry, *position, word_count(phrase));
    }

    void filter_by(const Vocabulary::Entry& entry, std::size_t position, std::size_t length) {
        words_.use(position, length);
        const bool exclude = position >= exclude_at_;
        auto found = std::find_if(request_.filters.begin(), request_.filters.end(), [&](const ValueFilter& filter) {
            return filter.dimension == entry.dimension && filter.exclude == exclude;
        });
        if (found == request_.filters.end()) {
            ValueFilter filter;
            filter.dimension = entry.dimension;
            filter.exclude = exclude;
            request_.filters.push_back(filter);
            found = request_.filters.end() - 1;
        }
        add_once(found->values, entry.value);
    }

    void metrics() {
        for (const auto& [phrase, metric] : by_length(topic_.metrics))
            if (words_.take(phrase) && request_.metrics.size() < 4)
                add_once(request_.metrics, metric->id);
        // In the order of the model, not of the length of their names.
        std::vector<std::string> ordered;
        for (const Metric& metric : topic_.metrics)
            if (std::find(request_.metrics.begin(), request_.metrics.end(), metric.id) != request_.metrics.end())
                ordered.push_back(metric.id);
        request_.metrics = std::move(ordered);
    }

    void plain_dimensions() {
        for (const auto& [phrase, dimension] : by_length(topic_.dimensions))
            if (const auto position = words_.find(phrase)) {
                // "With status open" names the dimension of the value, and does not split.
                if (filters_by(dimension->id))
                    words_.use(*position, word_count(phrase));
                else
                    split_by(*dimension, *position, phrase);
            }
    }

    bool filters_by(const std::string& dimension) const {
        return std::any_of(request_.filters.begin(), request_.filters.end(),
                           [&](const ValueFilter& filter) { return filter.dimension == dimension; });
    }

    void time_words() {
        if (topic_.date.empty())
            return;
        const bool trend = words_.take_any({"over time", "trend", "trends", "develop", "developed", "development",
                                            "evolve", "evolved", "evolution", "history", "timeline"});
        const bool change =
            words_.take_any({"growth", "grow", "grew", "change", "changed", "changes", "increase", "increased",
                             "decline", "declined", "decrease", "drop", "dropped", "fall", "fell", "rise", "rose"});
        request_.change = request_.change || change;
        if (trend && request_.grain.empty())
            request_.grain = "month";
        if (change && request_.grain.empty())
            request_.grain = request_.dimensions.empty() ? "month" : "year";
    }

    void listing() {
        const bool counted = words_.find("how many") || words_.find("number of") || words_.find("count");
        const bool shown = words_.find("list") || words_.find("show") || words_.find("display") || words_.find("all") ||
                           words_.find("give me") || latest_;
        words_.take_any({"sheet", "details", "detail", "records", "record", "rows", "entries"});
        const bool split = !request_.dimensions.empty() || !request_.grain.empty();
        const bool only_rows = request_.metrics.empty() || is_row_count();
        // What remains of the noun: its metric may have taken the word.
        for (const std::string& phrase : topic_.phrases)
            listing_noun_ = words_.take(phrase) || listing_noun_ || (word_stands(phrase) && only_rows);
        const bool filtered_by_amount = request_.above || request_.below;
        if (split || counted || request_.share || request_.change)
            return;
        // "Top 5 salaries": rows, though nobody named them.
        const bool ranking = ordered_ && request_.top && !topic_.amount.empty();
        if (!ranking && (!listing_noun_ || !only_rows || (!shown && !ordered_ && !filtered_by_amount)))
            return;
        request_.kind = Kind::listing;
        request_.metrics.clear();
        request_.by_amount = ordered_ && !topic_.amount.empty();
        request_.by_metric = false;
        request_.latest = latest_;
        if (latest_ && !request_.top)
            request_.top = 10;
        if (ordered_ && !request_.top)
            request_.top = 10;
    }

    bool word_stands(const std::string& phrase) const {
        const Words all(original());
        return all.find(phrase).has_value();
    }
    std::string original() const {
        std::string text;
        for (std::size_t i = 0; i < words_.size(); ++i)
            text += words_.at(i) + " ";
        return text;
    }
    // Whether the only measure is the one that is called like the rows: "orders".
    bool is_row_count() const {
        if (request_.metrics.size() != 1)
            return false;
        const Phrases& names = find_metric(topic_, request_.metrics[0])->phrases;
        return std::any_of(names.begin(), names.end(), [this](const std::string& name) {
            return std::find(topic_.phrases.begin(), topic_.phrases.end(), name) != topic_.phrases.end();
        });
    }

    // "2024 vs 2025", "EMEA vs APAC" ask for one row each.
    void periods_side_by_side() {
        if (request_.kind == Kind::listing || !request_.grain.empty() || !request_.dimensions.empty())
            return;
        if (request_.periods.size() >= 2 && !request_.periods[0].grain.empty() &&
            request_.periods[0].grain == request_.periods[1].grain)
            request_.grain = request_.periods[0].grain;
        for (const ValueFilter& filter : request_.filters)
            if (!filter.exclude && filter.values.size() >= 2 && request_.dimensions.empty())
                request_.dimensions.push_back(filter.dimension);
    }

    Words words_;
    const Topic& topic_;
    const Vocabulary& vocabulary_;
    Request request_;
    std::size_t split_at_ = static_cast<std::size_t>(-1);
    std::size_t exclude_at_ = 0;
    bool lead_in_ = false;
    bool adds_split_ = false;
    bool why_ = false;
    bool latest_ = false;
    bool ordered_ = false;
    bool listing_noun_ = false;
};

}  // namespace topic_reader_detail

Reading read_as(const Topic& topic, std::string_view text, const Vocabulary& vocabulary) {
    topic_reader_detail::TopicReader reader(text, topic, vocabulary);
    reader.read();
    return reader.result();
}

}  // namespace genie_slack::sandbox::databricks
