#include "app/relay/turn/answer_reader.hpp"

#include "app/relay/turn/genie_failure.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using genie::GenieFault;

namespace answer_reader_detail {

constexpr Duration kIdentityLife = std::chrono::hours(1);
constexpr Duration kFailureLife = std::chrono::seconds(30);
constexpr Duration kOldRowsTime = std::chrono::seconds(10);
constexpr Duration kIdentityTime = std::chrono::seconds(3);

}  // namespace answer_reader_detail

asio::awaitable<genie::GenieResult<genie::ResultTable>> AnswerReader::read_rows(storage::Turn turn,
                                                                                genie::Message message,
                                                                                std::string attachment, bool run_again,
                                                                                Deadline deadline) {
    bool expired = run_again || message.status == genie::MessageStatus::query_result_expired;
    genie::GenieResult<genie::ResultTable> table = genie::GenieError(GenieFault::result_expired, "expired");
    if (!expired) {
        table =
            co_await client_.query_result(turn.space_id, turn.conversation_id, turn.message_id, attachment, deadline);
        expired = !table && table.error().fault == GenieFault::result_expired;
    }
    if (expired)
        table =
            co_await client_.execute_query(turn.space_id, turn.conversation_id, turn.message_id, attachment, deadline);
    co_return table;
}

asio::awaitable<genie::GenieResult<genie::ResultTable>> AnswerReader::read_all_rows(storage::Turn turn,
                                                                                    genie::Message message,
                                                                                    std::string attachment,
                                                                                    Deadline deadline) {
    auto table = co_await read_rows(turn, std::move(message), attachment, false, deadline);
    if (!table || !table->truncated)
        co_return table;
    auto whole = co_await download(std::move(turn), std::move(attachment), std::move(*table), deadline);
    co_return whole;
}

asio::awaitable<genie::ResultTable> AnswerReader::download(storage::Turn turn, std::string attachment,
                                                           genie::ResultTable part, Deadline deadline) {
    auto whole =
        co_await client_.download_result(turn.space_id, turn.conversation_id, turn.message_id, attachment, deadline);
    if (!whole) {
        log_genie_error(turn, "genie.download_failed", whole.error());
        co_return part;
    }
    // A file of Databricks has the names of its columns, and every value is text to it.
    genie::take_types(*whole, part.columns);
    co_return std::move(*whole);
}

asio::awaitable<std::string> AnswerReader::identity() {
    using namespace answer_reader_detail;
    if (Clock::now() < ask_identity_at_)
        co_return identity_;
    ask_identity_at_ = Clock::now() + kFailureLife;
    auto answer = co_await client_.identity(Deadline::after(kIdentityTime));
    if (answer) {
        identity_ = answer->name();
        ask_identity_at_ = Clock::now() + kIdentityLife;
    } else {
        log::info("identity.unknown", {{"error", answer.error().message}});
    }
    co_return identity_;
}

asio::awaitable<genie::GenieResult<answer::AnswerInput>> AnswerReader::read(storage::Turn turn, genie::Message message,
                                                                            words::Language language, bool run_again,
                                                                            Deadline deadline) {
    answer::AnswerInput input;
    input.language = language;
    input.turn_id = turn.id;
    input.space_title = turn.space_name;
    input.question = turn.question;
    input.links_only = links_only_;
    input.style = style_;
    input.has_other_spaces = has_other_spaces(spaces_);
    input.answered_at = wall_now();
    if (const auto person = people_.known(turn.thread.team, turn.user))
        input.utc_offset = person->utc_offset;
    input.conversation_url = client_.conversation_url(turn.space_id, turn.conversation_id);
    input.share_channel = turn.thread.channel;
    input.shares_at_root = has_no_thread(turn);
    input.parts = genie::select_answer(message);
    // What was asked in the direct message has no thread to be shown in. Where Genie only asked back nobody else has a
    // use for it.
    const bool is_answer = input.parts.query || input.parts.clarification.empty();
    input.may_share = is_answer && !turn.answer_channel.empty() && !is_asked_directly(turn);
    input.identity = co_await identity();
    if (!input.parts.query || links_only_)
        co_return input;
    auto table = co_await read_rows(turn, message, input.parts.query->id, run_again, deadline);
    if (table) {
        input.table = std::move(*table);
        co_return input;
    }
    const bool still_runs = run_again && table.error().fault == GenieFault::timeout;
    if (still_runs || table.error().fault == GenieFault::cancelled)
        co_return table.error();
    log_genie_error(turn, "genie.result_failed", table.error());
    input.result_note = table.error().fault == GenieFault::query_failed
                            ? words::say(language, words::Word::query_failed)
                            : words::say(language, words::Word::result_unreachable);
    co_return input;
}

asio::awaitable<genie::GenieResult<AnswerReader::Rerun>> AnswerReader::run_again(storage::Turn turn,
                                                                                 words::Language language,
                                                                                 Deadline deadline) {
    using namespace answer_reader_detail;
    auto message = co_await client_.get_message(turn.space_id, turn.conversation_id, turn.message_id, deadline);
    if (!message)
        co_return message.error();
    const auto parts = genie::select_answer(*message);
    std::optional<genie::ResultTable> before;
    if (parts.query && !links_only_) {
        auto rows = co_await client_.query_result(turn.space_id, turn.conversation_id, turn.message_id, parts.query->id,
                                                  deadline.sooner(kOldRowsTime));
        if (rows)
            before = std::move(*rows);
    }
    Rerun rerun;
    auto input = co_await read(turn, std::move(*message), language, true, deadline);
    rerun.still_runs = !input && input.error().fault == GenieFault::timeout;
    if (rerun.still_runs)
        co_return rerun;
    if (!input)
        co_return input.error();
    rerun.has_other_rows = !before || !input->table || before->rows != input->table->rows ||
                           before->total_rows != input->table->total_rows;
    // Nobody knows that the query ran, so nobody is told that nothing has changed.
    if (!rerun.has_other_rows && input->table->may_be_old)
        input->result_note = words::say(language, words::Word::result_unreachable);
    rerun.input = std::move(*input);
    co_return rerun;
}

asio::awaitable<genie::GenieResult<answer::AnswerInput>> AnswerReader::read_again(storage::Turn turn,
                                                                                  words::Language language,
                                                                                  bool run_again, Deadline deadline) {
    auto message = co_await client_.get_message(turn.space_id, turn.conversation_id, turn.message_id, deadline);
    if (!message)
        co_return message.error();
    co_return co_await read(turn, std::move(*message), language, run_again, deadline);
}

}  // namespace genie_slack::relay
