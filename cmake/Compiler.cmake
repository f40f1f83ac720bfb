# The compiler when nobody chose one: clang 19 (half the build time of gcc here, and coroutines that work), else the
# system's compiler. CXX in the environment wins.

if(NOT DEFINED ENV{CXX} AND NOT CMAKE_CXX_COMPILER)
  find_program(GENIE_SLACK_CLANG NAMES clang++-19)
  if(GENIE_SLACK_CLANG)
    set(CMAKE_CXX_COMPILER "${GENIE_SLACK_CLANG}")
  endif()
  unset(GENIE_SLACK_CLANG CACHE)
endif()
