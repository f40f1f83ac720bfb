// The relay with everything around it, on virtual time: fakes of Slack and Genie, the storage in memory.
#pragma once

#include "app/relay/relay.hpp"
#include "storage/memory_storage.hpp"
#include "tests/catch.hpp"
#include "tests/support/away_storage.hpp"
#include "tests/support/fake_genie.hpp"
#include "tests/support/fake_slack_api.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace genie_slack::test {

// What is still under way can be ended while everything that it refers to is there.
class Loop : public boost::asio::io_context {
 public:
    void destroy_coroutines() { shutdown(); }
};

struct World {
    explicit World(std::vector<std::string> allowed_spaces = {}, relay::RelayOptions relay_options = {},
                   relay::RunnerOptions chosen = runner_options(), relay::AccessRules rules = {});
    ~World();  // a question may still be in flight

    relay::SpaceDirectoryOptions directory_options() const;
    static relay::RunnerOptions runner_options();

    slack::Ack deliver(slack::Payload payload);
    // Like deliver(), but does not wait for the ack.
    void begin(slack::Payload payload);
    void settle(Duration duration = std::chrono::minutes(1)) { time.run_for(context, duration); }

    slack::Event question(const std::string& text, const std::string& ts, const std::string& thread = "",
                          const std::string& event_id = "");
    slack::Event reply(const std::string& text, const std::string& ts, const std::string& thread);
    slack::Interaction press(const std::string& message_ts, const std::string& thread, const std::string& action_id,
                             const std::string& value, const std::string& block_id = "");
    slack::Event event_of(slack::EventBody body, const std::string& id = "Ev1");
    // The newest turn of the thread of "C1".
    storage::Turn newest(const std::string& thread);
    // Of a message that is written now.
    static std::string young_ts();
    std::string shown(const test::FakeSlackApi::Message& message) const;
    storage::Turn turn(const std::string& ts, const std::string& thread = "");

    VirtualTime time;
    Loop context;
    std::vector<std::string> allowed;
    test::FakeSlackApi slack;
    test::FakeGenie genie;
    genie::QuestionLimiter limiter;
    std::unique_ptr<AwayStorage> storage;
    relay::SpaceDirectory spaces;
    relay::People people;
    relay::Gate gate;
    relay::Examples examples;
    relay::TurnRunner runner;
    relay::Relay relay;

 private:
    void note_replies(const slack::Payload& payload);
    // In a vector, since an Ack cannot be made from nothing.
    boost::asio::awaitable<std::vector<slack::Ack>> handled(slack::Payload payload);
};

}  // namespace genie_slack::test
