#!/usr/bin/env bash
# Tells where the tree breaks the rules of the house; fails when it does.
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'TEXT'
Usage: scripts/lint.sh format
       scripts/lint.sh sizes [FILES or FOLDERS...]
       scripts/lint.sh tidy [--minutes N] [FILES...]

  format   files that clang-format would change
  sizes    files of more than 400 lines, functions of more than 60, without a comment that says "Long because ..."
  tidy     names and faults that clang-tidy finds in FILES, else in all sources, the most recently changed first. It
           stops to begin with files after N minutes and says which are left. It reads build/debug (GENIE_SLACK_PRESET
           names another one), which has to be built, by clang.
TEXT
}

# Our sources and headers below the given folders; without any, of the whole tree.
sources() {
    [ $# -gt 0 ] || set -- app core genie sandbox slack storage tests
    find "$@" -name '*.cpp' -o -name '*.hpp' | LC_ALL=C sort
}

# A distribution without the tool, or with another version of it, has nothing to say.
need() {
    if ! command -v "$1" >/dev/null; then
        echo "lint $2: skipped, $1 is not installed"
        exit 0
    fi
}

format() {
    need clang-format-19 format
    local wrong
    wrong=$(sources | xargs clang-format-19 --dry-run 2>&1 | sed -nE 's/^([^: ]+):[0-9]+:[0-9]+: .*/\1/p' | uniq)
    if [ -n "$wrong" ]; then
        echo "clang-format-19 -i would change:"
        echo "$wrong"
        return 1
    fi
    echo "lint format: clean"
}

sizes() {
    sources "$@" | xargs awk -f scripts/sizes.awk || return 1
    echo "lint sizes: clean"
}

# The source that shows a file to the compiler: itself, for a header its own source or else one that includes it.
source_of() {
    case $1 in
        *.cpp) echo "$1" ;;
        *) if [ -f "${1%.hpp}.cpp" ]; then
               echo "${1%.hpp}.cpp"
           else
               sources | grep '\.cpp$' | xargs grep -lF "#include \"$1\"" | sed -n 1p || true
           fi ;;
    esac
}

# All sources, those first that changed most recently, themselves or in their headers.
newest_first() {
    local file
    {
        git log --format= --name-only -- '*.cpp' '*.hpp' 2>/dev/null | awk '!seen[$0]++' | while read -r file; do
            if [ -f "$file" ]; then source_of "$file"; fi
        done
        sources | grep '\.cpp$'
    } | awk '!seen[$0]++'
}

given() {
    local file
    for file in "$@"; do
        source_of "$(cd "$here" && realpath --relative-to "$OLDPWD" "$file")"
    done | awk '!seen[$0]++'
}

# Those of the named sources that the build compiles: the benchmarks, for one, usually are not among them.
built() {
    local file
    while read -r file; do
        if grep -qF "/$file\"" "$LINT_BUILD/compile_commands.json"; then
            echo "$file"
        else
            echo "lint tidy: not part of $LINT_BUILD: $file" >&2
        fi
    done
}

tidy_file() {
    if [ "$(date +%s)" -ge "$LINT_END" ]; then
        echo "$1" >>"$LINT_LEFT"
        return
    fi
    local said status=0
    said=$(clang-tidy-19 -p "$LINT_BUILD" --quiet "$1" 2>&1) || status=$?
    echo "$said" | grep -E ': (error|warning): ' >>"$LINT_FOUND" ||
        [ $status -eq 0 ] || echo "$1: clang-tidy failed: $said" >>"$LINT_FOUND"
    echo "$1" >>"$LINT_DONE"
}

tidy() {
    need clang-tidy-19 tidy
    local minutes=1000000
    if [ "${1:-}" = --minutes ]; then
        minutes=$2
        shift 2
    fi
    export LINT_BUILD=build/${GENIE_SLACK_PRESET:-debug}
    if ! grep -q 'clang++' "$LINT_BUILD/compile_commands.json" 2>/dev/null; then
        echo "lint tidy: skipped, $LINT_BUILD is not built by clang"
        return 0
    fi
    LINT_END=$(($(date +%s) + minutes * 60))
    local scratch
    scratch=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$scratch'" EXIT
    export LINT_END LINT_LEFT=$scratch/left LINT_DONE=$scratch/done LINT_FOUND=$scratch/found
    touch "$LINT_LEFT" "$LINT_DONE" "$LINT_FOUND"
    export -f tidy_file
    { if [ $# -gt 0 ]; then given "$@"; else newest_first; fi; } | built |
        xargs -P "${LINT_JOBS:-$(nproc)}" -I {} bash -c 'tidy_file "$1"' tidy {}
    if [ -s "$LINT_LEFT" ]; then
        echo "lint tidy: not reached within $minutes minutes:"
        sed 's/^/  /' "$LINT_LEFT"
    fi
    if [ -s "$LINT_FOUND" ]; then
        # A header speaks once, however many sources include it.
        sort -u "$LINT_FOUND"
        return 1
    fi
    echo "lint tidy: clean, $(wc -l <"$LINT_DONE") sources"
}

case ${1:-} in
    format | sizes | tidy) "$@" ;;
    *) usage >&2; exit 2 ;;
esac
