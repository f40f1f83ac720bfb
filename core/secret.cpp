#include "core/secret.hpp"

#include <array>
#include <cctype>

namespace genie_slack {

namespace {

// What starts a secret, and how many characters of it are no secret and help to find the cause.
constexpr std::array<std::string_view, 12> kSecretStarts = {"xoxb-", "xoxp-", "xoxa-", "xoxe-",   "xoxe.",   "xapp-",
                                                            "dapi",  "dose",  "eyJ",   "ticket=", "Bearer ", "Basic "};

bool is_secret_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == '=' || c == '+' ||
           c == '/' || c == '%' || c == '~';
}

// "Basic Information" is a page of Slack, "Basic dXNlcjpwYXNz" a credential, and whatever stands in a header is one.
bool is_plain_text(std::string_view before, std::string_view start, std::string_view rest) {
    if (start != "Basic " || before.ends_with("uthorization: "))
        return false;
    for (std::size_t i = 0; i < rest.size(); ++i)
        if (!(rest[i] >= 'a' && rest[i] <= 'z') && rest[i] != '.' && !(i == 0 && rest[i] >= 'A' && rest[i] <= 'Z'))
            return false;
    return true;
}

}  // namespace

std::string redact(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        std::string_view start;
        const bool at_word = at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1]));
        if (at_word)
            for (std::string_view candidate : kSecretStarts)
                if (rest.substr(0, candidate.size()) == candidate)
                    start = candidate;
        std::size_t end = start.size();
        while (!start.empty() && end < rest.size() && is_secret_character(rest[end]))
            ++end;
        // Short words such as "eyJ" alone are no secrets.
        const bool is_secret = !start.empty() && end >= start.size() + 6 &&
                               !is_plain_text(text.substr(0, at), start, rest.substr(start.size(), end - start.size()));
        if (!is_secret) {
            out += text[at++];
            continue;
        }
        out.append(start).append("***");
        at += end;
    }
    return out;
}

}  // namespace genie_slack
