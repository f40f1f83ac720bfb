#include "app/relay/delivery/sign_plan.hpp"

#include <algorithm>

namespace genie_slack::relay {

using slack::ApiError;
using slack::ApiFault;

namespace sign_plan_detail {

constexpr double kQuiet = 0.5;  // so much has to be left for what is not needed at once

// Says what follows for every kind of sign.
SignRefused refused(const ApiError& error) {
    SignRefused out;
    if (is_thread_gone(error))
        out.told = question_gone(error);
    if (is_thread_gone(error) || error.fault == ApiFault::cancelled)
        out.next = SignRefused::Next::none;
    return out;
}

}  // namespace sign_plan_detail

Sign SignPlan::next(SignFacts facts) const {
    using sign_plan_detail::kQuiet;
    if (was_stream_refused_ || was_status_refused_ || seen_ == Seen::perhaps)
        facts.start_stream = 0;
    if (was_status_refused_)
        facts.may_set_status = false;
    if (facts.is_hushed && facts.may_set_status && facts.status > 0)
        return Sign::status;
    if (facts.may_stream && facts.start_stream > 0 && std::min(facts.stop_stream, facts.update) >= kQuiet)
        return Sign::stream;
    if (!facts.may_stream && std::min(facts.post, facts.update) >= kQuiet)
        return Sign::message;
    if (facts.may_set_status && facts.status > 0)
        return Sign::status;
    return facts.post > 0 ? Sign::message : Sign::nothing;
}

SignRefused SignPlan::stream_refused(const ApiError& error) {
    was_stream_refused_ = true;
    SignRefused out = sign_plan_detail::refused(error);
    if (out.next == SignRefused::Next::none)
        return out;
    if (error.fault != ApiFault::rate)  // its budget knows
        out.set_aside = refused_for(error);
    if (error.fault == ApiFault::ambiguous) {
        seen_ = Seen::perhaps;
        is_start_unsure_ = true;
        out.told = error;
    }
    return out;
}

SignRefused SignPlan::status_refused(const ApiError& error) {
    was_status_refused_ = true;
    SignRefused out = sign_plan_detail::refused(error);
    if (out.next == SignRefused::Next::another && error.fault == ApiFault::not_permitted)
        out.set_aside = RefusedFor::channel;
    return out;
}

GrowthRefused SignPlan::growth_refused(const ApiError& error) {
    if (error.fault == ApiFault::rate)
        return GrowthRefused::for_now;
    if (is_stopped_by_person(error))
        return GrowthRefused::stopped;
    const bool is_over = error.fault == ApiFault::streaming || error.fault == ApiFault::not_permitted;
    return is_over ? GrowthRefused::ended : GrowthRefused::once;
}

}  // namespace genie_slack::relay
