// What stands in texts, blocks and payloads.
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace genie_slack::test {

bool holds(const std::string& text, const std::string& piece);
// "" where there is no such text.
std::string text_of(const boost::json::object& object, const char* key);
// Numbers as answers write them, SQL, and what stands below answers alone.
bool shows_data(const std::string& shown);

}  // namespace genie_slack::test
