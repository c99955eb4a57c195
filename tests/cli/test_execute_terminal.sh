#!/bin/bash
# What a terminal shows while tasks run: one line that is written over, with what is done, runs, waits and has failed, and a time left that moves
# with what has ended early or late; cut to the terminal's width; nothing of it where it is not wanted. A terminal that closes ends the run.
. tests/cli/common.sh
command -v script >/dev/null || { echo 'skipped: no script(1) (Debian: bsdutils)'; exit 77; }

shown() {                                # ARGUMENTS: dagcast on a terminal; each state of its line, on lines of their own, in $lines
  TERM=${term-xterm} script -qec "${before-true}; $(printf '%q ' "$DAGCAST" "$@")" /dev/null </dev/null | tr '\r' '\n' | sed 's/\x1b\[K/>/g' |
    grep -v '^$' >lines
}
states() {                               # PATTERN: how many states of the line are like that
  grep -cE "^>$1" lines
}
expect() {                               # CONDITION WHAT
  checks=$((checks + 1))
  eval "$1" || fail "$2: $(cat lines)"
}

# Planned are 30 s and 30 s; it takes 1 s and 1 s: what has ended early says so of what follows.
cat >early.json <<'JSON'
{"name": "early", "task_sets": [{"name": "a", "tasks": 2, "cores": 1, "duration": 30, "command": ["sleep", "1"]},
  {"name": "b", "tasks": 2, "cores": 1, "duration": 30, "after": ["a"], "command": ["sleep", "1.5"]}]}
JSON
echo '{"name": "this-machine", "nodes": [{"cores": 2}]}' >two.json
shown execute early.json -p two.json --run-dir early
expect '[ "$(states "0 of 4 tasks done, 2 running, 2 waiting, 0 failed; (1:00|0:59) left$")" -ge 1 ]' 'the plan at first'
expect '[ "$(states "2 of 4 tasks done, 2 running, 0 waiting, 0 failed; 0:0[012] left$")" -ge 1 ]' 'what has ended early'
expect '[ "$(states "4 of 4 tasks done, 0 running, 0 waiting, 0 failed$")" -eq 1 ]' 'the end'
expect 'grep -q "^Tasks *4 of 4 tasks done" lines' 'the result behind the line'

# Planned are 0.2 s: it is late, and the rest will be too. While nothing ends the line goes on.
cat >late.json <<'JSON'
{"name": "late", "task_sets": [{"name": "a", "tasks": 2, "cores": 1, "duration": 0.2, "command": ["sleep", "3.5"]},
  {"name": "b", "tasks": 1, "cores": 1, "duration": 0.2, "after": ["a"], "command": ["sleep", "1"]}]}
JSON
shown execute late.json -p two.json --run-dir late
expect '[ "$(states "0 of 3 tasks done, 2 running, 1 waiting, 0 failed; 0:00 left$")" -ge 1 ]' 'the plan at first'
expect '[ "$(states "0 of 3 tasks done, .* 0:0[1-4] late$" )" -ge 2 ]' 'late'
expect '[ "$(states "2 of 3 tasks done, 1 running, 0 waiting, 0 failed; 0:0[34] left$")" -ge 1 ]' 'what has ended late'

# A task that fails: a sentence that scrolls above the line, and the line counts it.
cat >fails.json <<'JSON'
{"name": "fails", "task_sets": [{"name": "a", "tasks": 1, "cores": 1, "duration": 1, "command": ["false"]},
  {"name": "b", "tasks": 1, "cores": 1, "duration": 1, "command": ["sleep", "1.2"]}]}
JSON
shown execute fails.json -p two.json --run-dir fails
expect 'grep -q "^>\?dagcast execute: task 0 of a ended with exit status 1$" lines' 'the sentence on a line of its own'
expect '[ "$(states "0 of 2 tasks done, 1 running, 0 waiting, 1 failed")" -ge 1 ]' 'the failed one is counted'

before='stty cols 30' shown execute fails.json -p two.json --run-dir narrow
expect '[ "$(states "0 of 2 tasks done, [12] running,$")" -ge 1 ] && [ "$(states "[0-9].{30,}")" -eq 0 ]' 'no wider than the terminal'
term=dumb shown execute fails.json -p two.json --run-dir dumb
expect '[ "$(states .)" -eq 0 ] && grep -q "^dagcast execute: task 0 of a ended" lines' 'a terminal that cannot move'
shown execute fails.json -p two.json --run-dir quiet --quiet
expect '[ "$(states "[0-9]+ of")" -eq 0 ]' '--quiet'

# The terminal is closed: tasks end with the run, which can be resumed.
cat >long.json <<'JSON'
{"name": "long", "task_sets": [{"name": "a", "tasks": 2, "cores": 1, "duration": 60, "command": ["sleep", "60"]}]}
JSON
script -qec "$(printf '%q ' "$DAGCAST" execute long.json -p two.json --run-dir closed)" /dev/null </dev/null >/dev/null 2>&1 &
terminal=$!
for _ in $(seq 100); do
  [ "$(grep -c '^start' closed/journal 2>/dev/null)" = 2 ] && break
  sleep 0.1
done
kill -KILL $terminal
wait $terminal 2>/dev/null
for _ in $(seq 100); do
  [ -n "$(of_run closed)" ] || break
  sleep 0.1
done
checks=$((checks + 1))
[ -z "$(of_run closed)" ] || fail "processes outlive the terminal: $(of_run closed)"
absent '^end' closed/journal "ended with the terminal, yet recorded"
finish
