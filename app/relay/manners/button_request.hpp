// Words for what a button below an answer does: "as a pie chart", "can I get that as CSV?", "zeig mir das SQL", and
// what is written on the buttons themselves. Pure.
#pragma once

#include "app/answer/result/result_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::relay {

struct ButtonRequest {
    enum class What { chart, file, sql, check, again, ask_again, space, share, good, bad };
    What what = What::chart;
    std::string chart;                                          // the kind, answer::kNoChart or answer::kAnyChart
    answer::FileFormat format = answer::FileFormat::automatic;  // of the file; automatic: any

    friend bool operator==(const ButtonRequest&, const ButtonRequest&) = default;
};

// Nothing when the plain words say anything more: that is for Genie.
std::optional<ButtonRequest> button_request(std::string_view words);

}  // namespace genie_slack::relay
