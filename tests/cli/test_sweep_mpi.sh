#!/bin/bash
# Sweeps over MPI processes: the same bytes from 1, 2 and 4 of them as from threads; mistakes are said once; a killed job is resumed.
. tests/cli/common.sh
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
workflow w.json
platform p.json
cat >study.json <<JSON
{"workflow": "w.json", "platform": "p.json", "replicas": 40,
 "grid": {"mode": ["sequential", "asynchronous"], "cores.b": [5, 9], "seed": [$(seq -s, 1 20)]}}
JSON
run sweep study.json --store probe.sqlite --backend mpi
grep -q 'built without MPI' "$err" && { echo "skipped: built without MPI"; exit 77; }
export ASAN_OPTIONS=detect_leaks=0 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1      # OpenMPI's own leaks

mpi() {                                  # PROCESSES ARGUMENTS: into $out, $err, $status
  mpirun -n "$1" --oversubscribe --mca oob_tcp_if_include lo --mca btl self,vader "$DAGCAST" "${@:2}" >"$out" 2>"$err" </dev/null
  status=$?
  checks=$((checks + 1))
}

succeeds sweep study.json --store threads.sqlite --csv
cp "$out" threads.csv
[ "$(wc -l <threads.csv)" -eq 81 ] || fail "$(wc -l <threads.csv) lines"
for processes in 1 2 4; do
  mpi "$processes" sweep study.json --store "$processes.sqlite" --csv
  [ "$status" -eq 0 ] || fail "$processes processes: exit status $status: $(head -c 600 "$err")"
  cmp -s threads.csv "$out" || fail "$processes processes give other rows: $(diff threads.csv "$out" | head -n 4)"
done
mpi 2 sweep study.json --store 2t.sqlite --csv --threads 2
cmp -s threads.csv "$out" || fail "2 processes of 2 threads give other rows"

# The same of workflows that decide at run time: a loop with a budget of time, and a campaign that its hits end.
for example in adaptive_ddmd active_learning; do
  jq '.loops[]?.stop.budget = 3000' "$source_dir/examples/$example.json" >decides.json
  echo '{"workflow": "decides.json", "platform": "summit", "replicas": 8, "grid": {"nodes": [2, 4], "mode": ["sequential", "asynchronous"], "seed": [1, 2]}}' >d.json
  succeeds sweep d.json --store "$example.sqlite" --csv
  cp "$out" threads.csv
  mpi 3 sweep d.json --store "$example-3.sqlite" --csv
  cmp -s threads.csv "$out" || fail "$example: 3 processes give other rows: $(diff threads.csv "$out" | head -n 4) $(head -c 300 "$err")"
done

# What threads began, processes end.
sed 's/"replicas": 40/"replicas": 400/' study.json >long.json
"$DAGCAST" sweep long.json --store long.sqlite >/dev/null 2>"$err" &
sleep 0.3
kill -KILL $!
wait $! 2>/dev/null
mpi 3 sweep long.json --store long.sqlite --csv
cp "$out" long.csv
succeeds sweep long.json --store undisturbed.sqlite --csv
cmp -s long.csv "$out" || fail "a sweep that processes went on with has other rows"

# A mistake is said by one process.
mpi 3 sweep study.json --store long.sqlite
[ "$status" -ne 0 ] || fail "another study's store: exit status 0"
[ "$(grep -c 'another study' "$err")" -eq 1 ] || fail "not said once: $(head -c 900 "$err")"
finish
