#include "app/relay/delivery/result_files.hpp"

#include "storage/memory_storage.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_genie.hpp"
#include "tests/support/fake_slack_api.hpp"
#include "tests/support/run.hpp"

using namespace genie_slack;
using namespace std::chrono_literals;
using slack::ErrorClass;

namespace result_files_test {

struct Answer {
    Answer() : storage(storage::create_memory_storage()) {
        turn.thread = storage::ThreadKey("T1", "C1", "100.1");
        turn.id = "turn1";
        turn.user = "U1";
        turn.progress_ts = "1500.1";
    }
    std::optional<relay::ResultFile> share(const std::string& known_id = "") {
        relay::LeaseKeeper lease(*storage, storage::Lease(), 10min, Clock::now());
        return test::run(time, context,
                         files.share(turn, lease, genie.result, "Revenue", words::Language::english, known_id, record(),
                                     Deadline::after(1min)));
    }
    std::optional<relay::ResultFile> share_again(const std::string& known_id = "", const std::string& reader = "U1") {
        return test::run(time, context,
                         files.share_again(turn, reader, genie.result, "Revenue", words::Language::english, known_id,
                                           record(), Deadline::after(1min)));
    }

    relay::RecordFile record() {
        return [this](std::string id) { return keep(std::move(id)); };
    }
    boost::asio::awaitable<bool> keep(std::string id) {
        recorded.push_back(std::move(id));
        co_return may_record;
    }

    std::vector<std::string> recorded;
    bool may_record = true;
    VirtualTime time;
    boost::asio::io_context context;
    std::unique_ptr<storage::Storage> storage;
    test::FakeSlackApi slack;
    test::FakeGenie genie;
    relay::People people{slack};
    relay::ResultFiles files{slack, genie, people, "auto"};
    storage::Turn turn;
};

}  // namespace result_files_test
using result_files_test::Answer;

TEST_CASE("a shared result has the id and the link that Slack gave it", "[files]") {
    Answer answer;
    const auto file = answer.share();
    REQUIRE(file);
    CHECK(file->id == "F1");
    CHECK(file->permalink == "https://example.slack.com/files/F1");
    CHECK(file->name == "Revenue.csv");
    CHECK(file->rows == 2);
    CHECK(answer.recorded == std::vector<std::string>{"F1"});
}

TEST_CASE("a file that is perhaps there is found instead of shared twice", "[files]") {
    Answer answer;
    REQUIRE(answer.share());
    SECTION("by whoever carries on") {
        const auto file = answer.share("F1");
        REQUIRE(file);
        CHECK(file->id == "F1");
    }
    SECTION("on somebody's wish, too") {
        const auto file = answer.share_again("F1");
        REQUIRE(file);
        CHECK(file->id == "F1");
    }
    CHECK(answer.slack.uploads.size() == 1);
}

TEST_CASE("a file of the same name is not taken for the one whose id was recorded", "[files]") {
    Answer answer;
    REQUIRE(answer.share());
    REQUIRE(answer.share());
    const auto known = answer.share_again("F1");
    REQUIRE(known);
    CHECK(known->id == "F1");
    const auto lost = answer.share_again("F9");
    REQUIRE(lost);
    CHECK(lost->id == "F3");
}

TEST_CASE("an upload that broke off is looked up before anybody is told that it failed", "[files]") {
    Answer answer;
    answer.slack.upload_errors.emplace_back(ErrorClass::ambiguous, "files.completeUploadExternal", "timeout");
    SECTION("and found") {
        answer.slack.ambiguous_uploads_arrive = true;
        const auto file = answer.share();
        REQUIRE(file);
        CHECK(file->id == "F1");
    }
    SECTION("and not there") {
        CHECK_FALSE(answer.share());
    }
    CHECK(answer.slack.upload_calls == 1);
    CHECK(answer.slack.replies_calls >= 1);
}

TEST_CASE("a refused upload is no file, and is not looked up", "[files]") {
    Answer answer;
    answer.slack.upload_errors.emplace_back(ErrorClass::config, "files.getUploadURLExternal", "missing_scope");
    CHECK_FALSE(answer.share());
    CHECK(answer.slack.replies_calls == 0);
}

TEST_CASE("nothing is uploaded without the lease", "[files]") {
    Answer answer;
    relay::LeaseKeeper lease(*answer.storage, storage::Lease(), 10min, Clock::now());
    lease.lose();
    CHECK_FALSE(test::run(answer.time, answer.context,
                          answer.files.share(answer.turn, lease, answer.genie.result, "Revenue",
                                             words::Language::english, "", answer.record(), Deadline::after(1min))));
    CHECK(answer.slack.upload_calls == 0);
}

TEST_CASE("a file is written as its reader's spreadsheet program expects it", "[files]") {
    Answer answer;
    answer.slack.users["U1"].locale = "en-US";
    answer.slack.users["U2"].locale = "de-DE";
    answer.genie.result.columns[1].type_name = "DOUBLE";
    answer.genie.result.rows = {{"EMEA", "1200.5"}};
    for (const char* user : {"U1", "U2"})
        test::run(answer.time, answer.context, answer.people.find("T1", user, Deadline::after(10s)));
    SECTION("of the one who asked") {
        answer.turn.user = "U2";
        REQUIRE(answer.share());
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA;1200,5"));
    }
    SECTION("of the one who wants it") {
        REQUIRE(answer.share_again("", "U2"));
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA;1200,5"));
    }
    SECTION("of an English reader") {
        REQUIRE(answer.share_again("", "U1"));
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA,1200.5"));
    }
    SECTION("as the setting says for all") {
        relay::ResultFiles all(answer.slack, answer.genie, answer.people, "comma");
        REQUIRE(test::run(answer.time, answer.context,
                          all.share_again(answer.turn, "U2", answer.genie.result, "Revenue", words::Language::german,
                                          "", answer.record(), Deadline::after(1min))));
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA,1200.5"));
    }
}

TEST_CASE("a file that Slack took and never shows is none", "[files]") {
    Answer answer;
    answer.slack.uploads_do_not_appear = true;
    CHECK_FALSE(answer.share());
    CHECK(answer.slack.upload_calls == 1);
    CHECK(answer.slack.replies_calls == 2);
}

TEST_CASE("a file that could not be recorded is not seen", "[files]") {
    Answer answer;
    answer.may_record = false;
    CHECK_FALSE(answer.share());
    CHECK(answer.slack.uploads.empty());
}
