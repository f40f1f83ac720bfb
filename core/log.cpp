#include "core/log.hpp"

#include "core/clock.hpp"
#include "core/log_repeats.hpp"
#include "core/metrics.hpp"

#include <spdlog/async.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <atomic>
#include <cstdio>
#include <mutex>

namespace genie_slack::log {

namespace {

// All of them are made at the start, some 400 bytes each.
constexpr std::size_t kQueuedLines = 1024;

const metrics::Counter kHeldBack("genie_slack_log_held_back_total",
                                 "Lines of the log that were equal to others of the same minute");

struct Writer {
    // May change while others write.
    std::atomic<Level> level{Level::info};
    std::atomic<Format> format{Format::text};
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::logger> logger;
};

// start() and stop() set it; main calls both while no other thread logs.
Writer writer;
std::atomic<bool> writing{false};
thread_local Capture* capture = nullptr;

std::mutex repeats_mutex;
Repeats repeats;  // with the mutex

std::string_view level_name(Level level) {
    switch (level) {
        case Level::trace:
            return "trace";
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
        case Level::off:
            break;
    }
    return "off";
}

bool needs_quotes(std::string_view text) {
    if (text.empty())
        return true;
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f)
            return true;
    return false;
}

std::string text_value(const Field::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        const std::string safe = redact(*text);
        return needs_quotes(safe) ? boost::json::serialize(boost::json::string(safe)) : safe;
    }
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    char number[40];
    std::snprintf(number, sizeof number, "%.6g", std::get<double>(value));
    return number;
}

boost::json::value json_value(const Field::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return boost::json::string(redact(*text));
    return std::visit([](const auto& plain) { return boost::json::value(plain); }, value);
}

void put(Level level, std::string_view event, const Fields& fields) {
    const std::string time = format_utc(wall_now());
    std::string line;
    if (writer.format == Format::json)
        line = format_json(level, time, event, fields);
    else
        line.append(time).append(" ").append(level_name(level)).append(" ").append(format_text(event, fields));
    if (writing)
        writer.logger->log(spdlog::level::info, line);
    else
        std::fprintf(stderr, "%s\n", line.c_str());
}

bool is_repeated(Level level, std::string_view event, const Fields& fields) {
    const std::lock_guard lock(repeats_mutex);
    return !repeats.admit(level, event, fields, Clock::now());
}

void put_all(const std::vector<Repeats::Line>& lines) {
    for (const Repeats::Line& line : lines)
        put(line.level, line.event, line.fields);
}

}  // namespace

void start(const Settings& settings) {
    use(settings);
    writer.pool = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
    auto sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    sink->set_pattern("%v");
    writer.logger = std::make_shared<spdlog::async_logger>("genie-slack", std::move(sink), writer.pool,
                                                           spdlog::async_overflow_policy::overrun_oldest);
    writer.logger->set_level(spdlog::level::trace);
    writer.logger->flush_on(spdlog::level::trace);
    writing = true;
}

void stop() {
    if (writing) {
        std::unique_lock lock(repeats_mutex);
        const auto lines = repeats.take();
        lock.unlock();
        put_all(lines);
    }
    writing = false;
    // The pool goes first: it writes what is queued and joins its thread, so that nobody else holds the logger after
    // it.
    writer.pool.reset();
    writer.logger.reset();
}

void use(const Settings& settings) {
    set_level(settings.level);
    writer.format = settings.format;
}

void set_level(Level level) {
    writer.level = level;
}

void tell_repeats() {
    std::vector<Repeats::Line> lines;
    {
        const std::lock_guard lock(repeats_mutex);
        lines = repeats.ended(Clock::now());
    }
    put_all(lines);
}

bool parse_level(std::string_view text, Level& level) {
    for (const Level candidate : {Level::trace, Level::debug, Level::info, Level::warn, Level::error})
        if (text == level_name(candidate)) {
            level = candidate;
            return true;
        }
    return false;
}

bool enabled(Level level) {
    if (capture)
        return level >= capture->level_;
    return level >= writer.level;
}

std::string format_text(std::string_view event, const Fields& fields) {
    std::string line(event);
    for (const Field& field : fields)
        line.append(" ").append(field.key).append("=").append(text_value(field.value));
    return line;
}

std::string format_json(Level level, std::string_view time, std::string_view event, const Fields& fields) {
    boost::json::object line;
    line["time"] = time;
    line["level"] = level_name(level);
    line["event"] = event;
    // A field takes nobody's place.
    for (const Field& field : fields)
        line.emplace(line.contains(field.key) ? std::string(field.key) + "_" : std::string(field.key),
                     json_value(field.value));
    return boost::json::serialize(line);
}

void write(Level level, std::string_view event, const Fields& fields) {
    if (!enabled(level))
        return;
    if (capture) {
        capture->lines_.push_back(std::string(level_name(level)) + " " + format_text(event, fields));
        return;
    }
    if (writing) {
        tell_repeats();
        if (is_repeated(level, event, fields)) {
            kHeldBack.add();
            return;
        }
    }
    put(level, event, fields);
}

Capture::Capture(Level level) : level_(level), outer_(capture) {
    capture = this;
}

Capture::~Capture() {
    capture = outer_;
}

bool Capture::contains(std::string_view text) const {
    for (const std::string& line : lines_)
        if (line.find(text) != std::string::npos)
            return true;
    return false;
}

}  // namespace genie_slack::log
