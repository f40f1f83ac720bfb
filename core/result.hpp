// Expected failures are values.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace genie_slack {

// A value or what went wrong. E is the module's own error type, which names each case; Error where a text is all there
// is to say.
struct Error {
    Error() = default;
    explicit Error(std::string message_) : message(std::move(message_)) {}
    // What failed, with which thing, why and what to do. Never a secret, never chat text.
    std::string message;

    friend bool operator==(const Error&, const Error&) = default;
};

[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

template <class T, class E = Error>
using Result = boost::system::result<T, E>;

}  // namespace genie_slack
