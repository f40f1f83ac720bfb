#include "app/relay/delivery/result_files.hpp"

#include "app/answer/chart/chart.hpp"
#include "app/answer/result/csv.hpp"
#include "app/relay/delivery/messenger.hpp"
#include "core/log.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace result_files_detail {

constexpr std::size_t kMaxBytes = 20u << 20;
constexpr std::size_t kMessagesSearched = 200;
constexpr Duration kAppearTime = std::chrono::seconds(3);  // Slack makes the file's message after the upload

void log_failure(const storage::Turn& turn, const slack::ApiError& error) {
    log::warn("csv.not_shared", {{"turn", turn.id}, {"error", error.to_string()}});
}

}  // namespace result_files_detail

asio::awaitable<slack::ApiResult<std::optional<std::string>>> ResultFiles::find(const storage::Turn& turn,
                                                                                std::string name, Deadline deadline) {
    const Place place = below_answer(turn);
    auto replies = co_await api_.conversation_replies(place.channel, place.thread_ts,
                                                      result_files_detail::kMessagesSearched, deadline);
    if (!replies)
        co_return replies.error();
    std::string self;
    for (const slack::ThreadMessage& message : *replies)
        if (message.ts == turn.progress_ts)
            self = message.user;
    std::optional<std::string> permalink;
    for (const slack::ThreadMessage& message : *replies)
        for (const slack::SharedFile& file : message.files)
            if (message.ts > turn.progress_ts && message.user == self && file.name == name)
                permalink = file.permalink;
    co_return permalink;
}

asio::awaitable<std::optional<ResultFile>> ResultFiles::share(storage::Turn turn, LeaseKeeper& lease,
                                                              genie::ResultTable table, std::string title,
                                                              words::Language language, Deadline deadline) {
    co_return co_await upload(turn, &lease, std::move(table), std::move(title), language, deadline);
}

asio::awaitable<std::optional<ResultFile>> ResultFiles::share_again(storage::Turn turn, genie::ResultTable table,
                                                                    std::string title, words::Language language,
                                                                    Deadline deadline) {
    co_return co_await upload(turn, nullptr, std::move(table), std::move(title), language, deadline);
}

asio::awaitable<std::optional<ResultFile>> ResultFiles::upload(const storage::Turn& turn, LeaseKeeper* lease,
                                                               genie::ResultTable table, std::string title,
                                                               words::Language language, Deadline deadline) {
    using namespace result_files_detail;
    ResultFile file;
    file.name = answer::csv_name(title);
    file.rows = static_cast<std::int64_t>(table.rows.size());
    file.columns = table.columns.size();
    auto content = answer::write_csv(table, kMaxBytes);
    if (!content) {
        log::warn("csv.too_large", {{"turn", turn.id}, {"rows", file.rows}, {"columns", file.columns}});
        co_return std::nullopt;
    }
    if (turn.attempts > 1 || !lease) {
        auto found = co_await find(turn, file.name, deadline);
        if (!found) {
            log_failure(turn, found.error());
            co_return std::nullopt;
        }
        if (*found) {
            file.permalink = **found;
            co_return file;
        }
    }
    slack::FileUpload upload;
    upload.filename = file.name;
    upload.title = answer::csv_title(language, title, table);
    upload.content = std::move(*content);
    const Place place = below_answer(turn);
    upload.channel = place.channel;
    upload.thread_ts = place.thread_ts;
    if (lease)
        upload.may_send = lease->guard();
    slack::ApiResult<slack::SharedFile> shared = slack::ApiError();
    do {
        bool ours = true;
        if (lease)
            ours = co_await lease->holds(deadline);
        if (!ours)
            co_return std::nullopt;
        shared = co_await api_.upload_file(upload, deadline);
        // Not made visible when it took longer than the lease was sure.
    } while (!shared && shared.error().error_class == slack::ErrorClass::cancelled && lease && !lease->is_lost() &&
             !lease->surely_holds());
    if (shared) {
        log::info("csv.shared", {{"turn", turn.id}, {"rows", file.rows}, {"bytes", upload.content.size()}});
        file.permalink = shared->permalink;
        co_return file;
    }
    log_failure(turn, shared.error());
    if (shared.error().error_class != slack::ErrorClass::ambiguous || deadline.remaining() <= kAppearTime)
        co_return std::nullopt;
    co_await sleep_for(kAppearTime);
    auto found = co_await find(turn, file.name, deadline);
    if (!found || !*found)
        co_return std::nullopt;
    file.permalink = **found;
    co_return file;
}

asio::awaitable<std::string> ResultFiles::upload_chart(const storage::Turn& turn, const answer::AnswerInput& input,
                                                       Deadline deadline) {
    if (!input.table)
        co_return "";
    const std::string title = input.parts.query ? input.parts.query->title : std::string();
    const auto chart = answer::choose_chart(*input.table, title, input.chart);
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
