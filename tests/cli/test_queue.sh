#!/bin/bash
# How long jobs wait: histories of three forms, requests in nodes and cores, coverage on real machines.
. tests/cli/common.sh

awk 'BEGIN { srand(7); print "machine,cores,walltime_min,queue,submitted_epoch,wait_s"
  for (i = 0; i < 240; i++) {
    cores = 16 * 2 ^ int(3 * rand()); min = 30 * 2 ^ int(3 * rand())
    printf "%s,%d,%d,%s,%d,%.2f\n", i % 2 ? "near" : "far", cores, min, i % 3 ? "long" : "short", 1400000000 + 60 * i,
      (i % 2 ? 10 : 1000) / (rand() + 0.001) } }' >waits.csv
succeeds queue waits.csv
says '^Jobs +240, by cores and walltime$'
says '^far +120 +16 \.\. 64 '
succeeds queue waits.csv --cores 32 --walltime 1h --json
json '.command == "queue" and .jobs == 240 and (.machines | length) == 2'
json '[.machines[].coverage | (.q50 > 0.45 and .q50 < 0.55 and .q95 > 0.9)] == [true, true]'
json '[.machines[].predicted | (.q05 < .q50 and .q50 < .q95)] == [true, true]'
json '(.machines | map(select(.machine == "far"))[0].predicted.q50) > 20 * (.machines | map(select(.machine == "near"))[0].predicted.q50)'
succeeds queue waits.csv --machine far --nodes 2 --cores-per-node 16 -w 1h --json
json '(.machines | length) == 1 and .request.size == 32 and .request.walltime == 3600'
succeeds queue waits.csv --machine far --queue short --cores 64 -w 30m --json
json '.machines[0].jobs == 40'
succeeds queue waits.csv --machine far --cores 1024 -w 30m
says '^EXTRAPOLATION: the jobs of far asked for 16 to 64 cores, not 1024'
succeeds queue waits.csv --machine far --cores 16 -w 10h
says '^EXTRAPOLATION: the jobs of far asked for 30 to 120 minutes, not 600'
succeeds queue waits.csv --csv
[ "$(wc -l <"$out")" -eq 3 ] || fail "--csv: not two machines: $(cat "$out")"
succeeds queue waits.csv --cores 16 -w 1h --report page.html
grep -q 'How long a request waits' page.html || fail "the page has no request"

refuses 'the history counts cores, the request nodes; add --cores-per-node, or give --cores$' queue waits.csv --nodes 4 -w 1h
refuses 'the wait depends on the walltime asked for; give --walltime too$' queue waits.csv --cores 4
refuses 'give --nodes or --cores too$' queue waits.csv --walltime 4
refuses 'give one of them$' queue waits.csv --cores 4 --nodes 4 -w 1h
refuses "no machine named 'fra'; it has far, near$" queue waits.csv --machine fra
refuses "no queue named 'x'; it has short, long$" queue waits.csv --queue x
refuses 'no column of nodes' queue "$source_dir/examples/ddmd.json"
refuses 'no-such' queue no-such
head -8 waits.csv >few.csv
succeeds queue few.csv --cores 16 -w 1h
says 'far has 4 jobs: too few; a 95 % quantile takes 20'

# A packed history that is cut off: what could be read counts, and that is said.
gzip -c waits.csv | head -c 1500 >cut.csv.gz
succeeds queue cut.csv.gz
says '^Cut off  *ends early'
succeeds queue cut.csv.gz --json
json '.damage != null and .jobs < 240'

# Without walltimes none can be asked about.
awk 'BEGIN { print "nodes,wait_s"; for (i = 0; i < 30; i++) print 1 + i % 4 "," 3 * i }' >plain.csv
succeeds queue plain.csv --nodes 2
says 'by nodes; no walltimes are known'
refuses 'leave out --walltime$' queue plain.csv --nodes 2 -w 1h

# Real queues: 50 and 95 % are covered within 5 points, by jobs left out and by forecasts.
history=$source_dir/../shared/traces/queues/pilots_comet_supermic.csv
if [ -r "$history" ]; then
  succeeds queue "$history" --json
  json '[.machines[].machine] == ["comet", "supermic"]'
  json '[.machines[] | .coverage, .forecast | (.q50 - 0.5 | fabs < 0.05), (.q95 - 0.95 | fabs < 0.05)] | length == 8 and every(.)'
fi
finish
