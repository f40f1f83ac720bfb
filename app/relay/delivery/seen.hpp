// Whether what we are about to make may stand in Slack already without being recorded.
#pragma once

namespace genie_slack::relay {

enum class Seen {
    surely_not,  // nobody can have tried before
    perhaps,     // an earlier process, or an earlier try, may have made it: look first
};

}  // namespace genie_slack::relay
