// Fault switches as JSON, for the page and for tests that drive a running server.
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server.hpp"

#include <boost/json/value_to.hpp>

#include <algorithm>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace slack_faults_detail {

// Name and place of each plain switch, once for both directions.
template <class Faults, class Visitor>
void visit_switches(Faults& faults, Visitor&& visit) {
    visit("open_http_500", faults.open_http_500);
    visit("open_error", faults.open_error);
    visit("open_warning", faults.open_warning);
    visit("clock_behind_seconds", faults.clock_behind_seconds);
    visit("open_rate_limited", faults.open_rate_limited);
    visit("open_retry_after", faults.open_retry_after);
    visit("upgrade_status", faults.upgrade_status);
    visit("upgrade_failures", faults.upgrade_failures);
    visit("no_hello", faults.no_hello);
    visit("ping_before_hello", faults.ping_before_hello);
    visit("silent", faults.silent);
    visit("ignore_close", faults.ignore_close);
    visit("fragment_messages", faults.fragment_messages);
    visit("byte_by_byte", faults.byte_by_byte);
    visit("duplicate_envelopes", faults.duplicate_envelopes);
    visit("both_mention_events", faults.both_mention_events);
    visit("lost_uploads", faults.lost_uploads);
    visit("no_permalinks", faults.no_permalinks);
    visit("outer_team", faults.outer_team);
    visit("no_streaming", faults.no_streaming);
    visit("keeps_streamed", faults.keeps_streamed);
    visit("picture_time_ms", faults.picture_time_ms);
}

bool read_into(const json::value& value, bool& target) {
    if (!value.is_bool())
        return false;
    target = value.get_bool();
    return true;
}

bool read_into(const json::value& value, int& target) {
    if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 1000000)
        return false;
    target = static_cast<int>(value.get_int64());
    return true;
}

bool read_into(const json::value& value, std::string& target) {
    if (!value.is_string())
        return false;
    target = std::string(std::string_view(value.get_string()));
    return true;
}

bool read_call(const json::value& value, SlackFaults::CallFault& fault) {
    const auto* object = value.if_object();
    if (!object)
        return false;
    for (const auto& [key, member] : *object) {
        bool good = false;
        int number = 0;
        if (key == "method") {
            good = read_into(member, fault.method);
        } else if (key == "http_status") {
            good = read_into(member, fault.http_status);
        } else if (key == "retry_after") {
            good = member.is_null() || read_into(member, number);
            fault.retry_after = member.is_null() ? std::nullopt : std::optional<int>(number);
        } else if (key == "error") {
            good = read_into(member, fault.error);
        } else if (key == "delay") {
            good = read_into(member, number);
            fault.delay = std::chrono::milliseconds(number);
        } else if (key == "reset_before") {
            good = read_into(member, fault.reset_before);
        } else if (key == "reset_after") {
            good = read_into(member, fault.reset_after);
        } else if (key == "times") {
            good = read_into(member, fault.times) && fault.times > 0;
        }
        if (!good)
            return false;
    }
    return !fault.method.empty();
}

}  // namespace slack_faults_detail

json::object describe_faults(const SlackFaults& faults) {
    json::object result;
    slack_faults_detail::visit_switches(faults,
                                        [&](std::string_view name, const auto& value) { result[name] = value; });
    json::array calls;
    for (const auto& fault : faults.calls)
        calls.push_back(
            json::object{{"method", fault.method},
                         {"http_status", fault.http_status},
                         {"retry_after", fault.retry_after ? json::value(*fault.retry_after) : json::value(nullptr)},
                         {"error", fault.error},
                         {"delay", std::chrono::duration_cast<std::chrono::milliseconds>(fault.delay).count()},
                         {"reset_before", fault.reset_before},
                         {"reset_after", fault.reset_after},
                         {"times", fault.times}});
    result["calls"] = std::move(calls);
    result["refused_blocks"] = json::array(faults.refused_blocks.begin(), faults.refused_blocks.end());
    result["broken_blocks"] = json::array(faults.broken_blocks.begin(), faults.broken_blocks.end());
    return result;
}

std::optional<std::string> apply_faults(SlackFaults& faults, const json::object& changes) {
    SlackFaults changed = faults;
    for (const auto& entry : changes) {
        const std::string_view key = entry.key();
        const json::value& value = entry.value();
        bool known = false;
        bool good = false;
        slack_faults_detail::visit_switches(changed, [&](std::string_view name, auto& target) {
            if (name != key)
                return;
            known = true;
            good = slack_faults_detail::read_into(value, target);
        });
        if (key == "calls" || key == "refused_blocks" || key == "broken_blocks") {
            known = true;
            const auto* list = value.if_array();
            good = list != nullptr;
            if (list && key == "calls") {
                changed.calls.clear();
                for (const auto& item : *list)
                    good = slack_faults_detail::read_call(item, changed.calls.emplace_back()) && good;
            } else if (list) {
                auto& types = key == "refused_blocks" ? changed.refused_blocks : changed.broken_blocks;
                types.clear();
                for (const auto& item : *list)
                    good = slack_faults_detail::read_into(item, types.emplace_back()) && good;
            }
        }
        if (!known)
            return "there is no fault named \"" + std::string(key) + "\"";
        if (!good)
            return "bad value for the fault \"" + std::string(key) + "\"";
    }
    faults = std::move(changed);
    return std::nullopt;
}

}  // namespace genie_slack::sandbox
