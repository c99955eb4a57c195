#!/bin/bash
# An option that a command takes but that changes nothing is refused in one sentence, or said on standard error if the result is still what was asked for.
. tests/cli/common.sh
workflow w.json
platform p.json

unused() { # OPTION, arguments
  local option=$1
  shift
  refuses "^dagcast ${1%% *}: --$option changes nothing here: [^;]+; leave it out$" "$@"
}
told() { # OPTION, arguments: the same result as without the last two
  local option=$1
  shift
  "$DAGCAST" "$@" >with 2>notes || fail "$*: exit status $?"
  checks=$((checks + 1))
  [ "$(grep -c "^dagcast $1: --$option changes nothing here: " notes)" = 1 ] || fail "$*: says $(cat notes)"
  "$DAGCAST" "${@:1:$#-2}" >without 2>notes || fail "$*: without it, exit status $?"
  cmp -s with without || fail "$*: the option changes the result"
  [ ! -s notes ] || fail "$*: without it: $(cat notes)"
}

succeeds simulate w.json -p p.json -r 2 --timeline t.csv
"$DAGCAST" sweep <(echo '{"workflow": "./w.json", "platform": "./p.json", "replicas": 3, "grid": {"mode": ["sequential", "pipelined"]}}') \
  --store s.sqlite >/dev/null || fail 'sweep'
"$DAGCAST" sweep --show s.sqlite --csv >s.csv || fail 'sweep --show'
echo '{"name": "m", "stations": {}}' >m.json

refuses "unknown option '--precision'" explain w.json -p p.json -r 3 --precision 0.1
unused pilots advise w.json -p p.json --pilots 2
unused queue-machine simulate w.json -p p.json --queue-machine far
unused queue-name compare w.json -p p.json --queue-name short
unused platform describe ./p.json -p p.json
unused middleware describe ./p.json -m ./m.json
unused nodes describe ./m.json -n 2
unused middleware replay t.csv -m ideal
unused level import t.csv --level measured
unused platform convert t.csv o.json --platform ./p.json
unused level convert t.csv o.wfformat.json --level measured
unused level convert t.csv o.csv --level measured
unused in-sample validate t.csv -m ideal --in-sample
unused backend sweep --show s.sqlite --backend serial
unused threads sweep --show s.sqlite --threads 2
unused interval watch . --once --interval 5
unused x plot gantt w.json -p p.json --x nodes -o none.svg
unused y plot ecdf s.csv --y nodes -o none.svg
unused chrome-trace plot dag w.json --chrome-trace none.json -o none.svg
unused platform plot gantt t.csv -p p.json -o none.svg
unused seed plot gantt t.csv --seed 4 -o none.svg
unused nodes plot sweep s.csv -n 4 -o none.svg
unused mode plot makespan w.json -p p.json --mode pipelined -o none.svg
[ ! -e none.svg ] && [ ! -e none.json ] && [ ! -e o.json ] && [ ! -e o.csv ] || fail 'a file was written'

told mode compare w.json -p p.json -r 3 --mode pipelined
told middleware describe w.json --middleware ./m.json
told nodes describe w.json --nodes 4
succeeds describe w.json -p p.json --nodes 3
if command -v gnuplot >/dev/null; then
  told replicas plot gantt w.json -p p.json -o g.svg --replicas 3
fi

finish
