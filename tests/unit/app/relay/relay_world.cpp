#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/serialize.hpp>

namespace genie_slack::test {

World::World(std::vector<std::string> allowed_spaces, relay::RelayOptions relay_options, relay::RunnerOptions chosen,
             relay::AccessRules rules)
    : allowed(std::move(allowed_spaces)),
      storage(std::make_unique<AwayStorage>(storage::create_memory_storage())),
      spaces(genie, directory_options()),
      people(slack),
      gate(slack, people, std::move(rules)),
      examples(genie, *storage, spaces, people),
      runner(context.get_executor(), slack, genie, *storage, spaces, people, examples, gate, limiter,
             std::move(chosen)),
      relay(context.get_executor(), relay::Services{slack, genie, *storage},
            relay::Directory{spaces, people, gate, examples}, runner,
            relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"}, relay_options) {}

World::~World() {
    context.destroy_coroutines();
}

relay::SpaceDirectoryOptions World::directory_options() const {
    relay::SpaceDirectoryOptions options;
    options.allowed = allowed;
    return options;
}

relay::RunnerOptions World::runner_options() {
    relay::RunnerOptions options;
    options.question_time = std::chrono::seconds(120);
    options.streaming = false;
    return options;
}

slack::Ack World::deliver(slack::Payload payload) {
    note_replies(payload);
    return test::run(time, context, handled(std::move(payload))).front();
}

void World::begin(slack::Payload payload) {
    boost::asio::co_spawn(context, handled(std::move(payload)), boost::asio::detached);
}

slack::Event World::question(const std::string& text, const std::string& ts, const std::string& thread,
                             const std::string& event_id) {
    slack::MessageEvent message;
    message.mention = true;
    message.channel = "C1";
    message.user = "U1";
    message.text = "<@UBOT> " + text;
    message.ts = ts;
    message.thread_ts = thread;
    slack::Event event;
    event.event_id = event_id.empty() ? "Ev" + ts : event_id;
    event.team = "T1";
    event.body = std::move(message);
    return event;
}

slack::Event World::reply(const std::string& text, const std::string& ts, const std::string& thread) {
    slack::Event event = question("", ts, thread);
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.mention = false;
    message.channel_type = "channel";
    message.text = text;
    return event;
}

slack::Interaction World::press(const std::string& message_ts, const std::string& thread, const std::string& action_id,
                                const std::string& value, const std::string& block_id) {
    slack::BlockActions actions;
    actions.team = "T1";
    actions.user = "U2";
    actions.channel = "C1";
    actions.message_ts = message_ts;
    actions.thread_ts = thread;
    slack::Action action;
    action.action_id = action_id;
    action.block_id = block_id;
    action.value = value;
    actions.actions.push_back(std::move(action));
    return actions;
}

slack::Event World::event_of(slack::EventBody body, const std::string& id) {
    slack::Event event;
    event.event_id = id;
    event.team = "T1";
    event.body = std::move(body);
    return event;
}

storage::Turn World::newest(const std::string& thread) {
    auto found = test::run(
        time, context,
        storage->newest_turn(storage::ThreadKey("T1", "C1", thread), Deadline::after(std::chrono::seconds(1))));
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
}

std::string World::young_ts() {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(wall_now().time_since_epoch());
    return std::to_string(now.count()) + ".000100";
}

std::string World::shown(const test::FakeSlackApi::Message& message) const {
    return message.content.text + boost::json::serialize(message.content.blocks);
}

storage::Turn World::turn(const std::string& ts, const std::string& thread) {
    const storage::ThreadKey key("T1", "C1", thread.empty() ? ts : thread);
    auto found = test::run(time, context,
                           storage->get_turn(storage::turn_id(key, ts), Deadline::after(std::chrono::seconds(1))));
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
}

void World::note_replies(const slack::Payload& payload) {
    const auto* event = std::get_if<slack::Event>(&payload);
    const auto* message = event ? std::get_if<slack::MessageEvent>(&event->body) : nullptr;
    if (message && !message->thread_ts.empty() && message->thread_ts != message->ts)
        slack.threads_with_replies.emplace(message->channel, message->thread_ts);
}

boost::asio::awaitable<std::vector<slack::Ack>> World::handled(slack::Payload payload) {
    std::vector<slack::Ack> acks;
    if (relay.drop(payload)) {
        acks.push_back(slack::Ack::plain());
        co_return acks;
    }
    auto ack = co_await relay.handle(std::move(payload));
    acks.push_back(std::move(ack));
    co_return acks;
}

}  // namespace genie_slack::test
