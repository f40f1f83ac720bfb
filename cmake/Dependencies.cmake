# Everything comes from the distribution's packages; nothing is fetched.

set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(SOCI REQUIRED)
find_package(spdlog REQUIRED)
if(NOT TARGET genie_slack_spdlog)
  add_library(genie_slack_spdlog INTERFACE)
  target_link_libraries(genie_slack_spdlog INTERFACE spdlog::spdlog)
endif()
find_package(Md4c REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
if(GENIE_SLACK_CHARTS)
  pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)
endif()
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
# Only its core: its server would bring civetweb, and its CMake package asks for that.
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
if(GENIE_SLACK_SANDBOX)
  find_package(SQLite3 REQUIRED)
endif()
if(GENIE_SLACK_TESTS)
  find_package(Catch2 REQUIRED)
  find_package(ZLIB REQUIRED)
endif()

# Asio, its SSL part and Beast are compiled once (core/boost_asio.cpp, core/net/boost_beast.cpp); every source must see
# these definitions, or the one-definition rule is broken.
add_library(genie_slack_boost INTERFACE)
target_link_libraries(genie_slack_boost INTERFACE Boost::headers Boost::json Boost::url OpenSSL::SSL OpenSSL::Crypto
                                                  Threads::Threads)
target_compile_definitions(genie_slack_boost INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                       BOOST_ASIO_NO_DEPRECATED)
if(GENIE_SLACK_PORTABLE)
  genie_slack_link_portable()
endif()
