#include "app/relay/directory/search.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace genie_slack::relay {

namespace search_detail {

constexpr std::size_t kLongestCompared = 100;  // bytes of a title, when letters are counted

// Lower case of ASCII and of the letters of Latin-1 in UTF-8; white space as single spaces.
std::string folded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto byte = static_cast<unsigned char>(text[i]);
        if (byte <= ' ') {
            if (!out.empty() && out.back() != ' ')
                out += ' ';
            continue;
        }
        const bool after_c3 = i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC3;
        if (byte >= 'A' && byte <= 'Z')
            byte += 'a' - 'A';
        else if (after_c3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97)
            byte += 0x20;
        out += static_cast<char>(byte);
    }
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

bool begins_word(std::string_view text, std::size_t at) {
    if (at == 0)
        return true;
    const auto before = static_cast<unsigned char>(text[at - 1]);
    return before < 0x80 && !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9'));
}

bool has_word_that_begins(std::string_view text, std::string_view start) {
    for (std::size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1))
        if (begins_word(text, at))
            return true;
    return false;
}

// 0 is best; nothing when the word is nowhere.
std::optional<int> rank_of_word(const std::string& title, const std::string& description, std::string_view word) {
    if (title.starts_with(word))
        return 1;
    if (has_word_that_begins(title, word))
        return 2;
    if (title.find(word) != std::string::npos)
        return 3;
    if (has_word_that_begins(description, word))
        return 4;
    if (description.find(word) != std::string::npos)
        return 5;
    return std::nullopt;
}

std::optional<int> rank_of(const genie::Space& space, const std::string& query) {
    const std::string title = folded(space.title);
    if (title == query || space.id == query)
        return 0;
    const std::string description = folded(space.description);
    int rank = 1;
    for (std::size_t start = 0; start < query.size();) {
        const std::size_t end = std::min(query.find(' ', start), query.size());
        const auto of_word = rank_of_word(title, description, std::string_view(query).substr(start, end - start));
        if (!of_word)
            return std::nullopt;
        rank = std::max(rank, *of_word);
        start = end + 1;
    }
    return rank;
}

// How much a space has to do with a question: short words say nothing, and endings do not count ("refund", "refunds").
std::size_t words_shared(const genie::Space& space, const std::string& question) {
    constexpr std::size_t kTitleWeight = 2;  // a word of the title says more than one of the description
    constexpr std::size_t kShortestWord = 4;
    const std::string title = folded(space.title);
    const std::string description = folded(space.description);
    std::size_t score = 0;
    for (std::size_t start = 0; start < question.size();) {
        const std::size_t end = std::min(question.find_first_of(" ,.?!;:", start), question.size());
        std::string word = question.substr(start, end - start);
        if (word.size() > kShortestWord && word.back() == 's')
            word.pop_back();
        if (word.size() >= kShortestWord && title.find(word) != std::string::npos)
            score += kTitleWeight;
        if (word.size() >= kShortestWord && description.find(word) != std::string::npos)
            ++score;
        start = end + 1;
    }
    return score;
}

// How many letters have to be changed, added or taken away.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

std::vector<genie::Space> first_ones(std::vector<std::pair<std::size_t, const genie::Space*>> ranked,
                                     std::size_t limit) {
    // The spaces stand in one vector, so their addresses keep its order.
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(std::min(limit, ranked.size()));
    std::vector<genie::Space> found;
    found.reserve(ranked.size());
    for (const auto& [rank, space] : ranked)
        found.push_back(*space);
    return found;
}

}  // namespace search_detail

std::vector<genie::Space> search_spaces(const std::vector<genie::Space>& spaces, std::string_view query,
                                        std::size_t limit) {
    using namespace search_detail;
    const std::string wanted = folded(query);
    std::vector<std::pair<std::size_t, const genie::Space*>> ranked;
    for (const genie::Space& space : spaces) {
        const auto rank = wanted.empty() ? std::optional<int>(0) : rank_of(space, wanted);
        if (rank)
            ranked.emplace_back(static_cast<std::size_t>(*rank), &space);
    }
    return first_ones(std::move(ranked), limit);
}

std::vector<genie::Space> rank_spaces(const std::vector<genie::Space>& spaces, std::string_view question,
                                      std::size_t limit) {
    using namespace search_detail;
    constexpr std::size_t kMostScore = 1'000'000;
    constexpr std::size_t kLongestQuestion = 1'000;  // bytes
    const std::string asked = folded(question.substr(0, kLongestQuestion));
    std::vector<std::pair<std::size_t, const genie::Space*>> ranked;
    for (const genie::Space& space : spaces)
        ranked.emplace_back(kMostScore - words_shared(space, asked), &space);
    return first_ones(std::move(ranked), limit);
}

const genie::Space* exact_space(const std::vector<genie::Space>& spaces, std::string_view name) {
    using namespace search_detail;
    const std::string wanted = folded(name);
    const genie::Space* found = nullptr;
    for (const genie::Space& space : spaces) {
        if (space.id == name)
            return &space;
        if (folded(space.title) != wanted || wanted.empty())
            continue;
        if (found)
            return nullptr;
        found = &space;
    }
    return found;
}

std::vector<genie::Space> close_spaces(const std::vector<genie::Space>& spaces, std::string_view name,
                                       std::size_t limit) {
    using namespace search_detail;
    auto found = search_spaces(spaces, name, limit);
    if (!found.empty())
        return found;
    const std::string wanted = folded(name).substr(0, kLongestCompared);
    std::vector<std::pair<std::size_t, const genie::Space*>> ranked;
    for (const genie::Space& space : spaces) {
        const std::string title = folded(space.title).substr(0, kLongestCompared);
        const std::size_t letters = distance(wanted, title);
        if (letters * 2 <= std::max(wanted.size(), title.size()))
            ranked.emplace_back(letters, &space);
    }
    return first_ones(std::move(ranked), limit);
}

}  // namespace genie_slack::relay
