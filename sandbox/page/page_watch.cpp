#include "sandbox/page/page_watch.hpp"

#include "sandbox/page/genie_faults_json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace page_watch_detail {

constexpr std::size_t kKept = 300;
constexpr std::size_t kMaxData = 4000;
constexpr std::size_t kMaxViolations = 20;
constexpr Duration kAnswerLimit = std::chrono::seconds(30);  // then a call was cut off without an answer

std::int64_t wall_ms(TimePoint at) {
    const auto wall = wall_now() - std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - at);
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch()).count();
}

// Cut at a character, not inside of one.
std::string excerpt(std::string text) {
    if (text.size() <= kMaxData)
        return text;
    std::size_t end = kMaxData;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    text.resize(end);
    return text + "…";
}

json::object entry(std::string_view source, std::string_view title, std::int64_t at_ms, bool ok,
                   std::string_view detail, std::string data) {
    json::object out;
    out["source"] = source;
    out["title"] = title;
    out["at_ms"] = at_ms;
    out["ok"] = ok;
    out["detail"] = detail;
    out["data"] = excerpt(std::move(data));
    return out;
}

}  // namespace page_watch_detail

using page_watch_detail::entry;
using page_watch_detail::wall_ms;

std::vector<std::pair<std::string, std::string>> bot_environment(const SlackServer& slack, const GenieServer& genie) {
    return {
        {"SLACK_API_URL", slack.api_url()},
        {"SLACK_APP_TOKEN", slack.options().app_token},
        {"SLACK_BOT_TOKEN", slack.options().bot_token},
        {"DATABRICKS_HOST", genie.host()},
        {"DATABRICKS_TOKEN", genie.options().token},
        // Whatever a developer's profile says, this is how the sandbox is reached.
        {"DATABRICKS_AUTH_TYPE", "pat"},
        {"IS_LOCAL", "true"},
    };
}

json::object control_state(SlackServer& slack, GenieServer& genie) {
    json::object bot;
    bot["connections"] = slack.open_connections();
    json::array ids;
    for (const int id : slack.connection_ids())
        ids.push_back(id);
    bot["connection_ids"] = std::move(ids);

    json::object faults;
    faults["slack"] = describe_faults(slack.faults());
    faults["genie"] = describe_faults(genie.faults());

    json::array spaces;
    for (const std::string& id : genie.space_ids())
        spaces.push_back(json::value(id));

    json::array violations;
    const auto& all = slack.violations();
    const std::size_t first =
        all.size() > page_watch_detail::kMaxViolations ? all.size() - page_watch_detail::kMaxViolations : 0;
    for (std::size_t i = first; i < all.size(); ++i)
        violations.push_back(json::value(all[i]));

    json::object out;
    out["bot"] = std::move(bot);
    out["faults"] = std::move(faults);
    out["space_ids"] = std::move(spaces);
    out["violations"] = std::move(violations);
    json::array environment;
    for (const auto& [name, value] : bot_environment(slack, genie))
        environment.push_back(json::value(name + "=" + value));
    out["environment"] = std::move(environment);
    out["status_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(genie.options().status_time).count();
    return out;
}

json::array PageLog::collect(const SlackServer& slack, const GenieServer& genie) {
    json::array fresh;
    collect_slack(fresh, slack);
    collect_acks(fresh, slack);
    collect_genie(fresh, genie);
    return fresh;
}

// The servers forget their oldest calls, so that positions do not stay: what is new is known by its time.
void PageLog::collect_slack(json::array& fresh, const SlackServer& slack) {
    const auto& calls = slack.calls();
    std::size_t first = calls.size();
    while (first > 0 && calls[first - 1].at > slack_seen_)
        --first;
    for (; first < calls.size(); ++first) {
        const SlackCall& call = calls[first];
        slack_seen_ = call.at;
        add(fresh, entry("slack", call.method, wall_ms(call.at), call.ok, call.error, json::serialize(call.arguments)));
    }
}

void PageLog::collect_acks(json::array& fresh, const SlackServer& slack) {
    const auto& acks = slack.acks();
    if (acks_ > acks.size())
        acks_ = 0;
    for (; acks_ < acks.size(); ++acks_) {
        const SlackAck& ack = acks[acks_];
        const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(ack.after).count();
        add(fresh, entry("ack", "ack after " + std::to_string(after) + " ms", wall_ms(Clock::now()), true,
                         "socket " + std::to_string(ack.connection),
                         ack.payload ? json::serialize(*ack.payload) : std::string()));
    }
}

void PageLog::collect_genie(json::array& fresh, const GenieServer& genie) {
    const auto& calls = genie.calls();
    const TimePoint oldest = unanswered_.empty() ? genie_seen_ : std::min(genie_seen_, unanswered_.front());
    std::size_t first = calls.size();
    while (first > 0 && calls[first - 1].at >= oldest)
        --first;
    for (; first < calls.size(); ++first) {
        const GenieCall& call = calls[first];
        const auto waiting = std::find(unanswered_.begin(), unanswered_.end(), call.at);
        const bool is_new = call.at > genie_seen_;
        if (!is_new && waiting == unanswered_.end())
            continue;
        genie_seen_ = std::max(genie_seen_, call.at);
        const bool is_given_up = Clock::now() - call.at > page_watch_detail::kAnswerLimit;
        if (call.status == 0 && !is_given_up) {
            if (is_new)
                unanswered_.push_back(call.at);
            continue;
        }
        if (waiting != unanswered_.end())
            unanswered_.erase(waiting);
        add(fresh, entry("genie", call.method + " " + call.path, wall_ms(call.at), call.status > 0 && call.status < 400,
                         call.status > 0 ? std::to_string(call.status) : "no answer",
                         call.body.empty() ? std::string() : json::serialize(call.body)));
    }
}

json::array PageLog::recent() const {
    json::array out;
    for (const json::object& kept : kept_)
        out.push_back(kept);
    return out;
}

void PageLog::add(json::array& fresh, json::object entry) {
    entry["n"] = ++number_;
    fresh.push_back(entry);
    kept_.push_back(std::move(entry));
    if (kept_.size() > page_watch_detail::kKept)
        kept_.pop_front();
}

}  // namespace genie_slack::sandbox
