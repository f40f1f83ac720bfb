// Random numbers come from a generator that the caller owns, so that a seed repeats a run.
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace genie_slack {

class Random {
 public:
    // Seeded from the operating system.
    Random();
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    // In [0, 1).
    double unit();
    // In [low, high], both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high);
    // Returns `value` times a factor in [1 - fraction, 1 + fraction].
    Duration jitter(Duration value, double fraction);
    // A random UUID in its 8-4-4-4-12 form (version 4).
    std::string uuid();

 private:
    std::mt19937_64 engine_;
};

// Version 5 UUID: the same name always gives the same id (storage.md 2.2, deterministic ids).
std::string name_uuid(std::string_view name);

}  // namespace genie_slack
