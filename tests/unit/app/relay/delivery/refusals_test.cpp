#include "app/relay/delivery/refusals.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

namespace refusals_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::Refusals;
using slack::ApiError;
using slack::ApiFault;
using Features = std::set<std::string>;

boost::json::array blocks(const std::string& text) {
    return boost::json::parse(text).as_array();
}

const char* const kAnswer = R"([{"type":"section"},{"type":"data_table"},{"type":"table"},{"type":"context_actions"}])";

Features named(const std::string& detail, const std::string& code = "invalid_blocks") {
    ApiError error(ApiFault::payload, "chat.update", code);
    error.details = {detail};
    return relay::features_named(blocks(kAnswer), error);
}

std::vector<answer::Rendered> ladder() {
    std::vector<answer::Rendered> rungs(3);
    rungs[0].blocks = blocks(R"([{"type":"data_table"}])");
    rungs[1].blocks = blocks(R"([{"type":"section"}])");
    return rungs;
}

TEST_CASE("a refusal names a block by its type or by its path", "[refusals]") {
    CHECK(named("[ERROR] unsupported type: data_table [json-pointer:/blocks/1/type]") == Features{"data_table"});
    CHECK(named("unsupported type: table at /2/type") == Features{"table"});
    CHECK(named("[ERROR] failed to match all allowed schemas [json-pointer:/blocks/3]") == Features{"context_actions"});
    CHECK(named("blocks of type table are not allowed here") == Features{"table"});
}

TEST_CASE("what concerns one answer alone names nothing", "[refusals]") {
    CHECK(named("[ERROR] must be less than 3001 characters [json-pointer:/blocks/1]").empty());
    CHECK(named("no more than 100 items allowed at /1").empty());
    CHECK(named("must provide a string at /1/rows/0/0/text").empty());
    CHECK(named("invalid slack file [json-pointer:/blocks/2/slack_file]").empty());
    CHECK(named("missing required field: text [json-pointer:/blocks/0]").empty());  // a section is known everywhere
    CHECK(named("must be an object [json-pointer:/blocks/17]").empty());
    CHECK(named("").empty());
    for (const char* code : {"msg_too_long", "msg_blocks_too_long", "local_limit", "no_text", "internal_error"})
        CHECK(named("unsupported type: data_table at /1/type", code).empty());
}

TEST_CASE("a form with a refused feature is passed over for a while", "[refusals]") {
    VirtualTime time;
    boost::asio::io_context context;
    Refusals refusals(30min);
    CHECK(refusals.first_rung(ladder()) == 0);
    refusals.refuse("data_table");
    CHECK(refusals.first_rung(ladder()) == 1);
    refusals.refuse("section");
    CHECK(refusals.first_rung(ladder()) == 2);
    time.run_for(context, 31min);
    CHECK(refusals.first_rung(ladder()) == 0);
    refusals.refuse("data_table", 10s);
    time.run_for(context, 11s);
    CHECK_FALSE(refusals.is_refused("data_table"));
}

}  // namespace refusals_test
