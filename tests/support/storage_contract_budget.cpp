// The contract of the budget of questions that all processes share.
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_budget {

constexpr Duration kNow = Duration::zero();
constexpr Duration kMinute = std::chrono::minutes(1);

void a_minute_has_so_many_questions(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    CHECK(session.take_permit(3) == kNow);
    CHECK(other.take_permit(3) == kNow);
    CHECK(session.take_permit(3) == kNow);
    for (StorageSession* each : {&session, &other, &session}) {
        const Duration wait = each->take_permit(3);
        CHECK(wait > kNow);
        CHECK(wait <= kMinute);
    }
    // Who was refused was not counted.
    CHECK(other.take_permit(4) == kNow);
    CHECK(session.take_permit(4) > kNow);
}

void a_smaller_budget_waits_for_more_to_pass(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.take_permit(2) == kNow);
    harness.pass(std::chrono::milliseconds(200));
    CHECK(session.take_permit(2) == kNow);
    const Duration for_one = session.take_permit(1);
    const Duration for_two = session.take_permit(2);
    CHECK(for_two > kNow);
    CHECK(for_one > for_two + std::chrono::milliseconds(50));
    CHECK(for_one <= kMinute);
}

void many_at_once_get_the_budget_and_no_more(StorageHarness& harness) {
    constexpr int kBudget = 17;
    std::vector<std::optional<StorageResult<Duration>>> outcomes(50);
    std::vector<boost::asio::awaitable<void>> tasks;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        Storage& storage = i % 2 == 0 ? harness.storage() : harness.other_process();
        auto call = storage.take_permit(kBudget, Deadline::after(std::chrono::seconds(20)));
        tasks.push_back(storage_session_detail::keep(std::move(call), outcomes[i]));
    }
    harness.run(std::move(tasks));
    int granted = 0;
    for (auto& outcome : outcomes)
        granted += outcome->value() == kNow ? 1 : 0;
    CHECK(granted == kBudget);
}

void a_pause_holds_everybody_back(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    CHECK(session.take_permit(3) == kNow);
    session.pause_questions(harness.short_lease());
    for (const int per_minute : {3, 0}) {
        const Duration wait = other.take_permit(per_minute);
        CHECK(wait > kNow);
        CHECK(wait <= harness.short_lease());
    }
    harness.pass(harness.short_lease());
    // Who was held back was not counted.
    CHECK(other.take_permit(3) == kNow);
    CHECK(session.take_permit(3) == kNow);
    CHECK(session.take_permit(3) > kNow);
}

void the_longer_pause_wins(StorageHarness& harness) {
    StorageSession session(harness);
    StorageSession other(harness, harness.other_process());
    session.pause_questions(std::chrono::minutes(30));
    other.pause_questions(std::chrono::seconds(1));
    other.pause_questions(kNow);
    other.pause_questions(-kMinute);
    CHECK(other.take_permit(5) > std::chrono::minutes(20));
    other.pause_questions(std::chrono::hours(2));
    CHECK(session.take_permit(5) > std::chrono::minutes(90));
    CHECK(session.take_permit(0) > std::chrono::minutes(90));
    // Whatever somebody's header says.
    session.pause_questions(Duration::max());
    const Duration wait = session.take_permit(5);
    CHECK(wait > std::chrono::hours(23));
    CHECK(wait <= std::chrono::hours(24));
}

void a_full_minute_outlasts_a_short_pause(StorageHarness& harness) {
    StorageSession session(harness);
    CHECK(session.take_permit(1) == kNow);
    session.pause_questions(std::chrono::milliseconds(1));
    CHECK(session.take_permit(1) > std::chrono::seconds(20));
}

void without_a_limit_only_pauses_hold(StorageHarness& harness) {
    StorageSession session(harness);
    for (int i = 0; i < 20; ++i)
        CHECK(session.take_permit(i % 2 == 0 ? 0 : -1) == kNow);
    session.pause_questions(std::chrono::minutes(30));
    CHECK(session.take_permit(0) > std::chrono::minutes(20));
}

}  // namespace storage_contract_budget

std::vector<StorageCase> budget_cases() {
    using namespace storage_contract_budget;
    return {
        {"a minute has so many questions", a_minute_has_so_many_questions},
        {"a smaller budget waits for more to pass", a_smaller_budget_waits_for_more_to_pass},
        {"many at once get the budget and no more", many_at_once_get_the_budget_and_no_more},
        {"a pause holds everybody back", a_pause_holds_everybody_back},
        {"the longer pause wins", the_longer_pause_wins},
        {"a full minute outlasts a short pause", a_full_minute_outlasts_a_short_pause},
        {"without a limit only pauses hold", without_a_limit_only_pauses_hold},
    };
}

}  // namespace genie_slack::test
