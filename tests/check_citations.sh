#!/usr/bin/env bash
# Every citation in a comment leads to a page of the tree (CONTRIBUTING, citations): fails with the lines that do not.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
status=0
complain() {
    echo "$1"
    status=1
}

# The comments of all sources, one a line, as file:line:text. What stands in the code itself (".md" of a file name) is none.
comments() {
    # grep wants --include first: what comes first decides about files that match nothing.
    local skip=(--exclude=check_citations.sh --exclude-dir=build --exclude-dir=.git)
    grep -rnoE --include='*.cpp' --include='*.hpp' --include='*.js' --include='*.inc' --include='*.css' "${skip[@]}" \
        '(//|/\*).*' .
    grep -rnoE --include='*.sql' "${skip[@]}" -e '--.*' .
    grep -rnoE --include='*.sh' --include='*.cmake' --include='CMakeLists.txt' --include='*.yml' --include='.env.example' \
        --include='run' --include='test' "${skip[@]}" '(^|[[:space:]])#.*' .
}
cited=$(comments | grep -E '\.md\b|CONTRIBUTING|DESIGN')

# The page that a name in a comment stands for; protocol pages go by their name alone.
page_of() {
    local candidate
    for candidate in "$1" "docs/protocol/$1"; do
        [ -f "$candidate" ] && echo "$candidate" && return
    done
}

while IFS= read -r line; do
    [ -n "$line" ] || continue
    place=${line%%:*}:$(cut -d: -f2 <<<"$line")
    text=${line#*:*:}
    # NAME.md, with the numbers of its sections if any: "slack.md 2.1, 2.2".
    while IFS= read -r citation; do
        [ -n "$citation" ] || continue
        name=${citation%% *}
        page=$(page_of "$name")
        if [ -z "$page" ]; then
            complain "$place: there is no page $name"
            continue
        fi
        numbers=$(grep -oE '[0-9]+(\.[0-9]+)*' <<<"${citation#"$name"}")
        [ -z "$numbers" ] && [[ $page == docs/protocol/* ]] && complain "$place: $name without the number of a section"
        for number in $numbers; do
            grep -qE "^#+ ${number//./\\.}( |$)" "$page" || complain "$place: $page has no section $number"
        done
    done < <(grep -oE '[A-Za-z0-9_./-]+\.md\b( [0-9]+(\.[0-9]+)*((, | and | to |-)[0-9]+(\.[0-9]+)*)*)?' <<<"$text")
    # CONTRIBUTING, tag: the tag is a heading.
    while IFS= read -r tag; do
        [ -n "$tag" ] || continue
        grep -qE "^#+ $tag( |$)" CONTRIBUTING.md || complain "$place: CONTRIBUTING.md has no heading $tag"
    done < <(grep -oE 'CONTRIBUTING, [a-z0-9-]+' <<<"$text" | sed 's/^CONTRIBUTING, //')
    grep -qE '\bDESIGN\b' <<<"$text" && complain "$place: DESIGN is no page of the tree"
done <<<"$cited"

# The anchors of a page's headings, as GitHub makes them.
anchors_of() {
    sed -nE 's/^#+ +//p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^[:alnum:] _-]//g; s/ /-/g'
}

# Links between our own pages, and to their headings.
while IFS=: read -r file number link; do
    [ -n "$file" ] || continue
    target=${link#](}
    target=${target%)}
    anchor=
    [[ $target == *#* ]] && anchor=${target#*#}
    target=${target%%#*}
    page=$file
    [ -z "$target" ] || page=$(dirname "$file")/$target
    if [ ! -e "$page" ]; then
        complain "$file:$number: there is no $target"
    elif [ -n "$anchor" ] && ! anchors_of "$page" | grep -qxF -- "$anchor"; then
        complain "$file:$number: $page has no heading $anchor"
    fi
done < <(grep -rnoE --include='*.md' --exclude-dir=build --exclude-dir=.git '\]\([^)[:space:]]+\)' . | grep -vE '\]\((https?|mailto):')

[ $status -eq 0 ] && echo "citations lead somewhere ($(grep -c . <<<"$cited") lines)"
exit $status
