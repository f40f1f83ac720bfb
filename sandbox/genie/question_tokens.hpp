// A question as words that are compared: lower case, without punctuation, and one word for all that mean the same.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

// Lower case, punctuation to single spaces; scripts other than Latin stay as they are.
std::string normalize_question(std::string_view text);
// Without "don't" and "they're", and with "company" for "company's": nobody wants to read what is left of such words.
std::string without_contractions(std::string_view text);

// Words that follow each other.
struct Span {
    std::size_t start = 0;
    std::size_t size = 0;
};

class QuestionTokens {
 public:
    // `same` has the word to use for a normalized phrase: "last" for "vergangenen".
    QuestionTokens(std::string_view text, const std::map<std::string, std::string>& same);

    std::size_t size() const { return words_.size(); }
    const std::string& at(std::size_t position) const { return words_[position]; }
    // Whether the word there stands for what was said in another way.
    bool is_other(std::size_t position) const { return other_[position]; }
    // The word there, "" when there is none or somebody has used it.
    std::string_view free(std::size_t position) const;
    void use(std::size_t position, std::size_t count = 1);
    // Words with single spaces between them, used or not.
    std::string joined() const;
    // Uses every place where the phrase stands, and says which there were.
    std::vector<Span> take(const std::string& phrase);

 private:
    std::vector<std::string> words_;
    std::vector<bool> used_;
    std::vector<bool> other_;
};

// "7" as a number; nothing above a million.
std::optional<long> whole_number(std::string_view word);

}  // namespace genie_slack::sandbox::databricks
