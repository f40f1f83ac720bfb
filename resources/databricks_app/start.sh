#!/bin/sh
# Unpacks genie-slack and becomes it. Files of a workspace have no right to be executed and at most 10 MB, so that the
# program comes as an archive in parts; it brings its own libraries and loader, whatever the host's are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=$(mktemp -d "${TMPDIR:-/tmp}/genie-slack.XXXXXX")
cat "$here"/genie-slack.tar.gz.* | tar -xzf - -C "$to"

export FONTCONFIG_FILE="$to/fonts/fonts.conf" XDG_CACHE_HOME="$to"
# The system's authorities first; those of the machine that packed where it has none.
if [ ! -r /etc/ssl/certs/ca-certificates.crt ]; then
    export SSL_CERT_FILE="${SSL_CERT_FILE:-$to/ca-certificates.crt}" PGSSLROOTCERT="${PGSSLROOTCERT:-$to/ca-certificates.crt}"
elif [ -z "${SSL_CERT_FILE:-}" ]; then
    export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
fi
# exec, so that SIGTERM reaches the program: it has 15 seconds, and needs them to hand its questions over.
exec "$to"/lib/ld-linux-*.so.* --library-path "$to/lib" "$to/genie-slack" "$@"
