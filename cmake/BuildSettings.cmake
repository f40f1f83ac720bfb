# What every target of the project is compiled with.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE_PROGRAM})
endif()

find_program(LLD_PROGRAM NAMES ld.lld ld.lld-19)

# A process that waits for others: what counts is what it keeps in memory.
string(REPLACE "-O3" "-Os" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections -Wl,--as-needed)
  if(LLD_PROGRAM AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_link_options(-Wl,--icf=all)
  endif()
endif()
add_library(genie_slack_settings INTERFACE)
target_include_directories(genie_slack_settings INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(genie_slack_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wsign-conversion -Wnon-virtual-dtor)
if(GENIE_SLACK_WERROR)
  target_compile_options(genie_slack_settings INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(genie_slack_settings INTERFACE -Xclang -fno-pch-timestamp)
  if(LLD_PROGRAM)
    target_link_options(genie_slack_settings INTERFACE "-fuse-ld=lld")
  endif()
else()
  # gcc 12 at -O2 takes Asio's own operator new and delete of coroutine frames for a mismatch.
  target_compile_options(genie_slack_settings INTERFACE -fpch-preprocess -Wno-mismatched-new-delete)
  if(CMAKE_UNITY_BUILD)
    # In a unity build the types of a source's anonymous namespace look shared; as locals of a coroutine they warn.
    # The namespaces X_detail around helpers are for such builds too (CONTRIBUTING, unity-namespace).
    target_compile_options(genie_slack_settings INTERFACE -Wno-subobject-linkage)
  endif()
endif()

foreach(sanitizer IN LISTS GENIE_SLACK_SANITIZE)
  if(NOT sanitizer MATCHES "^(address|undefined|thread)$")
    message(FATAL_ERROR "GENIE_SLACK_SANITIZE has '${sanitizer}': it is a list of address, undefined and thread")
  endif()
  add_compile_options(-fsanitize=${sanitizer} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${sanitizer})
endforeach()
if("undefined" IN_LIST GENIE_SLACK_SANITIZE)
  # SOCI hides its typeinfo (CONTRIBUTING, sanitizer-flags).
  add_compile_options(-fno-sanitize=vptr -fno-sanitize-recover=undefined)
endif()
if("address" IN_LIST GENIE_SLACK_SANITIZE)
  # The recycling of Asio would hide a use of freed coroutine frames (CONTRIBUTING, sanitizer-flags).
  add_compile_definitions(BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
endif()

# A library of ours: all *.cpp in the calling folder (not below it), compiled with the common settings.
function(genie_slack_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;FOLDERS" ${ARGN})
  set(patterns "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  foreach(folder IN LISTS arg_FOLDERS)
    list(APPEND patterns "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
  endforeach()
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS ${patterns})
    list(FILTER arg_SOURCES EXCLUDE REGEX "/main\\.cpp$")
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC genie_slack_settings ${arg_LINK})
  genie_slack_precompile(${name})
endfunction()

function(genie_slack_precompile name)
  if(GENIE_SLACK_PCH)
    target_precompile_headers(${name} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${PROJECT_SOURCE_DIR}/cmake/pch.hpp>")
  endif()
endfunction()
