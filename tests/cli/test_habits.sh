#!/bin/bash
# What every command has in common: "-" is standard input, a priority that nobody uses is said to be ignored, failed tasks say where they wrote.
. tests/cli/common.sh

workflow w.json
platform p.json
reads() {                                # FILE ARGUMENTS: as succeeds, with the file as standard input
  "$DAGCAST" "${@:2}" >"$work/.out" 2>"$work/.err" <"$1"
  status=$? out=$work/.out err=$work/.err checks=$((checks + 1))
  [ "$status" -eq 0 ] && [ -s "$out" ] && [ ! -s "$err" ] || fail "dagcast ${*:2} <$1: exit status $status: $(cat "$err")"
}
succeeds compare w.json -p p.json -r 5 --json
jq .modes "$out" >by_name
reads w.json compare - -p p.json -r 5 --json
jq .modes "$out" | cmp -s - by_name || fail 'compare - differs from compare FILE'
json '.call.operands == ["-"] and .scenario.file == "-"'
cp "$out" result.json
for command in 'describe -' 'model - -p p.json' 'simulate - -p p.json -r 3' 'explain - -p p.json -r 2' 'advise - -p p.json -n 1,2' 'predict - -p p.json' \
               'convert - - --to workflow' 'execute - -p p.json --dry-run'; do
  # shellcheck disable=SC2086
  reads w.json $command
done
succeeds simulate w.json -p p.json -r 1 --timeline t.csv
reads t.csv import -
reads t.csv convert - - --to workflow
cat w.json | "$DAGCAST" describe - >piped || fail 'a pipe is not read'
grep -q '^w: ' piped || fail "of a pipe: $(cat piped)"
wrench='{"name": "pipe", "workflow": {"tasks": [{"name": "strip", "runtime": 137.2, "cores": 1}]}}'
"$DAGCAST" import - --json <<<"$wrench" >piped || fail 'WfFormat without a version is not read from a pipe'
[ "$(jq .critical_path_s piped)" = 137.2 ] || fail "WfFormat through a pipe: $(cat piped)"
"$DAGCAST" import - <w.json >nothing 2>said
grep -q 'is a workflow of dagcast, not a record of a run' said || fail "a workflow through a pipe: $(cat said)"
"$DAGCAST" describe - <<<'{' >nothing 2>said
[ $? -eq 2 ] && grep -q '^dagcast describe: standard input:2:1: not JSON' said && [ ! -s nothing ] || fail "of a broken input: $(cat said)"
"$DAGCAST" describe - </dev/null >nothing 2>said
[ $? -eq 2 ] && [ "$(wc -l <said)" -eq 1 ] || fail "of an empty input: $(cat said)"
"$DAGCAST" compare - -p p.json -r 5 --json --picture-data <w.json >result.json || fail 'standard input is not compared'
succeeds report result.json -o page.html
grep -q '<figure class="gantt">' page.html || fail 'what was read from standard input is not drawn from its result'
[ -z "$(find /tmp -maxdepth 1 -newer w.json -name 'tmpf*' 2>/dev/null)" ] || fail 'a copy of standard input is left'

# --markdown has every table that people see, one form at a time is printed.
succeeds compare w.json -p p.json -r 5 --markdown
says '^## Sequential, pipelined and asynchronous execution compared$'
says '^\|  \| sequential \| pipelined \| asynchronous \|$'
says '^\|---\|---:\|---:\|---:\|$'
[ -z "$(grep '^|' "$out" | awk -F'[^\\\\][|]' '{ print NF }' | sort -u | sed 1,2d)" ] || fail "rows of unlike length: $(grep '^|' "$out")"
succeeds list orders --markdown
says '^\| arrival \| first come, first served \|$'
succeeds list platforms --csv
refuses '^dagcast compare: --json and --markdown: give one of them$' compare w.json -p p.json --json --markdown
refuses '^dagcast list: --csv and --json: give one of them$' list orders --csv --json
refuses '^dagcast execute: --json and --markdown' execute w.json -p p.json --json --markdown

echo '{"name": "w", "task_sets": [{"name": "a", "priority": 3, "duration": 1}, {"name": "b", "duration": 1}]}' >priority.json
run describe priority.json -p p.json
run simulate priority.json -p p.json -r 2
grep -qx "dagcast: task set 'a' has a priority, which is ignored: another order was chosen; --order priority uses it" "$err" || fail "says: $(cat "$err")"
succeeds simulate priority.json -p p.json -r 2 --order priority
run simulate priority.json -p p.json -r 2 --scheduler radical
grep -q 'this scheduler knows none; one with --order priority does' "$err" || fail "says: $(cat "$err")"

echo '{"name": "f", "task_sets": [{"name": "a b", "duration": 1, "command": ["sh", "-c", "echo why >&2; exit 3"]}]}' >f.json
run execute f.json --run-dir failed
place=$(sed -n 's/.*ended with exit status 3; see \(.*\)$/\1/p' "$err")
[ "$(cat "$place" 2>/dev/null)" = why ] || fail "it says: $(cat "$err")"
finish
