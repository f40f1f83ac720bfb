// A text of Genie that has no room in one message: each of its sentences is shown once, whatever happens on the way.
#include "slack/text/markup.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace long_text_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using slack::ApiFault;
using test::World;

std::string sentence(int i) {
    return "Sentence number " + std::to_string(i) + " tells of region " + std::to_string(i * 7) + ".";
}

// `sentences_in_paragraph` 0: everything in one paragraph.
std::string long_text(int sentences, int sentences_in_paragraph = 5) {
    std::string text;
    for (int i = 1; i <= sentences; ++i) {
        const bool ends = sentences_in_paragraph > 0 && i % sentences_in_paragraph == 0;
        text += sentence(i) + (ends ? "\n\n" : " ");
    }
    return text;
}

std::size_t count(const std::string& text, const std::string& wanted) {
    std::size_t count = 0;
    for (std::size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
        ++count;
    return count;
}

struct LongWorld : World {
    using World::World;

    // What a person sees of each message: the blocks, or the text where there are none.
    std::vector<std::string> seen() const {
        std::vector<std::string> texts;
        for (const auto& message : slack.messages)
            texts.push_back(message.content.blocks.empty() ? message.content.text
                                                           : boost::json::serialize(message.content.blocks));
        return texts;
    }
    void check_each_is_seen_once(int sentences) const {
        std::string all;
        for (const std::string& text : seen())
            all += text + "\n";
        std::size_t last = 0;
        for (int i = 1; i <= sentences; ++i) {
            INFO(sentence(i));
            CHECK(count(all, sentence(i)) == 1);
            CHECK(all.find(sentence(i)) >= last);
            last = all.find(sentence(i));
        }
    }
    std::string recorded() {
        const storage::ThreadKey thread("T1", "C1", "100.1");
        auto steps = test::run(time, context, storage->get_steps(storage::thread_id(thread), 100, Deadline::after(1s)));
        REQUIRE(steps);
        for (const auto& step : *steps)
            if (step.type == "assistant_message")
                return step.output;
        return "";
    }
    void refuse_blocks_of_the_answer() {
        for (int i = 0; i < 4; ++i)
            slack.update_errors.emplace_back(ApiFault::payload, "chat.update", "invalid_blocks");
    }
};

TEST_CASE("a long text goes on in further messages, each sentence once and in order", "[long]") {
    LongWorld world;
    constexpr int kSentences = 400;  // about 17,000 characters
    SECTION("in paragraphs") {
        world.genie.text = long_text(kSentences);
    }
    SECTION("in one paragraph") {
        world.genie.text = long_text(kSentences, 0);
    }
    SECTION("where Slack takes plain text only") {
        world.genie.text = long_text(kSentences);
        world.refuse_blocks_of_the_answer();
    }
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() >= 3);
    CHECK(world.slack.messages.size() <= 6);
    world.check_each_is_seen_once(kSentences);
    for (const auto& message : world.slack.messages) {
        CHECK(message.content.thread_ts == "100.1");
        CHECK(slack::count_characters(message.content.text) <= 4'000);
    }
    for (const auto& upload : world.slack.uploads)
        CHECK(upload.file.filename == "chart.png");
    for (int i = 1; i <= kSentences; ++i)
        CHECK(count(world.recorded(), sentence(i)) == 1);
}

TEST_CASE("a text beyond a handful of messages comes as a file, and is recorded whole", "[long]") {
    LongWorld world;
    constexpr int kSentences = 1'500;
    world.genie.text = long_text(kSentences);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK(world.slack.uploads[0].file.thread_ts == "100.1");
    CHECK(world.slack.uploads[0].file.content.starts_with(sentence(1)));
    CHECK(count(world.slack.uploads[0].file.content, "Sentence number") == kSentences);
    CHECK(count(world.recorded(), "Sentence number") == kSentences);
    CHECK(world.slack.ephemerals.empty());
}

// Of what Slack refuses in place, and of what it refuses as a new message.
void refuse_every_form(World& world) {
    for (int i = 0; i < 5; ++i) {
        world.slack.update_errors.emplace_back(ApiFault::payload, "chat.update", "invalid_arguments");
        world.slack.post_errors.emplace_back(ApiFault::payload, "chat.postMessage", "invalid_arguments");
    }
}

TEST_CASE("an answer that Slack takes in no form comes in files", "[long]") {
    LongWorld world;
    world.genie.text = "Revenue grew.";
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    REQUIRE(world.slack.messages.size() == 1);
    const std::string sign = world.slack.messages[0].ts;
    refuse_every_form(world);
    SECTION("all of it, below one line") {
        world.settle();
        CHECK(world.turn("100.1").state == storage::TurnState::delivered);
        REQUIRE(world.slack.messages.size() == 1);
        CHECK(world.slack.removed == std::vector<std::string>{sign});
        CHECK_THAT(world.slack.messages[0].content.text, test::contains("it stands in the file below"));
        std::vector<const slack::FileUpload*> files;
        for (const auto& upload : world.slack.uploads)
            if (!upload.file.channel.empty())
                files.push_back(&upload.file);
        REQUIRE(files.size() == 2);
        CHECK(files[0]->filename.ends_with(".md"));
        CHECK_THAT(files[0]->content, test::contains("Revenue grew.") && test::contains("EMEA"));
        CHECK(files[1]->filename.ends_with(".csv"));
        CHECK(count(world.recorded(), "Revenue grew.") == 1);
        CHECK(world.slack.ephemerals.empty());
    }
    SECTION("or in a failure message where files are refused") {
        for (int i = 0; i < 4; ++i)
            world.slack.upload_errors.emplace_back(ApiFault::not_permitted, "files.getUploadURLExternal",
                                                   "missing_scope");
        world.settle();
        CHECK(world.turn("100.1").state == storage::TurnState::failed);
        REQUIRE(world.slack.messages.size() == 1);
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Slack did not accept the answer"));
    }
}

TEST_CASE("a table in a text is shown whole, and what it had to narrow stands in a file", "[long]") {
    LongWorld world;
    world.genie.text = "By customer:\n\n| customer | revenue |\n|---|---|\n";
    const bool is_wide = GENERATE(false, true);
    const std::string name(is_wide ? 60 : 10, 'n');
    for (int i = 1; i <= 150; ++i)
        world.genie.text += "| " + name + std::to_string(i) + " | " + std::to_string(i * 1'000) + " |\n";
    world.refuse_blocks_of_the_answer();
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    std::string all;
    for (const auto& message : world.slack.messages)
        all += world.shown(message);
    for (int i = 1; i <= 150; ++i)
        CHECK_THAT(all, test::contains(" " + std::to_string(i * 1'000)));
    std::size_t texts = 0;
    for (const auto& upload : world.slack.uploads)
        if (upload.file.filename.ends_with(".md")) {
            ++texts;
            CHECK_THAT(upload.file.content, test::contains(name + "150"));
        }
    CHECK(texts == (is_wide ? 1 : 0));
}

TEST_CASE("a further message of which Slack says nothing is looked for instead of posted twice", "[long]") {
    LongWorld world;
    world.genie.text = long_text(400);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(3s);
    world.slack.post_errors.emplace_back(ApiFault::ambiguous, "chat.postMessage", "timeout");
    world.slack.ambiguous_posts_arrive = true;
    world.settle();
    CHECK(world.slack.post_errors.empty());
    world.check_each_is_seen_once(400);
}

TEST_CASE("a long answer that is shown again keeps its further messages", "[long]") {
    LongWorld world;
    world.genie.text = long_text(400);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::size_t messages = world.slack.messages.size();
    // Now in the plain form, whose first message holds less.
    world.refuse_blocks_of_the_answer();
    world.deliver(
        world.press(world.slack.messages[0].ts, "100.1", answer::kMoreAction, "again:" + world.turn("100.1").id));
    world.settle();
    CHECK(world.slack.update_errors.empty());
    CHECK(world.slack.messages.size() > messages);
    world.check_each_is_seen_once(400);
}

TEST_CASE("what followed an earlier text goes when the question is edited", "[long]") {
    LongWorld world;
    world.genie.text = long_text(400);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.genie.text = "A short answer.";
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question("revenue in EMEA?", "100.1").body);
    change.previous_text = "<@UBOT> revenue?";
    world.deliver(world.event_of(change, "Ev2"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.seen()[0], test::contains("A short answer."));
}

TEST_CASE("what goes on below an answer ends when an edited question takes the answer over", "[long]") {
    LongWorld world;
    world.genie.text = long_text(400);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() >= 3);
    world.slack.messages.erase(world.slack.messages.begin() + 1, world.slack.messages.end());
    slack::ApiError limited(ApiFault::rate, "chat.postMessage", "ratelimited");
    limited.retry_after = 20s;
    world.slack.post_errors.push_back(limited);
    world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction,
                              answer::more_value({answer::MoreChoice::again, world.turn("100.1").id})));
    world.settle(5s);
    REQUIRE(world.slack.post_errors.empty());
    world.genie.text = "Short now.";
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question("revenue by month?", "100.1").body);
    change.message.edited = true;
    world.deliver(world.event_of(change, "EvE1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Short now."));
}

}  // namespace long_text_test
