#!/bin/bash
# Launchers that keep tasks apart whatever slots they have (launch.alone of a profile), and what is said of it.
. tests/cli/common.sh

makespan() {                             # ARGUMENTS: of one replica, in ms
  succeeds simulate "$@" -r 1 --json
  jq '.makespan.mean * 1000 | round' "$out"
}
profile() {                              # FILE RULE
  echo '{"name": "kept", "stations": {"launch": {"alone": "'"$2"'"}}}' >"$1"
}

# jsrun: one task a physical core. Four tasks of one thread lie on threads 0 to 3, which are one core: one after another.
echo '{"name": "t", "slots": "threads", "nodes": [{"cores": 4, "threads_per_core": 4}]}' >threads.json
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 4, "threads": 1, "duration": 9.7}, {"name": "b", "threads": 4, "duration": 20}]}' >four.json
profile core.json core
[ "$(makespan four.json -p threads.json -m ideal)" = 20000 ] || fail "without the rule all run at once"
[ "$(makespan four.json -p threads.json -m ./core.json)" = 38800 ] || fail "the rule core: four times 9.7 s"
succeeds explain four.json -p threads.json -m ./core.json --mode asynchronous -r 1
says 'kept apart from running tasks'
succeeds explain four.json -p threads.json -m ./core.json --mode asynchronous -r 1 --json
json '[.. | strings | select(test("kept apart"))] | length >= 1'
succeeds describe ./core.json
says 'one task a physical core|physical core'

# aprun: one task a node at a time; it looks for nodes itself. b has one free core on each node, and fits on one node: it starts when
# the first of a ends (10 s) and ends before the second (20 s).
echo '{"name": "p", "nodes": [{"count": 2, "cores": 4}]}' >two.json
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 2, "ranks": 3, "durations": [10, 20]}, {"name": "b", "ranks": 2, "duration": 5}]}' >span.json
profile nodes.json nodes
[ "$(makespan span.json -p two.json -m ideal)" = 20000 ] || fail "without the rule"
[ "$(makespan span.json -p two.json -m ./nodes.json)" = 20000 ] || fail "a task of 2 of 4 cores takes one node, wherever its slots lie"
# A task of more than a node takes two.
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 1, "cores": 1, "duration": 10}, {"name": "b", "ranks": 5, "duration": 5}]}' >wide.json
[ "$(makespan wide.json -p two.json -m ./nodes.json)" = 15000 ] || fail "a task of 5 cores waits for both nodes"
finish
