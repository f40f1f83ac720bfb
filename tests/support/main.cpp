// The main of every test binary.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include "core/log.hpp"

#include <csignal>
#include <cstdlib>

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    // Failing tests show their own assertions; the log of the code under test would bury them. LOG_LEVEL brings it
    // back.
    genie_slack::log::Settings settings;
    settings.level = genie_slack::log::Level::off;
    if (const char* wanted = std::getenv("LOG_LEVEL"))
        genie_slack::log::parse_level(wanted, settings.level);
    genie_slack::log::use(settings);
    return Catch::Session().run(argc, argv);
}
