// How the bot sees that a server keeps what was streamed.
#include "app/relay/delivery/kept_stream.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

namespace kept_stream_test {

using namespace genie_slack;
using relay::shows_kept_stream;

boost::json::array blocks(const char* text) {
    return boost::json::parse(text).as_array();
}

constexpr const char* kStop = R"({"type":"actions","elements":[{"type":"button","action_id":"stop_turn"}]})";

TEST_CASE("a plan, a card or a Stop that nobody sent is kept of a stream", "[kept_stream]") {
    const auto sent = blocks(R"([{"type":"markdown","text":"the answer"}])");
    CHECK(shows_kept_stream(sent, blocks(R"([{"type":"plan"},{"type":"markdown","text":"the answer"}])")));
    CHECK(shows_kept_stream(sent, blocks(R"([{"type":"task_card"},{"type":"markdown","text":"the answer"}])")));
    CHECK(shows_kept_stream(sent, {boost::json::parse(kStop)}));
    // A text without blocks.
    CHECK(shows_kept_stream({}, {boost::json::parse(kStop)}));
}

TEST_CASE("what Slack gives back in other words is not kept of a stream", "[kept_stream]") {
    const auto sent = blocks(R"([{"type":"markdown","text":"the answer"},
        {"type":"actions","elements":[{"type":"button","action_id":"run_again"}]}])");
    CHECK_FALSE(shows_kept_stream(sent, blocks(R"([{"type":"rich_text","block_id":"x","elements":[]},
        {"type":"actions","block_id":"y","elements":[{"type":"button","action_id":"run_again"}]}])")));
    CHECK_FALSE(shows_kept_stream(sent, {}));
    CHECK_FALSE(shows_kept_stream(sent, blocks(R"([null, 1, {"type":7}, {"type":"actions","elements":[2]}])")));
}

TEST_CASE("a Stop that was sent with the progress is not kept of a stream, a second one is", "[kept_stream]") {
    const boost::json::value stop = boost::json::parse(kStop);
    CHECK_FALSE(shows_kept_stream({stop}, {stop}));
    CHECK(shows_kept_stream({stop}, boost::json::array{stop, stop}));
}

}  // namespace kept_stream_test
