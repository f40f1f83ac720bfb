#include "app/relay/turn/turn_work.hpp"

#include "app/answer/message/status.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace turn_work_detail {

TurnRules rules_of(const TurnServices& services) {
    TurnRules rules;
    rules.most_tries = services.options.most_tries;
    rules.spaces_are_known = services.spaces.known().has_value();
    return rules;
}

}  // namespace turn_work_detail

TurnEvent recorded_event(Saved saved) {
    switch (saved) {
        case Saved::yes:
            return turn_event::Recorded();
        case Saved::lease_lost:
            return turn_event::LeaseLost();
        case Saved::away:
        case Saved::refused:
            return turn_event::NotRecorded();
        case Saved::cancelled:
            return turn_event::Cancelled();
    }
    return turn_event::NotRecorded();
}

TurnEvent slack_failed(const slack::ApiError& error) {
    // A token that Slack refuses says nothing about the turn: with the next one it goes on.
    if (error.fault == slack::ApiFault::cancelled || error.fault == slack::ApiFault::auth)
        return turn_event::Cancelled();
    turn_event::SlackFailed failed;
    failed.fault = error.fault;
    failed.code = error.code;
    return failed;
}

TurnEvent genie_failed(const genie::GenieError& error) {
    if (error.fault == genie::GenieFault::cancelled)
        return turn_event::Cancelled();
    turn_event::GenieFailed failed;
    failed.error = error;
    return failed;
}

TurnWork::TurnWork(TurnServices& services_, storage::Claim claim, Duration lease_time, TimePoint claimed_at,
                   Deadline deadline_)
    : services(services_),
      lease(services_.storage, std::move(claim.lease), lease_time, claimed_at),
      machine(std::move(claim.turn), turn_work_detail::rules_of(services_)),
      live(services_.executor, services_.slack, services_.messenger, services_.people, services_.refusals,
           services_.sign_counts, services_.options.streaming,
           {[this] { want_stop(turn().user); }, [this](const std::string& ts) { machine.sign_stands(ts); },
            [this](const slack::ApiError& error) { sign_refused(error); }}),
      session(services_.executor, services_.slack, services_.refusals),
      started(Clock::now()),
      deadline(deadline_) {}

void TurnWork::want_stop(const std::string& by) {
    machine.want_stop(by);
    wake.notify_all();
}

asio::awaitable<bool> TurnWork::pause(Duration duration) {
    const Deadline until = Deadline::after(duration);
    while (!machine.is_stop_wanted() && !until.expired())
        co_await wake.wait(until);
    co_return machine.is_stop_wanted();
}

answer::ProgressInput TurnWork::progress() const {
    answer::ProgressInput input_of_now;
    input_of_now.language = services.language_of(turn());
    input_of_now.message = seen ? &*seen : nullptr;
    input_of_now.elapsed = Clock::now() - started;
    input_of_now.queue_place = queue_place;
    input_of_now.expected_wait = expected_wait;
    input_of_now.hides_thoughts = services.options.links_only;
    input_of_now.is_unanswered = is_unanswered;
    input_of_now.turn_id = turn().id;
    return input_of_now;
}

void TurnWork::show_progress() {
    live.show(turn(), lease, progress(), seen_before());
    if (lease.surely_holds())
        session.begin(turn());
}

void TurnWork::sign_refused(const slack::ApiError& error) {
    if (error.fault == slack::ApiFault::cancelled || error.code == slack::kNoRoom)
        return;
    log::warn("turn.no_first_sign",
              {{"turn", turn().id}, {"channel", turn().thread.channel}, {"error", error.to_string()}});
    // Then it stands there perhaps.
    sign_is_unknown = sign_is_unknown || error.fault == slack::ApiFault::ambiguous;
    if (error.fault == slack::ApiFault::not_permitted)
        machine.sign_refused(error.code);
    wake.notify_all();
}

Deadline TurnWork::within(Duration duration) const {
    return last_deadline ? last_deadline->sooner(duration) : Deadline::after(duration);
}

}  // namespace genie_slack::relay
