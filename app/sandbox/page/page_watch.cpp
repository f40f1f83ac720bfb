#include "app/sandbox/page/page_watch.hpp"

#include "app/sandbox/page/genie_faults_json.hpp"

#include <boost/json/serialize.hpp>

#include <chrono>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace page_watch_detail {

constexpr std::size_t kKept = 300;
constexpr std::size_t kMaxData = 4000;
constexpr std::size_t kMaxViolations = 20;

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

json::object entry(std::string_view source, std::string_view title, std::int64_t at_ms, bool ok, std::string detail,
                   std::string data) {
    json::object out;
    out["source"] = source;
    out["title"] = title;
    out["at_ms"] = at_ms;
    out["ok"] = ok;
    out["detail"] = std::move(detail);
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
    const auto& slack_calls = slack.calls();
    if (slack_calls_ > slack_calls.size())
        slack_calls_ = 0;
    for (; slack_calls_ < slack_calls.size(); ++slack_calls_) {
        const SlackCall& call = slack_calls[slack_calls_];
        add(fresh, entry("slack", call.method, wall_ms(call.at), call.ok, call.error, json::serialize(call.arguments)));
    }
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
    const auto& genie_calls = genie.calls();
    if (genie_calls_ > genie_calls.size())
        genie_calls_ = 0;
    for (; genie_calls_ < genie_calls.size(); ++genie_calls_) {
        const GenieCall& call = genie_calls[genie_calls_];
        add(fresh, entry("genie", call.method + " " + call.path, wall_ms(call.at), call.status < 400,
                         std::to_string(call.status), call.body.empty() ? std::string() : json::serialize(call.body)));
    }
    return fresh;
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
