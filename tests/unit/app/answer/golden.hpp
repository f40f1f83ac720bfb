// What people see, pinned in files: tests/unit/app/golden/NAME.json. GENIE_SLACK_UPDATE_GOLDEN=1 writes them anew.
#pragma once

#include "app/answer/message/answer.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace genie_slack::test {

void matches_golden(const std::string& name, const boost::json::value& shown);
void matches_golden(const std::string& name, const answer::Rendered& rendered);
// All forms of an answer.
void matches_golden(const std::string& name, const std::vector<answer::Rendered>& ladder);

}  // namespace genie_slack::test
