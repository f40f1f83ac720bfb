// Which indexes the program's own tables need, as their migrations say it.
#include "storage/lakebase/schema_check.hpp"

#include "storage/lakebase/migrations.hpp"
#include "tests/catch.hpp"

#include <algorithm>

namespace schema_check_test {

using namespace genie_slack::storage::lakebase;

TEST_CASE("an index is known by the line that makes it", "[schema_check]") {
    const auto indexes = indexes_of(
        "CREATE TABLE genie_app.t (a integer);\n"
        "CREATE INDEX t_a ON genie_app.t (a) WHERE a > 0;\n"
        "  CREATE INDEX indented ON genie_app.t (a);\n"
        "-- CREATE INDEX noted ON genie_app.t (a);\n"
        "CREATE INDEX elsewhere ON steps (a);\n"
        "CREATE UNIQUE INDEX t_b ON genie_app.t (b);");
    REQUIRE(indexes.size() == 2);
    CHECK(indexes[0].name == "genie_app.t_a");
    CHECK(indexes[0].table == "genie_app.t");
    CHECK(indexes[0].statement == "CREATE INDEX t_a ON genie_app.t (a) WHERE a > 0;");
    CHECK_FALSE(indexes[0].is_unique);
    CHECK(indexes[1].name == "genie_app.t_b");
    CHECK(indexes[1].is_unique);
    CHECK(indexes_of("").empty());
}

TEST_CASE("each index that a migration makes in genie_app is watched", "[schema_check]") {
    for (const Migration& migration : known_migrations()) {
        INFO(migration.name);
        // Made once, at the beginning of a line; a function's text makes others when it is called.
        std::size_t made = 0;
        for (const char* start : {"\nCREATE INDEX ", "\nCREATE UNIQUE INDEX "})
            for (std::size_t at = migration.sql.find(start); at != std::string_view::npos;
                 at = migration.sql.find(start, at + 1))
                ++made;
        CHECK(indexes_of(migration.sql).size() == made);
        CHECK(migration.sql.find("DROP INDEX genie_app") == std::string_view::npos);
    }
}

}  // namespace schema_check_test
