#include "app/relay/turn/shown_anew.hpp"

#include "app/relay/delivery/further.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace shown_anew_detail {

constexpr Duration kChartTime = std::chrono::minutes(1);
constexpr Duration kHoldTime = std::chrono::seconds(10);
constexpr std::size_t kSurelyWhole = 2'000;  // bytes of a text that has room in every form of an answer

}  // namespace shown_anew_detail

// A query may take minutes; in the meantime an edited question may have taken the message over, or somebody shared the
// answer again.
asio::awaitable<bool> ShownAnew::owns(const storage::Turn& turn, ShownAs as) {
    const Deadline soon = Deadline::after(services_.options.storage_time);
    if (as == ShownAs::shared_copy) {
        auto shared = co_await services_.storage.get_turn(turn.id, soon);
        co_return shared && *shared && (*shared)->shared_ts == turn.progress_ts;
    }
    auto owner = co_await services_.storage.find_turn_by_answer(turn.thread.team, storage::answer_channel(turn),
                                                                turn.progress_ts, soon);
    co_return owner && *owner && (*owner)->id == turn.id;
}

asio::awaitable<storage::StorageResult<bool>> ShownAnew::move_copy(const storage::Turn& turn, std::string ts) {
    const Deadline soon = Deadline::after(services_.options.storage_time);
    const std::string owner = "move to " + ts;
    auto begun = co_await services_.storage.begin_action(turn.id, storage::kShareAction, owner,
                                                         shown_anew_detail::kHoldTime, soon);
    if (!begun)
        co_return begun.error();
    if (!begun->granted || begun->result != turn.progress_ts) {
        if (begun->granted)
            co_await services_.storage.end_action(turn.id, storage::kShareAction, owner, soon);
        co_return false;
    }
    auto kept = co_await services_.storage.keep_result(turn.id, storage::kShareAction, owner, std::move(ts), soon);
    co_await services_.storage.end_action(turn.id, storage::kShareAction, owner, soon);
    co_return kept;
}

asio::awaitable<bool> ShownAnew::record_move(const storage::Turn& turn, ShownAs as, std::string ts) {
    storage::StorageResult<bool> moved = false;
    if (as == ShownAs::shared_copy)
        moved = co_await move_copy(turn, std::move(ts));
    else
        moved = co_await services_.storage.move_answer(turn.id, turn.progress_ts, std::move(ts),
                                                       Deadline::after(services_.options.storage_time));
    if (!moved)
        log::error("answer.move_not_recorded", {{"turn", turn.id}, {"error", moved.error().message}});
    co_return moved && *moved;
}

asio::awaitable<slack::ApiResult<Delivered>> ShownAnew::put(storage::Turn turn, answer::AnswerInput input, ShownAs as,
                                                            Deadline deadline) {
    // An answer that a newer one follows offers no next questions any more.
    if (as == ShownAs::answer) {
        auto newest = co_await services_.storage.newest_turn(thread_of_answer(turn),
                                                             Deadline::after(services_.options.storage_time));
        if (newest && *newest && (*newest)->id != turn.id && (*newest)->state == storage::TurnState::delivered)
            input.has_newer = true;
    }
    auto ladder = answer::render_answer(input);
    ChartFile chart = [this, &turn, &input] {
        return services_.files.upload_chart(turn, input, Deadline::after(shown_anew_detail::kChartTime));
    };
    std::vector<answer::Further> further;
    for (const answer::Rendered& rung : ladder)
        further.push_back(rung.further);
    Owned owned;
    Moved moved;
    if (as != ShownAs::new_message) {
        owned = [this, &turn, as] { return owns(turn, as); };
        moved = [this, &turn, as](std::string ts) { return record_move(turn, as, std::move(ts)); };
    }
    auto posted =
        co_await services_.messenger.replace(turn, std::move(ladder), deadline, std::move(chart), owned, moved);
    if (!posted) {
        log::error("answer.not_shown", {{"turn", turn.id}, {"error", posted.error().to_string()}});
        co_return posted;
    }
    turn.progress_ts = posted->ts;
    std::string markdown = answer::answer_markdown(input);
    answer::Further& below = further[posted->rung];
    // Only a long text has something below it, now or before.
    if (below.is_empty() && markdown.size() < shown_anew_detail::kSurelyWhole)
        co_return posted;
    co_await bring_further(services_.messenger, services_.files, turn, nullptr, std::move(owned), std::move(below),
                           std::move(markdown), input.language, Seen::perhaps, deadline);
    co_return posted;
}

}  // namespace genie_slack::relay
