#include "core/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

namespace genie_slack::metrics {

namespace metrics_detail {

struct Registry {
    prometheus::Registry series;
    std::mutex mutex;
    std::vector<prometheus::MetricFamily> declared;
};

// Never destroyed: threads count until the very end of the process.
Registry& registry() {
    static Registry* all = new Registry();
    return *all;
}

void declare(std::string_view name, std::string_view help, prometheus::MetricType type) {
    prometheus::MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    const std::lock_guard lock(registry().mutex);
    registry().declared.push_back(std::move(family));
}

std::vector<std::string> names_of(Labels labels) {
    return std::vector<std::string>(labels.begin(), labels.end());
}

prometheus::Labels labels_of(const std::vector<std::string>& names, Labels values) {
    prometheus::Labels labels;
    auto name = names.begin();
    for (const std::string_view value : values)
        if (name != names.end())
            labels.emplace(*name++, value);
    return labels;
}

// The series of one family that were counted so far. The library has them all, but builds a whole series, with its
// buckets and labels, for each look-up. A series never goes.
template <class T>
class Series {
 public:
    template <class Make>
    T& of(Labels values, Make make) {
        const std::lock_guard lock(mutex_);
        for (const auto& [known, series] : known_)
            if (std::equal(known.begin(), known.end(), values.begin(), values.end()))
                return *series;
        T& made = make();
        known_.emplace_back(names_of(values), &made);
        return made;
    }

 private:
    std::mutex mutex_;
    std::vector<std::pair<std::vector<std::string>, T*>> known_;  // few: labels come from short lists
};

}  // namespace metrics_detail

using namespace metrics_detail;

struct Counter::Family {
    prometheus::Family<prometheus::Counter>& family;
    std::vector<std::string> names;
    mutable Series<prometheus::Counter> series = {};
    prometheus::Counter& of(Labels values) const {
        return series.of(values, [&]() -> auto& { return family.Add(labels_of(names, values)); });
    }
};

Counter::Counter(std::string_view name, std::string_view help, Labels labels)
    : family_(new Family{
          prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(registry().series),
          names_of(labels)}) {
    declare(name, help, prometheus::MetricType::Counter);
    if (labels.size() == 0)
        family_->of({});
}

void Counter::add(Labels values, double by) const {
    family_->of(values).Increment(by);
}

void Counter::set_total(double total, Labels values) const {
    prometheus::Counter& counter = family_->of(values);
    counter.Increment(std::max(0.0, total - counter.Value()));
}

struct Gauge::Family {
    prometheus::Family<prometheus::Gauge>& family;
    std::vector<std::string> names;
    mutable Series<prometheus::Gauge> series = {};
    prometheus::Gauge& of(Labels values) const {
        return series.of(values, [&]() -> auto& { return family.Add(labels_of(names, values)); });
    }
};

Gauge::Gauge(std::string_view name, std::string_view help, Labels labels)
    : family_(new Family{
          prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(registry().series),
          names_of(labels)}) {
    declare(name, help, prometheus::MetricType::Gauge);
    if (labels.size() == 0)
        family_->of({});
}

void Gauge::set(double value, Labels values) const {
    family_->of(values).Set(value);
}

void Gauge::add(double by) const {
    family_->of({}).Increment(by);
}

Buckets short_times() {
    return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

Buckets long_times() {
    return {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600};
}

Buckets sizes() {
    return {1, 2, 4, 8, 16, 32, 64, 128, 256};
}

struct Histogram::Family {
    prometheus::Family<prometheus::Histogram>& family;
    std::vector<std::string> names;
    Buckets buckets;
    mutable Series<prometheus::Histogram> series = {};
    prometheus::Histogram& of(Labels values) const {
        return series.of(values, [&]() -> auto& { return family.Add(labels_of(names, values), buckets); });
    }
};

Histogram::Histogram(std::string_view name, std::string_view help, Buckets buckets, Labels labels)
    : family_(new Family{
          prometheus::BuildHistogram().Name(std::string(name)).Help(std::string(help)).Register(registry().series),
          names_of(labels), std::move(buckets)}) {
    declare(name, help, prometheus::MetricType::Histogram);
    if (labels.size() == 0)
        family_->of({});
}

void Histogram::observe(double value, Labels values) const {
    family_->of(values).Observe(value);
}

void Histogram::observe(Duration duration, Labels values) const {
    observe(std::chrono::duration<double>(duration).count(), values);
}

std::string text() {
    std::vector<prometheus::MetricFamily> families = registry().series.Collect();
    std::set<std::string> present;
    for (const prometheus::MetricFamily& family : families)
        present.insert(family.name);
    {
        const std::lock_guard lock(registry().mutex);
        for (const prometheus::MetricFamily& family : registry().declared)
            if (present.insert(family.name).second)
                families.push_back(family);
    }
    std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace genie_slack::metrics
