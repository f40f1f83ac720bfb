// The structured log: an event name and fields, one line each, as text or JSON. spdlog stays behind it.
#pragma once

#include "core/secret.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace genie_slack::log {

enum class Level { trace, debug, info, warn, error, off };
enum class Format { text, json };

// One key and value. Secrets come out as "***"; texts are redacted once more when the line is written.
struct Field {
    using Value = std::variant<std::string, std::int64_t, double, bool>;

    Field(std::string_view key_, std::string value_) : key(key_), value(std::move(value_)) {}
    Field(std::string_view key_, std::string_view value_) : key(key_), value(std::string(value_)) {}
    Field(std::string_view key_, const char* value_) : key(key_), value(std::string(value_)) {}
    Field(std::string_view key_, bool value_) : key(key_), value(value_) {}
    Field(std::string_view key_, double value_) : key(key_), value(value_) {}
    Field(std::string_view key_, const Secret&) : key(key_), value(std::string("***")) {}
    template <class Int>
        requires(std::is_integral_v<Int> && !std::is_same_v<Int, bool>)
    Field(std::string_view key_, Int value_) : key(key_), value(static_cast<std::int64_t>(value_)) {}

    std::string key;
    Value value;
};
using Fields = std::vector<Field>;

struct Settings {
    Level level = Level::info;
    Format format = Format::text;
};

// Starts the writer: lines go to stdout through a bounded queue and a thread of its own, so that a blocked pipe never
// blocks the event loop (the oldest lines are dropped then, and counted). Until it is called, and after stop(), lines
// go straight to stderr.
void start(const Settings& settings);
// Writes what is queued and stops the writer; call before leaving main.
void stop();

// Level and format from now on, without starting the writer; the default is info and text.
void use(const Settings& settings);
// While others write too.
void set_level(Level level);
// While the writer runs, equal lines are written ten times a minute (core/log_repeats.hpp). Writes how many there were
// in a minute that is over; the next line does so as well. On any thread.
void tell_repeats();
// From "trace", "debug", "info", "warn" or "error"; false when it is none of them.
bool parse_level(std::string_view text, Level& level);

bool enabled(Level level);
// `event` is a stable dotted name ("slack.connected"). Never pass message text, tokens or tickets.
void write(Level level, std::string_view event, const Fields& fields);

inline void trace(std::string_view event, const Fields& fields = {}) {
    write(Level::trace, event, fields);
}
inline void debug(std::string_view event, const Fields& fields = {}) {
    write(Level::debug, event, fields);
}
inline void info(std::string_view event, const Fields& fields = {}) {
    write(Level::info, event, fields);
}
inline void warn(std::string_view event, const Fields& fields = {}) {
    write(Level::warn, event, fields);
}
inline void error(std::string_view event, const Fields& fields = {}) {
    write(Level::error, event, fields);
}

// Lines of the calling thread go to `sink` (without the time stamp) instead of the log while it lives. For tests.
class Capture {
 public:
    explicit Capture(Level level = Level::debug);
    ~Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    const std::vector<std::string>& lines() const { return lines_; }
    bool contains(std::string_view text) const;

 private:
    friend bool enabled(Level);
    friend void write(Level, std::string_view, const Fields&);
    Level level_;
    Capture* outer_;
    std::vector<std::string> lines_;
};

// A line's text without time and level: the event, then key=value. Exposed for tests.
std::string format_text(std::string_view event, const Fields& fields);
std::string format_json(Level level, std::string_view time, std::string_view event, const Fields& fields);

}  // namespace genie_slack::log
