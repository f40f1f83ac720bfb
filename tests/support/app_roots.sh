#!/usr/bin/env bash
# Sourced by tests/check_package.sh: what runs elsewhere without a package. The Databricks App as it is uploaded, in Ubuntu
# 22.04, and the image of the Dockerfile, made without a daemon. The caller has what tests/support/clean_root.sh needs, the
# world of the sandbox and the checks of an answer.
# shellcheck disable=SC2016,SC2154

# bundle PROGRAM FOLDER: the app's files as the workspace has them after an upload: nothing may be executed.
bundle() {
    local program=$1 folder=$2 file
    mkdir "$work/pack"
    cp resources/databricks_app/{pack,start.sh,app.yaml} "$work/pack"
    quietly "$work/pack.log" "$work/pack/pack" "$PWD/$program" || fail "pack $program"
    mkdir "$folder"
    install -m 644 "$work/pack"/dist/* "$folder"
    rm -rf "$work/pack"
    for file in "$folder"/*; do
        [ "$(stat -c %s "$file")" -lt 10000000 ] || fail "$file has 10 MB: the app does not take it"
    done
}

# check_app PROGRAM: as a Databricks App, whose hosts are Ubuntu 22.04 on x86-64: the command of app.yaml, by a user who owns
# nothing, with the environment that the platform makes.
check_app() {
    local port process command variables foreign memory
    root=$work/app
    if [ ! -d "$root" ]; then
        make_root jammy "$root"
        new_database app sandbox-client
    fi
    # The authorities of the host are there, and the database's is one of them.
    install -D -m 644 "$work/ca/ca.pem" "$root/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$root/app"
    bundle "$1" "$root/app"
    command=$(sed -nE 's/^command: \[(.*)\]$/\1/p' resources/databricks_app/app.yaml | tr -d ',')
    [ -n "$command" ] || fail "app.yaml has no command"
    say "Starting $1 as an app: $command"
    port=$(free_port)
    mapfile -t variables < <(settings app "$port" | sed 's/^PORT=/DATABRICKS_APP_PORT=/; s/^PGSSLMODE=.*/PGSSLMODE=require/
        /^PGSSLROOTCERT=/d')
    # shellcheck disable=SC2086
    account=65534:65534 "${enter[@]}" "$root" env -C /app HOME=/app PGHOST=localhost PGUSER=sandbox-client \
        "${variables[@]}" $command >"$work/bot.log" 2>&1 </dev/null &
    process=$!
    started+=("$process")
    answers "$port" cat "$work/bot.log"
    # What it runs is what it brought.
    foreign=$(awk '$6 ~ /\.so|genie-slack/ { print $6 }' "/proc/$process/maps" | sort -u | grep -v '/tmp/genie-slack\.' || true)
    [ -z "$foreign" ] || fail "it took from the host: $foreign"
    memory=$(memory_of <"/proc/$process/status")
    kill -TERM "$process"
    wait "$process" || fail "the app ended with code $?"
    echo "As a Databricks App, $1 answers in Ubuntu 22.04 with its own libraries alone: $memory"
}

# of_image INSTRUCTION: what it says in the last stage of $dockerfile, continued lines joined.
of_image() {
    sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$dockerfile" | sed -n '/^FROM /h; /^FROM /!H; ${g;p}' | sed -nE "s/^$1 +//p"
}

# words VARIABLE: the JSON list that comes, as an array.
words() {
    mapfile -d '' -t "$1" < <(python3 -c 'import json, sys; print(*json.load(sys.stdin), sep="\0", end="\0")')
}

# A command that begins with these words, a root, a user, a folder and NAME=VALUE... runs in an image's root; nothing but
# /tmp can be written, as in Kubernetes.
enter_image=(unshare --mount --propagation private bash -ec '
    root=$1 account=$2 folder=$3
    shift 3
    mount --bind "$root" "$root"
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount -o remount,bind,ro "$root"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot --userspec="$account" "$root" env -C "$folder" "$@"' enter_image)

# check_image: the last stage of the Dockerfile, step by step, in a clean root, with the program of build/release in place
# of the one that the first stage builds; then its health check and a question.
check_image() {
    local release port process variables image entry health step from to copied="" lacking memory
    release=$(of_image FROM | sed -nE 's/^debian:([a-z]+)-slim$/\1/p')
    [ "$release" = "$own" ] || skip "build/release is a program of $own, the image is of ${release:-another system}"
    root=$work/root
    port=$(free_port)
    make_root "$release" "$root"
    say "Its packages"
    step=$(of_image RUN)
    quietly "$work/image.log" in_root "$root" sh -c "$step" || fail "the RUN of the Dockerfile"
    while read -r _ from to; do
        [[ $to != */ ]] || to+=${from##*/}
        install -D "${from#/source/}" "$root/$to" || fail "COPY $from $to"
        strip "$root/$to"
        copied+=" $to"
    done < <(of_image COPY)
    # shellcheck disable=SC2086
    lacking=$(in_root "$root" ldd $copied 2>&1 | grep 'not found' | sort -u || true)
    [ -z "$lacking" ] || fail "the packages of the image lack: $lacking"

    install -m 644 "$work/ca/ca.pem" "$root/ca.pem"
    new_database image image
    # shellcheck disable=SC2046
    mapfile -t variables < <(printf '%s\n' $(of_image ENV); plain_settings image "$port" /ca.pem)
    image=("${enter_image[@]}" "$root" "$(of_image USER)" "$(of_image WORKDIR)" "${variables[@]}")
    words entry < <(of_image ENTRYPOINT)
    words health < <(of_image HEALTHCHECK | sed 's/.* CMD //')
    "${image[@]}" "${entry[@]}" --version || fail "it does not start"
    quietly "$work/migrate.log" "${image[@]}" "${entry[@]}" migrate || fail "migrate"
    all_green "${image[@]}" "${entry[@]}" check
    "${image[@]}" "${entry[@]}" >"$work/bot.log" 2>&1 </dev/null &
    process=$!
    started+=("$process")
    answers "$port" cat "$work/bot.log"
    "${image[@]}" "${health[@]}" || fail "its HEALTHCHECK calls it ill"
    memory=$(memory_of <"/proc/$process/status")
    kill -TERM "$process"
    wait "$process" || fail "the bot ended with code $?"
    "${image[@]}" "${health[@]}" 2>/dev/null && fail "its HEALTHCHECK calls a bot well that does not run"
    echo "The image's packages do for it: started, all green, answered ($memory), healthy, and ill when it had ended"
}
