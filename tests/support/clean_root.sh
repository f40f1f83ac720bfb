#!/usr/bin/env bash
# Sourced by tests/check_package.sh: clean roots of Debian and Ubuntu, commands in them, and systemd in them. The caller has
# $work, a folder for what is written on the way, and the functions skip, fail, say and until_true.

# make_root RELEASE FOLDER [PACKAGES]: Debian's or Ubuntu's smallest root.
make_root() {
    local release=$1 folder=$2 packages=${3:-} mirror=
    local kept=${GENIE_SLACK_ROOTS:+$GENIE_SLACK_ROOTS/$release${packages:+-$packages}.tar}
    local options=(--variant=minbase ${packages:+"--include=$packages"})
    case $release in
        jammy | noble)
            # Ubuntu's releases are alike to debootstrap, which does not know those that are newer than itself.
            options+=(--components=main,universe)
            [ -e /usr/share/keyrings/ubuntu-archive-keyring.gpg ] || options+=(--no-check-gpg)
            set -- "$release" "$folder" "" gutsy ;;
        *)
            mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
                head -n 1) || true
            set -- "$release" "$folder" ${mirror:+"${mirror% }"} ;;
    esac
    say "A clean $release"
    if [ -n "$kept" ] && [ -f "$kept" ]; then
        mkdir "$folder"
        tar -xpf "$kept" -C "$folder"
        return
    fi
    if ! debootstrap "${options[@]}" "$@" >"$work/debootstrap.log" 2>&1; then
        tail -n 20 "$work/debootstrap.log"
        skip "there is no $release to be had here"
    fi
    cp /etc/resolv.conf "$folder/etc/resolv.conf"
    # What an installer writes and debootstrap does not.
    echo "127.0.0.1 localhost" >"$folder/etc/hosts"
    # An Ubuntu that is kept up to date has clang 19, which the release did not have when it came.
    sed -i -E 's/^(deb [^ ]+) (jammy|noble) (.*)/&\n\1 \2-updates \3/' "$folder/etc/apt/sources.list"
    # It is thrown away: dpkg need not wait for the disk.
    echo force-unsafe-io >"$folder/etc/dpkg/dpkg.cfg.d/throw-away"
    [ -z "$kept" ] || tar -cpf "$kept" -C "$folder" .
}

# A command that begins with these words and a folder runs in the root there, with mounts that end with it: as its
# administrator does it, or as the user in $account.
export clean="PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    ${http_proxy:+http_proxy=$http_proxy}"
enter=(unshare --mount --propagation private bash -ec '
    root=$1
    shift
    mkdir -p "$root/dev" "$root/proc"
    mount --bind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    exec env -i $clean chroot ${account:+--userspec="$account"} "$root" "$@"' enter)

in_root() {
    "${enter[@]}" "$@" </dev/null
}

# Starts systemd in a root. Commands that begin with "${inside[@]}" run beside it from then on.
boot() {
    local unit mount process
    mount=$(findmnt -nt cgroup2 -o TARGET | head -n 1)
    [ -n "$mount" ] && mkdir "$mount/check_package.$$" || skip "systemd needs a control group of its own (cgroup2)"
    groups+=("$mount/check_package.$$")
    # What works at times of its own choosing, or on the kernel.
    for unit in apt-daily.timer apt-daily-upgrade.timer systemd-sysctl.service; do
        ln -sf /dev/null "$1/etc/systemd/system/$unit"
    done
    mkdir "$1/old"
    (echo "$BASHPID" >"$mount/check_package.$$/cgroup.procs"
        exec unshare --pid --fork --kill-child --mount --uts --ipc --cgroup --propagation private bash -ec '
            mount --bind "$1" "$1"
            cd "$1"
            mount -t proc proc proc
            mount --bind proc/sys proc/sys
            mount -o remount,bind,ro proc/sys
            mount -t sysfs -o ro sysfs sys
            mount -t cgroup2 cgroup2 sys/fs/cgroup
            mount -t tmpfs -o mode=755 tmpfs run
            mount -t tmpfs -o mode=755 tmpfs dev
            for device in null zero full random urandom tty; do
                touch dev/$device
                mount --bind /dev/$device dev/$device
            done
            mkdir dev/shm dev/pts
            mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
            ln -s pts/ptmx dev/ptmx
            pivot_root . old
            exec env -i container=check_package sh -c "umount -l /old && exec /lib/systemd/systemd --log-target=journal"
        ' boot "$1" >"$work/boot.log" 2>&1 </dev/null) &
    process=$!
    until_true 30 pgrep -P "$process" || fail "no systemd: $(cat "$work/boot.log")"
    first_process=$(pgrep -P "$process")
    # shellcheck disable=SC2206
    inside=(nsenter -t "$first_process" -m -u -i -p -C -r -w env -i $clean)
    until_true 60 "${inside[@]}" systemctl is-active multi-user.target || fail "systemd does not get up: $(cat "$work/boot.log")"
}
