#!/bin/bash
# Every number has a range that is checked where it is read, and what is accepted runs: no assertion, no endless loop.
. tests/cli/common.sh
workflow w.json
platform p.json
set_of() { printf '{"name": "w", "task_sets": [%s]}\n' "$1" >bad.json; }
polls() { printf '{"name": "m", "stations": {"%s": {"%s": %s}}}\n' "$1" "$2" "$3" >m.json; }
ends() {                                 # ARGUMENTS: status 0 within 20 s
  timeout -s KILL 20 "$DAGCAST" "$@" >.out 2>.err
  status=$? out=.out
  checks=$((checks + 1))
  [ "$status" -eq 0 ] || fail "dagcast $*: status $status: $(head -c 300 .err)"
}

# times of a task set
for value in 1.01e15 1e16 1e300 -1; do
  set_of '{"name": "a", "durations": ['$value', 1]}'
  refuses 'bad\.json:1: task_sets\[0\]\.durations\[0\]: must be between 0 and 1e\+15, is ' simulate bad.json -p p.json
  set_of '{"name": "a", "tasks": 2, "duration": 1, "release": ['$value', 1]}'
  refuses 'bad\.json:1: task_sets\[0\]\.release\[0\]: must be between 0 and 1e\+15, is ' simulate bad.json -p p.json
done
set_of '{"name": "a", "durations": [1e15, 1]}'
for command in simulate compare model; do ends $command bad.json -p p.json; done
ends simulate bad.json -p p.json -r 1 --json
json '.makespan.mean == 1e15'
set_of '{"name": "a", "tasks": 2, "duration": 1, "release": [1e15, 1]}'
ends simulate bad.json -p p.json
set_of '{"name": "a", "tasks": 1000000000000000000, "duration": 1}'
refuses 'task_sets\[0\]\.tasks: must be between 1 and 1000000000, is 1e\+18' simulate bad.json -p p.json

# more memory than there is: a sentence, not an abort (sanitizers need more address space than that for themselves)
if prlimit --as=2000000000 "$DAGCAST" --version >/dev/null 2>&1; then
  set_of '{"name": "a", "tasks": 1000000000, "duration": 1}'
  prlimit --as=2000000000 --cpu=60 "$DAGCAST" explain bad.json -p p.json -r 2 >.out 2>.err
  status=$?
  checks=$((checks + 1))
  [ $status -eq 2 ] && grep -q '^dagcast: out of memory: .*fewer tasks' .err || fail "explain of 10^9 tasks in 2 GB: status $status: $(cat .err)"
fi

# polls: 0, or a period that a run of any length can resolve
for poll in 'agent poll' 'schedule retry' 'detect poll' 'free poll' 'notify poll'; do
  read -r station name <<<"$poll"
  for value in 5e-324 1e-300 9e-7; do
    polls "$station" "$name" $value
    refuses "m\\.json:1: stations\\.$station\\.$name: must be 0 \\(no poll\\), or a period from 1e-06 to 1e\\+06 s; is " simulate w.json -p p.json -m m.json
  done
  for value in 1e-6 1e6; do
    polls "$station" "$name" $value
    set_of '{"name": "a", "tasks": 40, "duration": 1e15}'
    ends simulate bad.json -p p.json -m m.json -r 2
    ends simulate w.json -p p.json -m m.json -r 2
  done
done

# seeds: 64-bit integers, as numbers below 2^53 and as strings from there
for seed in 9007199254740991 9007199254740992 9007199254740993 9223372036854775807; do
  succeeds simulate w.json -p p.json -r 2 --json --seed $seed
  json '(.scenario.seed | tostring) == "'$seed'"'
  cp .out kept.json
  succeeds report kept.json -o r.html
  checks=$((checks + 1))
  grep -q "Seed $seed;" r.html || fail "the report does not name the seed $seed"
  rm -f r.html
  printf '{"workflow": "w.json", "platform": "p.json", "replicas": 2, "seed": "%s"}\n' $seed >s.json
  succeeds simulate s.json --json
  json '(.scenario.seed | tostring) == "'$seed'"'
done
mean() { "$DAGCAST" simulate w.json -p p.json -r 2 --json --seed $1 | jq .makespan.mean; }
checks=$((checks + 1))
[ "$(mean 9007199254740993)" != "$(mean 9007199254740992)" ] || fail "the seeds 2^53 and 2^53 + 1 draw the same"
printf '{"workflow": "w.json", "platform": "p.json", "replicas": 2, "grid": {"seed": [7, "9007199254740993"]}}\n' >g.json
succeeds sweep g.json --store g.sqlite --json
json '[.rows[].seed] == [7, "9007199254740993"]'
json ".rows[1].makespan_s == $(mean 9007199254740993)"
refuses 'seed: must be from 0 to 2\^63 - 1, is .9223372036854775808' simulate w.json -p p.json --seed 9223372036854775808
refuses 'seed: must be from 0 to 2\^63 - 1, is .-1' simulate w.json -p p.json --seed -1
printf '{"workflow": "w.json", "platform": "p.json", "seed": 9007199254740993}\n' >s.json
refuses 's\.json:1: seed: is 9007199254740992, .* below 2\^53 only; write it in quotes' simulate s.json
printf '{"workflow": "w.json", "platform": "p.json", "walltime": "1e12h"}\n' >s.json
refuses 's\.json:1: walltime: must be from 0 to 1e\+09 s, is .1e12h' simulate s.json

# open files: a sentence, or fewer tasks at once
set_of '{"name": "a", "tasks": 12, "duration": 0.01}'
for n in 5 8 12 16; do
  run_limited() { timeout -s KILL 20 prlimit --nofile=$n:$n "$DAGCAST" execute bad.json -p p.json --run-dir run.$n >.out 2>.err; }
  run_limited
  status=$?
  checks=$((checks + 1))
  [ $status -eq 2 ] && grep -qE "needs [0-9]+ more open files, the limit of $n leaves [0-9]+; raise it to [0-9]+ or more \\(ulimit -n\\)" .err ||
    fail "execute with $n open files: status $status: $(cat .err)"
done
n=40
run_limited
status=$?
checks=$((checks + 1))
[ $status -eq 0 ] && grep -q '12 of 12 tasks done' .out || fail "execute with 40 open files: status $status: $(cat .err)"
finish
