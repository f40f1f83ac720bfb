#include "app/id_check.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace genie_slack {

namespace id_check_detail {

constexpr std::size_t kSpaceIdDigits = 32;
constexpr std::size_t kShownCharacters = 80;

struct SlackId {
    std::string_view beginnings;  // any of these letters
    std::string_view form;        // as people read it
    std::string_view where;       // to find it
};

// Slack's ids are random digits and capitals, nine and more: a shorter one without a digit is a word.
constexpr std::size_t kShortestWithoutDigit = 9;

bool has_digit(std::string_view text) {
    return text.find_first_of("0123456789") != std::string_view::npos;
}

bool is_slack_id(std::string_view id, std::string_view beginnings) {
    return id.size() >= 2 && beginnings.find(id[0]) != std::string_view::npos &&
           (has_digit(id) || id.size() >= kShortestWithoutDigit) &&
           std::all_of(id.begin(), id.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

// As all known ones are.
bool is_known_form_of_space_id(std::string_view id) {
    return id.size() == kSpaceIdDigits && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Databricks promises no form. What has no digit, or anything but letters and digits, is a title or a link.
bool is_space_id(std::string_view id) {
    const bool is_word = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    return is_word && has_digit(id);
}

std::string in_quotes(std::string_view value) {
    return "'" + std::string(value.substr(0, kShownCharacters)) + (value.size() > kShownCharacters ? "…'" : "'");
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return out;
}

// What stands between slashes and the like in a link.
std::vector<std::string_view> pieces_of(std::string_view link) {
    std::vector<std::string_view> pieces;
    while (!link.empty()) {
        const std::size_t end = std::min(link.find_first_of("/?#&="), link.size());
        pieces.push_back(link.substr(0, end));
        link.remove_prefix(std::min(end + 1, link.size()));
    }
    return pieces;
}

bool is_link(std::string_view value) {
    return value.find("://") != std::string_view::npos || value.find('/') != std::string_view::npos;
}

std::string check_slack_id(std::string_view id, const SlackId& kind) {
    if (is_slack_id(id, kind.beginnings))
        return "";
    const std::string form(kind.form);
    if (is_link(id)) {
        for (const std::string_view piece : pieces_of(id))
            if (is_slack_id(piece, kind.beginnings) && piece.size() > 6)
                return "has a link where an id is needed: write " + std::string(piece);
        return in_quotes(id) + " is a link, but an id (" + form + ") is needed: " + std::string(kind.where);
    }
    if (is_slack_id(upper(id), kind.beginnings) && has_digit(id) && id.size() > 6)
        return in_quotes(id) + " is written in small letters: write " + upper(id);
    const bool is_address = id.find('@') != std::string_view::npos && id[0] != '@';
    if (!id.empty() && !is_address && (id[0] == '#' || id[0] == '@' || !has_digit(id)))
        return in_quotes(id) + " is a name, but an id (" + form + ") is needed: " + std::string(kind.where);
    return in_quotes(id) + " is no id (" + form + "): " + std::string(kind.where);
}

}  // namespace id_check_detail

using namespace id_check_detail;

std::string check_channel_id(const std::string& id) {
    return check_slack_id(id, {"CG", "C…", "it stands at the bottom of the channel's details in Slack"});
}

std::string check_user_id(const std::string& id) {
    return check_slack_id(id, {"UW", "U…", "“Copy member ID” in the menu of the person's profile in Slack"});
}

std::string check_team_id(const std::string& id) {
    return check_slack_id(id, {"TE", "T…", "it stands in the address of Slack in a browser, app.slack.com/client/T…"});
}

std::string check_space_id(const std::string& id) {
    if (!is_known_form_of_space_id(id) && is_known_form_of_space_id(lower(id)))
        return in_quotes(id) + " is written in capitals: write " + lower(id);
    if (is_space_id(id))
        return "";
    for (const std::string_view piece : pieces_of(id))
        if (is_link(id) && is_known_form_of_space_id(piece))
            return "has a link where an id is needed: write " + std::string(piece);
    return in_quotes(id) +
           " is no id of a Genie space: 32 digits and letters a to f, as in the space's address behind /genie/rooms/";
}

}  // namespace genie_slack
