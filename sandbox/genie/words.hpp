// A question as words, each of which somebody has to account for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

// Lower case (ASCII), punctuation to single spaces; other scripts stay as they are.
std::string normalize_words(std::string_view text);

class Words {
 public:
    explicit Words(std::string_view text);

    std::size_t size() const { return words_.size(); }
    const std::string& at(std::size_t position) const { return words_[position]; }
    bool free(std::size_t position) const { return position < words_.size() && !used_[position]; }
    // Whether the unused words from `position` on are these.
    bool matches(std::size_t position, std::string_view phrase) const;
    // The first place where the phrase stands unused.
    std::optional<std::size_t> find(std::string_view phrase) const;
    // Finds and uses it; false when it is not there.
    bool take(std::string_view phrase);
    bool take_any(std::initializer_list<std::string_view> phrases);
    void use(std::size_t position, std::size_t count = 1);
    // Words that nobody used and that carry a meaning.
    std::vector<std::string> left_over() const;

 private:
    std::vector<std::string> words_;
    std::vector<bool> used_;
};

std::size_t word_count(std::string_view phrase);
// "7", "seven"; nothing above a million.
std::optional<long> number_word(std::string_view word);

}  // namespace genie_slack::sandbox::databricks
