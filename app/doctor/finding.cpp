#include "app/doctor/finding.hpp"

#include "core/secret.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace genie_slack::doctor {

namespace finding_detail {

constexpr std::size_t kStatusWidth = 9;
constexpr std::size_t kPartWidth = 14;

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
}

// On one line.
std::string clean(const std::string& text) {
    std::string out = redact(text);
    std::replace_if(out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return out;
}

}  // namespace finding_detail

const char* to_string(Status status) {
    switch (status) {
        case Status::ok:
            return "ok";
        case Status::warning:
            return "warning";
        case Status::failed:
            return "FAILED";
        case Status::skipped:
            return "skipped";
    }
    return "unknown";
}

std::string as_text(const Findings& findings) {
    using namespace finding_detail;
    std::string out;
    for (const Finding& finding : findings) {
        out += padded(to_string(finding.status), kStatusWidth) + padded(finding.part, kPartWidth) + finding.check +
               ": " + clean(finding.found) + "\n";
        if (!finding.fix.empty())
            out += std::string(kStatusWidth, ' ') + "-> " + clean(finding.fix) + "\n";
    }
    return out;
}

std::string as_json(const Findings& findings) {
    boost::json::array all;
    for (const Finding& finding : findings) {
        boost::json::object one;
        one["part"] = finding.part;
        one["check"] = finding.check;
        one["status"] = to_string(finding.status);
        one["found"] = finding_detail::clean(finding.found);
        one["fix"] = finding_detail::clean(finding.fix);
        all.push_back(std::move(one));
    }
    return boost::json::serialize(all) + "\n";
}

int exit_code(const Findings& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.status == Status::failed; })
               ? 1
               : 0;
}

}  // namespace genie_slack::doctor
