#!/bin/bash
# Names that carry everything at once reach every output, and do nothing there: no control byte on a terminal, JSON and XML that parse,
# no formula in a CSV cell, exactly the batch lines that were meant, and CSV that reads back to the same names.
. tests/cli/common.sh
jq -n '
  ("n'\''q'\'''\''r \"d\" `touch mark` $(touch mark) \\ {/Bold b}_c @m ]]> <b>&amp;; \u001b[31mR\u001b[0m\n#SBATCH --account=evil\r\t" +
   "\u0007\u007f\u009b2J\u202eRTL\u2066 \u2028x %s %n %3B é日") as $bad |
  ["=1+1", "@SUM(A1)", "+cmd", "-cmd"] as $first |
  {name: $bad, source: $bad, task_sets: [$first[] | {name: (. + $bad), tasks: 3, duration: {distribution: "normal", mean: 10, sd: 1}}]} |
  .task_sets[1].after = [$first[0] + $bad] |
  .pipelines = [{name: ("p1" + $bad), stages: [[$first[0] + $bad], [$first[1] + $bad]]},
                {name: ("p2" + $bad), stages: [[$first[2] + $bad], [$first[3] + $bad]]}]' >w.json
jq '.name as $bad | {name: $bad, source: $bad, scheduler: "slurm", queues: [{name: ("q" + $bad), max_walltime: 86400}],
  nodes: [{name: $bad, count: 2, cores: 4, gpus: 1, names: [("=n1" + $bad), ("n2" + $bad)]}]}' w.json >p.json
jq '.name as $bad | {name: $bad, summary: $bad, source: $bad, stations: {client: {base: 1}, schedule: {retry: 0.1}},
  seen: {nodes: 1, tasks: 1, platform: $bad, launcher: $bad}, sessions: [{name: $bad, "client.base": 1}]}' w.json >m.json
jq -n '{name: "s", workflow: "w.json", platform: "p.json", replicas: 8, grid: {mode: ["sequential", "asynchronous"]}}' |
  jq --slurpfile w w.json '.name = $w[0].name' >g.json
cp w.json "=f
$(printf '\033[2J').json"
odd=$(echo =f*.json)

controls='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]'
harmless() {                             # ARGUMENTS: no control byte and no line of a name's own, whatever the status
  run "$@"
  [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || fail "dagcast $*: status $status"
  LC_ALL=C grep -qaP "$controls" "$out" "$err" && fail "dagcast $*: control bytes: $(LC_ALL=C grep -aP "$controls" "$out" "$err" | head -1 | cat -v)"
  grep '^#SBATCH --account' "$out" "$err" | grep -qv 'account=YOUR_ACCOUNT$' && fail "dagcast $*: a name is a line of its own"
  [ ! -e mark ] || fail "dagcast $*: a name was run"
}
works() { harmless "$@"; [ "$status" -eq 0 ] || fail "dagcast $*: status $status: $(cat "$err")"; }
is_xml() {                               # FILE
  checks=$((checks + 1))
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1" 2>.xml || fail "$1 is not XML: $(tail -1 .xml)"
}
no_formula() {                           # FILE: no cell, quoted or not, begins one
  checks=$((checks + 1))
  python3 - "$1" <<'PY' || fail "$1: a cell begins a formula"
import csv, re, sys
cells = [c for row in csv.reader(open(sys.argv[1], newline="")) for c in row]
sys.exit(any(c[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", c) for c in cells if c))
PY
}

everything='w.json -p p.json -m m.json'
for command in compare simulate explain; do works $command $everything -r 8; done
works model $everything
works describe $everything
for command in compare simulate explain; do
  works $command $everything -r 8 --json
  jq -e . "$out" >/dev/null || fail "$command --json: not JSON"
  cp "$out" $command.json
done
harmless simulate "$odd" -p p.json -r 2
harmless simulate "$odd" -p "$odd"
harmless simulate w.json -p p.json -m $'no\033[2J\nsuch'
harmless $'com\033[2Jmand'
harmless simulate w.json $'--opt\033[2J\nion'
harmless simulate w.json -p p.json --nodes $'1\n#SBATCH --account=x'
printf '{"a\\u001b[2J\\n": 1}' >bad.json
harmless simulate bad.json -p p.json

# batch lines
works advise $everything -r 80
checks=$((checks + 1))
[ "$(grep -c '^#SBATCH' "$out")" -eq 3 ] && grep -qE '^#SBATCH --nodes=[12]$' "$out" && grep -qE '^#SBATCH --time=[0-9:]+$' "$out" ||
  fail "not the three batch lines: $(grep SBATCH "$out")"
grep '^#' "$out" >batch.sh
bash -n batch.sh || fail "the batch lines are not a script"
works advise $everything -r 80 --json
cp "$out" advise.json

# CSV, traces, round trips
works simulate $everything -r 1 --timeline t.csv --chrome-trace c.json
jq -e '.traceEvents | length > 12' c.json >/dev/null || fail "the Chrome trace is not JSON"
no_formula t.csv
works import t.csv --write-workflow iw.json --write-platform ip.json
checks=$((checks + 2))
[ "$(jq -cS '[.task_sets[].name] | sort' w.json)" = "$(jq -cS '[.task_sets[].name] | sort' iw.json)" ] || fail "sets' names changed on the way through CSV"
[ "$(jq -cS '[.nodes[].names[]] | sort' p.json)" = "$(jq -cS '[.nodes[].names[]] | sort' ip.json)" ] || fail "nodes' names changed on the way through CSV"
works convert w.json -
works convert w.json wf.json --to wfformat
works convert t.csv back.json --workflow w.json
jq -e . wf.json back.json >/dev/null || fail "WfFormat is not JSON"
works sweep g.json --store s.sqlite --csv
cp "$out" s.csv
no_formula s.csv
works sweep g.json --store s.sqlite --json
jq -e '.rows | length == 2' "$out" >/dev/null || fail "sweep --json"
works execute w.json -p p.json --time-scale 0.001 --run-dir run
works import run
works import run --json

# pictures and pages
if command -v gnuplot >/dev/null; then
  for kind in gantt utilisation concurrency stations comparison; do
    works plot $kind t.csv -o $kind.svg --title "$(jq -r .name w.json)"
    is_xml $kind.svg
  done
  works plot gantt t.csv -o gantt.pdf
  works plot makespan $everything -r 8 -o makespan.svg && is_xml makespan.svg
  works plot explain explain.json -o explain.svg && is_xml explain.svg
  works plot pareto advise.json -o pareto.svg && is_xml pareto.svg
  for result in simulate.json explain.json advise.json; do
    works report $result t.csv -o r.html
    checks=$((checks + 1))
    LC_ALL=C grep -qaP "$controls" r.html && fail "report of $result: control bytes"
    absent '<b>&amp;' r.html "report of $result: a name is markup"
  done
fi
if command -v dot >/dev/null; then works plot dag w.json -o dag.svg && is_xml dag.svg; fi
finish
