// What the climb does next, in invented time.
#include "app/relay/delivery/ladder_climb.hpp"

#include "app/relay/delivery/refusal_codes.hpp"
#include "tests/catch.hpp"

namespace ladder_climb_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::LadderClimb;
using relay::Rung;
using relay::Seen;
using slack::ApiError;
using slack::ApiFault;
using Landing = LadderClimb::Landing;

const TimePoint kStart{Duration(1000h)};

std::string shown(Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + "s";
}

struct Telling {
    std::string operator()(const LadderClimb::Find& find) const {
        std::string text = "find";
        for (const std::string& ts : find.given_up)
            text += " not " + ts;
        return text;
    }
    std::string operator()(const LadderClimb::UploadChart&) const { return "upload chart"; }
    std::string operator()(const LadderClimb::PutRung& put) const {
        return "put " + std::to_string(put.rung) + (put.ts.empty() ? " anew" : " at " + put.ts);
    }
    std::string operator()(const LadderClimb::EndStream& stream) const { return "end stream " + stream.ts; }
    std::string operator()(const LadderClimb::Remove& remove) const { return "remove " + remove.ts; }
    std::string operator()(const LadderClimb::Wait& wait) const { return "wait " + shown(wait.duration); }
    std::string operator()(const LadderClimb::Done& done) const {
        std::string text = "done " + done.delivered.ts + (done.delivered.leaves_out_data ? " incomplete" : "") +
                           (done.delivered.only_in_file ? " in file" : "");
        for (const std::string& feature : done.set_aside)
            text += " without " + feature;
        return text;
    }
    std::string operator()(const LadderClimb::Failed& failed) const { return "failed " + failed.error.code; }
};

std::string shown(const LadderClimb::Action& action) {
    return std::visit(Telling(), action);
}

ApiError update_error(ApiFault fault, const std::string& code) {
    return ApiError(fault, "chat.update", code);
}

ApiError rate_limited(std::optional<Duration> retry_after) {
    ApiError error(ApiFault::rate, "chat.update", "ratelimited");
    error.retry_after = retry_after;
    return error;
}

// Three rungs: native blocks, a picture of the chart, text.
std::vector<Rung> three_rungs() {
    std::vector<Rung> ladder(3);
    ladder[0].features = {"data_table", "section"};
    ladder[1].features = {"image", "section"};
    ladder[1].wants_chart = true;
    ladder[2].leaves_out_data = true;
    return ladder;
}

struct Climb {
    explicit Climb(std::string recorded_ts = "", Seen seen = Seen::surely_not, std::vector<Rung> ladder = three_rungs(),
                   Duration time = 5min)
        : climb(std::move(ladder), 0, std::move(recorded_ts), seen, kStart + time) {}

    std::string begin() { return shown(climb.begin()); }
    std::string refused(const ApiError& error, std::set<std::string> named = {}, bool lease_ran_out = false) {
        LadderClimb::PutRefused refused;
        refused.error = error;
        refused.named = std::move(named);
        refused.lease_ran_out = lease_ran_out;
        return shown(climb.put_refused(std::move(refused), now));
    }
    std::string refused(ApiFault fault, const std::string& code) { return refused(update_error(fault, code)); }
    std::string put(const std::string& ts, Landing landing = Landing::in_place) {
        return shown(climb.put_done(ts, landing));
    }
    std::string look_failed(ApiFault fault, const std::string& code) {
        return shown(climb.look_failed(ApiError(fault, "conversations.replies", code), now));
    }
    std::string wait(Duration duration) {
        now += duration;
        return shown(climb.waited());
    }

    LadderClimb climb;
    TimePoint now = kStart;
};

TEST_CASE("a turn without a message gets a new one", "[ladder]") {
    Climb climb;
    CHECK(climb.begin() == "put 0 anew");
    CHECK(climb.put("1.1") == "done 1.1");
}

TEST_CASE("the answer takes the place of the turn's message", "[ladder]") {
    Climb climb("1.1", Seen::perhaps);
    CHECK(climb.begin() == "put 0 at 1.1");
    CHECK(climb.put("1.1") == "done 1.1");
}

TEST_CASE("an empty ladder fails", "[ladder]") {
    Climb climb("1.1", Seen::surely_not, {});
    CHECK(climb.begin() == "failed no_text");
}

TEST_CASE("a message that somebody may have posted is looked for before one is posted", "[ladder]") {
    Climb climb("", Seen::perhaps);
    CHECK(climb.begin() == "find");
    SECTION("and updated") {
        CHECK(shown(climb.climb.found("1.1")) == "put 0 at 1.1");
        CHECK(climb.put("1.1") == "done 1.1");
    }
    SECTION("and posted when it is not there") {
        CHECK(shown(climb.climb.not_there()) == "put 0 anew");
    }
    SECTION("again after a while when Slack does not answer") {
        CHECK(climb.look_failed(ApiFault::transient, "timeout") == "wait 1s");
        CHECK(climb.wait(1s) == "find");
        CHECK(climb.look_failed(ApiFault::rate, "ratelimited") == "wait 2s");
    }
    SECTION("and posted all the same where we may not look") {
        CHECK(climb.look_failed(ApiFault::not_permitted, "missing_scope") == "put 0 anew");
    }
    SECTION("and not posted where the thread is gone") {
        CHECK(climb.look_failed(ApiFault::not_permitted, "thread_not_found") == "failed question_gone");
    }
    SECTION("and not posted when the call was cancelled, or the token is of no use") {
        CHECK(climb.look_failed(ApiFault::cancelled, "cancelled") == "failed cancelled");
        CHECK(climb.look_failed(ApiFault::auth, "token_revoked") == "failed token_revoked");
    }
}

TEST_CASE("an ambiguous post is looked up before it is repeated, after a pause", "[ladder]") {
    Climb climb;
    climb.begin();
    CHECK(climb.refused(ApiFault::ambiguous, "timeout") == "wait 1s");
    CHECK(climb.wait(1s) == "find");
    CHECK(shown(climb.climb.found("1.1")) == "put 0 at 1.1");
    CHECK(climb.put("1.1") == "done 1.1");
}

TEST_CASE("each class of refusal has its consequence", "[ladder]") {
    struct Case {
        ApiFault fault;
        std::string next;
    };
    const std::vector<Case> cases = {
        {ApiFault::auth, "failed some_code"},      {ApiFault::not_permitted, "failed some_code"},
        {ApiFault::payload, "upload chart"},       {ApiFault::rate, "wait 1s"},
        {ApiFault::transient, "wait 1s"},          {ApiFault::ambiguous, "wait 1s"},
        {ApiFault::streaming, "upload chart"},     {ApiFault::expired, "upload chart"},
        {ApiFault::cancelled, "failed some_code"},
    };
    for (const Case& example : cases) {
        INFO(slack::to_string(example.fault));
        Climb climb("1.1");
        climb.begin();
        CHECK(climb.refused(example.fault, "some_code") == example.next);
    }
}

TEST_CASE("what Slack refuses for its content comes in a simpler form", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    CHECK(climb.refused(ApiFault::payload, "invalid_blocks") == "upload chart");
    CHECK(shown(climb.climb.no_chart()) == "put 1 at 1.1");
    CHECK(climb.refused(ApiFault::payload, "msg_blocks_too_long") == "put 2 at 1.1");
    SECTION("which may leave out data") {
        CHECK(climb.put("1.1") == "done 1.1 incomplete");
    }
    SECTION("until there is none") {
        // A new message may take what the one that stands does not.
        CHECK(climb.refused(ApiFault::payload, "no_text") == "put 0 anew");
        for (const char* next : {"put 1 anew", "put 2 anew", "failed no_text"})
            CHECK(climb.refused(ApiFault::payload, "no_text") == next);
    }
}

// Blocks, text, and that a file holds the answer.
std::vector<Rung> with_file() {
    std::vector<Rung> ladder(3);
    ladder[0].features = {"section"};
    ladder[2].leaves_out_data = ladder[2].only_in_file = true;
    return ladder;
}

TEST_CASE("what Slack refuses for its content in every form stands in a file, once a new message was tried",
          "[ladder]") {
    const ApiFault fault = GENERATE(ApiFault::payload, ApiFault::streaming, ApiFault::expired);
    Climb climb("1.1", Seen::surely_not, with_file());
    climb.begin();
    CHECK(climb.refused(fault, "some_code") == "put 1 at 1.1");
    CHECK(climb.refused(fault, "some_code") == "put 0 anew");
    CHECK(climb.refused(fault, "some_code") == "put 1 anew");
    CHECK(climb.refused(fault, "some_code") == "put 2 anew");
    SECTION("below a notice") {
        CHECK(climb.put("2.1") == "remove 1.1");
        CHECK(shown(climb.climb.removed()) == "done 2.1 incomplete in file");
    }
    SECTION("unless the notice is refused as well") {
        CHECK(climb.refused(fault, "some_code") == "failed some_code");
    }
}

TEST_CASE("what is refused for another reason than its content stands in no file", "[ladder]") {
    struct Case {
        ApiFault fault;
        std::string next;
    };
    const std::vector<Case> cases = {
        {ApiFault::auth, "failed some_code"}, {ApiFault::not_permitted, "failed some_code"},
        {ApiFault::rate, "wait 1s"},          {ApiFault::transient, "wait 1s"},
        {ApiFault::ambiguous, "wait 1s"},     {ApiFault::cancelled, "failed some_code"},
    };
    for (const Case& example : cases) {
        INFO(slack::to_string(example.fault));
        Climb climb("", Seen::surely_not, with_file());
        climb.begin();
        CHECK(climb.refused(ApiFault::payload, "invalid_blocks") == "put 1 anew");
        CHECK(climb.refused(example.fault, "some_code") == example.next);
    }
}

TEST_CASE("where somebody worked before, the notice about the file stays in its place", "[ladder]") {
    Climb climb("1.1", Seen::perhaps, with_file());
    climb.begin();
    CHECK(climb.refused(ApiFault::payload, "invalid_blocks") == "put 1 at 1.1");
    CHECK(climb.refused(ApiFault::payload, "no_text") == "put 2 at 1.1");
    CHECK(climb.put("1.1") == "done 1.1 incomplete in file");
}

TEST_CASE("a text over which Slack stumbles long enough stands in a file", "[ladder]") {
    Climb climb("", Seen::surely_not, with_file());
    climb.begin();
    CHECK(climb.refused(ApiFault::payload, "invalid_blocks") == "put 1 anew");
    for (const Duration pause : {1s, 2s, 4s, 8s, 15s}) {
        CHECK(climb.refused(ApiFault::transient, "internal_error") == "wait " + shown(pause));
        CHECK(climb.wait(pause) == "put 1 anew");
    }
    climb.refused(ApiFault::transient, "internal_error");
    CHECK(climb.wait(15s) == "put 2 anew");
}

TEST_CASE("an uploaded picture that Slack does not know yet is waited for, not for ever", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    climb.refused(ApiFault::payload, "invalid_blocks");
    CHECK(shown(climb.climb.chart_uploaded()) == "put 1 at 1.1");
    ApiError unknown_file = update_error(ApiFault::payload, "invalid_blocks");
    unknown_file.details = {"invalid slack file [json-pointer:/blocks/1/slack_file]"};
    for (int i = 0; i < 5; ++i) {
        CHECK(climb.refused(unknown_file) == "wait 2s");
        CHECK(climb.wait(2s) == "put 1 at 1.1");
    }
    CHECK(climb.refused(unknown_file) == "put 2 at 1.1");
}

TEST_CASE("a rung that Slack cannot digest is tried twice, then the next simpler one", "[ladder]") {
    const std::string code = GENERATE("internal_error", "fatal_error");
    SECTION("in place") {
        Climb climb("1.1");
        climb.begin();
        CHECK(climb.refused(ApiFault::transient, code) == "wait 1s");
        CHECK(climb.wait(1s) == "put 0 at 1.1");
        CHECK(climb.refused(ApiFault::transient, code) == "wait 2s");
        CHECK(climb.wait(2s) == "upload chart");
        CHECK(shown(climb.climb.no_chart()) == "put 1 at 1.1");
    }
    SECTION("as a new message, which is looked for before each try") {
        Climb climb;
        climb.begin();
        CHECK(climb.refused(ApiFault::ambiguous, code) == "wait 1s");
        CHECK(climb.wait(1s) == "find");
        CHECK(shown(climb.climb.not_there()) == "put 0 anew");
        CHECK(climb.refused(ApiFault::ambiguous, code) == "wait 2s");
        CHECK(climb.wait(2s) == "find");
        SECTION("and found: what stands there is not made simpler") {
            CHECK(shown(climb.climb.found("1.1")) == "put 0 at 1.1");
        }
        SECTION("and not found") {
            CHECK(shown(climb.climb.not_there()) == "upload chart");
        }
    }
}

TEST_CASE("the last rung is tried until the deadline", "[ladder]") {
    Climb climb("", Seen::surely_not, std::vector<Rung>(1), 1min);
    climb.begin();
    std::string next;
    int tries = 0;
    for (const Duration pause : {1s, 2s, 4s, 8s, 15s, 15s}) {
        next = climb.refused(ApiFault::transient, "internal_error");
        REQUIRE(next == "wait " + shown(pause));
        CHECK(climb.wait(pause) == "put 0 anew");
        ++tries;
    }
    CHECK(climb.refused(ApiFault::transient, "internal_error") == "failed internal_error");
    CHECK(tries == 6);
}

TEST_CASE("an outage of Slack does not make an answer simpler, and has a new message only when it lasts", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    for (const Duration pause : {1s, 2s, 4s, 8s}) {
        climb.refused(ApiFault::transient, "http_503");
        CHECK(climb.wait(pause) == "put 0 at 1.1");
    }
    CHECK(climb.refused(ApiFault::transient, "http_503") == "put 0 anew");
}

TEST_CASE("where Slack stumbles over the update of one message, a new one stands before it goes", "[ladder]") {
    const ApiFault fault = GENERATE(ApiFault::transient, ApiFault::ambiguous);
    const std::string code = fault == ApiFault::transient ? "internal_error" : "timeout";
    Climb climb("1.1", Seen::surely_not, std::vector<Rung>(1));
    climb.begin();
    for (const Duration pause : {1s, 2s, 4s}) {
        CHECK(climb.refused(fault, code) == "wait " + shown(pause));
        CHECK(climb.wait(pause) == "put 0 at 1.1");
    }
    CHECK(climb.refused(fault, code) == "put 0 anew");
    CHECK(climb.put("2.1") == "remove 1.1");
    CHECK(shown(climb.climb.removed()) == "done 2.1");
}

TEST_CASE("a message that cannot be updated is removed only when the new one stands", "[ladder]") {
    const std::string code =
        GENERATE("cant_update_message", "edit_window_closed", "is_inactive", "update_failed", "block_mismatch");
    Climb climb("1.1");
    climb.begin();
    CHECK(climb.refused(ApiFault::not_permitted, code) == "put 0 anew");
    SECTION("and stays when there is no new one") {
        CHECK(climb.refused(ApiFault::not_permitted, "is_archived") == "failed is_archived");
    }
    SECTION("whatever becomes of the removal") {
        CHECK(climb.put("2.1") == "remove 1.1");
        CHECK(shown(climb.climb.removed()) == "done 2.1");
    }
    SECTION("and left to whoever has the lease now") {
        CHECK(climb.put("2.1") == "remove 1.1");
        CHECK(shown(climb.climb.lease_lost()) == "done 2.1");
    }
}

TEST_CASE("of a message that was deleted nothing is removed", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    CHECK(climb.refused(ApiFault::not_permitted, "message_not_found") == "put 0 anew");
    CHECK(climb.put("2.1") == "done 2.1");
}

TEST_CASE("a message that was given up is not found again", "[ladder]") {
    Climb climb("1.1", Seen::perhaps);
    climb.begin();
    CHECK(climb.refused(ApiFault::not_permitted, "edit_window_closed") == "find not 1.1");
    CHECK(shown(climb.climb.found("1.2")) == "put 0 at 1.2");
    CHECK(climb.refused(ApiFault::not_permitted, "message_not_found") == "find not 1.1 not 1.2");
    CHECK(shown(climb.climb.not_there()) == "put 0 anew");
    CHECK(climb.put("2.1") == "remove 1.1");
}

TEST_CASE("where updates are limited for long, a new message stands before the old one goes", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    CHECK(climb.refused(rate_limited(10s)) == "put 0 anew");
    CHECK(climb.refused(ApiFault::payload, "invalid_blocks") == "upload chart");
    CHECK(shown(climb.climb.no_chart()) == "put 1 anew");
    CHECK(climb.put("2.1") == "remove 1.1");
    CHECK(shown(climb.climb.removed()) == "done 2.1");
}

TEST_CASE("a short limit of updates is waited out", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    CHECK(climb.refused(rate_limited(5s)) == "wait 5s");
    CHECK(climb.wait(5s) == "put 0 at 1.1");
    // Several of them are a long one.
    CHECK(climb.refused(rate_limited(5s)) == "put 0 anew");
}

TEST_CASE("a limit without a time begins with one second and grows", "[ladder]") {
    SECTION("until a new message is better than waiting") {
        Climb climb("1.1");
        climb.begin();
        for (const Duration pause : {1s, 2s, 4s}) {
            CHECK(climb.refused(rate_limited(std::nullopt)) == "wait " + shown(pause));
            CHECK(climb.wait(pause) == "put 0 at 1.1");
        }
        CHECK(climb.refused(rate_limited(std::nullopt)) == "put 0 anew");
    }
    SECTION("or the deadline comes") {
        Climb climb("", Seen::surely_not, three_rungs(), 20s);
        climb.begin();
        for (const Duration pause : {1s, 2s, 4s, 8s}) {
            CHECK(climb.refused(rate_limited(std::nullopt)) == "wait " + shown(pause));
            CHECK(climb.wait(pause) == "put 0 anew");
        }
        CHECK(climb.refused(rate_limited(std::nullopt)) == "failed ratelimited");
    }
}

TEST_CASE("a stream that a dead process left is ended, then updated", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    CHECK(climb.refused(ApiFault::streaming, "streaming_state_conflict") == "end stream 1.1");
    SECTION("once") {
        CHECK(shown(climb.climb.stream_ended()) == "put 0 at 1.1");
        CHECK(climb.refused(ApiFault::streaming, "streaming_state_conflict") == "put 0 anew");
        CHECK(climb.put("2.1") == "remove 1.1");
    }
    SECTION("and replaced at once where it cannot be ended") {
        CHECK(shown(climb.climb.stream_not_ended()) == "put 0 anew");
        CHECK(climb.put("2.1") == "remove 1.1");
        CHECK(shown(climb.climb.removed()) == "done 2.1");
    }
}

TEST_CASE("features that Slack refused by name are set aside when a form without them was taken", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    climb.refused(update_error(ApiFault::payload, "invalid_blocks"), {"data_table", "section"});
    climb.climb.no_chart();
    SECTION("those that it lacks") {
        CHECK(climb.put("1.1") == "done 1.1 without data_table");
    }
    SECTION("and not when none was taken") {
        CHECK(climb.refused(ApiFault::not_permitted, "is_archived") == "failed is_archived");
    }
}

TEST_CASE("nothing is set aside for an answer that is too long, or that Slack stumbled over", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    climb.refused(ApiFault::payload, "msg_blocks_too_long");
    climb.climb.no_chart();
    for (int i = 0; i < 2; ++i)
        climb.refused(ApiFault::transient, "internal_error");
    CHECK(climb.wait(1s) == "put 2 at 1.1");
    CHECK(climb.put("1.1") == "done 1.1 incomplete");
}

TEST_CASE("a message that Slack put at the channel's root is taken away again, and the question is gone", "[ladder]") {
    Climb climb;
    climb.begin();
    CHECK(climb.put("2.1", Landing::channel_root) == "remove 2.1");
    CHECK(shown(climb.climb.removed()) == "failed question_gone");
}

TEST_CASE("a thread that Slack does not find is a question that is gone", "[ladder]") {
    const std::string code = GENERATE("thread_not_found", "invalid_thread_ts");
    Climb climb;
    climb.begin();
    CHECK(climb.refused(ApiFault::not_permitted, code) == "failed question_gone");
}

TEST_CASE("what stands below a stream is posted anew, and goes when the new message stands", "[ladder]") {
    Climb climb("1.1");
    CHECK(climb.begin() == "put 0 at 1.1");
    CHECK(climb.put("1.1", Landing::below_stream) == "put 0 anew");
    CHECK(climb.put("2.1") == "remove 1.1");
    CHECK(shown(climb.climb.removed()) == "done 2.1");
}

TEST_CASE("of several messages of a turn the newest one stays", "[ladder]") {
    SECTION("where none is recorded") {
        Climb climb("", Seen::perhaps);
        CHECK(climb.begin() == "find");
        CHECK(shown(climb.climb.found("1.3", {"1.1", "1.2"})) == "put 0 at 1.3");
        CHECK(climb.put("1.3") == "remove 1.2");
        CHECK(shown(climb.climb.removed()) == "remove 1.1");
        CHECK(shown(climb.climb.removed()) == "done 1.3");
    }
    SECTION("where the recorded one is among the older ones") {
        LadderClimb climb(three_rungs(), 0, "1.1", Seen::perhaps, kStart + 5min, true);
        CHECK(shown(climb.begin()) == "find");
        CHECK(shown(climb.found("1.2", {"1.1"})) == "put 0 at 1.2");
        CHECK(shown(climb.put_done("1.2", Landing::in_place)) == "remove 1.1");
        CHECK(shown(climb.removed()) == "done 1.2");
    }
}

TEST_CASE("of several processes' streams none stays", "[ladder]") {
    Climb climb("1.1", Seen::perhaps);
    climb.begin();
    CHECK(climb.put("1.1", Landing::below_stream) == "find not 1.1");
    CHECK(shown(climb.climb.found("1.2")) == "put 0 at 1.2");
    CHECK(climb.refused(ApiFault::streaming, "streaming_state_conflict") == "end stream 1.2");
    CHECK(shown(climb.climb.stream_ended()) == "put 0 at 1.2");
    CHECK(climb.put("1.2", Landing::below_stream) == "find not 1.1 not 1.2");
    CHECK(shown(climb.climb.not_there()) == "put 0 anew");
    CHECK(climb.put("2.1") == "remove 1.2");
    CHECK(shown(climb.climb.removed()) == "remove 1.1");
    CHECK(shown(climb.climb.removed()) == "done 2.1");
}

TEST_CASE("where no new message comes to stand, the one below its stream does", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    climb.put("1.1", Landing::below_stream);
    SECTION("since Slack takes none") {
        CHECK(climb.refused(ApiFault::not_permitted, "restricted_action") == "done 1.1");
    }
    SECTION("in no form") {
        climb.refused(ApiFault::payload, "msg_blocks_too_long");
        climb.climb.no_chart();
        climb.refused(ApiFault::payload, "msg_blocks_too_long");
        CHECK(climb.refused(ApiFault::payload, "msg_too_long") == "done 1.1");
    }
    SECTION("in time") {
        climb.now += 5min;
        CHECK(climb.refused(ApiFault::transient, "http_503") == "done 1.1");
    }
    SECTION("but whoever may not go on leaves it to others") {
        CHECK(climb.refused(ApiFault::cancelled, "cancelled") == "failed cancelled");
        CHECK(shown(climb.climb.lease_lost()) == "failed lease_lost");
    }
}

TEST_CASE("without the lease nothing more is done", "[ladder]") {
    Climb climb("1.1");
    climb.begin();
    SECTION("when it is lost") {
        CHECK(shown(climb.climb.lease_lost()) == "failed lease_lost");
    }
    SECTION("and when it only ran out, the same is tried again under the renewed one") {
        CHECK(climb.refused(update_error(ApiFault::cancelled, "cancelled"), {}, true) == "put 0 at 1.1");
    }
}

TEST_CASE("an answer that may have moved before that was recorded is looked for, and stands once", "[ladder]") {
    LadderClimb climb(three_rungs(), 0, "1.1", Seen::perhaps, kStart + 5min, true);
    CHECK(shown(climb.begin()) == "find");
    SECTION("it has") {
        CHECK(shown(climb.found("1.2")) == "put 0 at 1.2");
        CHECK(shown(climb.put_done("1.2", Landing::in_place)) == "remove 1.1");
        CHECK(shown(climb.removed()) == "done 1.2");
    }
    SECTION("it has not") {
        CHECK(shown(climb.found("1.1")) == "put 0 at 1.1");
        CHECK(shown(climb.put_done("1.1", Landing::in_place)) == "done 1.1");
    }
    SECTION("nothing is found") {
        CHECK(shown(climb.not_there()) == "put 0 at 1.1");
    }
}

}  // namespace ladder_climb_test
