// Where the values of an axis stand, and which of them are written at it. Pure.
#pragma once

#include "app/words/words.hpp"

#include <string>
#include <vector>

namespace genie_slack::answer {

struct Scale {
    double low = 0;
    double high = 1;
    double step = 1;  // between ticks: 1, 2, 2.5 or 5 times a power of ten
    std::vector<double> ticks;

    // 0 at the lowest, 1 at the highest value.
    double place(double value) const { return (value - low) / (high - low); }
};

// Round values from below `low` to above `high`, about `count` of them. `from_zero`: bars and areas mislead without it;
// lines leave it out when all values are far from it.
Scale make_scale(double low, double high, bool from_zero, int count = 5);

// All with as many decimals as tell them apart.
std::vector<std::string> name_ticks(const Scale& scale, words::Language language);

}  // namespace genie_slack::answer
