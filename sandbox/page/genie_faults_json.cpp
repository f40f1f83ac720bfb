#include "sandbox/page/genie_faults_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace genie_faults_detail {

constexpr std::size_t kMaxEntries = 1000;
constexpr std::int64_t kMaxNumber = 1'000'000'000;

json::value to_value(const std::string& value) {
    return json::value(value);
}
json::value to_value(int value) {
    return value;
}
json::value to_value(bool value) {
    return value;
}
json::value to_value(Duration value) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(value).count();
}
json::value to_value(const std::optional<int>& value) {
    return value ? json::value(*value) : json::value();
}

[[noreturn]] void refuse(std::string_view name, const char* kind) {
    throw std::invalid_argument(std::string(name) + " has to be " + kind);
}

void from_value(std::string_view name, const json::value& in, std::string& out) {
    if (!in.is_string())
        refuse(name, "a text");
    out = std::string(in.get_string());
}
void from_value(std::string_view name, const json::value& in, bool& out) {
    if (!in.is_bool())
        refuse(name, "true or false");
    out = in.get_bool();
}
void from_value(std::string_view name, const json::value& in, int& out) {
    if (!in.is_int64() || in.get_int64() < 0 || in.get_int64() > kMaxNumber)
        refuse(name, "a whole number");
    out = static_cast<int>(in.get_int64());
}
void from_value(std::string_view name, const json::value& in, Duration& out) {
    int milliseconds = 0;
    from_value(name, in, milliseconds);
    out = std::chrono::milliseconds(milliseconds);
}
void from_value(std::string_view name, const json::value& in, std::optional<int>& out) {
    out.reset();
    if (!in.is_null())
        from_value(name, in, out.emplace());
}

// The members of each struct once, for both directions: `visit(name, member)`.
template <class Fault, class Visit>
void each_call_member(Fault& fault, Visit visit) {
    visit("path", fault.path);
    visit("http_status", fault.http_status);
    visit("retry_after", fault.retry_after);
    visit("error_code", fault.error_code);
    visit("raw_body", fault.raw_body);
    visit("content_type", fault.content_type);
    visit("delay", fault.delay);
    visit("slow_body", fault.slow_body);
    visit("reset_before", fault.reset_before);
    visit("reset_after", fault.reset_after);
    visit("times", fault.times);
}

json::value to_value(const GenieFaults::CallFault& fault);
void from_value(std::string_view name, const json::value& in, GenieFaults::CallFault& out);

template <class T>
json::value to_value(const std::vector<T>& values) {
    json::array out;
    for (const T& value : values)
        out.push_back(to_value(value));
    return out;
}

template <class T>
void from_value(std::string_view name, const json::value& in, std::vector<T>& out) {
    if (!in.is_array() || in.get_array().size() > kMaxEntries)
        refuse(name, "a list of at most 1000 entries");
    out.clear();
    for (const json::value& item : in.get_array())
        from_value(name, item, out.emplace_back());
}

// Takes members out of an object and notices when some of it was not asked for.
class MemberReader {
 public:
    explicit MemberReader(const json::object& in) : in_(in) {}
    template <class T>
    void take(const char* name, T& member) {
        if (const json::value* found = in_.if_contains(name)) {
            ++taken_;
            from_value(name, *found, member);
        }
    }
    void finish() const {
        if (taken_ != in_.size())
            throw std::invalid_argument("there is a switch that is not known");
    }

 private:
    const json::object& in_;
    std::size_t taken_ = 0;
};

json::value to_value(const GenieFaults::CallFault& fault) {
    json::object out;
    each_call_member(fault, [&out](const char* name, const auto& member) { out[name] = to_value(member); });
    return out;
}

void from_value(std::string_view name, const json::value& in, GenieFaults::CallFault& out) {
    if (!in.is_object())
        refuse(name, "a list of objects");
    MemberReader reader(in.get_object());
    each_call_member(out, [&reader](const char* member, auto& value) { reader.take(member, value); });
    reader.finish();
}

template <class Faults, class Visit>
void each_member(Faults& faults, Visit visit) {
    visit("calls", faults.calls);
    visit("outcomes", faults.outcomes);
    visit("failed_error_type", faults.failed_error_type);
    visit("failed_error_text", faults.failed_error_text);
    visit("expire_tokens", faults.expire_tokens);
    visit("expired_status", faults.expired_status);
    visit("login_redirect", faults.login_redirect);
    visit("ip_blocked", faults.ip_blocked);
    visit("foreign_conversations", faults.foreign_conversations);
    visit("spaces_not_shared", faults.spaces_not_shared);
    visit("no_charts", faults.no_charts);
    visit("expired_credentials", faults.expired_credentials);
    visit("database_state", faults.database_state);
}

}  // namespace genie_faults_detail

json::object describe_faults(const GenieFaults& faults) {
    json::object out;
    genie_faults_detail::each_member(
        faults, [&out](const char* name, const auto& member) { out[name] = genie_faults_detail::to_value(member); });
    return out;
}

std::optional<std::string> apply_faults(GenieFaults& faults, const json::object& changes) {
    GenieFaults next = faults;
    try {
        genie_faults_detail::MemberReader reader(changes);
        genie_faults_detail::each_member(next,
                                         [&reader](const char* name, auto& member) { reader.take(name, member); });
        reader.finish();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    faults = std::move(next);
    return std::nullopt;
}

}  // namespace genie_slack::sandbox
