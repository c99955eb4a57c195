#!/bin/bash
# Tasks as processes: what is run, where, what it leaves; failures, timeouts, retries; interruptions; every refusal in one sentence.
. tests/cli/common.sh

left() {                                 # DIR: how many processes of its run still live
  of_run "$1" | wc -l
}

none_left() {                            # DIR
  checks=$((checks + 1))
  [ "$(left "$1")" -eq 0 ] || fail "$(left "$1") processes of $1 are left"
}

cat >w.json <<'JSON'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 11, "cores": 2, "gpus": 1, "duration": {"distribution": "normal", "mean": 34.5, "sd": 3}},
  {"name": "b", "tasks": 3, "cores": 5, "duration": 12.5, "after": ["a"]},
  {"name": "c", "tasks": 7, "cores": 1, "duration": {"distribution": "exponential", "mean": 61}}]}
JSON
platform p.json

# A run on nodes that are not here, and what it leaves: a measured session like any other.
succeeds execute w.json -p p.json --time-scale 0.002 --run-dir run1 --json
json '.done == 21 and .failed == 0 and .makespan > 0.2 and .makespan < 5'
makespan=$(jq .makespan "$out")
[ "$(wc -l <run1/timeline.csv)" -eq 22 ] || fail "run1/timeline.csv: $(wc -l <run1/timeline.csv) lines"
[ "$(grep -c '^end .* ok ' run1/journal)" -eq 21 ] || fail "run1/journal: not one completion record a task"
jq -e '.time_scale == 0.002 and .mode == "asynchronous" and .version' run1/run.json >/dev/null || fail "run1/run.json: $(cat run1/run.json)"
jq -e '.task_sets[1].duration | .value == 12.5 and .scale == 0.002' run1/workflow.json >/dev/null || fail "run1/workflow.json is not scaled"
none_left run1

# The same decisions: replayed from the measured arrivals and releases, every placement, at its very instant.
succeeds replay run1 --json
json '.. | objects | select(.scheduler? == "arrival + backfill, first_fit" or .name? == "arrival + backfill, first_fit") | .explained == 21'
# Packed file by file it is the same session.
succeeds import run1 --csv
cp "$out" plain.csv
cp -r run1 packed1
gzip packed1/*.json packed1/journal
succeeds import packed1 --csv
cmp -s plain.csv "$out" || fail "a run whose files are packed reads differently: $(diff plain.csv "$out" | head -3)"
refuses 'packed1/journal: cannot open: No such file' execute --resume packed1
# A packed journal that is cut off is no run that was interrupted.
gzip -d <packed1/journal.gz | gzip | head -c $(($(wc -c <packed1/journal.gz) * 4 / 5)) >cut.gz
mv cut.gz packed1/journal.gz
succeeds import packed1
says 'damaged: ends early'
# And no shorter than what it was asked to run.
succeeds simulate run1/workflow.json -p run1/platform.json -r 1 --json
json ".makespan.mean <= $makespan"

# A dry run starts nothing, and says what the simulator says.
succeeds execute w.json -p p.json --dry-run --json
json '.starts | length == 21 and every(.nodes | startswith("node"))'
dry=$(jq '[.starts[] | .start] | max' "$out")
succeeds simulate w.json -p p.json -r 1 --timeline s.csv
[ "$(awk -F, 'NR > 1 && $9 > max { max = $9 } END { printf "%.3f", max }' s.csv)" = "$(printf %.3f "$dry")" ] || fail "last start of the dry run: $dry"

# This machine: commands with their placeholders, bound to their cores.
cat >m.json <<'JSON'
{"name": "m", "task_sets": [
  {"name": "one", "tasks": 3, "cores": 1, "duration": 0, "command": ["sh", "-c", "echo {set} {task} {attempt} {cores} $OMP_NUM_THREADS; grep Cpus_allowed_list /proc/self/status; echo [$CUDA_VISIBLE_DEVICES]"]}]}
JSON
succeeds execute m.json --run-dir m1
for task in 0 1 2; do
  core=$(sed -n "s/^one $task 0 \([0-9]*\) 1$/\1/p" "m1/tasks/0-one/$task.0.out")
  [ -n "$core" ] || fail "placeholders: $(cat "m1/tasks/0-one/$task.0.out")"
  grep -q '^\[\]$' "m1/tasks/0-one/$task.0.out" || fail "a task without GPUs sees some"
  [ "$(grep -c '^Cpus_allowed_list:.[0-9]*$' "m1/tasks/0-one/$task.0.out")" -eq 1 ] || [ "$(nproc)" -ne "$(lscpu -p=CORE 2>/dev/null | grep -vc '^#')" ] ||
    fail "not bound to one core: $(cat "m1/tasks/0-one/$task.0.out")"
  checks=$((checks + 3))
done

# Failures: retried, then final; what depends on them is left out, the rest goes on; a sentence each.
cat >f.json <<'JSON'
{"name": "f", "task_sets": [
  {"name": "twice", "tasks": 1, "cores": 1, "duration": 0, "retries": 2, "command": ["sh", "-c", "test {attempt} -ge 2"]},
  {"name": "never", "tasks": 1, "cores": 1, "duration": 0, "command": ["sh", "-c", "exit 7"]},
  {"name": "killed", "tasks": 1, "cores": 1, "duration": 0, "command": ["sh", "-c", "kill -KILL $$"]},
  {"name": "slow", "tasks": 1, "cores": 1, "duration": 0, "timeout": 0.2, "command": ["sh", "-c", "sleep 600 & wait"]},
  {"name": "deaf", "tasks": 1, "cores": 1, "duration": 0, "timeout": 0.2, "command": ["sh", "-c", "trap '' TERM; sleep 600 & while :; do wait; done"]},
  {"name": "after", "tasks": 4, "cores": 1, "duration": 0, "after": ["never"], "command": ["true"]},
  {"name": "fine", "tasks": 2, "cores": 1, "duration": 0, "after": ["twice"], "command": ["true"]}]}
JSON
run execute f.json --run-dir f1 --grace 0.3
[ "$status" -eq 2 ] || fail "a run with failed tasks: exit status $status"
for sentence in 'task 0 of twice ended with exit status 1; attempt 2 of 3 follows' 'task 0 of never ended with exit status 7$' \
  'task 0 of killed was killed by signal 9 \(Killed\)' 'task 0 of slow was ended after its timeout of 0.2 s' \
  'task 0 of deaf was ended after its timeout' '4 tasks have failed, and 4 were not run because of that'; do
  checks=$((checks + 1))
  grep -qE "$sentence" "$err" || fail "no '$sentence' in: $(cat "$err")"
done
says '^Tasks +3 of 11 tasks done, 4 failed, 4 not run because of that, 2 attempts repeated'
none_left f1
run execute f.json --run-dir f2 --stop-on-failure --grace 0.3
[ "$status" -eq 2 ] && grep -q 'stopped because a task has failed' "$err" || fail "--stop-on-failure: $(cat "$err")"
none_left f2

# Drawn failures are the simulator's.
echo '{"name": "d", "task_sets": [{"name": "a", "tasks": 40, "cores": 1, "duration": 0.05, "failure_probability": 0.3, "retries": 1}]}' >d.json
run execute d.json -p p.json --run-dir d1 --json --quiet
[ -s "$out" ] || fail "no result beside failed tasks"
failed=$(jq .failed "$out") retries=$(jq .retries "$out")
succeeds simulate d.json -p p.json -r 1 --json
json ".failed == $failed and .retries == $retries"

# At most so many at once.
succeeds execute w.json -p p.json --time-scale 0.001 --run-dir cap --max-live 2
[ "$(awk -F, 'NR > 1 { print $8, 1; print $11, -1 }' cap/timeline.csv | sort -g | awk '{ n += $2; if (n > m) m = n } END { print m }')" -le 2 ] ||
  fail "--max-live 2 was not kept"

# Interrupted: tasks end, a sentence says how to go on, and that works.
for signal in INT TERM; do
  "$DAGCAST" execute w.json -p p.json --time-scale 0.03 --run-dir "i$signal" >int.out 2>int.err &
  sleep 0.7
  kill -$signal $!
  wait $!
  status=$?
  checks=$((checks + 4))
  [ "$status" -eq 130 ] || fail "SIG$signal: exit status $status"
  grep -qE "^dagcast execute: interrupted: [0-9]+ of 21 tasks are done, 0 have failed; go on with: dagcast execute --resume " int.err || fail "SIG$signal: $(cat int.err)"
  [ "$(left "i$signal")" -eq 0 ] || fail "SIG$signal left processes"
  succeeds execute --resume "i$signal" --json
  json '.done == 21'
  [ "$(grep -c '^end ' "i$signal/journal")" -eq 21 ] || fail "SIG$signal and resumed: $(grep -c '^end ' "i$signal/journal") completion records"
done

# A pause is no measure: who resumes is told how much of the makespan it is, and so is who validates or calibrates.
cat >pause.json <<'JSON'
{"name": "pause", "task_sets": [{"name": "a", "tasks": 40, "cores": 8, "duration": 0.1}]}
JSON
"$DAGCAST" execute pause.json -p p.json --run-dir paused >/dev/null 2>&1 &
for _ in $(seq 100); do grep -q '^end ' paused/journal 2>/dev/null && break; sleep 0.1; done
sleep 0.5
kill -INT $!
wait $!
sleep 2
succeeds execute --resume paused
says '^Makespan +[0-9.]+ s, of which [0-9]+\.[0-9]+ s interrupted'
succeeds import paused --json
json '.interruptions == 1 and .interrupted_s >= 2 and .interrupted_s < .makespan_s - 1'
succeeds validate paused --middleware ideal -r 20
says '^WARNING: paused was interrupted 1 time, for [0-9]+\.[0-9] s in all: its makespan measures nothing'
says '1 of 1 session was interrupted and not counted here'
succeeds validate paused --middleware ideal -r 20 --json
json '.sessions[0].interruptions == 1 and (.sessions[0].interrupted_s >= 2)'
succeeds report paused -o paused.html
grep -qE '<p class="warning">This run was interrupted 1 time, for [0-9]+\.[0-9] s in all: its makespan measures nothing' paused.html || fail "the report of a paused run does not warn"
succeeds calibrate paused
says 'paused was interrupted 1 time, for [0-9]+\.[0-9] s in all: its makespan measures nothing'

# What was demanded in cores is told in cores, though the slots are threads; a task table only counts slots.
echo '{"name": "u", "task_sets": [{"name": "a", "tasks": 2, "cores": 7, "duration": 0.05}, {"name": "b", "tasks": 2, "cores": 3, "duration": 0.05}]}' >u.json
succeeds execute u.json -p summit -n 1 --run-dir units
succeeds import units --json
json '.platform.slots == "threads" and [.sets[].cores] == [7, 3] and (.sets[0] | has("threads") | not)'
succeeds import units/timeline.csv --json
json '.platform.slots == "slots" and ([.sets[] | {(.set): .slots}] | add) == {a: 28, b: 12}'
sed 's/"cores": 3/"threads": 3/' u.json >mixed.json
succeeds execute mixed.json -p summit -n 1 --run-dir mixed
succeeds import mixed --json
json '[.sets[].threads] == [28, 3]'
succeeds validate mixed
says 'ideal: no shipped profile is for such a session.*dagcast calibrate'

# Two at once on one folder: refused while the first runs.
"$DAGCAST" execute w.json -p p.json --time-scale 0.01 --run-dir busy >/dev/null 2>&1 &
for _ in $(seq 100); do [ -s busy/journal ] && break; sleep 0.1; done
refuses 'journal: another dagcast \(process [0-9]+\) is executing this run' execute --resume busy
wait $!

# A disk without room, which a limit of a file's size stands for: one sentence, and nothing that was done is lost.
(ulimit -f 2; "$DAGCAST" execute w.json -p p.json --time-scale 0.002 --run-dir full >full.out 2>full.err)
checks=$((checks + 3))
grep -qE 'stopped, nothing that was done is lost .*/journal: cannot write: File too large' full.err || fail "a full disk: $(cat full.err)"
done_before=$(grep -c '^end ' full/journal)
none_left full
succeeds execute --resume full --json
json '.done == 21'
[ "$(grep -c '^end ' full/journal)" -eq 21 ] && [ "$done_before" -gt 0 ] || fail "full: $done_before, then $(grep -c '^end ' full/journal) completion records"

# Refusals: nothing is left behind.
refuses 'run1: holds a run already; nothing there is overwritten' execute w.json -p p.json --run-dir run1
mkdir -p other && touch other/file
refuses 'other: is not empty' execute w.json -p p.json --run-dir other
refuses "cannot make the run's folder" execute w.json -p p.json --run-dir nowhere/run
refuses 'no run' execute --resume other
refuses 'needs SCENARIO' execute
refuses 'no scenario, no --run-dir' execute --resume run1 w.json
refuses '^dagcast execute: --resume goes on with a run as it was begun, so --time-scale cannot be given with it' execute --resume run1 --time-scale 1
refuses 'so --backend, --time-scale, --platform, --mode and --seed cannot be given' execute --resume run1 --seed 3 --mode pipelined -p summit --time-scale 0.5 --backend local
refuses 'so --stop-on-failure and --middleware cannot be given' execute --resume run1 -m ideal --stop-on-failure --grace 2
refuses "must be local or slurm, is 'locl'; did you mean 'local'\?" execute w.json --backend locl
refuses "is 'scripted'$" execute w.json --backend scripted
refuses "task set 'one' runs a command, but platform p is not this machine" execute m.json -p p.json
refuses '--busy needs this machine' execute w.json -p p.json --busy
sed 's/"sh"/"no-such-program"/' m.json >n.json
refuses "task set 'one': cannot run 'no-such-program': No such file or directory in PATH" execute n.json
touch plain && sed "s|\"sh\"|\"$PWD/plain\"|" m.json >n.json
refuses "cannot run '$PWD/plain': Permission denied" execute n.json
echo 'end 0 0 0 nonsense' >>run1/journal
refuses "journal:[0-9]+: 'end 0 0 0 nonsense' is not a line of a journal .*head -n [0-9]+" execute --resume run1
finish
