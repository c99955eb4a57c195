#!/bin/bash
# convert --to nextflow: the scripts are run in Groovy, with as much of Nextflow as they use (tests/support/NextflowStub.groovy).
. tests/cli/common.sh
command -v groovy >/dev/null && command -v java >/dev/null || { echo "skipped: no groovy"; exit 77; }
export JAVA_HOME=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}

nextflow() {                             # SCRIPT: a line a task: PROCESS[INDEX] RESOURCES exit=STATUS: OUTPUT
  groovy "$source_dir/tests/support/NextflowStub.groovy" "$1" >ran 2>&1 || fail "$1 does not run: $(head -c 600 ran)"
}

line() {                                 # EXPECTED: one of the lines, as a whole
  checks=$((checks + 1))
  grep -qxF -- "$1" ran || fail "no line '$1' in: $(head -c 1500 ran)"
}

cat >w.json <<'JSON'
{"name": "de mo", "task_sets": [
 {"name": "sim 1", "tasks": 4, "ranks": 2, "cores": 3, "gpus": 1, "memory_mib": 4096, "duration": 340, "command": ["echo", "--i={task}", "it's $HOME \"\\ `x`", "{set}", "{duration}", ""]},
 {"name": "post", "tasks": 4, "durations": [0.01, 0.02, 0.03, 0.04], "command": ["echo", "{task}", "{duration}"], "after": [{"set": "sim 1", "kind": "each"}]},
 {"name": "merge", "tasks": 2, "duration": 0.01, "timeout": 3000, "after": [{"set": "post", "kind": "block"}], "retries": 2},
 {"name": "odd", "tasks": 2, "duration": 0.01, "after": [{"set": "post", "kind": "edges", "edges": [[0, 0], [3, 0], [1, 1]]}, "merge"], "on_failure": "continue"},
 {"name": "sim-1", "duration": 0.01, "one_node": true, "after": ["odd", "sim 1"]}]}
JSON
succeeds convert w.json w.nf
nextflow w.nf
for i in 0 1 2 3; do
  line "set_sim_1[$i] cpus=6 memory=8192 MB accelerator=2 time=8 m errorStrategy=finish exit=0: --i=$i it's \$HOME \"\\ \`x\` sim 1 340"
  line "set_post[$i] cpus=1 time=1 m errorStrategy=finish exit=0: $i 0.0$((i + 1))"
done
line 'set_merge[1] cpus=1 time=50 m maxRetries=2 errorStrategy=? exit=0: '
line 'set_odd[1] cpus=1 time=1 m errorStrategy=ignore exit=0: '
checks=$((checks + 1))
[ "$(sed 's/\[.*//' ran | uniq -c | tr -s ' ' | tr '\n' ';')" = ' 4 set_sim_1; 4 set_post; 2 set_merge; 2 set_odd; 1 set_sim_1_2;' ] ||
  fail "other tasks, or in another order: $(sed 's/ .*//' ran | tr '\n' ' ')"

# Whatever names and commands hold is text for the shell that runs the task.
cat >evil.json <<'JSON'
{"name": "x\nrm -rf /", "task_sets": [{"name": "a\n$(touch hacked)'''\"\"\"", "duration": 1,
  "command": ["echo", "$(touch hacked)`touch hacked` ${1+1} $ \\ \\\\ \"\"\" ''' \u00e9 / \\u0041"]}]}
JSON
succeeds convert evil.json evil.nf
nextflow evil.nf
line "set_a___touch_hacked_______[0] cpus=1 time=1 m errorStrategy=finish exit=0: \$(touch hacked)\`touch hacked\` \${1+1} \$ \\ \\\\ \"\"\" ''' é / \\u0041"
[ ! -e hacked ] || fail "a name of the workflow was run"
printf 'id,name,start,end,cores\n1,a,0,0.1,2\n2,a,0,0.1,2\n3,b,0.1,0.2,1\n' >t.csv
succeeds convert t.csv t.nf
nextflow t.nf
line 'set_a[1] cpus=2 time=1 m errorStrategy=finish exit=0: '
finish
