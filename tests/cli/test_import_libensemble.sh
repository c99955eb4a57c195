#!/bin/bash
# libE_stats.txt: a made one of every kind of line, and real runs if they are beside the checkout.
. tests/cli/common.sh
. "$source_dir/tests/cli/totals.sh"

count() {                                # FILE: simulations, from the first start to the last end, and their times
  awk '/: sim Time:/ {
    for (i = 1; i <= NF; i++) if ($i == "Start:") { s = $(i + 1) " " $(i + 2); e = $(i + 4) " " $(i + 5) }
    split(s, a, "[-: ]"); split(e, b, "[-: ]")
    start = mktime(a[1] " " a[2] " " a[3] " " a[4] " " a[5] " " int(a[6])) + a[6] - int(a[6])
    end = mktime(b[1] " " b[2] " " b[3] " " b[4] " " b[5] " " int(b[6])) + b[6] - int(b[6])
    if (!n++ || start < first) first = start
    if (end > last) last = end
    busy += end - start
  } END { printf "%d %.3f %.3f\n", n, last - first, busy }' "$1"
}

mkdir run
cat >run/libE_stats.txt <<'TXT'
Manager     : Starting ensemble at: 2023-10-09 16:06:02.500
Worker     3: sim_id     1: sim Time: 8.156 Start: 2023-10-09 16:06:08.786 End: 2023-10-09 16:06:16.942 Status: Not set
Worker     2: sim_id     0: sim Time: 8.307 Start: 2023-10-09 16:06:08.785 End: 2023-10-09 16:06:17.092 Status: Completed
Worker     2: sim_id     3: sim Time: 3.000 Start: 2023-10-09 16:06:20.000 End: 2023-10-09 16:06:23.000 Task 0: Tstart: 2023-10-09 16:06:20.1 Tend: 2023-10-09 16:06:22.9 Status: Worker killed task on Timeout
Worker     3: sim_id     2: sim Time: 1.000 Start: 2023-10-09 16:06:19.000 End: 2023-10-09 16:06:20.000 Status: Task Failed
Worker     1: Gen no     1: gen Time: 22.000 Start: 2023-10-09 16:06:02.510 End: 2023-10-09 16:06:24.510 Status: Persis gen finished
not a line of libEnsemble's
Manager     : Exiting ensemble at: 2023-10-09 16:06:25.500 Time Taken: 23.0
TXT
totals "$(count run/libE_stats.txt)" run/libE_stats.txt
json '.importer == "libensemble" and .session == "run" and .platform.nodes == 2 and .platform.slots_per_node == 1'
json '.tasks.done == 2 and .tasks.failed == 1 and .tasks.killed == 1'
json '(.first_start_s - 6.285 | fabs < 1e-4) and (.session_end_s - 23 | fabs < 1e-4)'
json '.services == [{uid: "gen 1", kind: "generator", start_s: .services[0].start_s, stop_s: .services[0].stop_s, ranks: 1, slots_per_rank: 1, gpus_per_rank: 0}]'
json '[.missing[] | select(.what == "rows" and (.why | test("torn")))] | length == 1 and .[0].count == 1'

# The folder is the same, and what ytopt wrote beside it says how large a worker is, and that a third one was there.
printf 'p0,elapsed_sec,machine_identifier,mpi_ranks,ranks_per_node,gpu_enabled,libE_workers\nx,8.1,theta-knl,512,64,False,3\n' \
  >run/manager_results.csv
totals "$(count run/libE_stats.txt)" run/
json '.resource == "theta-knl" and .platform.nodes == 3 and .session == "run"'
json '[.missing[].why | select(test("512 ranks on 8 nodes of theta-knl"))] | length == 1'
goes_round run
cp -r run packed
gzip packed/*
succeeds import run --json
jq -S 'del(.session)' "$out" >plain.json
succeeds import packed --json
jq -S 'del(.session)' "$out" | sed 's/packed/run/g' | cmp - plain.json || fail "a folder of packed files is read otherwise"
for path in run/ run/libE_stats.txt ./run/. "$PWD/run"; do
  succeeds import "$path" --json
  json '.session == "run"'
done
cd run || exit 1
for path in . libE_stats.txt; do
  succeeds import $path --json
  json '.session == "run"'
done
cd .. || exit 1

# Generators that are called for each batch are tasks; a second ensemble in one file begins to number anew.
cat >batches.txt <<'TXT'
Manager     : Starting ensemble at: 2020-01-31 23:59:59
Worker     1: Calc     0: gen Time: 0.50 Start: 2020-02-01 00:00:00 End: 2020-02-01 00:00:01 Status: Completed
Worker     1: Calc     1: sim Time: 4.41 Start: 2020-02-01 00:00:01 End: 2020-02-01 00:00:05 Status: Completed
Worker     2: Calc     2: sim Time: 4.41 Start: 2020-02-01 00:00:02 End: 2020-02-01 00:00:06 Status: Manager killed task
Manager     : Exiting ensemble at: 2020-02-01 00:00:06 Time Taken: 7
Manager     : Starting ensemble at: 2020-02-01 00:01:00
Worker     1: Calc     1: sim Time: 4.41 Start: 2020-02-01 00:01:01 End: 2020-02-01 00:01:05 Status: Exception occurred
TXT
succeeds import batches.txt --json
json '.importer == "libensemble" and .tasks.count == 4 and .tasks.attempts == 4 and .tasks.failed == 1 and .tasks.killed == 1'
json '[.sets[] | select(.set == "gen")][0].tasks == 1 and .services == []'
json '[.missing[].why | select(test("one session, one after the other|no exit recorded"))] | length == 2'

echo 'Manager     : Starting ensemble at: 2020-01-31 23:59:59' >empty.txt
refuses 'expected lines of libEnsemble' import empty.txt
printf 'id,name,start,end\n1,a,0,2.5\n' >plain.csv
refuses 'expected lines of libEnsemble' import plain.csv --from libensemble
refuses "no importer 'libensembel'; known: .*libensemble" import plain.csv --from libensembel
succeeds list importers --json
json '[.importers[].name] | index("libensemble") != null'

for run in "$source_dir"/../shared/traces/libensemble/*/; do
  [ -f "$run/libE_stats.txt" ] || continue
  totals "$(count "$run/libE_stats.txt")" "$run"
done
finish
