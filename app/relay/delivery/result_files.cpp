#include "app/relay/delivery/result_files.hpp"

#include "app/answer/chart/chart.hpp"
#include "app/answer/message/answer_chart.hpp"
#include "app/answer/result/result_file.hpp"
#include "app/answer/result/xlsx.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <sstream>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace result_files_detail {

constexpr const char* kUpload = "files.completeUploadExternal";
constexpr const char* kTooLarge = "too_large";  // for what we upload at most
constexpr const char* kXlsxExtension = ".xlsx";
constexpr std::size_t kMaxBytes = 20u << 20;
constexpr std::size_t kRepliesSearched = 200;
constexpr int kMostTries = 2;  // to upload what perhaps arrived and is not found
constexpr Duration kRecordTime = std::chrono::seconds(10);
constexpr std::size_t kNameCharacters = 8;                 // of a turn's id
constexpr Duration kAppearTime = std::chrono::seconds(3);  // Slack makes the file's message after the upload

void log_failure(const storage::Turn& turn, const slack::ApiError& error) {
    log::warn("file.not_shared", {{"turn", turn.id}, {"error", error.to_string()}});
}

struct Written {
    std::string content;
    std::string_view extension;
};

// As a spreadsheet where that is wanted and can be made, else as CSV; nothing when that does not fit either.
std::optional<Written> write_file(const storage::Turn& turn, const genie::ResultTable& table, answer::FileFormat format,
                                  answer::CsvDialect dialect) {
    if (answer::wants_xlsx(format, table)) {
        auto sheet = answer::write_xlsx(table, kMaxBytes);
        if (sheet)
            return Written{std::move(*sheet), kXlsxExtension};
        log::warn("xlsx.not_written", {{"turn", turn.id}, {"error", sheet.error().message}});
    }
    auto lines = answer::write_csv(table, kMaxBytes, dialect);
    if (lines)
        return Written{std::move(*lines), ".csv"};
    log::warn("file.too_large", {{"turn", turn.id}, {"rows", table.rows.size()}, {"columns", table.columns.size()}});
    return std::nullopt;
}

// Nothing when the table does not fit.
std::optional<slack::FileUpload> upload_of(const storage::Turn& turn, const genie::ResultTable& table,
                                           const std::string& title, words::Language language,
                                           answer::FileFormat format, answer::CsvDialect dialect) {
    auto written = write_file(turn, table, format, dialect);
    if (!written)
        return std::nullopt;
    const Place place = below_answer(turn);
    slack::FileUpload upload;
    upload.filename = answer::file_name(title, written->extension);
    upload.title = answer::file_title(language, title, table);
    upload.content = std::move(written->content);
    upload.channel = place.channel;
    upload.thread_ts = place.thread_ts;
    return upload;
}

bool is_named_xlsx(std::string_view name) {
    return name.ends_with(kXlsxExtension);
}

// A file as it is recorded: "F1", of a CSV with its separator behind it, "F1;". Several have a space between them.
struct KnownFile {
    std::string id;
    char separator = 0;  // 0: a spreadsheet, or of an older version
};

std::vector<KnownFile> known_files(const std::string& text) {
    std::istringstream words(text);
    std::vector<KnownFile> files;
    for (std::string word; words >> word;) {
        KnownFile file;
        if (word.back() == ',' || word.back() == ';') {
            file.separator = word.back();
            word.pop_back();
        }
        file.id = std::move(word);
        files.push_back(std::move(file));
    }
    return files;
}

std::string recorded_as(const KnownFile& file) {
    return file.separator == 0 ? file.id : file.id + file.separator;
}

ResultFile described(const genie::ResultTable& table) {
    ResultFile file;
    file.rows = static_cast<std::int64_t>(table.rows.size());
    file.columns = table.columns.size();
    return file;
}

ResultFile shared_as(ResultFile file, const slack::SharedFile& shared) {
    file.id = shared.id;
    file.name = shared.name;
    file.permalink = shared.permalink;
    return file;
}

asio::awaitable<bool> keep(const RecordFile& record, std::string id) {
    if (!record)
        co_return true;
    co_return co_await record(std::move(id));
}

}  // namespace result_files_detail

bool is_spreadsheet(const ResultFile& file) {
    return result_files_detail::is_named_xlsx(file.name);
}

bool are_files_refused(const slack::ApiError& error) {
    const bool is_verdict = error.fault == slack::ApiFault::not_permitted || error.fault == slack::ApiFault::payload;
    return is_verdict && error.code != result_files_detail::kTooLarge;
}

std::string why_no_file(words::Language language, const slack::ApiError& error) {
    if (error.code == result_files_detail::kTooLarge)
        return words::say(language, words::Word::file_too_large);
    if (are_files_refused(error))
        return words::say(language, words::Word::file_refused, {{"error", error.code}});
    return words::say(language, words::Word::file_failed);
}

asio::awaitable<bool> keep_file(storage::Storage& storage, std::string turn_id, std::string action, std::string owner,
                                std::string file) {
    auto kept = co_await storage.keep_result(turn_id, std::move(action), std::move(owner), std::move(file),
                                             Deadline::after(result_files_detail::kRecordTime));
    if (!kept)
        log::warn("file.not_recorded", {{"turn", turn_id}, {"error", kept.error().message}});
    co_return !kept || *kept;
}

asio::awaitable<slack::ApiResult<std::optional<slack::SharedFile>>> ResultFiles::find(const storage::Turn& turn,
                                                                                      std::string id, std::string name,
                                                                                      Deadline deadline) {
    const Place place = below_answer(turn);
    auto replies = co_await api_.conversation_replies(place.channel, place.thread_ts,
                                                      result_files_detail::kRepliesSearched, deadline);
    if (!replies)
        co_return replies.error();
    std::string self;
    for (const slack::ThreadMessage& message : *replies)
        if (message.ts == turn.progress_ts)
            self = message.user;
    std::optional<slack::SharedFile> found;
    for (const slack::ThreadMessage& message : *replies) {
        const bool may_be_ours = message.ts > turn.progress_ts && message.user == self;
        for (const slack::SharedFile& file : message.files)
            if (id.empty() ? may_be_ours && file.name == name : file.id == id)
                found = file;
    }
    co_return found;
}

answer::CsvDialect ResultFiles::dialect_of(const std::string& team, const std::string& user) const {
    const auto person = people_.known(team, user);
    std::string locale = person ? person->locale : std::string();
    if (locale.empty())
        locale = words::to_string(people_.language_of(team, user));
    return answer::csv_dialect(settings_.csv_form, locale);
}

asio::awaitable<slack::ApiResult<ResultFile>> ResultFiles::share(storage::Turn turn, LeaseKeeper& lease,
                                                                 genie::ResultTable table, std::string title,
                                                                 words::Language language, std::string known_ids,
                                                                 RecordFile record, Deadline deadline) {
    const answer::CsvDialect dialect = dialect_of(turn.thread.team, turn.user);
    co_return co_await find_or_upload(turn, &lease, dialect, table, title, language, answer::FileFormat::automatic,
                                      known_ids, std::move(record), deadline);
}

asio::awaitable<slack::ApiResult<ResultFile>> ResultFiles::share_again(storage::Turn turn, std::string reader,
                                                                       genie::ResultTable table, std::string title,
                                                                       words::Language language,
                                                                       answer::FileFormat wished, std::string known_ids,
                                                                       RecordFile record, Deadline deadline) {
    const answer::CsvDialect dialect = dialect_of(turn.thread.team, reader);
    co_return co_await find_or_upload(turn, nullptr, dialect, table, title, language, wished, known_ids,
                                      std::move(record), deadline);
}

asio::awaitable<slack::ApiResult<ResultFile>> ResultFiles::find_or_upload(
    const storage::Turn& turn, LeaseKeeper* lease, answer::CsvDialect dialect, const genie::ResultTable& table,
    const std::string& title, words::Language language, answer::FileFormat wished, const std::string& known_ids,
    RecordFile record, Deadline deadline) {
    using namespace result_files_detail;
    ResultFile file = described(table);
    const bool any_will_do = wished == answer::FileFormat::automatic;
    const bool is_open = settings_.format == answer::FileFormat::automatic;
    // Who names a form has a use for it, also where a program that opens the file would change values.
    const answer::FileFormat format = is_open ? wished : settings_.format;
    std::string others;
    for (const KnownFile& known : known_files(known_ids)) {
        auto found = co_await find(turn, known.id, "", deadline);
        if (!found) {
            log_failure(turn, found.error());
            co_return found.error();
        }
        const bool is_kind =
            *found && (any_will_do || is_named_xlsx((*found)->name) == answer::wants_xlsx(format, table));
        // Made for somebody of another country it opens in one column.
        file.was_there = is_kind && (known.separator == 0 || known.separator == dialect.separator);
        if (file.was_there)
            co_return shared_as(std::move(file), **found);
        if (*found)
            others += recorded_as(known) + ' ';
    }
    auto prepared = upload_of(turn, table, title, language, format, dialect);
    if (!prepared)
        co_return slack::ApiError(slack::ApiFault::payload, kUpload, kTooLarge);
    // Those of the other kinds stand there as well then.
    if (record) {
        const char separator = is_named_xlsx(prepared->filename) ? char(0) : dialect.separator;
        record = [record, others, separator](std::string id) {
            return record(others + recorded_as({std::move(id), separator}));
        };
    }
    const std::size_t bytes = prepared->content.size();
    auto shared = co_await upload(turn, lease, std::move(*prepared), std::move(record), deadline);
    if (!shared)
        co_return shared.error();
    log::info("file.shared", {{"turn", turn.id}, {"rows", file.rows}, {"bytes", bytes}});
    co_return shared_as(std::move(file), *shared);
}

asio::awaitable<slack::ApiResult<slack::SharedFile>> ResultFiles::upload(const storage::Turn& turn, LeaseKeeper* lease,
                                                                         slack::FileUpload prepared, RecordFile record,
                                                                         Deadline deadline) {
    using namespace result_files_detail;
    slack::SharedFile file;
    file.name = prepared.filename;
    prepared.before_visible = [&file, &record](std::string id) -> asio::awaitable<bool> {
        file.id = id;
        return keep(record, std::move(id));
    };
    for (int tries = 1;; ++tries) {
        file.id.clear();
        slack::FileUpload attempt = prepared;
        auto shared = co_await send(std::move(attempt), lease, deadline);
        if (shared)
            file = *shared;
        else
            log_failure(turn, shared.error());
        // It may stand there although the upload broke off.
        const bool may_be_there = shared || shared.error().fault == slack::ApiFault::ambiguous;
        if (!may_be_there || file.id.empty())
            co_return shared;
        const bool is_there = co_await appears(turn, file.id, deadline);
        if (is_there)
            co_return file;
        log::warn("file.not_shown", {{"turn", turn.id}, {"file", file.id}});
        // What Slack said to have shared does not get better by a second file.
        if (shared || tries == kMostTries)
            co_return slack::ApiError(slack::ApiFault::transient, kUpload, "not_shown");
    }
}

asio::awaitable<bool> ResultFiles::appears(const storage::Turn& turn, std::string id, Deadline deadline) {
    using result_files_detail::kAppearTime;
    auto found = co_await find(turn, id, "", deadline);
    if (found && !*found && deadline.remaining() > kAppearTime) {
        co_await sleep_for(kAppearTime);
        found = co_await find(turn, id, "", deadline);
    }
    // Where Slack does not let us look, its ok has to do.
    co_return !found || found->has_value();
}

asio::awaitable<bool> ResultFiles::share_text(storage::Turn turn, LeaseKeeper* lease, std::string markdown,
                                              words::Language language, Seen seen, Deadline deadline) {
    using namespace result_files_detail;
    const Place place = below_answer(turn);
    slack::FileUpload upload;
    upload.filename = "answer-" + turn.id.substr(0, kNameCharacters) + ".md";
    upload.title = words::say(language, words::Word::whole_text_title);
    upload.content = std::move(markdown);
    upload.channel = place.channel;
    upload.thread_ts = place.thread_ts;
    if (seen == Seen::perhaps) {
        auto found = co_await find(turn, "", upload.filename, deadline);
        if (!found)
            log_failure(turn, found.error());
        if (!found || *found)
            co_return found.has_value();
    }
    auto shared = co_await this->upload(turn, lease, std::move(upload), RecordFile(), deadline);
    co_return shared.has_value();
}

// Again when it was not made visible, since it took longer than the lease was sure.
asio::awaitable<slack::ApiResult<slack::SharedFile>> ResultFiles::send(slack::FileUpload upload, LeaseKeeper* lease,
                                                                       Deadline deadline) {
    if (lease)
        upload.may_send = lease->guard();
    for (;;) {
        bool ours = true;
        if (lease)
            ours = co_await lease->holds(deadline);
        if (!ours)
            co_return slack::ApiError(slack::ApiFault::cancelled, "files.completeUploadExternal", "lease_lost");
        auto shared = co_await api_.upload_file(upload, deadline);
        const bool lease_ran_out = lease && !lease->is_lost() && !lease->surely_holds();
        if (shared || shared.error().fault != slack::ApiFault::cancelled || !lease_ran_out)
            co_return shared;
    }
}

asio::awaitable<std::string> ResultFiles::upload_chart(const storage::Turn& turn, const answer::AnswerInput& input,
                                                       Deadline deadline) {
    const std::string title = input.parts.query ? input.parts.query->title : std::string();
    const auto chart = answer::chart_of(input);
    if (!chart)
        co_return "";
    slack::FileUpload upload;
    upload.filename = "chart.png";
    upload.title = title.empty() ? upload.filename : title;
    upload.alt_text =
        slack::truncate(answer::describe_chart(*chart, input.language), slack::limits::kAltTextCharacters);
    if (input.chart.empty() && input.parts.visualization)
        upload.content = co_await genie_.visualization_png(turn.space_id, turn.conversation_id, turn.message_id,
                                                           input.parts.visualization->id, deadline);
    if (upload.content.empty())
        upload.content = answer::draw_chart(*chart, input.language);
    if (upload.content.empty())
        co_return "";
    auto uploaded = co_await api_.upload_file(std::move(upload), deadline);
    if (!uploaded) {
        log::warn("chart.not_uploaded", {{"turn", turn.id}, {"error", uploaded.error().to_string()}});
        co_return "";
    }
    co_return uploaded->id;
}

}  // namespace genie_slack::relay
