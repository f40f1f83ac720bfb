// Words for what a button below an answer does: "as a pie chart", "can I get that as CSV?", "zeig mir das SQL". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::relay {

struct ButtonRequest {
    enum class What { chart, file, sql };
    What what = What::chart;
    std::string chart;  // the kind, or "none" for the table

    friend bool operator==(const ButtonRequest&, const ButtonRequest&) = default;
};

// Nothing when the plain words say anything more: that is for Genie.
std::optional<ButtonRequest> button_request(std::string_view words);

}  // namespace genie_slack::relay
