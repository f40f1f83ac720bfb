#include "core/random.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace genie_slack {

namespace {
// The project's own namespace for derived ids. Changing it would orphan every stored row.
constexpr const char* kNamespace = "5b0b4f0e-6f0a-5c11-9d3f-6e1f3a7c2b90";

std::uint64_t system_seed() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) ^ device();
}
}  // namespace

Random::Random() : engine_(system_seed()) {}

double Random::unit() {
    return std::generate_canonical<double, 53>(engine_);
}

std::uint64_t Random::between(std::uint64_t low, std::uint64_t high) {
    return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
}

Duration Random::jitter(Duration value, double fraction) {
    const double factor = 1.0 + fraction * (2.0 * unit() - 1.0);
    return std::chrono::duration_cast<Duration>(value * factor);
}

std::string Random::uuid() {
    boost::uuids::basic_random_generator<std::mt19937_64> generator(&engine_);
    return boost::uuids::to_string(generator());
}

std::string name_uuid(std::string_view name) {
    static const boost::uuids::uuid space = boost::uuids::string_generator()(kNamespace);
    boost::uuids::name_generator_sha1 generator(space);
    return boost::uuids::to_string(generator(std::string(name)));
}

}  // namespace genie_slack
