#!/bin/bash
# An option that changes nothing is said on standard error, and the command goes on; it is refused only if the result could be taken for what it asks for.
. tests/cli/common.sh
workflow w.json
platform p.json

unused() { # ARGUMENTS --OPTION [VALUE]: one line says so, and the result is the same as without
  local without=("${@:1:$#-2}") option=${*: -2:1}
  case ${*: -1} in --*) without=("${@:1:$#-1}") option=${*: -1} ;; esac
  rm -f made.*
  "$DAGCAST" "$@" >with 2>notes || fail "$*: exit status $?: $(cat notes)"
  checks=$((checks + 1))
  [ "$(wc -l <notes)" -eq 1 ] && grep -qE "^dagcast( $1)?: $option changes nothing here: " notes || fail "$*: says $(cat notes)"
  cat made.* >>with 2>/dev/null
  rm -f made.*
  "$DAGCAST" "${without[@]}" >without 2>notes || fail "$*: without it, exit status $?"
  cat made.* >>without 2>/dev/null
  [ -s without ] || fail "$*: nothing is written"
  cmp -s with without || fail "$*: the option changes the result: $(diff with without | head -3)"
  [ ! -s notes ] || fail "$*: without it: $(cat notes)"
}

succeeds simulate w.json -p p.json -r 2 --timeline t.csv
"$DAGCAST" sweep <(echo '{"workflow": "./w.json", "platform": "./p.json", "replicas": 3, "grid": {"mode": ["sequential", "pipelined"]}}') \
  --store s.sqlite >/dev/null || fail 'sweep'
"$DAGCAST" sweep --show s.sqlite --csv >s.csv || fail 'sweep --show'
echo '{"name": "m", "stations": {}}' >m.json

unused explain w.json -p p.json -r 3 --precision 0.1
unused advise w.json -p p.json -r 80 --pilots 2
unused simulate w.json -p p.json -r 3 --queue-machine far
unused compare w.json -p p.json -r 3 --queue-name short
unused compare w.json -p p.json -r 3 -m ideal,radical-entk --queue-name short
unused compare w.json -p p.json -r 3 --mode pipelined
unused describe w.json --middleware ./m.json
unused describe w.json --nodes 4
unused describe ./p.json --middleware ./m.json
unused describe ./m.json --nodes 2
unused describe ./m.json --platform ./p.json
unused replay t.csv --middleware ideal
unused import t.csv --level measured
unused convert t.csv made.json --to workflow --platform ./p.json
unused convert t.csv made.wfformat.json --level description
unused convert t.csv made.csv --level description
unused validate t.csv -m ideal -r 20 --in-sample
unused sweep --show s.sqlite --backend serial
unused sweep --show s.sqlite --threads 2
unused watch t.csv --once --interval 5
succeeds describe w.json -p p.json --nodes 3
succeeds validate t.csv -r 20 --in-sample

refuses '^dagcast describe: --platform p.json: the operand is a platform too' describe ./p.json --platform p.json
refuses '^dagcast plot: --x: ' plot gantt w.json -p p.json --x nodes -o none.svg
refuses '^dagcast plot: --y: ' plot ecdf s.csv --y nodes -o none.svg
refuses '^dagcast plot: --chrome-trace: ' plot dag w.json --chrome-trace none.json -o none.svg

if command -v gnuplot >/dev/null; then
  "$DAGCAST" compare w.json -p p.json -r 3 --json --picture-data >r.json
  unused plot gantt t.csv -o made.svg --platform p.json
  unused plot gantt t.csv -o made.svg --mode pipelined
  unused plot gantt t.csv -o made.svg --seed 4
  unused plot gantt w.json -p p.json -o made.svg --replicas 3
  unused plot gantt r.json -o made.svg --nodes 3
  unused plot makespan r.json -o made.svg --seed 3
  unused plot makespan w.json -p p.json -o made.svg --mode pipelined
  unused plot ecdf s.csv -o made.svg --nodes 4
fi

finish
