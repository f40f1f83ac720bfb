// The numbers of the running process (docs/metrics.md): each is a constant beside the code that counts, and text() is
// all of them. The library that keeps them stays behind this header.
#pragma once

#include "core/clock.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::metrics {

// Names of labels where a series is declared, their values in the same order where it is counted. Values come from
// short lists that the program knows: never a person, a channel, a thread, or anything that somebody wrote.
using Labels = std::initializer_list<std::string_view>;

// All series can be used on any thread.
class Counter {
 public:
    Counter(std::string_view name, std::string_view help, Labels labels = {});
    void add(Labels values = {}, double by = 1) const;
    // Of what is counted elsewhere. The total never goes back.
    void set_total(double total, Labels values = {}) const;

 private:
    struct Family;
    const Family* family_;
};

class Gauge {
 public:
    Gauge(std::string_view name, std::string_view help, Labels labels = {});
    void set(double value, Labels values = {}) const;
    void add(double by) const;

 private:
    struct Family;
    const Family* family_;
};

// Upper bounds of what falls into one bucket, ascending.
using Buckets = std::vector<double>;
Buckets short_times();  // seconds, of a call within a data centre: 1 ms to 10 s
Buckets long_times();   // seconds, of what people wait for: 0.1 s to 10 min
Buckets sizes();        // 1 to 256

class Histogram {
 public:
    Histogram(std::string_view name, std::string_view help, Buckets buckets, Labels labels = {});
    void observe(double value, Labels values = {}) const;
    void observe(Duration duration, Labels values = {}) const;

 private:
    struct Family;
    const Family* family_;
};

// All series in the text format of Prometheus, version 0.0.4; those that have no value yet with their description.
std::string text();
inline constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace genie_slack::metrics
