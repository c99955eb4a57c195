#!/bin/bash
# Dask's task stream as JSON, and in a performance report's HTML; if python3-distributed is there, a small run of its own.
. tests/cli/common.sh
. "$source_dir/tests/cli/totals.sh"

count() {                                # FILE: computations of a JSON stream
  jq -r '[.[] | .startstops[] | select(.action == "compute")] | [length, ([.[].stop] | max) - ([.[].start] | min),
    ([.[] | .stop - .start] | add)] | join(" ")' "$1"
}

cat >stream.json <<'JSON'
[{"key": "simulate-0123456789abcdef0123456789abcdef-1", "worker": "tcp://10.0.0.1:3456", "thread": 11, "status": "OK",
  "startstops": [{"action": "transfer", "start": 1700000000.0, "stop": 1700000000.5}, {"action": "compute", "start": 1700000001.0, "stop": 1700000004.5}]},
 {"key": "simulate-0123456789abcdef0123456789abcdef-2", "worker": "tcp://10.0.0.1:3456", "thread": 12, "status": "OK",
  "startstops": [{"action": "compute", "start": 1700000001.0, "stop": 1700000003.5}]},
 {"key": "('sum-part-0123456789abcdef0123456789abcdef', 0)", "worker": "tcp://10.0.0.2:3456", "thread": 11, "status": "error",
  "startstops": [{"action": "compute", "start": 1700000004.75, "stop": 1700000005.25}],
  "dependencies": ["simulate-0123456789abcdef0123456789abcdef-1", "simulate-0123456789abcdef0123456789abcdef-2"]},
 {"key": "lost"}]
JSON
totals "$(jq '.[:3]' stream.json >three.json; count three.json)" stream.json
json '.importer == "dask" and .tasks.done == 2 and .tasks.failed == 1 and ([.sets[].set] == ["simulate", "sum-part"])'
json '.sets[1].after == "simulate" and (.edges_inferred | not) and .platform.nodes == 2'
json '[.missing[].why | select(test("0.500 s in all|torn"))] | length == 2'
goes_round stream.json

# The same as a performance report embeds it: the middles of rectangles in ms; Bokeh 2 packs columns, Bokeh 3 lists pairs of them.
report() {                               # FILE DATA
  printf '<!DOCTYPE html>\n<html><head><title>Dask Performance Report</title></head><body>\n<script type="application/json" id="1">%s</script>\n%s' \
    '{"no": ["stream"]}' "<script type=\"application/json\" id=\"2\">{\"docs\": [{\"roots\": [{\"data\": $2}]}]}</script></body></html>" >"$1"
}
names='["simulate", "simulate", "transfer-sum", "sum"]' workers='["tcp://a:1", "tcp://a:1", "tcp://b:1", "tcp://b:1"]'
keys='["simulate-0123456789abcdef0123456789abcdef", "simulate-1123456789abcdef0123456789abcdef", "sum-9123456789abcdef0123456789abcdef", "sum-9123456789abcdef0123456789abcdef"]'
threads='["tcp://a:1-7", "tcp://a:1-8", "tcp://b:1-7", "tcp://b:1-7"]'
report lists.html "{\"key\": $keys, \"name\": $names, \"worker\": $workers, \"worker_thread\": $threads,
  \"start\": [1700000002000, 1700000003000.5, 1700000006000, 1700000008000], \"duration\": [2000, 1001, 100, 3000]}"
totals "3 8.5 6.001" lists.html
json '.importer == "dask" and .platform.nodes == 2 and ([.sets[].set] == ["simulate", "sum"])'
pack() { for x; do perl -e 'print pack("d<", shift)' "$x"; done | base64 -w0; }
report packed.html "[[\"key\", {\"type\": \"ndarray\", \"array\": $keys}], [\"name\", $names], [\"worker\", $workers], [\"worker_thread\", $threads],
  [\"start\", {\"type\": \"ndarray\", \"array\": {\"type\": \"bytes\", \"data\": \"$(pack 1700000002000 1700000003000.5 1700000006000 1700000008000)\"}, \"dtype\": \"float64\", \"order\": \"little\"}],
  [\"duration\", {\"__ndarray__\": \"$(pack 2000 1001 100 3000)\", \"dtype\": \"float64\", \"order\": \"little\", \"shape\": [4]}]]"
totals "3 8.5 6.001" packed.html
goes_round packed.html
printf '<html><title>Dask Performance Report</title></html>' >empty.html
refuses "expected Dask's task stream" import empty.html

# A real run.
for python in python3 /usr/bin/python3 ''; do
  [ -n "$python" ] && "$python" -c 'import distributed' 2>/dev/null && break
done
[ -n "$python" ] || { echo "no python3-distributed: its own run is skipped"; finish; }
cat >run.py <<'PY'
import json, sys, time
from distributed import Client, LocalCluster, get_task_stream
def simulate(x, s):
    time.sleep(s)
    return x
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=False, dashboard_address=None) as cluster, Client(cluster) as client:
        with get_task_stream(client) as stream:
            parts = client.map(simulate, range(8), [0.1 + 0.01 * i for i in range(8)], pure=False)
            client.submit(sum, parts).result()
        json.dump(stream.data, open(sys.argv[1], "w"), default=str)
PY
timeout 60 "$python" run.py real.json >run.log 2>&1 || { echo "python3-distributed does not run here: $(tail -1 run.log)"; finish; }
totals "$(count real.json)" real.json
json '.tasks.done == 9 and .max_running <= 4 and .platform.nodes == 2 and ([.sets[] | select(.set == "simulate")][0].tasks == 8)'
goes_round real.json
finish
