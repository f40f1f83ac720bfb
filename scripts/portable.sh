#!/usr/bin/env bash
# Builds build/portable/genie-slack, a program that runs on any Linux with glibc 2.35 or newer: stripped, it needs no
# shared library but glibc's own. Libraries that Debian ships only as shared ones are built from Debian's sources.
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
. "$here/scripts/setup.sh"

glibc=2.35
prefix=$here/build/portable-libraries

# sources PACKAGE: Debian's source of a package in a folder below the current one, over the sources that apt has here;
# neither root nor a change of apt's own lists is needed. A mirror may lack the newest security update, or Debian's part
# of a source: what is taken instead is said.
sources() {
    local file options=(-qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$PWD/apt"
                        -o Dir::State::Lists="$PWD/lists" -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User=)
    if [ ! -d apt ]; then
        mkdir -p apt lists/partial cache/archives/partial
        for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
            [ ! -f "$file" ] || sed -E 's/^deb( |\t)/deb-src\1/; s/^Types:.*/Types: deb-src/' "$file" >"apt/${file##*/}"
        done
        apt-get "${options[@]}" update
    fi
    apt-get "${options[@]}" source "$1" && return 0
    echo "NOTE: the newest source of $1 is not to be had; trying the one that the release came with" >&3
    apt-get "${options[@]}" source "$1/$(. /etc/os-release && echo "$VERSION_CODENAME")" && return 0
    echo "NOTE: the source of $1 is taken without Debian's patches" >&3
    apt-get "${options[@]}" source --tar-only "$1"
    tar -xf "$1"_*.orig.tar.*
}

# with_cmake FOLDER OPTIONS...: builds and installs a library as a static one.
with_cmake() {
    local folder=$1
    shift
    cmake -S "$folder" -B "$folder/static" -G Ninja -DCMAKE_BUILD_TYPE=MinSizeRel -DCMAKE_INSTALL_PREFIX="$prefix" \
        -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DCMAKE_C_FLAGS="$small" -DCMAKE_CXX_FLAGS="$small" "$@"
    cmake --build "$folder/static"
    cmake --install "$folder/static"
}

# libpq without Kerberos and LDAP, which Lakebase does not use and Debian has only as shared libraries.
libpq() {
    cd "$1"
    ./configure --prefix="$prefix" --with-ssl=openssl --without-gssapi --without-ldap --without-icu --without-readline \
        --without-zlib CFLAGS="-Os -fPIC $small"
    local part
    for part in include common port interfaces/libpq; do
        make -C "src/$part" -j "$(nproc)"
    done
    make -C src/include install
    make -C src/interfaces/libpq install
    # Debian's patches would install these two beside its own server.
    cp src/common/libpgcommon.a src/port/libpgport.a "$prefix/lib"
}

build_libraries() {
    local small="-ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables" package postgresql
    postgresql=$(apt-cache show libpq-dev | sed -n 's/^Source: *\([^ ]*\).*/\1/p' | head -n 1)
    for package in "$postgresql" md4c libxlsxwriter prometheus-cpp; do
        sources "$package"
    done
    with_cmake md4c-*/ -DBUILD_MD2HTML_EXECUTABLE=OFF
    with_cmake libxlsxwriter-*/ -DUSE_SYSTEM_MINIZIP=ON -DUSE_OPENSSL_MD5=ON
    with_cmake prometheus-cpp-*/ -DENABLE_PULL=OFF -DENABLE_PUSH=OFF -DENABLE_TESTING=OFF -DENABLE_COMPRESSION=OFF \
        -DGENERATE_PKGCONFIG=ON
    libpq "$(find . -maxdepth 1 -type d -name 'postgresql-*')"
}

libraries() {
    local work log status=0
    work=$(mktemp -d)
    log=$work/log
    echo "Building libpq, md4c, libxlsxwriter and prometheus-cpp as static libraries"
    # Where a function is a condition, bash does not stop at its first error: hence a process of its own.
    (cd "$work" && "$here/scripts/portable.sh" --libraries 3>&1 >"$log" 2>&1) & wait $! || status=$?
    if [ $status -ne 0 ]; then
        tail -n 30 "$log" >&2
        echo "The static libraries could not be built; the log is $log" >&2
        return 1
    fi
    touch "$prefix/complete"
    rm -rf "$work"
}

# Debian's OpenSSL without its tables for unwinding, half a megabyte: no exception comes through it, and nobody debugs a
# stripped file. Each run takes what Debian has by now.
openssl_without_tables() {
    local library
    for library in crypto ssl; do
        objcopy --remove-section=.eh_frame "$(gcc -print-file-name=lib$library.a)" "$prefix/lib/lib$library.a"
    done
}

# Fails with what the program would miss on an older or emptier system, and where a file may have 10 MB at most.
prove() {
    local needed newest wrong size
    size=$(stat -c %s "$1")
    if [ "$size" -ge 10000000 ]; then
        echo "$1 has $size bytes; 10 MB are the most that a Databricks App takes" >&2
        return 1
    fi
    needed=$(objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }')
    wrong=$(grep -vE '^(libc|libm|ld-linux-[a-z0-9-]+)\.so\.[0-9]+$' <<<"$needed" || true)
    if [ -n "$wrong" ]; then
        echo "$1 needs these shared libraries:" $wrong >&2
        return 1
    fi
    newest=$(objdump -T "$1" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -n 1)
    if [ "$(printf '%s\n' "GLIBC_$glibc" "$newest" | sort -V | tail -n 1)" != "GLIBC_$glibc" ]; then
        echo "$1 needs $newest; GLIBC_$glibc is the newest that it may need:" >&2
        objdump -T "$1" | grep -F "$newest" >&2
        return 1
    fi
    echo "$1: $size bytes, needs $newest and" $needed
}

if [ "${1:-}" = --libraries ]; then
    build_libraries
    exit
fi
cd "$here"
packages=$(build_packages)
# shellcheck disable=SC2086
ensure_packages $packages dpkg-dev binutils make gcc g++ bison flex perl
[ -f "$prefix/complete" ] || libraries
openssl_without_tables
configure portable
cmake --build build/portable --target genie-slack
prove build/portable/genie-slack
