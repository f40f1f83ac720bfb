#include "app/relay/directory/named_space.hpp"

#include "tests/catch.hpp"

namespace named_space_test {

using namespace genie_slack;

std::vector<genie::Space> titled(std::initializer_list<const char*> titles) {
    std::vector<genie::Space> spaces;
    for (const char* title : titles) {
        genie::Space& space = spaces.emplace_back();
        space.id = std::to_string(spaces.size());
        space.title = title;
    }
    return spaces;
}

std::string named(const std::vector<genie::Space>& spaces, const char* line) {
    const auto space = relay::named_space(spaces, line);
    return space ? space->title : "";
}

TEST_CASE("a line that is a space's name means it, whatever small words stand around it", "[spaces]") {
    const auto spaces =
        titled({"Sales", "Sales Europe", "Sales & Marketing", "The Vault", "Überstunden", "Space Cargo"});
    for (const char* line :
         {"Sales", "sales", "  SALES  ", "“Sales”", "\"sales\"", "*Sales*", "the Sales space",
          "The sales space, please", "use Sales", "Sales!", "Sales.", "the space Sales", "in the sales space",
          "der Sales Space", "nimm Sales bitte", "el espacio Sales", "l'espace Sales"}) {
        INFO(line);
        CHECK(named(spaces, line) == "Sales");
    }
    CHECK(named(spaces, "sales europe") == "Sales Europe");
    CHECK(named(spaces, "Sales and Marketing").empty());
    CHECK(named(spaces, "sales & marketing") == "Sales & Marketing");
    CHECK(named(spaces, "the vault") == "The Vault");
    CHECK(named(spaces, "überstunden") == "Überstunden");
    CHECK(named(spaces, "space cargo") == "Space Cargo");
    for (const char* line : {"", "the space", "sales by month", "Sales?", "sales in Europe", "Sales. And by month?",
                             "what are the sales", "only Sales", "<@U7> Sales"}) {
        INFO(line);
        CHECK(named(spaces, line).empty());
    }
}

TEST_CASE("a name that several spaces have means none of them", "[spaces]") {
    CHECK(named(titled({"Sales", "sales", "Stock"}), "Sales").empty());
    CHECK(named(titled({"Sales", "sales", "Stock"}), "Stock") == "Stock");
}

}  // namespace named_space_test
