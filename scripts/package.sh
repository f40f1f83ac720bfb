#!/usr/bin/env bash
# Makes the Debian packages of this machine's release in build/release: genie-slack_*.deb and genie-slack-charts_*.deb.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

packages=$(build_packages)
# shellcheck disable=SC2086
ensure_packages $packages dpkg-dev file
configure release
cmake --build build/release --target genie-slack
cd build/release
rm -f genie-slack*.deb
cpack -G DEB
for package in genie-slack*.deb; do
    dpkg-deb --field "$package" Package Version Architecture Depends
done
