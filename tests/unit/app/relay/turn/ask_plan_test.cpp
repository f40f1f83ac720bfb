// What follows from each answer to the POST of a question, in invented time.
#include "app/relay/turn/ask_plan.hpp"

#include "tests/catch.hpp"

namespace ask_plan_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using genie::GenieError;
using genie::GenieFault;
using relay::AskedQuestion;
using relay::AskPlan;

const TimePoint kStart{Duration(1000h)};

std::string seconds(Duration duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return std::to_string(ms / 1000) + (ms % 1000 ? "." + std::to_string(ms % 1000 / 100) : "") + "s";
}

struct Telling {
    std::string operator()(const AskPlan::Post&) const { return "post"; }
    std::string operator()(const AskPlan::Look&) const { return "look"; }
    std::string operator()(const AskPlan::Pause& pause) const { return "pause " + seconds(pause.duration); }
    std::string operator()(const AskPlan::Record& record) const {
        return record.new_conversation ? "record a new conversation" : "record";
    }
    std::string operator()(const AskPlan::Done& done) const { return "done " + done.asked.message_id; }
    std::string operator()(const AskPlan::Failed& failed) const {
        return std::string("failed ") + genie::to_string(failed.error.fault);
    }
};

struct Asking {
    explicit Asking(bool has_conversation = false, Duration time = 10min) : plan(has_conversation, kStart + time) {}

    static std::string told(const AskPlan::Action& action) { return std::visit(Telling(), action); }
    std::string ask() { return told(plan.ask()); }
    std::string refused(GenieFault kind, int status = 0, const std::string& code = "") {
        GenieError error(kind, "refused");
        error.http_status = status;
        error.error_code = code;
        return told(plan.refused(std::move(error), now));
    }
    std::string busy() { return refused(GenieFault::invalid, 409, "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION"); }
    std::string pause(Duration duration) {
        now += duration;
        return told(plan.paused());
    }
    std::string not_there() { return told(plan.not_there(now)); }
    std::string found() {
        AskedQuestion asked;
        asked.message_id = "m1";
        return told(plan.found(std::move(asked)));
    }
    // From an ambiguous POST until a look-up is to be believed.
    std::string settle() {
        std::string next = "pause 2s";
        for (int i = 0; i < 4 && next == "pause 2s"; ++i) {
            CHECK(pause(2s) == "look");
            next = not_there();
        }
        return next;
    }

    AskPlan plan;
    TimePoint now = kStart;
};

TEST_CASE("a question that Genie takes is asked", "[ask_plan]") {
    Asking asking;
    CHECK(asking.ask() == "post");
    AskedQuestion asked;
    asked.message_id = "m1";
    CHECK(Asking::told(asking.plan.posted(asked)) == "done m1");
}

TEST_CASE("each kind of error has its consequence", "[ask_plan]") {
    struct Case {
        GenieFault kind;
        std::string alone;            // for a question that begins a conversation
        std::string in_conversation;  // of the thread
    };
    const std::vector<Case> cases = {
        {GenieFault::auth, "failed auth", "failed auth"},
        {GenieFault::permission, "failed permission", "record a new conversation"},
        {GenieFault::not_found, "failed not_found", "record a new conversation"},
        {GenieFault::invalid, "failed invalid", "failed invalid"},
        {GenieFault::rate_limited, "failed rate_limited", "failed rate_limited"},
        {GenieFault::unavailable, "pause 0.5s", "pause 0.5s"},
        {GenieFault::ambiguous, "pause 2s", "pause 2s"},
        {GenieFault::result_expired, "failed result_expired", "failed result_expired"},
        {GenieFault::query_failed, "failed query_failed", "failed query_failed"},
        {GenieFault::timeout, "pause 0.5s", "pause 0.5s"},
        {GenieFault::configuration, "failed configuration", "failed configuration"},
        {GenieFault::cancelled, "failed cancelled", "failed cancelled"},
    };
    for (const Case& example : cases) {
        INFO(genie::to_string(example.kind));
        CHECK(Asking(false).refused(example.kind) == example.alone);
        CHECK(Asking(true).refused(example.kind) == example.in_conversation);
    }
}

TEST_CASE("what surely did not arrive is posted again after a while, without a look", "[ask_plan]") {
    Asking asking;
    asking.ask();
    CHECK(asking.refused(GenieFault::unavailable) == "pause 0.5s");
    CHECK(asking.pause(500ms) == "record");
    CHECK(Asking::told(asking.plan.recorded()) == "post");
    CHECK(asking.refused(GenieFault::unavailable) == "pause 1s");
    CHECK(asking.pause(1s) == "record");
    GenieError told(GenieFault::unavailable, "HTTP 503");
    told.retry_after = 12s;
    CHECK(Asking::told(asking.plan.refused(told, asking.now)) == "pause 12s");
    CHECK(asking.pause(12s) == "record");
    told.retry_after = 2min;
    CHECK(Asking::told(asking.plan.refused(told, asking.now)) == "failed unavailable");
}

TEST_CASE("who stays away for a minute and a half is not asked for ever", "[ask_plan]") {
    Asking asking;
    asking.ask();
    int posts = 1;
    const TimePoint begin = asking.now;
    std::string next = asking.refused(GenieFault::unavailable);
    for (; next != "failed unavailable" && posts < 100; ++posts) {
        REQUIRE(next.starts_with("pause"));
        const std::chrono::duration<double> told(std::stod(next.substr(std::string("pause ").size())));
        asking.now += std::chrono::duration_cast<Duration>(told);
        CHECK(Asking::told(asking.plan.paused()) == "record");
        next = asking.refused(GenieFault::unavailable);
    }
    CHECK(asking.now - begin > 70s);
    CHECK(asking.now - begin <= 90s);
}

TEST_CASE("a POST that broke off is looked up until Genie cannot be writing it down any more", "[ask_plan]") {
    Asking asking;
    asking.ask();
    CHECK(asking.refused(GenieFault::ambiguous) == "pause 2s");
    CHECK(asking.pause(2s) == "look");
    SECTION("and found") {
        CHECK(asking.found() == "done m1");
    }
    SECTION("and posted again when it is not there, which is recorded before") {
        CHECK(asking.not_there() == "pause 2s");
        CHECK(asking.pause(2s) == "look");
        CHECK(asking.not_there() == "pause 2s");
        CHECK(asking.pause(3s) == "look");
        CHECK(asking.not_there() == "pause 1s");
        CHECK(asking.pause(1s) == "look");
        CHECK(asking.not_there() == "record");
        CHECK(Asking::told(asking.plan.recorded()) == "post");
    }
    SECTION("and not posted again when Genie does not tell") {
        CHECK(Asking::told(asking.plan.look_failed(GenieError(GenieFault::unavailable, "away"))) == "failed ambiguous");
    }
}

TEST_CASE("a question that never arrives is posted four times", "[ask_plan]") {
    Asking asking;
    asking.ask();
    for (int i = 0; i < 3; ++i) {
        CHECK(asking.refused(GenieFault::ambiguous) == "pause 2s");
        CHECK(asking.settle() == "record");
        CHECK(Asking::told(asking.plan.recorded()) == "post");
    }
    CHECK(asking.refused(GenieFault::ambiguous) == "pause 2s");
    CHECK(asking.settle() == "failed ambiguous");
}

TEST_CASE("a conversation that is of no use is replaced once, and that is recorded before the POST", "[ask_plan]") {
    const GenieFault kind = GENERATE(GenieFault::not_found, GenieFault::permission);
    Asking asking(true);
    asking.ask();
    CHECK(asking.refused(kind) == "record a new conversation");
    CHECK(Asking::told(asking.plan.recorded()) == "post");
    CHECK(asking.refused(kind) == std::string("failed ") + genie::to_string(kind));
}

TEST_CASE("a busy conversation is waited for with growing pauses, for minutes", "[ask_plan]") {
    Asking asking(true);
    asking.ask();
    for (const char* pause : {"pause 5s", "pause 7.5s", "pause 11.2s", "pause 16.8s", "pause 25.3s", "pause 30s"}) {
        CHECK(asking.busy() == pause);
        CHECK(asking.pause(5s) == "record");
        CHECK(Asking::told(asking.plan.recorded()) == "post");
    }
    asking.now = kStart + 4min;
    CHECK(asking.busy() == "pause 30s");
    asking.now = kStart + 5min;
    CHECK(asking.busy() == "failed invalid");
}

TEST_CASE("a conversation is busy by Databricks' code or by the status of its answer", "[ask_plan]") {
    Asking by_code(true);
    by_code.ask();
    CHECK(by_code.refused(GenieFault::invalid, 400, "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION") == "pause 5s");
    Asking by_status(true);
    by_status.ask();
    CHECK(by_status.refused(GenieFault::invalid, 409) == "pause 5s");
    Asking neither(true);
    neither.ask();
    CHECK(neither.refused(GenieFault::invalid, 400, "BAD_REQUEST") == "failed invalid");
}

TEST_CASE("a busy conversation is not waited for beyond the question's time", "[ask_plan]") {
    Asking asking(true, 12s);
    asking.ask();
    CHECK(asking.busy() == "pause 5s");
    asking.pause(5s);
    CHECK(asking.busy() == "failed invalid");
}

TEST_CASE("a conversation may be busy with the very question whose POST broke off", "[ask_plan]") {
    Asking asking(true);
    asking.ask();
    asking.refused(GenieFault::ambiguous);
    CHECK(asking.settle() == "record");
    asking.plan.recorded();
    CHECK(asking.busy() == "pause 5s");
    CHECK(asking.pause(5s) == "look");
    SECTION("which is found") {
        CHECK(asking.found() == "done m1");
    }
    SECTION("or with another one") {
        CHECK(asking.not_there() == "record");
    }
}

TEST_CASE("after a crash a question is looked for until it cannot be under way any more", "[ask_plan]") {
    Asking asking;
    CHECK(Asking::told(asking.plan.find(kStart - 5s)) == "look");
    SECTION("and found") {
        CHECK(asking.found() == "done m1");
    }
    SECTION("and certainly not there") {
        CHECK(asking.not_there() == "pause 2s");
        CHECK(asking.pause(2s) == "look");
        CHECK(asking.not_there() == "pause 1s");
        CHECK(asking.pause(1s) == "look");
        CHECK(asking.not_there() == "failed not_found");
    }
    SECTION("and nothing is said where Genie does not tell") {
        CHECK(Asking::told(asking.plan.look_failed(GenieError(GenieFault::unavailable, "away"))) ==
              "failed unavailable");
    }
}

TEST_CASE("a look-up that has no time to be sure does not say that the question is not there", "[ask_plan]") {
    Asking asking(false, 1s);
    asking.plan.find(kStart);
    CHECK(asking.not_there() == "failed timeout");
}

TEST_CASE("nothing is posted without the lease, or when nobody wants it any more", "[ask_plan]") {
    Asking asking;
    CHECK(Asking::told(asking.plan.lease_lost()) == "failed cancelled");
    CHECK(Asking::told(asking.plan.not_recorded()) == "failed cancelled");
    CHECK(Asking::told(asking.plan.not_wanted()) == "failed cancelled");
}

}  // namespace ask_plan_test
