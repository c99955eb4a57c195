#!/bin/bash
# Pictures of one file each.
. tests/cli/common.sh
workflow w.json
platform p.json
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }

drawn() { [ -s "$1" ] && grep -q "$2" "$1" || fail "$1 does not show '$2'"; checks=$((checks + 1)); }

refuses_without_programs() {             # PATTERN ARGUMENTS: as refuses, with a PATH where no program is
  local pattern=$1
  shift
  (PATH=/nonexistent && exec "$DAGCAST" "$@") >without.out 2>&1 && fail "dagcast $*: succeeds without programs"
  grep -qE -- "$pattern" without.out || fail "dagcast $*: no '$pattern' in: $(head -c 600 without.out)"
  checks=$((checks + 1))
}

for kind in gantt utilisation concurrency stations comparison; do
  succeeds plot $kind w.json -p p.json -o $kind.svg
  says "^wrote $kind.svg$"
  drawn $kind.svg 'w on p (2 nodes)'
  drawn $kind.svg 'sequential: makespan'
  succeeds plot $kind w.json -p p.json --mode pipelined -o one.svg
  drawn one.svg 'pipelined: makespan'
  ! grep -q 'sequential: makespan' one.svg || fail "$kind draws other modes than --mode"
done
succeeds plot gantt w.json -p p.json -o g.png
succeeds plot gantt w.json -p p.json -o g.pdf --title 'a title of <mine>'
[ "$(head -c 4 g.pdf)" = "%PDF" ] || fail "g.pdf is no PDF"

# What --json printed is enough to draw the same again.
"$DAGCAST" compare w.json -p p.json -r 3 --seed 7 --json >r.json
succeeds plot gantt r.json -o again.svg
succeeds plot gantt w.json -p p.json --seed 7 -o first.svg
cmp -s again.svg first.svg || fail "a result gives another picture than its scenario"
cmp -s gantt.svg first.svg && fail "the seed changes nothing"
"$DAGCAST" simulate w.json -p p.json -r 3 --mode pipelined --json >s.json
succeeds plot gantt s.json -o one.svg
drawn one.svg 'pipelined: makespan'
! grep -q 'sequential: makespan' one.svg || fail "a result of simulate draws other modes"
rm w.json
refuses 'r.json was made from w.json, which is needed again: w.json: ' plot gantt r.json
workflow w.json

succeeds plot makespan w.json -p p.json -r 40 -o m.svg
drawn m.svg 'makespan \[s\]'
succeeds plot makespan w.json -p p.json -r 40 --walltime 30 -o m.svg
drawn m.svg 'asynchronous: 0.0 % in time'
succeeds plot makespan w.json -p p.json -r 40 --walltime 1h -o m.svg
drawn m.svg 'asynchronous: 100.0 % in time'

succeeds plot gantt w.json -p p.json --mode sequential -o g.svg --chrome-trace t.json
jq -e '[.traceEvents[] | select(.ph == "X")] | length > 20' t.json >/dev/null || fail "t.json holds no tasks"
refuses 'choose one with --mode' plot gantt w.json -p p.json -o g.svg --chrome-trace u.json

if command -v dot >/dev/null; then
  succeeds plot dag w.json -o dag.svg
  drawn dag.svg '11 tasks of 2 cores + 1 GPU'
  refuses_without_programs 'dot is not installed' plot dag w.json -o absent.svg
fi
refuses_without_programs 'gnuplot is not installed' plot gantt w.json -p p.json -o absent.svg

refuses "did you mean 'gantt'" plot gant w.json
refuses 'there are: gantt, ' plot zebra w.json
refuses 'does not end in .svg, .png or .pdf' plot gantt w.json -o g.gif
refuses 'where should it run' plot gantt w.json
finish
