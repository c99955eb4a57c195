#!/bin/bash
# describe and list.
. tests/cli/common.sh
workflow w.json
platform p.json

succeeds describe w.json
says '^w: 21 tasks in 3 sets, 1 dependency between sets, 2 levels$'
says '^ *a +11 +2 cores \+ 1 GPU +normal, mean 34.5 s, sd 3 s +0 '
says 'DOA_dep 1, width 1$'
says 'GPU-hours'
succeeds describe w.json --platform p.json --nodes 3
says 'tasks at once'
says 'DOA_res'
succeeds describe w.json --json
json '.workflow | .levels == 2 and .tasks == 21 and (.task_sets | length == 3) and .task_sets[1].after == ["a"] and (has("wla") | not)'
json '(.workflow.work.gpu_hours - 11 * 34.5 / 3600) | fabs < 1e-6'
succeeds describe w.json --platform p.json --json
json '.workflow.task_sets[0] | .ranks_per_node == 2 and .at_once == 4'
succeeds describe p.json
says '^p: 2 nodes, each with 8 cores, 2 GPUs$'
succeeds describe summit
says '164 of 168 hardware threads'
succeeds describe summit --json
json '.platform.name == "summit"'
jq .platform "$out" >summit.json
succeeds describe summit.json                                            # as in its file
succeeds describe this-machine
succeeds describe ideal
succeeds describe w.json --platform p.json --report page.html
grep -q 'By their dependencies' page.html || fail "the page does not say what it means"
refuses "no such file, platform or middleware" describe nowhere.json

succeeds list
for word in modes schedulers orders overtakes placements distributions platforms middleware sequential pipelined asynchronous fifo \
  arrival critical_path backfill first_fit worst_fit lognormal summit this-machine ideal; do
  says "(^| )$word( |$)"
done
succeeds list --json
json '[.modes, .schedulers, .orders, .overtakes, .placements, .distributions, .platforms, .middleware]
      | every(every(.name and .summary))'
for kind in modes schedulers orders overtakes placements distributions platforms middleware; do
  succeeds list "$kind"
  says "^$kind$"
done
refuses "did you mean 'orders'" list ordres
refuses "give one of: modes" list zebras

# No presets that do not load.
"$DAGCAST" list --json | jq -r '.platforms[].name' | while read -r name; do
  "$DAGCAST" describe "$name" >/dev/null || echo "$name"
done >broken
[ ! -s broken ] || fail "platforms that do not load: $(cat broken)"

# Colours only on a terminal.
succeeds list
absent "$(printf '\033')" "$out" "colours in a file"
if command -v script >/dev/null; then
  TERM=xterm script -qec "'$DAGCAST' list modes" /dev/null >tty.out
  grep -q "$(printf '\033')\\[1m" tty.out || fail "no colours on a terminal"
  NO_COLOR=1 TERM=xterm script -qec "'$DAGCAST' list modes" /dev/null >tty.out
  absent "$(printf '\033')" tty.out "colours in spite of NO_COLOR"
fi
# One core, one GPU: singular.
echo '{"name": "one", "nodes": [{"count": 1, "cores": 1, "gpus": 1}]}' >one.json
echo '{"task_sets": [{"name": "a", "tasks": 1, "cores": 1, "duration": 1}]}' >one.w.json
succeeds simulate one.w.json -p ./one.json -r 1
says '^Platform +one: 1 node with 1 core, 1 GPU$'
says '^Slots +1 core, 1 GPU$'
succeeds describe ./one.json
says '1 core that tasks can use'

finish
