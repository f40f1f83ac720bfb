# Sourced by ./run, ./test and .ci/run: what the project needs from the distribution, and how it is configured and built.

# Installs those of the named Debian packages that are missing; asks the package manager for nothing when all are there.
ensure_packages() {
    local missing=() package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These packages are missing, and there is no sudo to install them with: ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        >/dev/null
}

# Whether the distribution has a package (installed or not).
has_package() {
    [ -n "$(apt-cache madison "$1" 2>/dev/null | head -n 1)" ] ||
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

build_packages() {
    local list=(cmake ninja-build pkg-config ca-certificates libssl-dev libpq-dev libsoci-dev libspdlog-dev libfmt-dev
                libmd4c-dev libcli11-dev libsqlite3-dev libpango1.0-dev fonts-dejavu-core)
    # An image without package lists knows no candidate: fetch them once before choosing.
    if ! has_package libssl-dev; then
        if [ "$(id -u)" -eq 0 ]; then apt-get update -qq; else sudo apt-get update -qq; fi
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

# configure PRESET [cmake options]: once; ninja configures again by itself when a CMake file changes.
configure() {
    local preset=$1
    shift
    if [ ! -f "build/$preset/build.ninja" ]; then
        cmake --preset "$preset" "$@"
    fi
}
