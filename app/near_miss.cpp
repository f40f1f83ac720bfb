#include "app/near_miss.hpp"

#include <algorithm>

namespace genie_slack {

std::size_t slips_between(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            cost[i][j] =
                std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

std::string meant_among(std::string_view typed, const std::vector<std::string>& all, std::size_t slips) {
    constexpr std::size_t kLongest = 100;  // the work grows with the square
    std::string meant;
    std::size_t least = slips + 1;
    for (const std::string& one : all) {
        const std::size_t found = std::max(typed.size(), one.size()) > kLongest ? least : slips_between(typed, one);
        if (found == 0)
            return "";
        if (found < least) {
            least = found;
            meant = one;
        }
    }
    return meant;
}

}  // namespace genie_slack
