#include "tests/unit/app/answer/golden.hpp"

#include "tests/catch.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace genie_slack::test {

namespace json = boost::json;

namespace golden_detail {

constexpr std::size_t kLine = 116;

// Releases of Boost.JSON write numbers differently.
std::string number(double value) {
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return error == std::errc() ? std::string(buffer, end) : "?";
}

void write(std::string& out, const json::value& value, std::size_t indent, bool wrap);

void write_items(std::string& out, const json::value& value, std::size_t indent, bool wrap) {
    const std::string line = wrap ? "\n" + std::string(indent + 1, ' ') : "";
    const char* separator = wrap ? "," : ", ";
    bool first = true;
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            out += (first ? "" : separator) + line + json::serialize(json::value(member.key())) + ": ";
            write(out, member.value(), indent + 1, wrap);
            first = false;
        }
    } else {
        for (const json::value& item : value.as_array()) {
            out += (first ? "" : separator) + line;
            write(out, item, indent + 1, wrap);
            first = false;
        }
    }
    if (wrap)
        out += "\n" + std::string(indent, ' ');
}

// On one line where it fits.
void write(std::string& out, const json::value& value, std::size_t indent, bool wrap) {
    if (value.is_double()) {
        out += number(value.get_double());
    } else if (!value.is_structured()) {
        out += json::serialize(value);
    } else {
        std::string flat;
        write_items(flat, value, indent, false);
        const bool fits = !wrap || flat.size() + indent <= kLine;
        out += value.is_object() ? '{' : '[';
        if (fits)
            out += flat;
        else
            write_items(out, value, indent, true);
        out += value.is_object() ? '}' : ']';
    }
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

json::value as_json(const answer::Rendered& rendered) {
    json::object out;
    out["text"] = rendered.text;
    out["blocks"] = rendered.blocks;
    out["leaves_out_data"] = rendered.leaves_out_data;
    return out;
}

}  // namespace golden_detail

void matches_golden(const std::string& name, const json::value& shown) {
    std::string text;
    golden_detail::write(text, shown, 0, true);
    text += "\n";
    const auto path = std::filesystem::path(GENIE_SLACK_SOURCE_DIR) / "tests/unit/app/answer/golden" / (name + ".json");
    if (std::getenv("GENIE_SLACK_UPDATE_GOLDEN")) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }
    INFO(path << ": GENIE_SLACK_UPDATE_GOLDEN=1 writes it anew");
    CHECK(text == golden_detail::read(path));
}

void matches_golden(const std::string& name, const answer::Rendered& rendered) {
    CHECK(limits_broken(rendered) == "");
    matches_golden(name, golden_detail::as_json(rendered));
}

void matches_golden(const std::string& name, const std::vector<answer::Rendered>& ladder) {
    json::array all;
    for (const answer::Rendered& rendered : ladder) {
        CHECK(limits_broken(rendered) == "");
        all.push_back(golden_detail::as_json(rendered));
    }
    matches_golden(name, json::value(std::move(all)));
}

}  // namespace genie_slack::test
