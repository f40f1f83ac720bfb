#include "slack/api/call_budget.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::slack {

namespace call_budget_detail {
namespace {

constexpr int kPostsInChannel = 60;  // a minute
constexpr int kPostBurst = 10;
// What a method without a known limit is given once Slack has refused a call of it.
constexpr int kLearnedPerMinute = 300;
constexpr int kLearnedBurst = 10;
// Of a hundred tokens so many may go for what can be done without: a little less than half of them, so that it holds
// for the first minutes, too, in which a full bucket comes on top.
constexpr int kSparePercent = 45;
constexpr Duration kCourtesyWait = std::chrono::seconds(1);
constexpr Duration kFirstUntold = std::chrono::seconds(1);
constexpr Duration kLongestUntold = std::chrono::seconds(30);
constexpr std::size_t kMostWaiting = 10'000;
// Buckets that are full again are forgotten beyond so many.
constexpr std::size_t kMostBuckets = 1'000;

std::string channel_bucket(const ApiMethod& method, const std::string& channel) {
    return method.is_post && !channel.empty() ? std::string(method.name) + " in " + channel : std::string();
}

// How long a call waits for its pass at most.
TimePoint latest_of(Urgency urgency, TimePoint now, TimePoint deadline) {
    switch (urgency) {
        case Urgency::sign:
        case Urgency::progress:
            return std::min(now, deadline);
        case Urgency::courtesy:
            return std::min(now + kCourtesyWait, deadline);
        case Urgency::answer:
        case Urgency::click:
        case Urgency::tidying:
            break;
    }
    return deadline;
}

}  // namespace
}  // namespace call_budget_detail

CallBudget::Bucket CallBudget::fresh(int per_minute, int burst) {
    Bucket bucket;
    if (per_minute > 0) {
        bucket.rate.interval = Duration(std::chrono::minutes(1)) / per_minute;
        bucket.rate.burst = burst;
    }
    return bucket;
}

// When there is a token for a call that has `before` calls before it.
TimePoint CallBudget::token_at(const Bucket& bucket, int before, TimePoint now) {
    const Duration ahead = bucket.rate.interval * (bucket.rate.burst - 1);
    const TimePoint at = std::max(bucket.full_at, now) + bucket.rate.interval * before - ahead;
    return std::max({at, bucket.closed_until, now});
}

bool CallBudget::has_spare(const Bucket& bucket, TimePoint now) {
    using call_budget_detail::kSparePercent;
    if (bucket.rate.interval == Duration::zero())
        return true;
    const Duration interval = bucket.rate.interval * 100 / kSparePercent;
    const int burst = std::max(1, bucket.rate.burst * kSparePercent / 100);
    return bucket.spare_full_at <= now + interval * (burst - 1);
}

void CallBudget::take(Bucket& bucket, TimePoint now) {
    using call_budget_detail::kSparePercent;
    bucket.full_at = std::max(bucket.full_at, now) + bucket.rate.interval;
    const TimePoint spare = std::max(bucket.spare_full_at, now) + bucket.rate.interval * 100 / kSparePercent;
    bucket.spare_full_at = std::min(spare, now + std::chrono::minutes(1));
}

CallBudget::Bucket& CallBudget::bucket_of(const ApiMethod& method) {
    const auto found = buckets_.find(method.name);
    if (found != buckets_.end())
        return found->second;
    return buckets_.emplace(method.name, fresh(method.per_minute, method.per_minute)).first->second;
}

const CallBudget::Bucket* CallBudget::find(std::string_view name) const {
    const auto found = buckets_.find(name);
    return found == buckets_.end() ? nullptr : &found->second;
}

void CallBudget::forget_full(TimePoint now) {
    if (buckets_.size() < call_budget_detail::kMostBuckets)
        return;
    std::erase_if(buckets_, [&](const auto& entry) {
        const bool is_method = entry.first.find(' ') == std::string::npos;
        return !is_method && entry.second.full_at <= now && entry.second.closed_until <= now;
    });
}

std::string_view to_string(Urgency urgency) {
    switch (urgency) {
        case Urgency::answer:
            return "answer";
        case Urgency::sign:
            return "sign";
        case Urgency::click:
            return "click";
        case Urgency::progress:
            return "progress";
        case Urgency::courtesy:
            return "courtesy";
        case Urgency::tidying:
            break;
    }
    return "tidying";
}

CallBudget::Ticket CallBudget::enter(const ApiMethod& method, const std::string& channel, Urgency urgency,
                                     TimePoint now, TimePoint deadline, Ticket earlier) {
    using namespace call_budget_detail;
    forget_full(now);
    bucket_of(method);
    Waiter waiter;
    waiter.method = method.name;
    waiter.of_channel = channel_bucket(method, channel);
    if (!waiter.of_channel.empty())
        buckets_.try_emplace(waiter.of_channel, fresh(kPostsInChannel, kPostBurst));
    waiter.urgency = urgency;
    waiter.since = now;
    waiter.latest = latest_of(urgency, now, deadline);
    waiter.channel_at = now;
    waiter.is_dispensable = method.is_dispensable || urgency == Urgency::progress;
    const Ticket ticket = earlier != 0 ? earlier : ++last_ticket_;
    waiting_.insert_or_assign(ticket, std::move(waiter));
    return ticket;
}

// Who waits for its channel is in nobody's way elsewhere.
int CallBudget::ahead_in_method(Ticket ticket, const Waiter& waiter, TimePoint now) const {
    return static_cast<int>(std::count_if(waiting_.begin(), waiting_.end(), [&](const auto& entry) {
        const auto& [other_ticket, other] = entry;
        return other.method == waiter.method && other.channel_at <= now &&
               std::pair(other.urgency, other_ticket) < std::pair(waiter.urgency, ticket);
    }));
}

int CallBudget::ahead_in_channel(Ticket ticket, const Waiter& waiter) const {
    return static_cast<int>(std::count_if(waiting_.begin(), waiting_.end(), [&](const auto& entry) {
        const auto& [other_ticket, other] = entry;
        return other.of_channel == waiter.of_channel &&
               std::pair(other.urgency, other_ticket) < std::pair(waiter.urgency, ticket);
    }));
}

CallBudget::Pass CallBudget::ask(Ticket ticket, TimePoint now) {
    const auto found = waiting_.find(ticket);
    if (found == waiting_.end())
        return Pass{Pass::Kind::refused, now};
    Waiter& waiter = found->second;
    Bucket& of_method = buckets_.find(waiter.method)->second;
    const auto channel = buckets_.find(waiter.of_channel);
    if (channel != buckets_.end())
        waiter.channel_at = token_at(channel->second, ahead_in_channel(ticket, waiter), now);
    int before = of_method.rate.interval == Duration::zero() ? 0 : ahead_in_method(ticket, waiter, now);
    if (waiter.is_dispensable) {
        before += of_method.rate.burst / 2;
        if (!has_spare(of_method, now))
            return end(found, Pass::Kind::refused, of_method.spare_full_at, now);
    }
    const TimePoint at = std::max(waiter.channel_at, token_at(of_method, before, now));
    if (at > now) {
        const bool is_hopeless = at > waiter.latest || waiting_.size() > call_budget_detail::kMostWaiting;
        return is_hopeless ? end(found, Pass::Kind::refused, at, now) : Pass{Pass::Kind::wait, at};
    }
    take(of_method, now);
    if (channel != buckets_.end())
        take(channel->second, now);
    return end(found, Pass::Kind::go, now, now);
}

CallBudget::Pass CallBudget::end(std::map<Ticket, Waiter>::iterator waiter, Pass::Kind kind, TimePoint at,
                                 TimePoint now) {
    CallCounts::OfUrgency& counts = counts_.of[static_cast<std::size_t>(waiter->second.urgency)];
    const Duration waited = now - waiter->second.since;
    if (kind == Pass::Kind::go) {
        ++counts.sent;
        if (waited > Duration::zero())
            ++counts.waited;
        counts.longest_wait = std::max(counts.longest_wait, waited);
    } else {
        ++counts.not_sent;
    }
    waiting_.erase(waiter);
    return Pass{kind, at};
}

bool CallBudget::leave(Ticket ticket) {
    const auto found = waiting_.find(ticket);
    if (found == waiting_.end())
        return false;
    ++counts_.of[static_cast<std::size_t>(found->second.urgency)].not_sent;
    waiting_.erase(found);
    return true;
}

// A post is refused for its channel or for the workspace, and Slack does not say which: a second channel that is
// refused meanwhile speaks for the workspace.
Duration CallBudget::refused(const ApiMethod& method, const std::string& channel, std::optional<Duration> told,
                             TimePoint now) {
    using namespace call_budget_detail;
    ++counts_.refused;
    Bucket& of_method = bucket_of(method);
    if (!told) {
        // Calls that were on their way together are refused together: that is one refusal.
        if (of_method.untold == Duration::zero())
            of_method.untold = kFirstUntold;
        else if (now >= of_method.closed_until)
            of_method.untold = std::min(2 * of_method.untold, kLongestUntold);
    }
    const Duration pause = told.value_or(of_method.untold);
    const auto empty = [&](Bucket& bucket) {
        bucket.closed_until = std::max(bucket.closed_until, now + pause);
        // Then there is one token.
        const Duration ahead = bucket.rate.interval * (bucket.rate.burst - 1);
        bucket.full_at = std::max(bucket.full_at, bucket.closed_until + ahead);
    };
    const std::string name = channel_bucket(method, channel);
    const bool is_elsewhere = last_refused_channel_ != name && now < last_refused_until_;
    if (!name.empty()) {
        empty(buckets_.try_emplace(name, fresh(kPostsInChannel, kPostBurst)).first->second);
        last_refused_channel_ = name;
        last_refused_until_ = now + pause;
    }
    if (name.empty() || is_elsewhere) {
        if (of_method.rate.interval == Duration::zero())
            of_method.rate = fresh(kLearnedPerMinute, kLearnedBurst).rate;
        empty(of_method);
    }
    return pause;
}

void CallBudget::accepted(const ApiMethod& method) {
    bucket_of(method).untold = Duration::zero();
}

TimePoint CallBudget::ready_at(const ApiMethod& method, const std::string& channel, TimePoint now) const {
    Waiter answer;
    answer.method = method.name;
    answer.of_channel = call_budget_detail::channel_bucket(method, channel);
    const Ticket last = last_ticket_ + 1;
    TimePoint at = now;
    if (const Bucket* of_channel = find(answer.of_channel))
        at = token_at(*of_channel, ahead_in_channel(last, answer), now);
    if (const Bucket* of_method = find(method.name))
        at = std::max(at, token_at(*of_method, ahead_in_method(last, answer, now), now));
    return at;
}

bool CallBudget::may_spare(const ApiMethod& method, TimePoint now) const {
    const Bucket* bucket = find(method.name);
    return !bucket || (bucket->closed_until <= now && has_spare(*bucket, now));
}

double CallBudget::room(const ApiMethod& method, const std::string& channel, TimePoint now) const {
    const auto of_bucket = [now](const Bucket* bucket) {
        if (!bucket)
            return 1.0;
        if (bucket->closed_until > now)
            return 0.0;
        if (bucket->rate.interval == Duration::zero())
            return 1.0;
        const double taken = static_cast<double>((std::max(bucket->full_at, now) - now).count()) /
                             static_cast<double>(bucket->rate.interval.count());
        return std::max(0.0, 1.0 - taken / bucket->rate.burst);
    };
    const Bucket* of_channel = method.is_post ? find(call_budget_detail::channel_bucket(method, channel)) : nullptr;
    return std::min(of_bucket(find(method.name)), of_bucket(of_channel));
}

}  // namespace genie_slack::slack
