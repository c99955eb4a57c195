#!/bin/bash
# validation/coverage: a table by generation from whatever a folder holds, also from what cannot be read; its numbers are validate's.
. tests/cli/common.sh
command -v jq >/dev/null || { echo "skipped: no jq"; exit 77; }
coverage() { checks=$((checks + 1)); (cd "$source_dir" && MODES=${modes:-session} REPLICAS=40 validation/coverage "$@") >"$work/.out" 2>"$work/.err"; status=$?; out=$work/.out; }

cat >w.json <<'JSON'
{"name": "w", "task_sets": [{"name": "a", "tasks": 3, "cores": 1, "duration": 3}, {"name": "b", "tasks": 2, "cores": 1, "duration": 2, "after": ["a"]}]}
JSON
mkdir -p runs/deep
for run in one two deep/three; do
  "$DAGCAST" execute w.json --platform summit --nodes 1 --time-scale 0.05 --run-dir "runs/$run" --json --quiet >/dev/null || fail "execute $run"
done
echo "no archive" >runs/broken.tgz

coverage "$work/runs"
[ "$status" -eq 0 ] || fail "coverage: exit status $status: $(cat "$work/.err")"
says '^\*\*Fitted on the others, without the session; level best\*\*$'
says '^\| dagcast execute, local \| 3 \| [0-9.]+ \| [0-9.]+ \| [0-3] of 3 \| [0-9.]+ \| [0-9.]+ \| .*\|$'
says '^\| all \| 3 \|'
says '^SKIPPED .*broken.tgz: '
says 'level description'

# Of the program itself: the row is over the sessions that its table lists.
succeeds validate --leave-out session --keep-going --replicas 40 --json runs/one runs/two runs/deep/three runs/broken.tgz
json '(.sessions | length == 3) and (.skipped | length == 1) and (.generations | length == 2)'
json '.generations[-1] as $all | ($all.sessions == 3) and ($all.held == ([.sessions[] | select(.in_interval)] | length)) and
      ($all.error_median - ([.sessions[] | (.error | fabs) / .measured] | sort | .[1]) | fabs < 1e-9)'
refuses 'none of these sessions can be read; runs/broken.tgz' validate --keep-going runs/broken.tgz
succeeds calibrate runs/one -o one.json
succeeds validate --keep-going -m ./one.json runs/one runs/two --replicas 40 --json
json '(.sessions | length == 2) and (.skipped | length == 0)'
json '[.notes[] | select(test("^IN SAMPLE: one: "))] | length == 1'
json '.verdict | test("1 of 2 in sample")'

modes=shipped coverage "$work/runs" requested
says '^\*\*Shipped profiles, level requested\*\*$'
coverage "$work/nowhere"
[ "$status" -eq 2 ] || fail "no folder: exit status $status"
mkdir empty
coverage "$work/empty"
[ "$status" -eq 2 ] || fail "empty folder: exit status $status"
finish
