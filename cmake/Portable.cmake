# A program that needs no shared library but glibc's: static libraries only, small, without symbols. Charts stay away:
# cairo and pango bring sixty libraries, fonts and their configuration.

if(NOT GENIE_SLACK_PORTABLE)
  return()
endif()
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(Boost_USE_STATIC_LIBS ON)
set(OPENSSL_USE_STATIC_LIBS ON)
# pkg-config's files of the libraries that scripts/portable.sh has built.
foreach(folder IN LISTS CMAKE_PREFIX_PATH)
  set(ENV{PKG_CONFIG_PATH} "${folder}/lib/pkgconfig:$ENV{PKG_CONFIG_PATH}")
endforeach()

string(REPLACE "-Os" "-Oz" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
add_link_options(-static-libstdc++ -static-libgcc -Wl,-O2 -Wl,-s)
# What a library brings stays inside, as nothing is loaded that could ask for it.
add_link_options(-Wl,--exclude-libs,ALL)

# Debian has spdlog and fmt as shared libraries, or as headers.
add_library(genie_slack_spdlog INTERFACE)
target_compile_definitions(genie_slack_spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY=1)

# What static libraries need beyond those that their CMake packages name.
function(genie_slack_link_portable)
  find_library(PGCOMMON_LIBRARY pgcommon REQUIRED)
  find_library(PGPORT_LIBRARY pgport REQUIRED)
  find_library(MINIZIP_LIBRARY minizip REQUIRED)
  find_library(Z_LIBRARY z REQUIRED)
  set_property(TARGET PostgreSQL::PostgreSQL APPEND PROPERTY INTERFACE_LINK_LIBRARIES
               "${PGCOMMON_LIBRARY};${PGPORT_LIBRARY};OpenSSL::SSL;OpenSSL::Crypto")
  set_property(TARGET PkgConfig::XLSXWRITER APPEND PROPERTY INTERFACE_LINK_LIBRARIES
               "${MINIZIP_LIBRARY};${Z_LIBRARY}")
endfunction()
