#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"

namespace lakebase_contract_test {

using namespace genie_slack;

std::unique_ptr<test::StorageHarness> make_lakebase() {
    return std::make_unique<test::LakebaseHarness>();
}

TEST_CASE("in PostgreSQL: conversations follow the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::conversation_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: accepting follows the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::turn_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: leases follow the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::lease_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: what is counted and done once follows the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::once_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: the budget of questions follows the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::budget_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: chat rows follow the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::chat_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: what people do beside asking follows the contract", "[storage][postgres]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::people_cases(), make_lakebase);
}

TEST_CASE("in PostgreSQL: random calls give what a simple model gives", "[storage][postgres]") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        test::LakebaseHarness harness;
        test::check_against_model(harness, seed, 300);
    }
}

}  // namespace lakebase_contract_test
