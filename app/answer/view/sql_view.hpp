// The modal that tells how an answer was calculated.
#pragma once

#include "app/words/words.hpp"
#include "genie/types.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::answer {

// How an answer came to be, on demand.
struct SqlViewInput {
    words::Language language = words::Language::english;
    std::string title;  // of the query
    std::string description;
    std::string sql;
    std::vector<genie::QueryParameter> parameters;
    std::optional<std::int64_t> rows;  // of the result
    bool more_rows = false;            // than `rows`, nobody knows how many
    std::string space_title;
    std::string identity;  // as whom Genie was asked, "" unknown
    std::string conversation_url;
};
// A modal within all limits of views; what is cut is said in it.
boost::json::object render_sql_view(const SqlViewInput& input);

// What the query's description says, on one line of mrkdwn: whole where it is short, else its beginning; "" for none.
std::string sentence_of(words::Language language, std::string_view description);

}  // namespace genie_slack::answer
