// The static libstdc++ of a system with glibc 2.36 takes the numbers of std::random_device from arc4random(), which an
// older glibc does not have. This one, from the kernel, is there instead.
#include <sys/random.h>

#include <cstdint>
#include <cstdlib>

extern "C" std::uint32_t arc4random() noexcept {
    std::uint32_t number = 0;
    // So few bytes come at once, or not at all.
    if (getrandom(&number, sizeof(number), 0) != static_cast<ssize_t>(sizeof(number)))
        std::abort();
    return number;
}
