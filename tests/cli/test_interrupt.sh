#!/bin/bash
# The first SIGTERM or SIGINT ends every command on long work within two seconds (one is promised; this machine may be busy), with
# 143 or 130, and leaves no file behind.
. tests/cli/common.sh
limit_ds=20
platform p.json
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 100000000, "duration": {"distribution": "normal", "mean": 10, "sd": 2}}]}' >one.json
awk 'BEGIN { printf "{\"name\": \"nodes\", \"task_sets\": ["
  for (i = 0; i < 600000; i++) printf("%s{\"name\": \"s%d\", \"duration\": %d%s}", i ? "," : "", i, 1 + i % 7,
    (i > 1000) ? sprintf(", \"after\": [\"s%d\", \"s%d\"]", int(i * 0.99) - 1, int(i * 0.4)) : "")
  print "]}" }' >nodes.json
awk 'BEGIN { print "task,set,start,end,node"; for (i = 0; i < 3000000; i++) printf "t%d,s%d,%d,%d,n%d\n", i, i % 2000, i % 9000, i % 9000 + 5, i % 64 }' >tasks.csv
echo '{"workflow": "one.json", "platform": "p.json", "replicas": 64, "grid": {"nodes": [1, 2], "seed": [1, 2, 3]}}' >study.json
workflow w.json
succeeds compare w.json -p ./p.json --json
{ echo '{"padding": ['; yes 0, | head -n 15000000; echo '0],'; tail -n +2 "$out"; } >result.json

left_out=rows.sqlite                     # a sweep's store is kept: the same command goes on from there
ends() {                                 # SIGNAL STATUS ARGUMENTS
  local signal=$1 expected=$2 pid waited=0 before after
  shift 2
  before=$(ls -A | grep -v "$left_out")
  "$DAGCAST" "$@" >"$work/.out" 2>"$work/.err" </dev/null &
  pid=$!
  sleep 0.7
  checks=$((checks + 1))
  kill -0 "$pid" 2>/dev/null || { wait "$pid"; fail "dagcast $*: ended by itself with $? before the signal: $(head -c 300 .err)"; return; }
  kill "-$signal" "$pid"
  while kill -0 "$pid" 2>/dev/null && [ "$waited" -lt "$limit_ds" ]; do
    sleep 0.1
    waited=$((waited + 1))
  done
  kill -0 "$pid" 2>/dev/null && { kill -KILL "$pid"; fail "dagcast $*: alive $((limit_ds / 10)) s after SIG$signal"; }
  wait "$pid"
  local status=$?
  [ "$status" -eq "$expected" ] || fail "dagcast $*: exit status $status after SIG$signal, not $expected"
  [ ! -s "$work/.out" ] || fail "dagcast $*: on standard output: $(head -c 300 "$work/.out")"
  grep -q interrupted "$work/.err" || fail "dagcast $*: does not say that it was interrupted: $(head -c 300 "$work/.err")"
  after=$(ls -A | grep -v "$left_out")
  [ "$before" = "$after" ] || fail "dagcast $*: left files behind: $(head -c 300 <<<"$after")"
}

ends TERM 143 simulate one.json -p ./p.json -r 1
ends INT 130 simulate one.json -p ./p.json -r 1 --timeline t.csv --chrome-trace t.json
ends TERM 143 compare one.json -p ./p.json -r 1
ends INT 130 compare nodes.json -p ./p.json
ends TERM 143 explain one.json -p ./p.json -r 1
ends TERM 143 advise one.json -p ./p.json
ends TERM 143 sweep study.json --store rows.sqlite
ends TERM 143 model nodes.json -p ./p.json
ends TERM 143 describe nodes.json -p ./p.json
ends TERM 143 plot gantt one.json -p ./p.json -o g.svg
ends INT 130 compare one.json -p ./p.json -r 1 --report page.html
ends INT 130 report tasks.csv
ends TERM 143 import tasks.csv --write-workflow x.json --timeline x.csv
ends TERM 143 convert tasks.csv x.json
ends TERM 143 calibrate tasks.csv tasks.csv
ends INT 130 validate tasks.csv
ends TERM 143 replay tasks.csv
finish
