#!/bin/bash
# What goes wrong around a run: a full disk, a folder that goes away or cannot be written, journals that are damaged or of another time, tasks
# killed by others, users in a hurry. One sentence each, nothing that was done is lost, and nothing is blamed on a task that it did not do.
. tests/cli/common.sh

platform p.json
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 120, "cores": 1, "duration": 0.05}]}' >w.json
sentence() {                             # FILE PATTERN: one line, which matches
  checks=$((checks + 1))
  [ "$(wc -l <"$1")" -eq 1 ] && grep -qE -- "$2" "$1" || fail "no single '$2' in $1: $(head -c 1500 "$1")"
}
recorded() { grep "^end .* ok " "$1/journal" | cut -d' ' -f2,3 | sort; }
wait_for() {                             # PATTERN FILE: up to ten seconds
  local tenth
  for ((tenth = 0; tenth < 100; tenth++)); do
    grep -qsE -- "$1" "$2" && return
    sleep 0.1
  done
  fail "no '$1' in $2"
}

# Services and their clients without commands would take no time at all.
echo '{"name": "s", "task_sets": [{"name": "llm", "service": {"rate": 2}, "command": ["true"]}, {"name": "ask", "phases": [{"flow": "llm", "amount": 1}]}]}' >service.json
refuses "task set 'ask': asks a service, which only a command can do in a real run" execute service.json
sed 's/, "command": \["true"\]//' service.json >no_command.json
refuses "task set 'llm': is a service, which only a command can do in a real run" execute no_command.json

# A small file system that fills up with what tasks write: no task has failed because of that, and with more room all are done.
if unshare -rm true 2>/dev/null; then
  export -f recorded
  mkdir disk
  unshare -rm bash -c 'mount -t tmpfs -o size=8m none disk && head -c 8257536 /dev/zero >disk/ballast && "$DAGCAST" execute w.json -p p.json --run-dir disk/r >out 2>full.err
    echo $? >full.status; recorded disk/r >full.before; grep "^end" disk/r/journal | grep -v " ok " >full.failed
    rm disk/ballast && "$DAGCAST" execute --resume disk/r --json >full.json 2>resumed.err
    echo $? >resumed.status; recorded disk/r >full.after; grep -c "^start" disk/r/journal >full.starts
    mount -t tmpfs -o size=4k none disk && "$DAGCAST" execute w.json -p p.json --run-dir disk/r >out 2>tiny.err'
  checks=$((checks + 4))
  [ "$(cat full.status resumed.status | tr '\n' ' ')" = '2 0 ' ] || fail "a full disk: exit status $(cat full.status), resumed $(cat resumed.status)"
  sentence full.err 'stopped, nothing that was done is lost \(--resume .*/disk/r goes on\): .*cannot write: No space left on device$'
  [ -s full.before ] && [ ! -s full.failed ] || fail "a full disk: $(wc -l <full.before) tasks recorded as done, $(wc -l <full.failed) as failed"
  [ "$(jq .done full.json)" = 120 ] && [ "$(uniq full.after | wc -l)" -eq 120 ] && [ "$(wc -l <full.after)" -eq 120 ] || fail "resumed: $(cat full.json)"
  [ -z "$(comm -23 full.before full.after)" ] || fail 'what was done is lost'
  sentence tiny.err '^dagcast execute: disk/r/[a-z]*.json: cannot write: No space left on device$'
else
  echo 'no full disk: file systems cannot be mounted here'
fi

# The folder is removed while the run goes on.
"$DAGCAST" execute w.json -p p.json --max-live 2 --run-dir gone >out 2>gone.err &
wait_for '^end' gone/journal
mv gone hidden && rm -r hidden
wait $!
status=$?
checks=$((checks + 1))
[ $status -eq 2 ] || fail 'a folder that is gone: exit status'
sentence gone.err '/gone: cannot write: No such file or directory$'

# A folder that may not be written into (root may, unless that is taken away).
mkdir shut && chmod 555 shut
powerless=()
[ "$(id -u)" -ne 0 ] || powerless=(setpriv --bounding-set=-dac_override)
if ! "${powerless[@]}" touch shut/x 2>/dev/null; then
  "${powerless[@]}" "$DAGCAST" execute w.json -p p.json --run-dir shut/r >out 2>shut.err
  sentence shut.err "^dagcast execute: shut/r: cannot make the run's folder: Permission denied$"
  "${powerless[@]}" "$DAGCAST" execute w.json -p p.json --run-dir shut >out 2>shut.err
  sentence shut.err '^dagcast execute: shut/[a-z]*.json: cannot write: Permission denied$'
fi
touch file
refuses 'file: is a file, and a run needs a folder: give another --run-dir' execute w.json -p p.json --run-dir file
refuses 'file: holds no run' execute --resume file
refuses 'nowhere: there is no such folder' execute --resume nowhere

# A run that is complete is told again, and nothing runs.
succeeds execute w.json -p p.json --run-dir done --json
cp done/journal before
succeeds execute --resume done --json
json '.done == 120 and .nothing_left and .interruptions == 0'
cmp -s before done/journal || fail "a complete run was added to: $(tail -n 2 done/journal)"
succeeds execute --resume done
says '^Nothing was left to do: '
cmp -s before done/journal || fail 'a complete run was added to'

# Journals: cut off anywhere is fine; damaged or from another time is refused, whole, with what to do.
begin_again() { rm -rf r && cp -r done r && cp before r/journal; }
begin_again
head -c "$(($(stat -c %s before) - 7))" before >r/journal
succeeds execute --resume r --json
json '.done == 120'
[ "$(recorded r | uniq | wc -l)" -eq 120 ] && [ "$(recorded r | wc -l)" -eq 120 ] || fail "a torn line: $(recorded r | wc -l) records"
head -c 9 before >r/journal                                # of its first line
succeeds execute --resume r --json
json '.done == 120'
[ "$(recorded r | wc -l)" -eq 120 ] && [ "$(head -n 1 r/journal)" = "$(head -n 1 before)" ] || fail "a torn first line: $(head -n 2 r/journal)"
begin_again
{ head -n 40 before; echo 'gar bage'; tail -n +41 before; } >r/journal
refuses "r/journal:41: 'gar bage' is not a line of a journal .*keep only the lines before it \(head -n 40\)" execute --resume r
cmp -s r/journal <({ head -n 40 before; echo 'gar bage'; tail -n +41 before; }) || fail 'a damaged journal was changed'
head -n 40 r/journal >r/cut && mv r/cut r/journal          # as it is told
succeeds execute --resume r --json
json '.done == 120'
{ cat before; head -c 300 /dev/urandom | tr -d '\n'; echo; } >r/journal
refuses "r/journal:$(($(wc -l <before) + 1)): '.*' is not a line of a journal" execute --resume r
{ echo 'dagcast journal 2'; tail -n +2 before; } >r/journal
refuses "r/journal: its first line is 'dagcast journal 2', but this dagcast reads journals that begin with 'dagcast journal 1'; the dagcast whose version run.json beside it names can read it" execute --resume r
{ cat before; echo 'pause 17.5'; } >r/journal
refuses "'pause 17.5' is not a line of a journal" execute --resume r
begin_again
jq '.from_the_future = 1' done/run.json >r/run.json
refuses "run.json.*from_the_future" execute --resume r
head -c 30 done/run.json >r/run.json
refuses "run.json" execute --resume r

# A task that somebody kills, and one that cannot be run once its name is filled in.
cat >odd.json <<'JSON'
{"name": "odd", "task_sets": [{"name": "shot", "tasks": 1, "cores": 1, "duration": 0, "retries": 1, "command": ["sh", "-c", "test {attempt} = 1 || exec sleep 60"]},
  {"name": "absent", "tasks": 1, "cores": 1, "duration": 0, "command": ["./{set}"]}, {"name": "plain", "tasks": 1, "cores": 1, "duration": 0, "command": ["./{set}"]}]}
JSON
touch plain
"$DAGCAST" execute odd.json --run-dir odd >out 2>odd.err &
wait_for '^start 0 0 0' odd/journal
for ((tenth = 0; tenth < 100; tenth++)); do
  shot=$(of_run odd | tr -cd '0-9\n' | while read -r pid; do [ "$(cat "/proc/$pid/comm")" = sleep ] && echo "$pid"; done)
  [ -n "$shot" ] && break
  sleep 0.1
done
kill -SEGV "$shot"
wait $!
status=$?
checks=$((checks + 5))
[ $status -eq 2 ] || fail 'odd: exit status'
grep -q '^dagcast execute: task 0 of shot was killed by signal 11 (Segmentation fault); attempt 2 of 2 follows$' odd.err || fail "shot: $(cat odd.err)"
grep -q "^dagcast execute: task 0 of absent cannot run './absent': No such file or directory$" odd.err || fail "absent: $(cat odd.err)"
grep -q "^dagcast execute: task 0 of plain cannot run './plain': Permission denied$" odd.err || fail "plain: $(cat odd.err)"
grep -q '^dagcast execute: 2 tasks have failed, and 0 were not run because of that$' odd.err || fail "odd: $(cat odd.err)"

# A machine without room for more processes (each has a file open here): tasks wait for others to end, and have not failed. A limit that can be
# raised is.
echo '{"name": "big", "nodes": [{"count": 8, "cores": 8}]}' >big.json
echo '{"name": "many", "task_sets": [{"name": "a", "tasks": 60, "cores": 1, "duration": 0.3}]}' >many.json
(ulimit -n 30; "$DAGCAST" execute many.json -p big.json --run-dir narrow --json >narrow.json 2>narrow.err)
checks=$((checks + 2))
[ "$(jq '[.done, .failed, .retries] | join(" ")' -r narrow.json)" = '60 0 0' ] || fail "few files: $(cat narrow.json)"
sentence narrow.err '^dagcast execute: .*: Too many open files; with [0-9]+ tasks running, the others wait for one to end$'
(ulimit -S -n 30; "$DAGCAST" execute many.json -p big.json --run-dir raised --json >raised.json 2>raised.err)
[ "$(jq .done raised.json)" = 60 ] && [ ! -s raised.err ] || fail "a limit that can be raised: $(cat raised.json raised.err)"

# Tasks that do not listen: a second Ctrl-C does not wait for the grace; neither do they outlive it.
echo '{"name": "deaf", "task_sets": [{"name": "a", "tasks": 2, "cores": 1, "duration": 0, "command": ["sh", "-c", "trap \"\" TERM; sleep 60; sleep 60"]}]}' >deaf.json
"$DAGCAST" execute deaf.json --max-live 1 --grace 50 --run-dir deaf >out 2>deaf.err &
wait_for '^start' deaf/journal
sleep 0.3
kill -INT $!
sleep 0.3
kill -0 $! || fail 'deaf: the grace was not given'
kill -INT $!
begun=$SECONDS
wait $!
status=$?
checks=$((checks + 3))
[ $status -eq 130 ] && [ $((SECONDS - begun)) -lt 20 ] || fail "deaf: not at once, after $((SECONDS - begun)) s"
sentence deaf.err 'interrupted: 0 of 2 tasks are done, 0 have failed; go on with: dagcast execute --resume .*/deaf$'
[ -z "$(of_run deaf)" ] || fail "deaf: processes are left: $(of_run deaf)"
finish
