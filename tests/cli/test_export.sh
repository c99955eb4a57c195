#!/bin/bash
# convert --to slurm|flux|nextflow: the scripts are run beside commands that stand for sbatch, srun and flux, and what they submit is checked.
. tests/cli/common.sh
is() {                                   # ACTUAL EXPECTED
  checks=$((checks + 1))
  [ "$1" = "$2" ] || fail "'$1' is not '$2'"
}

cat >w.json <<'JSON'
{"name": "de mo", "task_sets": [
 {"name": "sim 1", "tasks": 4, "ranks": 2, "cores": 3, "gpus": 1, "memory_mib": 4096, "duration": 340, "command": ["echo", "--i={task}", "it's $HOME \"\\ `x`", "{set}", "{duration}", ""]},
 {"name": "post", "tasks": 4, "durations": [0.01, 0.02, 0.03, 0.04], "after": [{"set": "sim 1", "kind": "each"}]},
 {"name": "merge", "tasks": 2, "duration": 0.01, "timeout": 3000, "after": [{"set": "post", "kind": "block"}], "retries": 2},
 {"name": "odd", "tasks": 2, "duration": 0.01, "after": [{"set": "post", "kind": "edges", "edges": [[0, 0], [3, 0], [1, 1]]}, "merge"], "on_failure": "continue"},
 {"name": "sim-1", "duration": 0.01, "one_node": true, "after": ["odd", "sim 1"]}]}
JSON
expected="--i=2 it's \$HOME \"\\ \`x\` sim 1 340 "

# Slurm. sbatch keeps what it gets, and gives ids 100, 101, ...
mkdir bin jobs
cat >bin/sbatch <<'S'
#!/bin/bash
n=$(ls jobs | grep -c args)
printf '%s\n' "$@" >jobs/$((100 + n)).args
cat >jobs/$((100 + n)).sh
echo "$((100 + n));cluster"
S
printf '#!/bin/bash\nexec "$@"\n' >bin/srun
chmod +x bin/*
succeeds convert w.json w.sh --to slurm
says 'slurm written to w.sh'
says 'retries have no place'
is "$(PATH=$PWD/bin:$PATH bash w.sh --account=A 2>&1)" 'submitted 13 tasks'
arg() { grep -h -- "^--$2=" "jobs/$1.args" | sed 's/^[^=]*=//' | tr '\n' ' '; }
is "$(ls jobs | grep -c args)" 7          # two arrays, and five tasks that wait for single ones or are alone
is "$(arg 100 job-name)$(arg 100 array)$(arg 100 ntasks)$(arg 100 cpus-per-task)$(arg 100 gpus-per-task)$(arg 100 mem-per-cpu)$(arg 100 time)$(arg 100 account)" \
   'sim 1 0-3 2 3 1 1366M 8 A '
is "$(arg 101 dependency)" 'aftercorr:100 '
is "$(arg 102 dependency)$(arg 103 dependency)" 'afterok:101_0:101_1 afterok:101_2:101_3 '
is "$(arg 104 dependency)" 'afterok:101_0:101_3,afterok:102:103 '
is "$(arg 105 dependency)" 'afterok:101_1,afterok:102:103 '
is "$(arg 106 dependency)$(arg 106 nodes)" 'afterok:100,afterany:104:105 1 '
is "$(arg 102 time)$(arg 103 export)" '50 ALL,DAGCAST_TASK=1 '
is "$(PATH=$PWD/bin:$PATH SLURM_ARRAY_TASK_ID=2 bash jobs/100.sh)" "$expected"
checks=$((checks + 1))
PATH=$PWD/bin:$PATH SLURM_ARRAY_TASK_ID=3 bash -x jobs/101.sh 2>&1 | grep -q 'sleep 0.04' || fail "the fourth task of post does not sleep 0.04 s"
printf '#!/bin/bash\nexit 1\n' >bin/sbatch
checks=$((checks + 1))
PATH=$PWD/bin:$PATH bash w.sh >failed.out 2>&1 && fail "an sbatch that fails goes unnoticed"
[ -s failed.out ] && fail "after an sbatch that fails: $(cat failed.out)"

# Flux: every jobspec is JSON; ids are f0, f1, ...
mkdir specs
cat >bin/flux <<'S'
#!/bin/bash
[ "$1 $2" = "job submit" ] || exit 1
n=$(ls specs | wc -l)
cat >"specs/$(printf %02d "$n").json"
echo "f$n"
S
chmod +x bin/flux
succeeds convert w.json w.flux.sh --to flux
is "$(PATH=$PWD/bin:$PATH bash w.flux.sh 2>&1)" 'submitted 13 tasks'
is "$(cat specs/*.json | jq -s length)" 13
is "$(jq -c '[.resources[0].count, .resources[0].with[].count, .attributes.system.duration, .attributes.system.job.name]' specs/00.json)" '[2,3,1,480,"sim 1"]'
is "$(jq -c '[.attributes.system.dependencies[] | .scheme + " " + .value]' specs/05.json)" '["afterok f1"]'
is "$(jq -c '[.attributes.system.dependencies[] | .scheme + " " + .value]' specs/10.json)" '["afterok f4","afterok f7","afterok f8","afterok f9"]'
is "$(jq -c '[.attributes.system.dependencies[] | .scheme + " " + .value]' specs/12.json)" \
   '["afterok f0","afterok f1","afterok f2","afterok f3","afterany f10","afterany f11"]'
is "$(jq -c '.resources[0].type' specs/12.json)" '"node"'
is "$(DAGCAST_TASK=2 bash -c "$(jq -r '.tasks[0].command[2]' specs/02.json)")" "$expected"

# Each is a jobspec of version 1 (RFC 25): these members and no others, counts of at least 1, a slot with cores and GPUs only.
jobspec_v1=$every'def only(names): keys - names == [];
  def counts: type == "number" and . >= 1 and . == floor;
  def slot: only(["type", "count", "label", "with"]) and .type == "slot" and (.count | counts) and (.label | type == "string") and
    (.with | length == 1 or length == 2) and ([.with[] | only(["type", "count"]) and (.type == "core" or .type == "gpu") and (.count | counts)] | every(.))
    and ([.with[].type] | index("core") != null and (unique | length) == length);
  def node: only(["type", "count", "with"]) and .type == "node" and (.count | counts) and (.with | length == 1) and (.with[0] | slot);
  only(["version", "resources", "tasks", "attributes"]) and .version == 1 and (.resources | length == 1) and (.resources[0] | slot or node) and
  (.tasks | length == 1) and (.tasks[0] | only(["command", "slot", "count"]) and (.command | every(type == "string")) and .count == {per_slot: 1})
  and (.tasks[0].slot == (.resources[0] | .label // .with[0].label)) and (.attributes | only(["system", "user"])) and
  (.attributes.system | (.duration | type == "number" and . >= 0) and (.cwd | type == "string") and (.environment | type == "object"))'
valid_specs() {
  local spec
  for spec in specs/*.json; do
    checks=$((checks + 1))
    jq -e "$jobspec_v1" "$spec" >/dev/null || fail "$spec is no jobspec of version 1: $(head -c 800 "$spec")"
  done
}
valid_specs
rm specs/*
cat >demands.json <<'JSON'
{"name": "d", "task_sets": [
 {"name": "gpus", "cores": 0, "gpus": 2, "duration": 1}, {"name": "share", "gpus": 0.5, "duration": 0.001}, {"name": "ranks", "ranks": 7, "duration": 1},
 {"name": "together", "ranks": 3, "cores": 2, "gpus": 1, "one_node": true, "duration": 1e6}, {"name": "threads", "threads": 3, "duration": 1},
 {"name": "zero", "duration": 0}, {"name": "memory", "memory_mib": 100, "duration": 1}]}
JSON
succeeds convert demands.json d.flux.sh --to flux
is "$(PATH=$PWD/bin:$PATH bash d.flux.sh 2>&1)" 'submitted 7 tasks'
valid_specs

# Nextflow: a process a set; the script is what a task runs.
succeeds convert w.json w.nf
says 'nextflow written to w.nf'
says 'for the whole sets of these'
is "$(grep -c '^process ' w.nf)" 5
is "$(grep -cE "^    (cpus 6|memory '8192 MB'|accelerator 2|time '8 m'|maxRetries 2)$" w.nf)" 5
is "$(grep -c '^    set_.*(.*)$' w.nf)" 5
checks=$((checks + 1))
grep -q '^    set_post(set_sim_1.out)$' w.nf || fail "post does not follow its counterparts: $(tail -7 w.nf)"

# Recorded runs become scripts too; what is too large is refused, whatever names hold is quoted.
printf 'id,name,start,end,cores\n1,a,0,1,2\n2,a,0,1,2\n3,b,1,2,1\n' >t.csv
succeeds convert t.csv - --to slurm
says '--array=0-1 --ntasks=1 --cpus-per-task=2'
echo '{"name": "x\nrm -rf /", "task_sets": [{"name": "a\n$(touch hacked)", "tasks": 2, "duration": 1, "command": ["true", "$(touch hacked)`touch hacked`\nJOB\n"]}]}' >evil.json
for f in slurm flux nextflow; do
  succeeds convert evil.json evil.$f --to $f
  [ $f = nextflow ] || PATH=$PWD/bin:$PATH bash evil.$f >/dev/null 2>&1
  checks=$((checks + 1))
  [ -e hacked ] && fail "$f: a name of the workflow was run"
done
is "$(head -3 evil.slurm | grep -c '^#')" 3
echo '{"name": "big", "task_sets": [{"name": "a", "tasks": 200000, "duration": 1}]}' >big.json
refuses 'too many for a script' convert big.json big.sh --to slurm
refuses "must be workflow, wfformat, timeline, slurm, flux or nextflow, is 'slrm'; did you mean 'slurm'" convert w.json x --to slrm
finish
