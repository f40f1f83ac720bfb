#include "sandbox/genie/question_parser.hpp"

#include "sandbox/genie/sample_cards.hpp"
#include "sandbox/genie/topic_reader.hpp"
#include "sandbox/genie/words.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace question_parser_detail {

template <class T>
void add_once(std::vector<T>& list, const T& value) {
    if (std::find(list.begin(), list.end(), value) == list.end())
        list.push_back(value);
}

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

bool better(const Reading& reading, const Reading& best, const std::optional<Request>& previous) {
    if (reading.left_over.size() != best.left_over.size())
        return reading.left_over.size() < best.left_over.size();
    if (reading.subject != best.subject)
        return reading.subject > best.subject;
    return previous && previous->topic == reading.request.topic;
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

    std::optional<Reading> best;
    for (const Topic& topic : topics()) {
        if (topic.space != space)
            continue;
        Reading reading = read_as(topic, text, vocabulary);
        if (reading.anything && (!best || better(reading, *best, previous)))
            best = std::move(reading);
    }
    parsed.not_understood = best ? best->left_over : Words(text).left_over();
    if (!best || best->left_over.size() > (best->subject > 0 ? kTolerated : 0))
        return parsed;
    if (best->asks_why) {
        parsed.request.kind = Kind::reason;
        return parsed;
    }
    parsed.follow_up = previous && previous->topic == best->request.topic && (best->lead_in || best->subject == 0);
    parsed.request = parsed.follow_up ? merged(*previous, best->request, best->adds_split) : best->request;
    finish(parsed.request);
    return parsed;
}

}  // namespace genie_slack::sandbox::databricks
