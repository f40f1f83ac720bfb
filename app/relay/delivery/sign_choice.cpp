#include "app/relay/delivery/sign_choice.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace sign_choice_detail {

constexpr double kQuiet = 0.5;  // so much has to be left for what is not needed at once

}  // namespace sign_choice_detail

Sign choose_sign(const SignFacts& facts) {
    using sign_choice_detail::kQuiet;
    if (facts.may_stream && facts.start_stream > 0 && std::min(facts.stop_stream, facts.update) >= kQuiet)
        return Sign::stream;
    if (!facts.may_stream && std::min(facts.post, facts.update) >= kQuiet)
        return Sign::message;
    if (facts.may_set_status && facts.status > 0)
        return Sign::status;
    return facts.post > 0 ? Sign::message : Sign::nothing;
}

}  // namespace genie_slack::relay
