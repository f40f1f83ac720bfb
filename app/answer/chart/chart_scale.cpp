#include "app/answer/chart/chart_scale.hpp"

#include "app/answer/chart/chart_values.hpp"

#include <algorithm>
#include <cmath>

namespace genie_slack::answer {

namespace chart_scale_detail {

// Values that differ by less than this part of the largest one are drawn without zero.
constexpr double kFarFromZero = 0.4;
// Sums of doubles may be wrong by this much.
constexpr double kTolerance = 1e-9;
constexpr double kLargestPlain = 1e15;
constexpr int kMostDecimals = 8;

double nice_step(double rough) {
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0})
        if (factor * power >= rough * (1 - kTolerance))
            return factor * power;
    return 10 * power;
}

}  // namespace chart_scale_detail

Scale make_scale(double low, double high, bool from_zero, int count) {
    using namespace chart_scale_detail;
    const double largest = std::max(std::abs(low), std::abs(high));
    const bool one_side = low >= 0 || high <= 0;
    if (from_zero || !one_side || high == low || (high - low) > largest * kFarFromZero) {
        low = std::min(low, 0.0);
        high = std::max(high, 0.0);
    }
    if (!(high > low))
        high = low + 1;
    Scale scale;
    // Each is halved first: the difference of two huge values is no number any more.
    scale.step = nice_step(std::max((high / 2 - low / 2) / count * 2, largest * 1e-12));
    const double first = std::floor(low / scale.step + kTolerance);
    const double last = std::ceil(high / scale.step - kTolerance);
    scale.low = first * scale.step;
    scale.high = last * scale.step;
    for (int i = 0; i <= static_cast<int>(last - first); ++i) {
        const double tick = (first + i) * scale.step;
        scale.ticks.push_back(std::abs(tick) < scale.step * kTolerance ? 0 : tick);
    }
    return scale;
}

std::vector<std::string> name_ticks(const Scale& scale, words::Language language) {
    using namespace chart_scale_detail;
    int decimals = 0;
    for (double step = scale.step; decimals < kMostDecimals && std::abs(step - std::round(step)) > kTolerance * step;
         step *= 10)
        ++decimals;
    const bool plain = std::max(std::abs(scale.low), std::abs(scale.high)) < kLargestPlain && decimals < kMostDecimals;
    std::vector<std::string> names;
    for (const double tick : scale.ticks)
        names.push_back(plain ? format_decimals(language, tick, decimals) : format_value(language, tick));
    return names;
}

}  // namespace genie_slack::answer
