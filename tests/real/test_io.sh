#!/bin/bash
# Files of recorded workflows become transfers through one file system: import --io.
. tests/cli/common.sh
shared=$source_dir/../shared/wfinstances
[ -d "$shared" ] || { echo "skipped: no ../shared/wfinstances"; exit 77; }

trace=$shared/montage-chameleon-2mass-01d-001.json
makespan() {                             # RATE
  succeeds import "$trace" --io "$1" --write-workflow w.json --write-platform p.json
  succeeds simulate w.json --platform ./p.json --replicas 1 --json
  jq '.makespan.mean' "$out"
}
succeeds import "$trace" --write-workflow plain.json --write-platform plain_p.json
succeeds simulate plain.json --platform ./plain_p.json --replicas 1 --json
without=$(jq '.makespan.mean' "$out")
fast=$(makespan "1 PB/s") slow=$(makespan "1 MB/s")
awk -v a="$without" -v b="$fast" -v c="$slow" 'BEGIN { exit !(b >= a * 0.999 && b <= a * 1.001 && c > 2 * a) }' ||
  fail "makespans: $without s without files, $fast s at 1 PB/s, $slow s at 1 MB/s"
# What is moved is what the trace says.
moved=$(jq '[.task_sets[] | .tasks as $n | (.input, .output) | select(.) | .amount | if type == "number" then . * $n else (.values | add) end] | add' w.json)
said=$(jq '.workflow.specification as $s | ($s.files | map({(.id): .sizeInBytes}) | add) as $size |
           [$s.tasks[] | (.inputFiles // []) + (.outputFiles // []) | .[] | $size[.] // 0] | add / 1048576' "$trace")
awk -v a="$moved" -v b="$said" 'BEGIN { exit !(a > 0 && a >= b * 0.9999 && a <= b * 1.0001) }' || fail "$moved MiB are moved, the trace says $said"

refuses "^dagcast import: --io: invalid rate 'fast'; expected a rate such as \"2 GB/s\" or MiB/s$" import "$trace" --io fast --write-workflow x.json

# Recorded, simulated without and with them, by itself; with them it is what the written files give.
printed() { succeeds import "$trace" --io "$1" --json; jq ".simulated.$2" "$out"; }
awk -v a="$(printed '1 PB/s' makespan_s)" -v b="$(printed '1 PB/s' io_makespan_s)" 'BEGIN { exit !(a > 0 && b >= a * 0.999 && b <= a * 1.001) }' ||
  fail "at 1 PB/s the makespan is not that without files"
with=$(printed '1 MB/s' io_makespan_s)
awk -v a="$with" -v b="$slow" 'BEGIN { exit !(a > 0.9 * b && a < 1.1 * b) }' || fail "at 1 MB/s import says $with s, simulate $slow s"
succeeds import "$trace" --io "1 MB/s"
says 'simulated, with files'
says 'With its files through one file system of 0.9537 MiB/s it is'
succeeds import "$trace" --json
json '.simulated | has("io_makespan_s") | not'
echo 'name,start,end,cores
a,0,10,1' >plain.csv
refuses '^dagcast import: plain.csv: --io: no sizes of files are recorded$' import plain.csv --io 1
finish
