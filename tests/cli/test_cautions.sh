#!/bin/bash
# Cautions about a session (two pilots, a clock that was corrected, damage) reach every command that reads one, in text and JSON.
. tests/cli/common.sh

# Tasks of 100 s on nodes a and b in turn, one after the other; the clock of b shows OFF s more, from task FROM on.
session() {                              # NAME OFF FROM
  mkdir -p "$1/pilot.0000"
  local json='{"pilot": [{}, {}], "task": [' i node start shown
  echo '#time,event,comp,thread,uid,state,msg' | tee "$1/pilot.0000/agent.0.prof" >"$1/tmgr.0000.prof"
  for i in 0 1 2 3 4 5; do
    node=a start=$((1600000100 + 120 * i)) shown=$((1600000100 + 120 * i))
    [ $((i % 2)) -eq 1 ] && node=b shown=$((shown + (i >= $3 ? $2 : 0)))
    json+="$([ $i -gt 0 ] && echo ,){\"uid\": \"task.$i\", \"state\": \"DONE\", \"description\": {\"ranks\": 1, \"cores_per_rank\": 1},
      \"slots\": {\"ranks\": [{\"node_name\": \"$node\", \"core_map\": [[0]]}]}}"
    echo "$((start - 4)).0,advance,tmgr.0000,M,task.$i,TMGR_SCHEDULING_PENDING," >>"$1/tmgr.0000.prof"
    {
      echo "$((start - 3)).0,advance,agent_scheduling.0,M,task.$i,AGENT_SCHEDULING,"
      echo "$((start - 2)).0,schedule_ok,agent_scheduling.0,M,task.$i,,"
      printf '%s.0,%s,agent_executing.0,M,task.'$i',,\n' $((start - 1)) task_run_start $((start + 101)) task_run_stop
      echo "$((start + 102)).0,unschedule_stop,agent_scheduling.0,M,task.$i,,"
    } >>"$1/pilot.0000/agent.0.prof"
    mkdir "$1/pilot.0000/task.$i"
    printf '#time,event,comp,thread,uid,state,msg\n%s.0,rank_start,,M,task.'$i',,\n%s.0,rank_stop,,M,task.'$i',,\n' "$shown" \
      $((shown + 100)) >"$1/pilot.0000/task.$i/task.$i.prof"
  done
  echo "$json]}" >"$1/$1.json"
}
two='2 pilots in one session'
clock='the clock of node b is off by \+2400\.0 s'

both() {                                 # the last output says both cautions before anything else
  checks=$((checks + 1))
  head -n 2 "$out" | grep -qE "$two" || fail "not in the first lines: '$two': $(head -n 3 "$out")"
  head -n 2 "$out" | grep -qE "$clock" || fail "not in the first lines: '$clock': $(head -n 3 "$out")"
}
both_json() {
  json '[.cautions[] | if type == "object" then .caution else . end] |
        length == 2 and (.[0] | startswith("'"$two"'")) and (.[1] | test("'"${clock//\\/\\\\}"'"))'
}
both_told() {                            # on standard error, a line each
  checks=$((checks + 1))
  [ "$status" -eq 0 ] || fail "exit status $status: $(cat "$err")"
  [ "$(wc -l <"$err")" -eq 2 ] || fail "not two lines: $(cat "$err")"
  grep -qE "^dagcast $1: rp.s: $two" "$err" && grep -qEE "^dagcast $1: rp.s: $clock" "$err" || fail "not both told: $(cat "$err")"
}

session rp.s 2400 0
succeeds import rp.s
both
says '^makespan +700.0 s'
succeeds import rp.s --json
both_json
for command in calibrate validate replay; do
  succeeds $command rp.s
  both
  succeeds $command rp.s --json
  both_json
done
succeeds convert rp.s w.json
both
succeeds convert rp.s w.json --json
both_json
run convert rp.s -
both_told convert
json '.task_sets | length > 0'
run plot gantt rp.s -o g.svg
both_told plot
run plot dag rp.s -o d.svg
both_told plot
succeeds report rp.s -o r.html
grep -qE "Caution: $two" r.html && grep -qE "Caution: $clock" r.html || fail "no cautions on the page"

# A session without cautions is told nothing, and JSON says so with an empty list.
session rp.s0 0 0
sed -i 's/"pilot": \[{}, {}\]/"pilot": [{}]/' rp.s0/rp.s0.json
succeeds convert rp.s0 w0.json --json
json '.cautions == []'
succeeds plot gantt rp.s0 -o g0.svg
succeeds report rp.s0 -o r0.html
absent 'Caution:' r0.html "a caution about nothing"

# The clock of b jumps for its last task: no offset fits the node, and no command takes its makespan.
session rp.r 2400 4
for command in import calibrate validate replay 'plot gantt' report; do
  refuses 'task task\.5 on node b stops 2398\.0 s after its slots were free or its end was recorded: the clock of the node is off' $command rp.r
done
refuses 'the clock of the node is off' convert rp.r w2.json
finish
