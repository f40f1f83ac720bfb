#include "slack/text/html_entity.hpp"

#include "slack/text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace genie_slack::slack {

namespace html_entity_detail {
namespace {

struct Named {
    std::string_view name;
    char32_t code_point;
};

// These are what people and models write; the full HTML list has two thousand. They are sorted by name (ASCII order).
constexpr Named kNamed[] = {
    {"Alpha", 0x391},   {"Beta", 0x392},   {"Delta", 0x394},   {"Gamma", 0x393},  {"Omega", 0x3A9},   {"Sigma", 0x3A3},
    {"acute", 0xB4},    {"alpha", 0x3B1},  {"amp", '&'},       {"apos", '\''},    {"ast", '*'},       {"asymp", 0x2248},
    {"auml", 0xE4},     {"beta", 0x3B2},   {"bull", 0x2022},   {"cent", 0xA2},    {"check", 0x2713},  {"colon", ':'},
    {"comma", ','},     {"commat", '@'},   {"copy", 0xA9},     {"curren", 0xA4},  {"dagger", 0x2020}, {"darr", 0x2193},
    {"deg", 0xB0},      {"delta", 0x3B4},  {"divide", 0xF7},   {"dollar", '$'},   {"eacute", 0xE9},   {"egrave", 0xE8},
    {"emsp", 0x2003},   {"ensp", 0x2002},  {"epsilon", 0x3B5}, {"equals", '='},   {"euro", 0x20AC},   {"excl", '!'},
    {"frac12", 0xBD},   {"frac14", 0xBC},  {"frac34", 0xBE},   {"gamma", 0x3B3},  {"ge", 0x2265},     {"grave", '`'},
    {"gt", '>'},        {"harr", 0x2194},  {"hellip", 0x2026}, {"infin", 0x221E}, {"lambda", 0x3BB},  {"laquo", 0xAB},
    {"larr", 0x2190},   {"lbrace", '{'},   {"lbrack", '['},    {"ldquo", 0x201C}, {"le", 0x2264},     {"lowbar", '_'},
    {"lpar", '('},      {"lsquo", 0x2018}, {"lt", '<'},        {"mdash", 0x2014}, {"micro", 0xB5},    {"middot", 0xB7},
    {"minus", 0x2212},  {"mu", 0x3BC},     {"nbsp", 0xA0},     {"ndash", 0x2013}, {"ne", 0x2260},     {"not", 0xAC},
    {"num", '#'},       {"omega", 0x3C9},  {"ouml", 0xF6},     {"para", 0xB6},    {"percnt", '%'},    {"period", '.'},
    {"permil", 0x2030}, {"pi", 0x3C0},     {"plus", '+'},      {"plusmn", 0xB1},  {"pound", 0xA3},    {"quest", '?'},
    {"quot", '"'},      {"raquo", 0xBB},   {"rarr", 0x2192},   {"rbrace", '}'},   {"rbrack", ']'},    {"rdquo", 0x201D},
    {"reg", 0xAE},      {"rpar", ')'},     {"rsquo", 0x2019},  {"sect", 0xA7},    {"semi", ';'},      {"shy", 0xAD},
    {"sigma", 0x3C3},   {"sol", '/'},      {"sum", 0x2211},    {"sup2", 0xB2},    {"sup3", 0xB3},     {"szlig", 0xDF},
    {"thinsp", 0x2009}, {"times", 0xD7},   {"trade", 0x2122},  {"uarr", 0x2191},  {"uuml", 0xFC},     {"verbar", '|'},
    {"yen", 0xA5},      {"zwj", 0x200D},   {"zwnj", 0x200C},
};

static_assert(std::is_sorted(std::begin(kNamed), std::end(kNamed),
                             [](const Named& a, const Named& b) { return a.name < b.name; }));

char32_t numeric(std::string_view digits, int base) {
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (failure != std::errc() || end != digits.data() + digits.size() || value == 0)
        return 0xFFFD;
    return value;
}

}  // namespace
}  // namespace html_entity_detail

std::string html_entity(std::string_view entity) {
    using namespace html_entity_detail;
    std::string out;
    if (entity.size() < 3 || entity.front() != '&' || entity.back() != ';')
        return std::string(entity);
    const std::string_view name = entity.substr(1, entity.size() - 2);
    if (name.front() == '#') {
        const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        utf8::append(out, numeric(name.substr(hex ? 2 : 1), hex ? 16 : 10));
        return out;
    }
    const auto found = std::lower_bound(std::begin(kNamed), std::end(kNamed), name,
                                        [](const Named& a, std::string_view b) { return a.name < b; });
    if (found == std::end(kNamed) || found->name != name)
        return std::string(entity);
    utf8::append(out, found->code_point);
    return out;
}

}  // namespace genie_slack::slack
