#include "tests/e2e/chaos/shown.hpp"

#include <regex>

namespace genie_slack::test {

bool holds(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

std::string text_of(const boost::json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool shows_data(const std::string& shown) {
    static const std::regex kNumber("[0-9],[0-9]{3}");
    // The note that asks what was wrong has a button for the form.
    const std::size_t rating = shown.find("rate_answer");
    const bool is_answer = rating != std::string::npos && shown.compare(rating, 16, "rate_answer_down") != 0;
    return is_answer || holds(shown, "SELECT") || std::regex_search(shown, kNumber);
}

}  // namespace genie_slack::test
