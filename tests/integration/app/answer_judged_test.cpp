// What the product renders, before the look-alike's judge, which was written from Slack's documentation alone.
#include "app/answer/message/failure.hpp"
#include "app/answer/view/sql_view.hpp"
#include "sandbox/slack/block_rules.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/catch.hpp"
#include "tests/support/answer_fuzz.hpp"

#include <boost/json/serialize.hpp>

namespace answer_judged_test {

using namespace genie_slack;
using namespace genie_slack::answer;

std::string refusal(const Rendered& rendered) {
    const boost::json::value blocks(rendered.blocks);
    const auto verdict = sandbox::check_message(&blocks, nullptr);
    return verdict.fine() ? "" : boost::json::serialize(verdict.answer());
}

TEST_CASE("the look-alike of Slack takes every form of any answer", "[answer]") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        INFO("seed " << seed);
        test::AnswerFuzz fuzz(seed);
        for (const Rendered& rendered : render_answer(fuzz.answer()))
            REQUIRE(refusal(rendered) == "");
        REQUIRE(refusal(render_failure(fuzz.failure())) == "");
        const boost::json::value view(render_sql_view(fuzz.sql_view()));
        const auto verdict = sandbox::check_view(view, "modal");
        REQUIRE(boost::json::serialize(verdict.errors) == "[]");
        REQUIRE(verdict.fine());
        REQUIRE(slack::limits::check_view(view.as_object()).empty());
    }
}

}  // namespace answer_judged_test
