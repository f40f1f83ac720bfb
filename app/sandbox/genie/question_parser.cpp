#include "app/sandbox/genie/question_parser.hpp"

#include "app/sandbox/genie/data_set.hpp"
#include "app/sandbox/genie/sample_cards.hpp"
#include "app/sandbox/genie/words.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::sandbox::databricks {

namespace question_parser_detail {

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

    bool anything() const {
        const Request& r = request_;
        return !r.metrics.empty() || !r.dimensions.empty() || !r.grain.empty() || !r.filters.empty() ||
               !r.periods.empty() || r.top || r.share || r.change || r.above || r.below || listing_noun_ || ordered_;
    }
    bool has_subject() const { return subject() > 0; }
    // How clearly the question is about this topic: rows of it beat a measure.
    int subject() const { return request_.kind == Kind::listing ? 2 : request_.metrics.empty() ? 0 : 1; }
    std::vector<std::string> left_over() const { return words_.left_over(); }
    bool lead_in() const { return lead_in_; }
    bool adds_split() const { return adds_split_; }
    bool asks_why() const { return why_; }
    const Request& request() const { return request_; }

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
                const std::string number = words_.at(next);
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

void finish(Request& request) {
    const Topic& topic = *find_topic(request.topic);
    if (request.kind == Kind::listing)
        return;
    request.kind = Kind::aggregate;
    if (request.metrics.empty())
        request.metrics.push_back(topic.metrics.front().id);
    if (request.dimensions.empty() && request.grain.empty())
        request.share = false;
    if (request.above || request.below) {
        request.above.reset();
        request.below.reset();
    }
}

// What the follow-up says replaces what was said before; the rest stays.
Request merged(const Request& before, const Request& now, bool adds_split) {
    Request request = before;
    const bool splits = !now.dimensions.empty() || !now.grain.empty();
    if (now.kind == Kind::listing)
        request.kind = Kind::listing, request.dimensions.clear(), request.grain.clear(), request.metrics.clear();
    else if (splits || !now.metrics.empty() || now.share || now.change)
        request.kind = Kind::aggregate;
    if (!now.metrics.empty())
        request.metrics = now.metrics;
    if (splits && adds_split) {
        for (const std::string& dimension : now.dimensions)
            if (request.dimensions.size() < 2)
                add_once(request.dimensions, dimension);
        if (!now.grain.empty())
            request.grain = now.grain;
    } else if (splits) {
        request.dimensions = now.dimensions;
        request.grain = now.grain;
    }
    if (splits) {
        request.top = now.top;
        request.ascending = now.ascending;
        request.by_metric = now.by_metric;
        request.change = now.change;
        request.share = now.share;
    } else {
        if (now.top || now.by_metric) {
            request.top = now.top;
            request.ascending = now.ascending;
            request.by_metric = true;
        }
        request.change = before.change || now.change;
        request.share = before.share || now.share;
        if (request.change && request.grain.empty())
            request.grain = "month";
    }
    for (const ValueFilter& filter : now.filters) {
        std::erase_if(request.filters, [&](const ValueFilter& old) { return old.dimension == filter.dimension; });
        request.filters.push_back(filter);
    }
    if (!now.periods.empty())
        request.periods = now.periods;
    if (now.above)
        request.above = now.above;
    if (now.below)
        request.below = now.below;
    return request;
}

Kind small_talk(std::string_view text) {
    Words words(text);
    if (words.size() == 0)
        return Kind::unknown;
    const bool help =
        words.take_any({"help", "what can you do", "what can i ask", "what do you know", "who are you", "what are you",
                        "are you real", "are you genie", "how do you work", "examples", "what questions",
                        "sample questions", "what data do you have", "how does this work"});
    const bool thanks =
        words.take_any({"thanks", "thank you", "thx", "great", "perfect", "nice", "cool", "awesome", "danke", "merci",
                        "gracias", "good job", "bye", "goodbye", "very", "so much", "a lot"});
    const bool greeting =
        words.take_any({"hi", "hello", "hey", "good morning", "good afternoon", "good evening", "moin", "hallo", "hola",
                        "bonjour", "yo", "howdy", "there", "how are you", "servus"});
    const bool tables =
        words.take_any({"which tables", "what tables", "list tables", "show tables", "show me the tables",
                        "describe the data", "schema", "data model", "which columns", "what columns"});
    if (!words.left_over().empty())
        return Kind::unknown;
    if (tables)
        return Kind::tables;
    if (help)
        return Kind::help;
    if (greeting)
        return Kind::greeting;
    return thanks ? Kind::thanks : Kind::unknown;
}

const SampleCard* find_card(std::string_view text) {
    const Words words(text);
    const SampleCard* best = nullptr;
    std::size_t longest = 0;
    for (const SampleCard& card : sample_cards())
        for (const std::string& phrase : card.phrases)
            if (words.find(phrase) && word_count(phrase) > longest) {
                best = &card;
                longest = word_count(phrase);
            }
    return best;
}

}  // namespace question_parser_detail

void Vocabulary::add(const std::string& topic, const std::string& dimension, const std::string& value) {
    const auto put = [&](const std::string& phrase) {
        Entry entry;
        entry.topic = topic;
        entry.dimension = dimension;
        entry.value = value;
        if (!phrase.empty())
            by_phrase_[phrase].push_back(std::move(entry));
    };
    put(normalize_words(value));
    for (const ValueAlias& alias : value_aliases())
        if (alias.value == value)
            put(alias.phrase);
    sorted_.clear();
}

const std::vector<std::pair<std::string, std::vector<Vocabulary::Entry>>>& Vocabulary::entries() const {
    if (sorted_.empty()) {
        sorted_.assign(by_phrase_.begin(), by_phrase_.end());
        std::sort(sorted_.begin(), sorted_.end(), [](const auto& a, const auto& b) {
            const std::size_t left = word_count(a.first);
            const std::size_t right = word_count(b.first);
            return left != right ? left > right : a.first < b.first;
        });
    }
    return sorted_;
}

Parsed parse_question(std::string_view text, std::string_view space, const Vocabulary& vocabulary,
                      const std::optional<Request>& previous) {
    using namespace question_parser_detail;
    constexpr std::size_t kLongestQuestion = 2000;  // more than that is no question to this look-alike
    constexpr std::size_t kTolerated = 2;           // words that may be left out

    Parsed parsed;
    if (text.size() > kLongestQuestion)
        return parsed;
    parsed.request.kind = small_talk(text);
    if (parsed.request.kind != Kind::unknown)
        return parsed;
    if (const SampleCard* card = find_card(text)) {
        parsed.request.kind = Kind::card;
        parsed.request.card = card->id;
        return parsed;
    }

    std::optional<TopicReader> best;
    std::size_t best_unknown = 0;
    for (const Topic& topic : topics()) {
        if (topic.space != space)
            continue;
        TopicReader reader(text, topic, vocabulary);
        reader.read();
        if (!reader.anything())
            continue;
        const std::size_t unknown = reader.left_over().size();
        const bool continues = previous && previous->topic == topic.id;
        const bool better = !best || unknown < best_unknown ||
                            (unknown == best_unknown && reader.subject() > best->subject()) ||
                            (unknown == best_unknown && continues && reader.has_subject() == best->has_subject());
        if (better) {
            best.emplace(std::move(reader));
            best_unknown = unknown;
        }
    }
    parsed.not_understood = best ? best->left_over() : Words(text).left_over();
    if (!best)
        return parsed;
    const Request& now = best->request();
    const bool continues = previous && previous->topic == now.topic && (best->lead_in() || !best->has_subject());
    if (best_unknown > (best->has_subject() ? kTolerated : 0))
        return parsed;
    if (best->asks_why()) {
        parsed.request.kind = Kind::reason;
        return parsed;
    }
    parsed.request = continues ? merged(*previous, now, best->adds_split()) : now;
    parsed.follow_up = continues;
    finish(parsed.request);
    return parsed;
}

}  // namespace genie_slack::sandbox::databricks
