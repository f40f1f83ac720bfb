#include "app/relay/directory/search.hpp"
#include "tests/catch.hpp"

namespace space_search_test {

using namespace genie_slack;
using namespace genie_slack::relay;

std::vector<genie::Space> some_spaces() {
    std::vector<genie::Space> spaces;
    const auto add = [&](const char* id, const char* title, const char* description) {
        genie::Space& space = spaces.emplace_back();
        space.id = id;
        space.title = title;
        space.description = description;
    };
    add("1", "Aftersales", "Spare parts");
    add("2", "Finance", "Costs, and how sales are booked");
    add("3", "Global Sales", "Orders and revenue of all regions");
    add("4", "Sales", "Orders of one region");
    add("5", "Sales Europe", "");
    add("6", "Überstunden", "Hours");
    return spaces;
}

std::string ids(const std::vector<genie::Space>& spaces) {
    std::string out;
    for (const genie::Space& space : spaces)
        out += space.id;
    return out;
}

TEST_CASE("spaces that share words with a question come first", "[spaces]") {
    const auto spaces = some_spaces();
    CHECK(ids(rank_spaces(spaces, "What were the costs of spare parts?", 100)).substr(0, 2) == "12");
    CHECK(ids(rank_spaces(spaces, "sales in Europe", 1)) == "5");
    CHECK(ids(rank_spaces(spaces, "wie viele Überstunden?", 1)) == "6");
    CHECK(ids(rank_spaces(spaces, "", 100)) == "123456");
    CHECK(ids(rank_spaces(spaces, "of all the", 100)) == "123456");
}

TEST_CASE("spaces are found by title before description, best matches first", "[spaces]") {
    const auto spaces = some_spaces();
    CHECK(ids(search_spaces(spaces, "sales", 100)) == "45312");
    CHECK(ids(search_spaces(spaces, "  SALES ", 2)) == "45");
    CHECK(ids(search_spaces(spaces, "orders region", 100)) == "34");
    CHECK(ids(search_spaces(spaces, "eu", 100)) == "5");
    CHECK(ids(search_spaces(spaces, "", 3)) == "123");
    CHECK(ids(search_spaces(spaces, "über", 100)) == "6");
    CHECK(ids(search_spaces(spaces, "ÜBER", 100)) == "6");
    CHECK(search_spaces(spaces, "payroll", 100).empty());
}

TEST_CASE("a space is meant by its id or by a title that only one has", "[spaces]") {
    auto spaces = some_spaces();
    REQUIRE(exact_space(spaces, "sales"));
    CHECK(exact_space(spaces, "sales")->id == "4");
    CHECK(exact_space(spaces, "3")->id == "3");
    CHECK(exact_space(spaces, "global  SALES")->id == "3");
    CHECK_FALSE(exact_space(spaces, "sale"));
    CHECK_FALSE(exact_space(spaces, ""));
    spaces.push_back(spaces[3]);
    spaces.back().id = "7";
    CHECK_FALSE(exact_space(spaces, "Sales"));
    CHECK(exact_space(spaces, "7"));
}

TEST_CASE("close spaces are what the search finds, else what is spelled like it", "[spaces]") {
    const auto spaces = some_spaces();
    CHECK(ids(close_spaces(spaces, "sale", 3)) == "453");
    CHECK(ids(close_spaces(spaces, "Finanse", 3)) == "2");
    CHECK(ids(close_spaces(spaces, "salse", 3)) == "4");
    CHECK(close_spaces(spaces, "something else entirely", 3).empty());
}

}  // namespace space_search_test
