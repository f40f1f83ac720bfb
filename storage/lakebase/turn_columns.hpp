// The columns of genie_app.turns that a Turn has: the one place, beside the type and the migration, that knows them.
#pragma once

#include "storage/types.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace genie_slack::storage::lakebase {

// Keys are the columns' names.
boost::json::object encode(const Turn& turn);
// A whole row. Throws std::exception when it is none.
Turn decode_turn(const boost::json::value& row);

// Lists for INSERT and UPDATE, separated by commas: columns, and what a row that was made of encode() gives for
// them: `new` of a new turn, `stored` of one that is there.
struct TurnColumnLists {
    std::string accepted_columns;
    std::string accepted_values;
    std::string stored_columns;
    std::string stored_values;
};
const TurnColumnLists& turn_column_lists();

}  // namespace genie_slack::storage::lakebase
