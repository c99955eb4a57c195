#!/bin/bash
# SIGKILL of the executor at 20 random instants, then --resume: each task has one completion record, what was recorded is never run
# again, and no process is left, whatever process group or session it had moved to.
. tests/cli/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 24, "cores": 1, "duration": {"distribution": "uniform", "min": 0.05, "max": 0.4}},
  {"name": "b", "tasks": 12, "cores": 2, "duration": 0.05, "after": [{"set": "a", "kind": "block"}]},
  {"name": "c", "tasks": 1, "cores": 1, "duration": 0.1, "after": ["b"]}]}
JSON
platform p.json

left() {                                 # DIR: how many processes of its run still live
  of_run "$1" | wc -l
}

killed=0 orphans=0
seeded
for round in $(seq 20); do
  dir=run$round
  "$DAGCAST" execute w.json -p p.json --run-dir "$dir" >/dev/null 2>&1 &
  draw_instant 20 520
  sleep "$instant"
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
  [ $? -eq 137 ] && killed=$((killed + 1))
  [ -e "$dir/journal" ] || continue
  orphans=$((orphans + $(left "$dir")))
  cp "$dir/journal" before                           # its last line may be cut; what stands before it must stay
  kept=$(($(grep -c . before) - 1))
  [ "$kept" -ge 0 ] || kept=0                        # killed before its first line
  run execute --resume "$dir" --json
  [ "$status" -eq 0 ] || fail "round $round: $(cat "$err")"
  json '.done == 37'
  checks=$((checks + 4))
  head -n "$kept" before | cmp -s - <(head -n "$kept" "$dir/journal") || fail "round $round: the journal was changed"
  [ "$(grep '^end ' "$dir/journal" | cut -d' ' -f2,3 | sort -u | wc -l)" -eq 37 ] || fail "round $round: a task has no completion record"
  [ "$(grep -c '^end ' "$dir/journal")" -eq 37 ] || fail "round $round: $(grep -c '^end ' "$dir/journal") completion records"
  again=$(awk '$1 == "end" { done[$2, $3] = 1 } $1 == "start" && done[$2, $3] { n++ } END { print n + 0 }' "$dir/journal")
  [ "$again" -eq 0 ] || fail "round $round: $again tasks with a record were run again"
  [ "$(left "$dir")" -eq 0 ] || fail "round $round: processes are left"
  [ "$(wc -l <"$dir/timeline.csv")" -eq 38 ] || fail "round $round: timeline.csv has $(wc -l <"$dir/timeline.csv") lines"
done
[ "$killed" -ge 15 ] && [ "$orphans" -gt 0 ] || fail "only $killed executors killed, $orphans orphans made: this test tests nothing"

# A task's own children, one of them in a session of its own, and one that outlives its task.
cat >family.json <<'JSON'
{"name": "family", "task_sets": [{"name": "a", "tasks": 2, "cores": 1, "duration": 0,
  "command": ["sh", "-c", "sleep 600 & setsid sleep 600 & test -e ready && exit; touch ready; wait"]}]}
JSON
"$DAGCAST" execute family.json --run-dir family --max-live 1 >/dev/null 2>&1 &
for _ in $(seq 50); do
  [ -e ready ] && [ "$(left family)" -ge 3 ] && break
  sleep 0.1
done
[ "$(left family)" -ge 3 ] || fail "the family is not there"
kill -KILL $!
wait $! 2>/dev/null
run execute --resume family --json
json '.done == 2'
checks=$((checks + 1))
[ "$(left family)" -eq 0 ] || fail "$(left family) of the family live on"

# An executor killed before the first line of its journal.
cp -r family unwritten
: >unwritten/journal
run execute --resume unwritten --json
[ "$status" -eq 0 ] || fail "a run without a line: $(cat "$err")"
json '.done == 2'
finish
