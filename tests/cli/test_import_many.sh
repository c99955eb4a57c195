#!/bin/bash
# 30,000 tasks of as many names, or of one name and as many demands: each importer reads them in seconds, where a search through all
# names, or through all pairs of sets, takes minutes.
. tests/cli/common.sh

many=30000
names=$(awk -v n=$many 'BEGIN { for (i = 0; i < n; i++) { s = ""; for (k = i; length(s) < 5; k = int(k / 26)) s = sprintf("%c", 97 + k % 26) s; print "n" s } }')

lines() {                                # PROGRAM: awk's, with the name in $1 and i from 0 on
  awk "BEGIN { OFS = \"\" } { i = NR - 1; $1 }" <<<"$names"
}

sets() {                                 # COUNT FILE: as many sets, in less than half a minute
  checks=$((checks + 1))
  timeout 30 "$DAGCAST" import "$2" --json >.out 2>.err || fail "import $2: exit status $?: $(head -c 300 .err)"
  out=.out
  json ".tasks.count == $many and (.sets | length) == $1"
}

{ echo 'id,name,submit,start,end,cores'
  lines 'print i, ",", $1, ",0,", i / 2, ",", i / 2 + 10, ",1"'; } >names.csv
sets $many names.csv
{ echo 'id,name,submit,start,end,cores,memory'
  lines 'print i, ",x,0,", i / 2, ",", i / 2 + 10, ",1,", i + 1, " MiB"'; } >demands.csv
sets $many demands.csv
json '[.sets[].set] | length == (unique | length) and (map(length) | max) < 20'
{ echo 'id,name,submit,start,end,cores'
  lines 'l = i % 2; print i, ",", $1, ",", l * 100, ",", l * 100 + 1, ",", l * 100 + 99, ",1"'; } >levels.csv
sets $many levels.csv
json '[.missing[] | select(.why | test("their times say nothing"))][0].count == 1'
{ printf '{"jobs": ['
  lines 'print i ? ", " : "", "{\"id\": ", i + 1, ", \"name\": \"", $1, "\", \"ntasks\": 1, \"nnodes\": 1, \"ncores\": 1, \"t_submit\": 1, \"t_run\": ",
    i + 1, ", \"t_cleanup\": ", i + 11, ", \"nodelist\": \"n1\"}"'
  echo ']}'; } >flux.json
sets $many flux.json
{ printf '['
  lines 'print i ? "," : "", "{\"key\": \"", $1, "\", \"worker\": \"tcp://w:1\", \"thread\": ", i % 2,
    ", \"startstops\": [{\"action\": \"compute\", \"start\": ", i + 1, ", \"stop\": ", i + 1.9, "}]}"'
  echo ']'; } >dask.json
sets $many dask.json

finish
