#!/usr/bin/env bash
# Proves what administrators get, in a clean root and on the way that docs/admin-guide.md describes: installed,
# configured, checked, started, asked a question in the sandbox's Slack, removed and purged.
#   tests/check_package.sh              the packages of build/release, in a root of this machine's release
#   tests/check_package.sh RELEASE      the same for bookworm, trixie or noble: built there first, without optimisation
#   tests/check_package.sh RELEASE FOLDER               with the packages in that folder
#   tests/check_package.sh --portable   build/portable/genie-slack in a root that holds nothing but Ubuntu 22.04's libc6,
#                                       and there once more in 1 GiB of memory
#   tests/check_package.sh --app        what resources/databricks_app/pack makes of build/release, and of the portable file if
#                                       there is one, started by app.yaml's command in Ubuntu 22.04
#   tests/check_package.sh --image [DOCKERFILE]         the image of the Dockerfile without a daemon: its packages in a clean
#                                       root, the program of build/release, its user, its health check
# Needs root, mounts, a mirror, and build/release with the sandbox (./run --build-only); where a root cannot be made, it
# says so and proves nothing. systemd runs in the root, as on a host, in namespaces that end with this script. Roots are
# kept between runs in the folder that GENIE_SLACK_ROOTS names, if any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh
. tests/support/clean_root.sh
. tests/support/app_roots.sh

own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
what=${1:-$own}
sandbox=build/release/genie-slack-sandbox
question="revenue by region"
expected=EMEA
work=
started=()
groups=()
first_process=

skip() {
    echo "SKIPPED: $*"
    exit 0
}

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

say() {
    printf '== %s\n' "$*"
}

# until_true SECONDS COMMAND...: repeats the command until it succeeds.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

clean_up() {
    local process
    [ -z "$first_process" ] || kill -KILL "$first_process" 2>/dev/null || true
    for process in ${started[@]+"${started[@]}"}; do
        # For PostgreSQL this is the end with sessions that are still open, for the others what Ctrl-C is.
        kill -INT "$process" 2>/dev/null || true
    done
    wait
    for process in ${groups[@]+"${groups[@]}"}; do
        find "$process" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    done
    rm -rf --one-file-system "$work"
}

# quietly FILE COMMAND...: what the command writes is shown when it fails.
quietly() {
    local file=$1
    shift
    "$@" >"$file" 2>&1 && return 0
    tail -n 40 "$file" >&2
    return 1
}

# The packages of a release that this machine does not have, into $work/packages.
build_packages_in() {
    local folder=$work/build.$1
    make_root "$1" "$folder"
    mkdir "$folder/src" "$work/packages"
    tar --exclude=./build --exclude=./.git -c . | tar -x -C "$folder/src"
    say "Building in it"
    quietly "$work/build.log" in_root "$folder" bash -ec 'cd /src && . scripts/setup.sh && apt-get update -qq &&
        packages=$(build_packages) && ensure_packages $packages && cmake --preset release -DGENIE_SLACK_SANDBOX=OFF -DCMAKE_UNITY_BUILD=ON \
            -DCMAKE_CXX_FLAGS_RELEASE=-O0 && scripts/package.sh' || fail "scripts/package.sh on $1"
    mv "$folder"/src/build/release/*.deb "$work/packages"
    rm -rf --one-file-system "$folder"
}

# A PostgreSQL with TLS, the look-alikes, and TLS before both of them: they speak clear text on loopback.
start_world() {
    local programs pages ca=$work/ca openssl_log=$work/openssl.log
    mkdir "$ca"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=authority of check_package" \
        -keyout "$ca/ca.key" -out "$ca/ca.pem" 2>"$openssl_log"
    openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$ca/server.key" -out "$ca/server.csr" 2>"$openssl_log"
    openssl x509 -req -days 2 -in "$ca/server.csr" -CA "$ca/ca.pem" -CAkey "$ca/ca.key" -CAcreateserial \
        -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1) -out "$ca/server.pem" 2>"$openssl_log"

    programs=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 | sort -V | tail -n 1)/bin
    database_port=$(free_port)
    install -d -o postgres -m 700 "$work/postgres"
    as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups env -C "$work/postgres")
    "${as_postgres[@]}" "$programs/initdb" -D data -A trust -U postgres -E UTF8 --locale=C >"$work/initdb.log"
    install -o postgres -m 600 "$ca/server.pem" "$ca/server.key" "$work/postgres/data"
    # Lakebase knows the credentials that the workspace issues; here any will do, over TLS.
    printf '%s\n' "local all postgres trust" "hostssl all sandbox-client 127.0.0.1/32 trust" \
        "hostssl all all 127.0.0.1/32 scram-sha-256" >"$work/postgres/data/pg_hba.conf"
    "${as_postgres[@]}" "$programs/postgres" -D data -p "$database_port" -k "$work/postgres" -c listen_addresses=127.0.0.1 \
        -c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.key >"$work/postgres.log" 2>&1 &
    started+=($!)
    psql=("${as_postgres[@]}" "$programs/psql" -qAt -v ON_ERROR_STOP=1 -h "$work/postgres" -p "$database_port" -U postgres)
    until_true 30 "${psql[@]}" -c "SELECT 1" || fail "PostgreSQL does not start: $(tail -n 5 "$work/postgres.log")"

    pages=$(free_port)
    page=http://127.0.0.1:$pages
    "$sandbox" --port "$pages" --status-ms 0 --env-file "$work/sandbox.env" >"$work/sandbox.log" 2>&1 &
    started+=($!)
    until_true 30 test -s "$work/sandbox.env" || fail "the sandbox does not start"
    slack_port=$(free_port)
    tls_before "$slack_port" "$(sandbox_port SLACK_API_URL)"
    databricks_port=$(free_port)
    tls_before "$databricks_port" "$(sandbox_port DATABRICKS_HOST)"
}

sandbox_value() {
    sed -n "s/^$1=//p" "$work/sandbox.env"
}

sandbox_port() {
    sandbox_value "$1" | grep -oE ':[0-9]+' | tr -d :
}

tls_before() {
    socat "OPENSSL-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork,cert=$work/ca/server.pem,key=$work/ca/server.key,verify=0" \
        "TCP:127.0.0.1:$2" 2>>"$work/socat.log" &
    started+=($!)
}

# new_database NAME ROLE: empty, with a role for the bot, as an administrator of PostgreSQL makes them.
new_database() {
    "${psql[@]}" -c "CREATE ROLE \"$2\" LOGIN PASSWORD 'a pass-word of $2'" -c "CREATE DATABASE $1" \
        -c "GRANT CONNECT, CREATE ON DATABASE $1 TO \"$2\""
}

# The settings of the admin guide, as NAME=VALUE lines: settings DATABASE PORT. Lakebase issues the password.
settings() {
    cat <<EOF
SLACK_APP_TOKEN=$(sandbox_value SLACK_APP_TOKEN)
SLACK_BOT_TOKEN=$(sandbox_value SLACK_BOT_TOKEN)
SLACK_API_URL=https://localhost:$slack_port/api/
DATABRICKS_HOST=https://localhost:$databricks_port
DATABRICKS_CLIENT_ID=sandbox-client
DATABRICKS_CLIENT_SECRET=sandbox-secret
LAKEBASE_ENDPOINT=projects/genie-slack/branches/production/endpoints/primary
PGPORT=$database_port
PGDATABASE=$1
PGSSLMODE=verify-full
PGSSLROOTCERT=system
PORT=$2
LOG_FORMAT=json
EOF
}

# The same for another PostgreSQL and a file of authorities: plain_settings DATABASE PORT AUTHORITIES.
plain_settings() {
    settings "$1" "$2" | sed "s|^LAKEBASE_ENDPOINT=.*|PGHOST=localhost|; s|^PGSSLROOTCERT=.*|PGSSLROOTCERT=$3|"
    printf '%s\n' "PGUSER=$1" "PGPASSWORD=a pass-word of $1" "SSL_CERT_FILE=$3"
}

# fill_in FILE: takes NAME=VALUE lines over into a file of settings, in place of the line that names the variable, as an
# administrator with an editor does.
fill_in() {
    python3 -c '
import re, sys
path = sys.argv[1]
text = open(path).read()
for line in sys.stdin.read().splitlines():
    name = line.split("=")[0]
    text, found = re.subn(rf"(?m)^#?{name}=.*$", lambda _: line, text, count=1)
    if not found:
        text += line + "\n"
open(path, "w").write(text)' "$1"
}

# all_green COMMAND...: the command is the doctor, whose lines neither warn nor fail but for those that match $except.
all_green() {
    local bad status=0
    "$@" >"$work/check" 2>&1 || status=$?
    bad=$(grep -E '^(warning|FAILED) ' "$work/check" | grep -vE "${except:-^$}" || true)
    [ $status -eq 0 ] && [ -z "$bad" ] && grep -q '^ok ' "$work/check" && return 0
    cat "$work/check" >&2
    fail "check is not all green: $bad"
}

ready() {
    [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/readyz") == 200 ]]
}

# answers PORT COMMAND...: the bot gets ready and answers a question in a thread; the command shows its log.
answers() {
    local port=$1
    shift
    until_true 60 ready "$port" || { "$@" | tail -n 20 >&2; fail "/readyz does not get 200"; }
    tests/support/ask_sandbox.py "$page" "$question" "$expected" >"$work/answer.json" ||
        { "$@" | tail -n 20 >&2; fail "no answer"; }
    say "It answered: $(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["text"].splitlines()[0])' "$work/answer.json")"
}

# What a process needed so far, of /proc/PID/status.
memory_of() {
    awk '$1 == "VmHWM:" { held = $2 } $1 == "VmPeak:" { peak = $2 }
        END { printf "%.0f MiB held, %.0f MiB of addresses", held / 1024, peak / 1024 }'
}

# What is left of the package in its root.
traces() {
    find "$root" -xdev \( -ipath '*genie*' -o -nouser -o -nogroup \) -not -path "$root/root/*" -printf '/%P\n'
    grep -H genie "$root/etc/passwd" "$root/etc/group" "$root/etc/shadow" || true
    "${inside[@]}" dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' 'genie-slack*' 2>/dev/null || true
}

# install_packages [OPTION]: as the admin guide says, in the root that was booted.
install_packages() {
    quietly "$work/apt.log" "${inside[@]}" bash -c "cd /root/packages && apt-get install -y -qq --no-install-recommends $* \
        ./genie-slack_*.deb ./genie-slack-charts_*.deb" || fail "apt-get install"
}

# check_packages RELEASE FOLDER: steps 4 to 7 of docs/admin-guide.md with the packages of a folder, and the way back.
check_packages() {
    local file=/etc/genie-slack/genie-slack.env bot port process memory left package
    root=$work/root
    port=$(free_port)
    make_root "$1" "$root" systemd
    mkdir "$root/root/packages"
    cp "$2"/genie-slack_*.deb "$2"/genie-slack-charts_*.deb "$root/root/packages"
    boot "$root"
    bot=("${inside[@]}" genie-slack --env-file $file)

    say "Installing $(cd "$2" && echo genie-slack*.deb)"
    quietly "$work/apt.log" "${inside[@]}" apt-get update -qq || fail "apt-get update"
    install_packages
    [ "$("${inside[@]}" stat -c '%U:%G %a' $file)" = "root:genie-slack 640" ] || fail "rights of $file"
    for package in genie-slack genie-slack-charts; do
        [ -s "$root/usr/share/doc/$package/copyright" ] || fail "$package does not say under which licence it is"
    done
    quietly "$work/verify.log" "${inside[@]}" systemd-analyze verify genie-slack.service || fail "the unit"
    # Without its settings the program names every one that is missing, and systemd does not try again.
    "${bot[@]}" serve >"$work/unset.log" 2>&1 && fail "it starts without settings"
    grep -q SLACK_APP_TOKEN "$work/unset.log" || fail "it does not name a missing setting"

    say "Settings and check"
    new_database packaged sandbox-client
    settings packaged "$port" | fill_in "$root$file"
    cp "$work/ca/ca.pem" "$root/usr/local/share/ca-certificates/check_package.crt"
    quietly "$work/ca.log" "${inside[@]}" update-ca-certificates
    quietly "$work/migrate.log" "${bot[@]}" migrate || fail "migrate"
    all_green "${bot[@]}" check
    all_green "${bot[@]}" check databricks --ask "$question"

    say "Starting"
    journal=("${inside[@]}" journalctl -u genie-slack --no-pager -o cat)
    quietly "$work/start.log" "${inside[@]}" systemctl enable --now genie-slack ||
        { "${inside[@]}" systemctl status --no-pager genie-slack >&2; fail "systemctl enable --now"; }
    answers "$port" "${journal[@]}"
    except=' Port: ' all_green "${bot[@]}" check
    quietly "$work/start.log" "${inside[@]}" systemctl reload genie-slack || fail "systemctl reload"
    until_true 10 reloaded || fail "no reload in the log"
    process=$("${inside[@]}" systemctl show -P MainPID genie-slack)
    memory=$("${inside[@]}" cat "/proc/$process/status" | memory_of)

    say "Upgrading, removing and purging"
    install_packages --reinstall
    [ "$("${inside[@]}" systemctl show -P MainPID genie-slack)" != "$process" ] || fail "an upgrade does not restart it"
    answers "$port" "${journal[@]}"
    quietly "$work/apt.log" "${inside[@]}" apt-get remove -y -qq genie-slack genie-slack-charts || fail "apt-get remove"
    ready "$port" && fail "it still runs"
    [ ! -e "$root/usr/bin/genie-slack" ] || fail "the program is still there"
    install_packages
    grep -q "^PGDATABASE=packaged$" "$root$file" || fail "the settings got lost"
    "${inside[@]}" systemctl is-enabled --quiet genie-slack && fail "it is still enabled"
    quietly "$work/apt.log" "${inside[@]}" apt-get purge -y -qq genie-slack genie-slack-charts || fail "apt-get purge"
    left=$(traces)
    [ -z "$left" ] || fail "what purging leaves: $left"
    echo "The packages pass on $1: installed, all green, answered ($memory), upgraded, removed without a trace"
}

reloaded() {
    "${journal[@]}" | grep -q '"event":"config.reloaded"'
}

# 1 GiB for the command that follows: by a control group, or where there is none to be made, by addresses.
limited=()
limit_memory() {
    local group name=genie-slack-check.$$
    if grep -qw memory /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null && mkdir "/sys/fs/cgroup/$name" 2>/dev/null; then
        group=/sys/fs/cgroup/$name
        echo $((1 << 30)) >"$group/memory.max"
    elif mkdir "/sys/fs/cgroup/memory/$name" 2>/dev/null; then
        group=/sys/fs/cgroup/memory/$name
        echo $((1 << 30)) >"$group/memory.limit_in_bytes"
    else
        limit="1 GiB of addresses (prlimit)"
        limited=(prlimit --as=$((1 << 30)))
        return
    fi
    limit="1 GiB of memory (control group)"
    groups+=("$group")
    limited=(bash -ec 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' limited "$group")
}

# check_portable PROGRAM: the one file in a root with nothing but Ubuntu 22.04's libc6.
check_portable() {
    local port process database memory
    [ -x "$1" ] || skip "there is no $1: scripts/portable.sh makes it"
    make_root jammy "$work/jammy"
    root=$work/root
    mkdir -p "$root/etc" "$root/tmp"
    chmod 1777 "$root/tmp"
    # Packed in there, as its links are absolute.
    in_root "$work/jammy" sh -c "dpkg -L libc6 | grep '/lib.*\.so' | tar -chf - -C / --no-recursion -T -" 2>/dev/null |
        tar -xf - -C "$root"
    cp "$work/jammy/etc/hosts" "$root/etc"
    cp "$1" "$work/ca/ca.pem" "$root"
    for database in portable limited; do
        port=$(free_port)
        [ $database = portable ] || limit_memory
        new_database $database $database
        plain_settings $database "$port" /ca.pem >"$root/genie-slack.env"
        quietly "$work/migrate.log" in_root "$root" /genie-slack --env-file /genie-slack.env migrate || fail "migrate"
        # It draws no charts itself, which is said.
        except=' Charts: ' all_green in_root "$root" /genie-slack --env-file /genie-slack.env check
        account=65534:65534 ${limited[@]+"${limited[@]}"} "${enter[@]}" "$root" /genie-slack \
            --env-file /genie-slack.env serve >"$work/bot.log" 2>&1 </dev/null &
        process=$!
        started+=("$process")
        answers "$port" cat "$work/bot.log"
        memory=$(memory_of <"/proc/$process/status")
        kill -TERM "$process"
        wait "$process" || fail "the bot ended with code $?"
        echo "The portable file passes with Ubuntu 22.04's libc6 alone and ${limit:-no limit of memory}: $memory"
    done
}

[ "$(id -u)" -eq 0 ] && unshare --mount --propagation private mount -t tmpfs tmpfs /mnt 2>/dev/null ||
    skip "a clean root needs root and a mount namespace"
[ -x $sandbox ] || skip "there is no $sandbox: ./run --build-only makes it"
ensure_packages debootstrap postgresql socat openssl python3 curl procps util-linux
work=$(mktemp -d "${TMPDIR:-/tmp}/check_package.XXXXXX")
trap clean_up EXIT
# The user postgres and the bot's user have to come in.
chmod 755 "$work"
start_world
if [ "$what" = --portable ]; then
    check_portable build/portable/genie-slack
elif [ "$what" = --app ]; then
    check_app build/release/genie-slack
    [ ! -x build/portable/genie-slack ] || check_app build/portable/genie-slack
elif [ "$what" = --image ]; then
    dockerfile=${2:-Dockerfile} check_image
elif [ "$what" = "$own" ] || [ $# -eq 2 ]; then
    check_packages "$what" "${2:-build/release}"
else
    build_packages_in "$what"
    check_packages "$what" "$work/packages"
fi
