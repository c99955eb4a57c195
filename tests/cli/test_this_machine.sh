#!/bin/bash
# Under taskset, `this-machine` is the cores that are left, and executed tasks stay on them.
. tests/cli/common.sh
all=$(nproc)
succeeds describe this-machine --json
cpu=$(taskset -cp $$ | sed 's/.*: //; s/.*[-,]//')               # the last that this shell may use
cat >bound <<SH
#!/bin/bash
exec taskset -c $cpu "$DAGCAST" "\$@"
SH
chmod +x bound
unbound=$DAGCAST
DAGCAST=$work/bound
succeeds describe this-machine --json
json '.platform.nodes[0].cores == 1'
if [ "$all" -gt 1 ]; then
  json '.platform.source | test("may use 1 of its [0-9]+ cores")'
fi
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 3, "duration": 0.1,
  "command": ["sh", "-c", "taskset -cp $$ | sed \"s/.*: //\" >>'"$work"'/bound_to"]}]}' >w.json
succeeds execute w.json --run-dir run --json
json '.done == 3'
checks=$((checks + 1))
[ "$(sort bound_to | uniq -c | xargs)" = "3 $cpu" ] || fail "tasks ran on: $(cat bound_to), not on $cpu alone"
DAGCAST=$unbound
finish
