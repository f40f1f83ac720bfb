#include "app/answer/result/column_name.hpp"

#include "app/answer/result/cell.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace genie_slack::answer {

namespace column_name_detail {

constexpr std::string_view kAcronyms =
    "|id|url|uri|sku|sql|kpi|ytd|mtd|qtd|yoy|mom|qoq|usd|eur|gbp|chf|jpy|cny|inr|cad|aud|arr|mrr|acv|ltv|cac|vat|api|"
    "ip|utc|emea|apac|latam|us|uk|eu|b2b|b2c|crm|erp|roi|aov|gmv|nps|csat|";
constexpr std::string_view kPercent = "|pct|percent|percentage|prozent|";

bool is_among(std::string_view list, const std::string& word) {
    return list.find("|" + word + "|") != std::string_view::npos;
}
bool is_upper(char c) {
    return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_lower(char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

// "orderId" and "order_id" are the words "order" and "id", each as it was written.
std::vector<std::string> split(std::string_view name) {
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool begins = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
        if ((name[i] == '_' || begins) && !words.back().empty())
            words.emplace_back();
        if (name[i] != '_')
            words.back() += name[i];
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

std::string write(const std::string& word, bool is_shouted) {
    const std::string small = lower(word);
    if (small == "ids")
        return "IDs";
    if (is_among(kAcronyms, small))
        return upper(word);
    const bool is_own_acronym = !is_shouted && word.size() > 1 && std::none_of(word.begin(), word.end(), is_lower);
    return is_own_acronym ? word : small;
}

bool is_identifier(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return c == '_' || static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c));
    });
}

std::string from_words(std::string_view name) {
    const auto words = split(name);
    const bool is_shouted = std::none_of(name.begin(), name.end(), is_lower);
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_sign =
            words.size() > 1 && (i == 0 || i + 1 == words.size()) && is_among(kPercent, lower(words[i]));
        text.append(i == 0 ? "" : " ").append(is_sign ? "%" : write(words[i], is_shouted));
    }
    return text;
}

}  // namespace column_name_detail

std::string readable_name(std::string_view column_name) {
    std::string name = one_line(column_name);
    if (column_name_detail::is_identifier(name)) {
        name = column_name_detail::from_words(name);
    } else {
        std::replace(name.begin(), name.end(), '_', ' ');
        name = one_line(name);
    }
    if (!name.empty())
        name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    return name.empty() ? std::string(kEmptyCell) : name;
}

}  // namespace genie_slack::answer
