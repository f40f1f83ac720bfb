#!/usr/bin/env bash
# The monitoring files fit the rest: every series that the alerts and the dashboard name stands in docs/metrics.md, and every
# runbook_url leads to a heading of docs/runbook.md. Where promtool is installed, the rules do what their tests say and the
# dashboard's expressions can be read; where systemd is, its unit is as confined as it is said to be. Fails with the lines
# that do not.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
status=0
complain() {
    echo "$1"
    status=1
}

files=(resources/monitoring/prometheus-rules.yml resources/monitoring/prometheus-rules-test.yml
    resources/monitoring/grafana-dashboard.json)
rules=${files[0]}
runbook=docs/runbook.md
for file in "${files[@]}" "$runbook" docs/metrics.md; do
    [ -s "$file" ] || complain "there is no $file"
done
[ $status -eq 0 ] || exit 1

# First column of the table. A histogram has three series.
known=$(sed -nE 's/^\| `([a-z_]+)` \| ([a-z]+) .*/\1 \2/p' docs/metrics.md | while read -r name type; do
    echo "$name"
    [ "$type" = histogram ] && printf '%s\n' "${name}_bucket" "${name}_sum" "${name}_count"
done)
named=0
while IFS=: read -r file number name; do
    named=$((named + 1))
    grep -qxF "$name" <<<"$known" || complain "$file:$number: docs/metrics.md has no series $name"
done < <(grep -noE '\b(genie_slack_[a-z_]+|process_[a-z]+_[a-z_]+)' "${files[@]}")
[ $named -gt 0 ] || complain "the monitoring files name no series"

# As GitHub makes anchors of the headings that the runbook has: lower case, without what is no letter, digit, "-" or "_".
anchors=$(sed -nE 's/^#+ +//p' "$runbook" | tr '[:upper:] ' '[:lower:]-' | sed 's/[^a-z0-9_-]//g')
alerts=$(grep -cE '^ *- alert:' "$rules")
urls=$(grep -cE '^ *runbook_url: .*docs/runbook\.md#[a-z0-9_-]+$' "$rules")
[ "$alerts" -gt 0 ] || complain "$rules has no alerts"
[ "$alerts" -eq "$urls" ] || complain "$rules has $alerts alerts, but $urls runbook_url that end in docs/runbook.md#anchor"
while IFS=: read -r file number url; do
    grep -qxF "${url#*#}" <<<"$anchors" || complain "$file:$number: $runbook has no section #${url#*#}"
done < <(grep -noE 'docs/runbook\.md#[a-z0-9_-]+' "${files[@]}")
# Each alert leads to the section of its own name.
while read -r alert; do
    grep -qE "docs/runbook\.md#${alert,,}\$" "$rules" || complain "$rules: $alert has no runbook_url with its name"
done < <(sed -nE 's/^ *- alert: *//p' "$rules")

if command -v promtool >/dev/null; then
    said=$(promtool test rules resources/monitoring/prometheus-rules-test.yml 2>&1) || complain "$said"
    said=$(promtool check rules "$rules" 2>&1) || complain "$said"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # A check that finds no mistake proves nothing.
    sed '0,/expr: */s//expr: sum(/' "$rules" >"$work/broken.yml"
    promtool check rules "$work/broken.yml" >/dev/null 2>&1 && complain "promtool finds no fault with a broken rule"
    # What the dashboard asks, as rules: the interval that Grafana puts in stands for its variables.
    expressions=0
    printf 'groups:\n- name: dashboard\n  rules:\n' >"$work/dashboard.yml"
    while read -r expression; do
        expressions=$((expressions + 1))
        printf -- '  - record: "dashboard:%d"\n    expr: %s\n' $expressions "$expression" >>"$work/dashboard.yml"
    done < <(sed -nE 's/^ *"expr": ("([^"\\]|\\.)*").*/\1/p' "${files[2]}" | sed -E 's/\$__(rate_)?interval/5m/g')
    [ $expressions -gt 0 ] || complain "${files[2]} asks nothing"
    said=$(promtool check rules "$work/dashboard.yml" 2>&1) || complain "$said"
fi
if command -v systemd-analyze >/dev/null; then
    unit=resources/systemd/genie-slack.service
    systemd-analyze security --offline=true --threshold=20 $unit >/dev/null 2>&1 || complain "$unit is more exposed than 2.0"
    sed '/^Protect\|^Private\|^Restrict/d' $unit >"${TMPDIR:-/tmp}/genie-slack-$$.service"
    systemd-analyze security --offline=true --threshold=20 "${TMPDIR:-/tmp}/genie-slack-$$.service" >/dev/null 2>&1 &&
        complain "systemd-analyze finds no fault with a unit that protects nothing"
    rm -f "${TMPDIR:-/tmp}/genie-slack-$$.service"
fi

[ $status -eq 0 ] && echo "monitoring files name what is there ($named series, $alerts alerts)"
exit $status
