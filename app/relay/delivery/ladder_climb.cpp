#include "app/relay/delivery/ladder_climb.hpp"

#include "app/relay/delivery/refusal_codes.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

using slack::ApiError;
using slack::ApiFault;

namespace ladder_climb_detail {

constexpr Duration kFirstWait = std::chrono::seconds(1);
constexpr Duration kLongestWait = std::chrono::seconds(15);
// Slack limits the updates of all messages together, and may stumble over those of one: a person who would wait for
// longer gets a new message.
constexpr Duration kLongestUpdateWait = std::chrono::seconds(10);
constexpr Duration kLongestOutage = std::chrono::seconds(30);  // in which a new message would hardly fare better
constexpr Duration kPictureWait = std::chrono::seconds(2);     // until Slack knows an uploaded picture
constexpr int kPictureWaits = 5;
constexpr int kMostStumbles = 2;          // of Slack over one rung while there is a simpler one
constexpr int kMostStumblesOverText = 6;  // before the answer comes in a file

}  // namespace ladder_climb_detail

using namespace ladder_climb_detail;

LadderClimb::LadderClimb(std::vector<Rung> ladder, std::size_t first, std::string recorded_ts, Seen seen,
                         TimePoint deadline, bool may_have_moved)
    : ladder_(std::move(ladder)),
      seen_(seen),
      deadline_(deadline),
      first_(first),
      rung_(first),
      ts_(std::move(recorded_ts)),
      must_look_(seen == Seen::perhaps && (ts_.empty() || may_have_moved)),
      wait_(kFirstWait),
      last_(ApiFault::payload, "chat.postMessage", "no_text") {}

LadderClimb::Action LadderClimb::begin() {
    return next();
}

LadderClimb::Action LadderClimb::next() {
    if (rung_ >= ladder_.size())
        return ts_.empty() ? fail() : move_whole();
    // A new message may take the richest form. Where somebody worked before, what stands may be this very rung, with
    // its file below.
    if (ladder_[rung_].only_in_file && !ts_.empty() && seen_ == Seen::surely_not)
        return move_whole();
    if (ladder_[rung_].wants_chart && chart_ == Chart::unknown)
        return UploadChart{};
    if (must_look_)
        return Find{given_up_};
    return PutRung{rung_, ts_};
}

LadderClimb::Action LadderClimb::simpler() {
    ++rung_;
    stumbles_ = 0;
    return next();
}

// Leaves a rung over which Slack stumbles again and again.
void LadderClimb::step_down() {
    if (rung_ + 1 >= ladder_.size())
        return;
    if (stumbles_ < (ladder_[rung_ + 1].only_in_file ? kMostStumblesOverText : kMostStumbles))
        return;
    ++rung_;
    stumbles_ = 0;
}

// Goes on after a pause.
LadderClimb::Action LadderClimb::again(TimePoint now) {
    const Duration pause = std::max(wait_, last_.retry_after.value_or(Duration::zero()));
    if (deadline_ - now <= pause)
        return fail();
    wait_ = std::min(wait_ * 2, kLongestWait);
    return Wait{pause};
}

// A new message takes the place of the one that cannot be updated.
LadderClimb::Action LadderClimb::move(bool old_one_stands) {
    if (old_one_stands)
        to_remove_.push_back(ts_);
    given_up_.push_back(std::exchange(ts_, ""));
    must_look_ = seen_ == Seen::perhaps;
    return next();
}

// A message that takes no form at all is one that cannot be updated: a new one may take the richest.
LadderClimb::Action LadderClimb::move_whole() {
    rung_ = first_;
    stumbles_ = 0;
    return move(true);
}

// What stands below a stream is better than nothing; but who may not go on does not tell of it either.
LadderClimb::Action LadderClimb::fail() {
    if (!below_stream_ || last_.fault == ApiFault::cancelled)
        return Failed{last_};
    std::erase(to_remove_, below_stream_->delivered.ts);
    end_ = *below_stream_;
    return end();
}

// What is superfluous goes before the climb ends.
LadderClimb::Action LadderClimb::end() {
    if (!to_remove_.empty()) {
        Remove remove{to_remove_.back()};
        to_remove_.pop_back();
        return remove;
    }
    return std::visit([](const auto& known) { return Action(known); }, *end_);
}

LadderClimb::Action LadderClimb::found(std::string ts, std::vector<std::string> older) {
    must_look_ = false;
    if (!ts_.empty() && ts_ != ts && std::find(older.begin(), older.end(), ts_) == older.end())
        to_remove_.push_back(ts_);
    to_remove_.insert(to_remove_.end(), older.begin(), older.end());
    ts_ = std::move(ts);
    return next();
}

LadderClimb::Action LadderClimb::not_there() {
    must_look_ = false;
    step_down();
    return next();
}

LadderClimb::Action LadderClimb::look_failed(ApiError error, TimePoint now) {
    last_ = std::move(error);
    if (is_thread_gone(last_))
        return Failed{question_gone(last_)};
    switch (last_.fault) {
        case ApiFault::rate:
        case ApiFault::transient:
        case ApiFault::ambiguous:
            return again(now);
        case ApiFault::auth:
        case ApiFault::cancelled:
            return fail();
        case ApiFault::not_permitted:
        case ApiFault::payload:
        case ApiFault::streaming:
        case ApiFault::expired:
            // We may not look here: an answer that stands twice is better than none.
            return not_there();
    }
    return fail();
}

LadderClimb::Action LadderClimb::chart_uploaded() {
    chart_ = Chart::uploaded;
    chart_waits_ = kPictureWaits;
    return next();
}

LadderClimb::Action LadderClimb::no_chart() {
    chart_ = Chart::none;
    const bool has_other = rung_ + 1 < ladder_.size();
    return ladder_[rung_].needs_chart && has_other ? simpler() : next();
}

LadderClimb::Action LadderClimb::put_done(std::string ts, Landing landing) {
    if (landing == Landing::channel_root) {
        end_ = Failed{question_gone(ApiError(ApiFault::not_permitted, "chat.postMessage", ""))};
        to_remove_ = {std::move(ts)};
        return end();
    }
    if (landing == Landing::below_stream) {
        below_stream_ = done_at(std::move(ts));
        return move(true);
    }
    end_ = done_at(std::move(ts));
    return end();
}

LadderClimb::Done LadderClimb::done_at(std::string ts) const {
    const Rung& rung = ladder_[rung_];
    Done done;
    done.delivered.ts = std::move(ts);
    done.delivered.leaves_out_data = rung.leaves_out_data;
    done.delivered.only_in_file = rung.only_in_file;
    done.delivered.rung = rung_;
    for (const std::string& feature : blamed_)
        if (!rung.features.contains(feature))
            done.set_aside.insert(feature);
    return done;
}

// Whether with the next pause an update has been waited for so long that a new message is better.
bool LadderClimb::waits_too_long(TimePoint now) {
    if (!hindered_since_)
        hindered_since_ = now;
    const Duration pause = std::max(wait_, last_.retry_after.value_or(wait_));
    const bool is_outage = last_.fault == ApiFault::transient && !is_indigestible(last_);
    return now + pause - *hindered_since_ >= (is_outage ? kLongestOutage : kLongestUpdateWait);
}

LadderClimb::Action LadderClimb::put_refused(PutRefused refused, TimePoint now) {
    last_ = std::move(refused.error);
    blamed_.merge(refused.named);
    if (is_thread_gone(last_))
        return Failed{question_gone(last_)};
    if (chart_waits_ > 0 && is_about_file(last_) && deadline_ - now > kPictureWait) {
        --chart_waits_;
        return Wait{kPictureWait};
    }
    if (!ts_.empty() && is_streaming_still(last_) && !std::exchange(asked_to_end_stream_, true))
        return EndStream{ts_};
    if (!ts_.empty() && is_gone(last_))
        return move(!is_already_removed(last_));
    switch (last_.fault) {
        case ApiFault::payload:
        case ApiFault::streaming:
        case ApiFault::expired:
            return simpler();
        case ApiFault::auth:
        case ApiFault::not_permitted:
            return fail();
        case ApiFault::cancelled:
            if (refused.lease_ran_out)
                return next();
            return fail();
        case ApiFault::rate:
            if (!ts_.empty() && waits_too_long(now))
                return move(true);
            return again(now);
        case ApiFault::ambiguous:
        case ApiFault::transient:
            break;
    }
    if (!ts_.empty() && waits_too_long(now))
        return move(true);
    // A new message of an ambiguous post may stand there already.
    if (last_.fault == ApiFault::ambiguous)
        must_look_ = ts_.empty();
    if (is_indigestible(last_))
        ++stumbles_;
    if (!must_look_)
        step_down();
    return again(now);
}

LadderClimb::Action LadderClimb::stream_ended() {
    return next();
}

LadderClimb::Action LadderClimb::stream_not_ended() {
    return move(true);
}

LadderClimb::Action LadderClimb::removed() {
    return end();
}

// Who has the lease now takes care of the rest; what stands is told all the same.
LadderClimb::Action LadderClimb::lease_lost() {
    to_remove_.clear();
    if (end_)
        return end();
    return Failed{ApiError(ApiFault::cancelled, "chat.postMessage", "lease_lost")};
}

LadderClimb::Action LadderClimb::waited() {
    return next();
}

}  // namespace genie_slack::relay
