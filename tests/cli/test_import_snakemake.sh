#!/bin/bash
# Snakemake: a folder with its metadata and log, a summary with benchmarks, benchmarks alone; a real run if snakemake is there.
. tests/cli/common.sh
. "$source_dir/tests/cli/totals.sh"

mkdir -p run/.snakemake/metadata run/.snakemake/log run/benchmarks/map
metadata() {                             # OUTPUT RULE HASH START END INPUTS
  printf '{"version": null, "rule": "%s", "input": [%s], "starttime": %s, "endtime": %s, "job_hash": %s, "incomplete": false}' "$2" "$6" "$4" "$5" "$3" \
    >"run/.snakemake/metadata/$(printf %s "$1" | base64 -w0 | tr '/+' '_-')"
}
metadata 'mapped/a?~.bam' map 11 1700000000.25 1700000003.5 ''
metadata mapped/b.bam map 12 1700000000.5 1700000004.5 ''
metadata sorted/a.bam sort 13 1700000004.75 1700000006.0 '"mapped/a?~.bam"'
metadata sorted/a.idx sort 13 1700000004.80 1700000006.0 '"mapped/a?~.bam"'
metadata report.txt report 14 1700000007.0 1700000007.5 '"sorted/a.bam", "mapped/b.bam", "given.csv"'
cat >run/.snakemake/log/1.snakemake.log <<'LOG'
[Sun Nov 29 20:44:57 2023]
rule map:
    output: mapped/b.bam
    jobid: 7
    threads: 3
    resources: tmpdir=/tmp, mem_mb=2000

[Sun Nov 29 20:44:57 2023]
rule map:
    output: mapped/a?~.bam
    jobid: 8
    threads: 3
    resources: tmpdir=/tmp, mem_mb=2000
Finished job 7.
LOG
count() {                                # FOLDER: jobs by their metadata; `map` has three threads
  cat "$1"/.snakemake/metadata/* | jq -rs '[group_by(.rule, .job_hash)[] | {s: ([.[].starttime] | min), e: ([.[].endtime] | max), rule: .[0].rule}] |
    [length, ([.[].e] | max) - ([.[].s] | min), ([.[] | (.e - .s) * (if .rule == "map" then '"$2"' else 1 end)] | add)] | join(" ")'
}
totals "$(count run 3)" run
succeeds import ./run/ --json
json '.importer == "snakemake" and .session == "run" and ([.sets[] | {(.set): .after}] | add | .sort == "map" and .report == "map sort")'
json '[.sets[] | select(.set == "map")][0].cores == 3 and (.edges_inferred | not)'
succeeds import run --write-workflow rw.json
[ "$(jq '[.task_sets[] | select(.name == "map")][0].memory_mib' rw.json)" = 1908 ] || fail "no memory of the log: $(cat rw.json)"

# The summary has the dates, the benchmarks the durations.
printf 'output_file\tdate\trule\tversion\tlog-file(s)\tinput-file(s)\tshellcmd\tstatus\tplan\n' >run/summary.tsv
row() { printf '%s\t%s\t%s\t-\t\t%s\t%s\tok\tno update\n' "$@" >>run/summary.tsv; }
row report.txt 'Sun Nov 29 20:44:59 2023' report 'sorted/a.bam,mapped/b.bam' 'cat > report.txt'
row sorted/a.bam 'Sun Nov 29 20:44:58 2023' sort 'mapped/a.bam' 'sort a'
row sorted/a.idx 'Sun Nov 29 20:44:58 2023' sort 'mapped/a.bam' 'sort a'
row mapped/a.bam 'Sun Nov 29 20:44:57 2023' map '' 'map a'
row mapped/b.bam 'Sun Nov 29 20:44:56 2023' map '' 'map b'
benchmark() { printf 's\th:m:s\tmax_rss\tmax_vms\n' >"run/benchmarks/$1"; shift; printf '%s\t0:00:00\t3.0\t4.1\n' "$@" >>"run/benchmarks/${file:?}"; }
file=map/a.tsv benchmark map/a.tsv 2.5
file=map/b.tsv benchmark map/b.tsv 1.5
file=a.sort.txt benchmark a.sort.txt 0.5 0.75
file=strange.tsv benchmark strange.tsv 9
totals "4 4.5 4.625" run/summary.tsv
json '.importer == "snakemake" and ([.sets[] | {(.set): .after}] | add | .sort == "map" and .report == "sort map")'
json '[.missing[].why | select(test("of no job|no duration is known|by their paths"))] | length == 3'

# Benchmarks alone: durations.
succeeds import run/benchmarks --from snakemake --json
json '.tasks.count == 4 and .makespan_s == null and ([.sets[] | select(.set == "map")][0] | .tasks == 2 and .duration_s == 2)'
succeeds import run/benchmarks/a.sort.txt --json
json '.importer == "snakemake" and .tasks.count == 1 and .sets[0].duration_s == 0.625'
mkdir empty
refuses 'expected a run of Snakemake' import empty --from snakemake

# A real run.
command -v snakemake >/dev/null || { echo "no snakemake: its own run is skipped"; finish; }
mkdir real && cd real || exit 1
cat >Snakefile <<'S'
rule all:
    input: "report.txt"
rule map:
    output: "mapped/{s}.bam"
    benchmark: "benchmarks/map/{s}.tsv"
    threads: 2
    shell: "sleep 0.2; echo {wildcards.s} >{output}"
rule report:
    input: expand("mapped/{s}.bam", s=["a", "b", "c"])
    output: "report.txt"
    benchmark: "benchmarks/report.tsv"
    shell: "sleep 0.1; cat {input} >{output}"
S
HOME=$work timeout 60 snakemake -j 4 >snake.log 2>&1 || { echo "snakemake does not run here: $(tail -1 snake.log)"; finish; }
HOME=$work timeout 60 snakemake -c1 --detailed-summary >summary.tsv 2>/dev/null
cd .. || exit 1
totals "$(count real 2)" real
json '[.sets[] | select(.set == "map")][0] | .tasks == 3 and .cores == 2'
json '[.sets[] | select(.set == "report")][0].after == "map"'
succeeds import real/summary.tsv --json
json '.tasks.count == 4 and ([.missing[] | select(.what == "benchmarks")] | length == 1 and .[0].count == 4)'
sum=$(cat real/benchmarks/*.tsv real/benchmarks/*/*.tsv | awk '$1 + 0 > 0 { s += $1 } END { print s }')
json ".busy_core_s - $sum | fabs < 0.01"
finish
