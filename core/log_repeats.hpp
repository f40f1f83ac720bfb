// Which lines of the log are one too many: a failure of a service can write thousands of equal ones in a minute. Pure:
// times come in.
#pragma once

#include "core/clock.hpp"
#include "core/log.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::log {

// Lines are equal when level and event are, and the fields that say what it was about: method, code and class of an
// error, the turn, and the like (kTellApart in the source). Of equal lines the first ten of a minute are written, and
// the others become one line with their number when the minute is over. Lines about two turns are never equal, and
// those below `info` are all written.
class Repeats {
 public:
    struct Line {
        Level level = Level::info;
        std::string event;
        Fields fields;  // those that tell it apart, and `repeated`
    };

    // Whether this line is to be written.
    bool admit(Level level, std::string_view event, const Fields& fields, TimePoint now);
    // What was held back in a minute that is over by `now`; nothing while it runs.
    std::vector<Line> ended(TimePoint now);
    // What was held back so far.
    std::vector<Line> take();

 private:
    struct Seen {
        Line line;
        std::uint64_t times = 0;
    };
    std::map<std::string, Seen, std::less<>> seen_;
    TimePoint minute_ends_{};
};

}  // namespace genie_slack::log
