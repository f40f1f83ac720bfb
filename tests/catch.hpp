// Includes Catch2 2.13 (Debian 12) or 3 (Debian 13), whichever is there. Tests include only this (CONTRIBUTING,
// catch2-both).
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <catch2/matchers/catch_matchers_vector.hpp>
#define GENIE_SLACK_CATCH3 1
#else
#include <catch2/catch.hpp>
#endif

#include <boost/system/result.hpp>

#include <string>

// Results print as what they hold, in words: Boost's own operator<< wants one for every value and error type.
template <class T, class E>
struct Catch::StringMaker<boost::system::result<T, E>> {
    static std::string convert(const boost::system::result<T, E>& result) {
        if (result.has_value())
            return "a value";
        if constexpr (requires { std::string(result.error().message); })
            return "error: " + std::string(result.error().message);
        else
            return "an error";
    }
};

namespace genie_slack::test {

// The two generations' names for "a string that contains this" and for "about this number".
#ifdef GENIE_SLACK_CATCH3
inline auto contains(const std::string& text) {
    return Catch::Matchers::ContainsSubstring(text);
}
using Approx = Catch::Approx;
#else
inline auto contains(const std::string& text) {
    return Catch::Matchers::Contains(text);
}
using Approx = Catch::Detail::Approx;
#endif

}  // namespace genie_slack::test
