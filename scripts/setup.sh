#!/usr/bin/env bash
# Sourced by ./run, ./test and .ci/run: what the project needs from the distribution, and how it is configured and built.

# Fails with one line that says what to install where there is no apt to do it.
require_apt() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null && return 0
    echo "There is no apt here to install packages with. Install CMake 3.25, Ninja, pkg-config, clang 19 (or g++ 12)," \
        "Boost 1.81 (headers, JSON, URL), OpenSSL 3, libpq, SOCI 4 with its PostgreSQL backend, spdlog, fmt, md4c, CLI11," \
        "SQLite 3, Pango with cairo, libxlsxwriter, prometheus-cpp, the DejaVu fonts, and for the tests Catch2, zlib and a" \
        "PostgreSQL server; then build with:" \
        "cmake --preset release && cmake --build --preset release" >&2
    return 1
}

# as_root REASON COMMAND...: runs the command as root; without the means for it, fails with the reason.
as_root() {
    local reason=$1
    shift
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "$reason" >&2
        return 1
    fi
}

# apt_get REASON ARGUMENTS...: apt-get as root. While another apt or dpkg is at work (a machine that has just started
# updates itself), it waits and says so. apt's own option waits for dpkg's locks, but not for those of the package lists
# and of the downloads: for these the command is repeated. What apt writes is shown when it fails.
apt_get() {
    local reason=$1 output patience=0 end=$((SECONDS + 600))
    shift
    while ! output=$(as_root "$reason" env LC_ALL=C DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout="$patience" "$@" 2>&1); do
        case $output in
            *"Could not get lock"* | *"locked by another process"*) ;;
            *) echo "$output" >&2; return 1 ;;
        esac
        if [ "$SECONDS" -ge "$end" ]; then
            echo "$output" >&2
            return 1
        fi
        if [ "$patience" -eq 0 ]; then
            echo "Waiting, 10 minutes at most, for another program to finish with the packages: ${output%%$'\n'*}" >&2
        fi
        sleep 2
        patience=$((end > SECONDS ? end - SECONDS : 1))
    done
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Installs those of the named Debian packages that are missing; asks the package manager for nothing when all are there.
ensure_packages() {
    require_apt || return 1
    local missing=() package reason
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    reason="These packages are missing, and there is no sudo to install them with: ${missing[*]}"
    as_root "$reason" true || return 1
    echo "Installing: ${missing[*]}"
    apt_get "$reason" update -qq && apt_get "$reason" install -y -qq --no-install-recommends "${missing[@]}"
}

# Whether the distribution has a package (installed or not).
has_package() {
    [ -n "$(apt-cache madison "$1" 2>/dev/null | head -n 1)" ] || is_installed "$1"
}

build_packages() {
    require_apt || return 1
    # Debian 13's libxlsxwriter asks for minizip without bringing it.
    local list=(cmake ninja-build pkg-config ca-certificates libssl-dev libpq-dev libsoci-dev libspdlog-dev libfmt-dev
                libmd4c-dev libcli11-dev libsqlite3-dev libpango1.0-dev libxlsxwriter-dev libminizip-dev
                prometheus-cpp-dev zlib1g-dev fonts-dejavu-core)
    # An image without package lists knows no candidate: fetch them once before choosing.
    if ! has_package libssl-dev; then
        apt_get "The package lists are missing, and there is no sudo to fetch them with: apt-get update" update -qq ||
            return 1
    fi
    # Debian 12's default Boost is too old; it has 1.81 beside it.
    if has_package libboost1.81-dev; then
        list+=(libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev)
    else
        list+=(libboost-dev libboost-json-dev libboost-url-dev)
    fi
    if has_package clang-19; then list+=(clang-19 lld); else list+=(g++); fi
    echo "${list[@]}"
}

test_packages() {
    echo catch2 postgresql pgbouncer
}

# What a preset needs beside that: its compiler, or clang's sanitizers, a package of their own.
preset_packages() {
    case $1 in
        gcc-*) echo g++ ;;
        asan | ubsan | tsan | coverage) if has_package libclang-rt-19-dev; then echo libclang-rt-19-dev; fi ;;
    esac
}

# configure PRESET [cmake options]: once; ninja configures again by itself when a CMake file changes.
configure() {
    local preset=$1
    shift
    if [ ! -f "build/$preset/build.ninja" ]; then
        cmake --preset "$preset" "$@"
    fi
}
