#include "app/relay/thread_facts.hpp"

#include "app/relay/record/chat_rows.hpp"
#include "tests/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace thread_facts_test {

using namespace genie_slack;
using relay::TalkAbove;
using relay::ThreadFacts;
using Messages = std::vector<slack::ThreadMessage>;

const relay::Self kSelf{"T1", "UBOT", "BBOT", ""};

slack::ThreadMessage line(const std::string& ts, const std::string& user, const std::string& text) {
    slack::ThreadMessage message;
    message.ts = ts;
    message.user = user;
    message.text = text;
    return message;
}

// Of this bot, by whichever of its two ids Slack tells.
slack::ThreadMessage by_bot(const std::string& ts, const std::string& user, const std::string& bot_id) {
    slack::ThreadMessage message = line(ts, user, "42");
    message.bot_id = bot_id;
    return message;
}

// What stands above the line that U1 writes at 100.000900.
TalkAbove above_line(const Messages& messages) {
    storage::Turn turn;
    turn.user = "U1";
    turn.message_ts = "100.000900";
    return relay::talk_above(messages, turn, ThreadFacts(), relay::ThreadReplies::automatic, kSelf);
}

Messages talk_of_two() {
    return {line("100.000100", "U1", "<@UBOT> revenue?"), by_bot("100.000200", "UBOT", "BBOT"),
            line("100.000300", "U2", "<@U1> is that what you expected?"),
            line("100.000400", "U1", "<@U2> let me ask Tom")};
}

TEST_CASE("above the first line of a thread stands nothing", "[thread facts]") {
    const TalkAbove above = above_line({});
    CHECK(above.talk == 0);
    CHECK_FALSE(above.follows_colleague);
    CHECK(above.newest_line.empty());
}

TEST_CASE("lines that people wrote to each other since the bot spoke are counted", "[thread facts]") {
    Messages messages = talk_of_two();
    CHECK(above_line(messages).talk == 2);
    messages.push_back(line("100.000500", "U3", "<@U1> he is on holiday"));
    CHECK(above_line(messages).talk == 3);
    // Thanks are no talk, and end none.
    messages.push_back(line("100.000600", "U1", "thanks"));
    CHECK(above_line(messages).talk == 3);
}

TEST_CASE("the bot's own words end the talk above a line, by either of its ids", "[thread facts]") {
    for (const auto& [user, bot_id] : {std::pair("UBOT", ""), std::pair("", "BBOT")}) {
        INFO(user << bot_id);
        Messages messages = talk_of_two();
        messages.push_back(by_bot("100.000500", user, bot_id));
        const TalkAbove above = above_line(messages);
        CHECK(above.talk == 0);
        CHECK_FALSE(above.follows_colleague);
        CHECK(above.newest_line == "100.000400");
    }
}

TEST_CASE("a question to the bot ends the talk above a line", "[thread facts]") {
    Messages messages = talk_of_two();
    messages.push_back(line("100.000500", "U2", "<@UBOT> by month?"));
    CHECK(above_line(messages).talk == 0);
    messages.push_back(line("100.000600", "U2", "<@U1> look at that"));
    CHECK(above_line(messages).talk == 1);
}

TEST_CASE("who is alone with the bot talks with nobody", "[thread facts]") {
    Messages messages = talk_of_two();
    for (slack::ThreadMessage& message : messages)
        if (message.bot_id.empty())
            message.user = "U1";
    const TalkAbove above = above_line(messages);
    CHECK(above.talk == 0);
    CHECK_FALSE(above.follows_colleague);
    CHECK(above.newest_line == "100.000400");
}

TEST_CASE("the newest line is a person's, and it matters whose", "[thread facts]") {
    Messages messages = talk_of_two();
    CHECK_FALSE(above_line(messages).follows_colleague);
    messages.push_back(line("100.000500", "U2", "<@U1> fine"));
    CHECK(above_line(messages).follows_colleague);
    CHECK(above_line(messages).newest_line == "100.000500");
    // Another app's message is nobody's line, and nobody's talk.
    messages.push_back(by_bot("100.000600", "UAPP", "BAPP"));
    const TalkAbove above = above_line(messages);
    CHECK_FALSE(above.follows_colleague);
    CHECK(above.newest_line == "100.000500");
    CHECK(above.talk == 3);
}

TEST_CASE("the line itself and what came behind it do not stand above it", "[thread facts]") {
    Messages messages = talk_of_two();
    messages.push_back(line("100.000900", "U1", "<@U2> and now?"));
    messages.push_back(line("100.000950", "U2", "<@U1> wait"));
    const TalkAbove above = above_line(messages);
    CHECK(above.talk == 2);
    CHECK_FALSE(above.follows_colleague);
    CHECK(above.newest_line == "100.000400");
}

storage::Step question_by(const std::string& user) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.user = user;
    turn.question = "revenue?";
    return relay::question_rows(turn).steps.at(0);
}

enum class Said { answer, question_in_thread, question_to_one };

storage::Step bot_said(Said said) {
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.progress_ts = said == Said::question_to_one ? "" : "100.2";
    relay::Outcome outcome;
    outcome.asks_back = said != Said::answer;
    return relay::answer_rows(turn, outcome).steps.back();
}

ThreadFacts facts_of(const std::vector<storage::Step>& steps, ThreadFacts facts = {}) {
    relay::learn_from(steps, "U1", facts);
    return facts;
}

TEST_CASE("the last answer tells whether the bot waits for one", "[thread facts]") {
    CHECK_FALSE(facts_of({}).asked_back);
    CHECK_FALSE(facts_of({question_by("U1"), bot_said(Said::answer)}).asked_back);
    CHECK(facts_of({question_by("U1"), bot_said(Said::question_in_thread)}).asked_back);
    CHECK(facts_of({bot_said(Said::answer), bot_said(Said::question_to_one), question_by("U1")}).asked_back);
    CHECK_FALSE(facts_of({bot_said(Said::question_in_thread), bot_said(Said::answer)}).asked_back);
}

TEST_CASE("questions that only their writer knows were not understood are counted from the newest one",
          "[thread facts]") {
    const storage::Step answer = bot_said(Said::answer);
    const storage::Step open = bot_said(Said::question_in_thread);
    const storage::Step quiet = bot_said(Said::question_to_one);
    CHECK(facts_of({answer}).misunderstood == 0);
    CHECK(facts_of({open}).misunderstood == 0);
    CHECK(facts_of({quiet, question_by("U1"), quiet}).misunderstood == 2);
    CHECK(facts_of({quiet, answer, quiet}).misunderstood == 1);
    CHECK(facts_of({quiet, quiet, open}).misunderstood == 0);
    ThreadFacts before;
    before.misunderstood = 7;
    CHECK(facts_of({}, before).misunderstood == 0);
}

TEST_CASE("who asked in the thread is known by the record, and what is known already stays", "[thread facts]") {
    CHECK_FALSE(facts_of({}).has_asked);
    CHECK_FALSE(facts_of({question_by("U2"), bot_said(Said::answer)}).has_asked);
    CHECK(facts_of({question_by("U1"), question_by("U2")}).has_asked);
    ThreadFacts known;
    known.has_asked = true;
    CHECK(facts_of({question_by("U2")}, known).has_asked);
}

TEST_CASE("others have asked when one question of the thread is not this person's", "[thread facts]") {
    CHECK_FALSE(relay::have_others_asked({}, "U1"));
    CHECK_FALSE(relay::have_others_asked({question_by("U1"), bot_said(Said::answer), question_by("U1")}, "U1"));
    CHECK(relay::have_others_asked({question_by("U1"), question_by("U2")}, "U1"));
    CHECK(relay::have_others_asked({question_by("U1")}, "U2"));
}

}  // namespace thread_facts_test
