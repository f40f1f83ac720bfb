#include "app/relay/delivery/result_files.hpp"

#include "storage/memory_storage.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_genie.hpp"
#include "tests/support/fake_slack_api.hpp"
#include "tests/support/run.hpp"

#include <cstdlib>

namespace result_files_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using slack::ApiFault;

using answer::CsvForm;
using answer::FileFormat;

relay::ResultFileSettings settings(FileFormat format, CsvForm csv_form) {
    relay::ResultFileSettings made;
    made.format = format;
    made.csv_form = csv_form;
    return made;
}

// A folder for temporary files that is not there, as long as it lives.
class NoTemporaryFiles {
 public:
    NoTemporaryFiles() {
        if (const char* old = std::getenv("TMPDIR"))
            before_ = old;
        ::setenv("TMPDIR", "/nowhere/at/all", 1);
    }
    ~NoTemporaryFiles() {
        if (before_)
            ::setenv("TMPDIR", before_->c_str(), 1);
        else
            ::unsetenv("TMPDIR");
    }

 private:
    std::optional<std::string> before_;
};

struct Answer {
    Answer() : storage(storage::create_memory_storage()) {
        turn.thread = storage::ThreadKey("T1", "C1", "100.1");
        turn.id = "turn1";
        turn.user = "U1";
        turn.progress_ts = "1500.1";
    }
    slack::ApiResult<relay::ResultFile> share(const std::string& known_id = "") {
        relay::LeaseKeeper lease(*storage, storage::Lease(), 10min, Clock::now());
        return test::run(time, context,
                         files.share(turn, lease, genie.result, "Revenue", words::Language::english, known_id, record(),
                                     Deadline::after(1min)));
    }
    slack::ApiResult<relay::ResultFile> share_again(const std::string& known_id = "",
                                                    const std::string& reader = "U1") {
        return test::run(time, context,
                         files.share_again(turn, reader, genie.result, "Revenue", words::Language::english,
                                           answer::FileFormat::automatic, known_id, record(), Deadline::after(1min)));
    }

    const slack::FileUpload& shared_with(FileFormat format) {
        relay::ResultFiles with_setting(slack, genie, people, settings(format, CsvForm::of_reader));
        const auto result =
            test::run(time, context,
                      with_setting.share_again(turn, "U1", genie.result, "Revenue", words::Language::english,
                                               answer::FileFormat::automatic, "", record(), Deadline::after(1min)));
        if (result)
            shared = *result;
        return slack.uploads.at(0).file;
    }

    relay::RecordFile record() {
        return [this](std::string id) { return keep(std::move(id)); };
    }
    boost::asio::awaitable<bool> keep(std::string id) {
        recorded.push_back(std::move(id));
        co_return may_record;
    }

    std::optional<relay::ResultFile> shared;
    std::vector<std::string> recorded;
    bool may_record = true;
    VirtualTime time;
    boost::asio::io_context context;
    std::unique_ptr<storage::Storage> storage;
    test::FakeSlackApi slack;
    test::FakeGenie genie;
    relay::People people{slack};
    relay::ResultFiles files{slack, genie, people, relay::ResultFileSettings()};
    storage::Turn turn;
};

TEST_CASE("a shared result has the id and the link that Slack gave it", "[files]") {
    Answer answer;
    const auto file = answer.share();
    REQUIRE(file);
    CHECK(file->id == "F1");
    CHECK(file->permalink == "https://example.slack.com/files/F1");
    CHECK(file->name == "Revenue.csv");
    CHECK(file->rows == 2);
    CHECK(answer.recorded == std::vector<std::string>{"F1,"});
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
    answer.slack.upload_errors.emplace_back(ApiFault::ambiguous, "files.completeUploadExternal", "timeout");
    SECTION("and found") {
        answer.slack.ambiguous_uploads_arrive = true;
        const auto file = answer.share();
        REQUIRE(file);
        CHECK(file->id == "F1");
    }
    SECTION("and not there, so that it is sent once more") {
        const auto file = answer.share();
        REQUIRE(file);
        CHECK(answer.slack.uploads.size() == 1);
        CHECK(answer.slack.upload_calls == 2);
    }
    SECTION("and not there the second time either") {
        answer.slack.upload_errors.emplace_back(ApiFault::ambiguous, "files.completeUploadExternal", "timeout");
        CHECK_FALSE(answer.share());
        CHECK(answer.slack.upload_calls == 2);
    }
    CHECK(answer.slack.replies_calls >= 1);
}

TEST_CASE("a refused upload is no file, and is not looked up", "[files]") {
    Answer answer;
    answer.slack.upload_errors.emplace_back(ApiFault::not_permitted, "files.getUploadURLExternal", "missing_scope");
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
    SECTION("of each that wants it, also when another's stands there") {
        REQUIRE(answer.share_again("", "U1"));
        const std::string known = answer.recorded.back();
        REQUIRE(answer.share_again(known, "U2"));
        REQUIRE(answer.slack.uploads.size() == 2);
        CHECK_THAT(answer.slack.uploads.at(1).file.content, test::contains("EMEA;1200,5"));
        for (const char* reader : {"U1", "U2"})
            CHECK(answer.share_again(answer.recorded.back(), reader)->was_there);
        CHECK(answer.slack.uploads.size() == 2);
    }
    SECTION("of an English reader") {
        REQUIRE(answer.share_again("", "U1"));
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA,1200.5"));
    }
    SECTION("of a reader of whom only the bot's language is known") {
        answer.people.speak(words::Language::german);
        REQUIRE(answer.share_again("", "U3"));
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA;1200,5"));
    }
    SECTION("as the setting says for all") {
        relay::ResultFiles all(answer.slack, answer.genie, answer.people,
                               result_files_test::settings(FileFormat::automatic, CsvForm::comma));
        REQUIRE(test::run(answer.time, answer.context,
                          all.share_again(answer.turn, "U2", answer.genie.result, "Revenue", words::Language::german,
                                          answer::FileFormat::automatic, "", answer.record(), Deadline::after(1min))));
        CHECK_THAT(answer.slack.uploads.at(0).file.content, test::contains("EMEA,1200.5"));
    }
}

TEST_CASE("the setting decides whether the file is CSV or a spreadsheet", "[files][xlsx]") {
    Answer answer;
    SECTION("csv, whatever the values are") {
        answer.genie.result.rows[0][0] = "007800";
        CHECK(answer.shared_with(FileFormat::csv).filename == "Revenue.csv");
    }
    SECTION("xlsx") {
        const auto& file = answer.shared_with(FileFormat::xlsx);
        CHECK(file.filename == "Revenue.xlsx");
        CHECK(file.title == "Revenue · 2 rows");
        CHECK(file.content.starts_with("PK\x03\x04"));
        REQUIRE(answer.shared);
        CHECK(answer.shared->name == "Revenue.xlsx");
        CHECK(answer.shared->rows == 2);
    }
    SECTION("auto, with values that stay what they are as CSV") {
        CHECK(answer.shared_with(FileFormat::automatic).filename == "Revenue.csv");
    }
    SECTION("auto, with values that would not") {
        answer.genie.result.rows[0][0] = "007800";
        CHECK(answer.shared_with(FileFormat::automatic).filename == "Revenue.xlsx");
    }
}

TEST_CASE("a spreadsheet that cannot be written comes as CSV", "[files][xlsx]") {
    Answer answer;
    SECTION("without room for temporary files") {
        const result_files_test::NoTemporaryFiles none;
        const auto& file = answer.shared_with(FileFormat::xlsx);
        CHECK(file.filename == "Revenue.csv");
        CHECK_THAT(file.content, test::contains("EMEA"));
    }
    SECTION("with more columns than a sheet has") {
        answer.genie.result.columns.resize(16'385);
        CHECK(answer.shared_with(FileFormat::xlsx).filename == "Revenue.csv");
    }
    REQUIRE(answer.shared);
    CHECK(answer.shared->name == "Revenue.csv");
}

TEST_CASE("a file that was there keeps the name it has, whatever the setting is now", "[files][xlsx]") {
    Answer answer;
    CHECK(answer.shared_with(FileFormat::xlsx).filename == "Revenue.xlsx");
    const auto file = answer.share_again("F1");
    REQUIRE(file);
    CHECK(file->was_there);
    CHECK(file->name == "Revenue.xlsx");
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

}  // namespace result_files_test
