#!/bin/bash
# Which profile predicts if none is named: closest for what was imported from RADICAL, ideal for others, `auto` everywhere.
. tests/cli/common.sh
workflow w.json
platform p.json

recorded() {                             # FILE FROM OBJECT: with `radical`
  jq --argjson r "$3" '.radical = $r' "$2" >"$1"
}

# Nothing is known: ideal, and a suggestion that -m auto takes. The workflow has dependencies.
succeeds simulate w.json -p p.json -r 2 --json
json '.scenario | .middleware == "ideal" and .middleware_suggested == "radical-entk" and .profile_choice == null'
succeeds simulate w.json -p p.json -r 2
says '^ +closest measured profile: radical-entk, of another machine \(--middleware auto takes it\)$'
succeeds simulate w.json -p p.json -r 2 -m ideal --json
json '.scenario | .middleware == "ideal" and .middleware_suggested == null'

# A record decides, of the workflow or of the platform; options and what a scenario file says override it.
recorded old.json w.json '{"version": "0.47", "launcher": "aprun", "client": "entk"}'
recorded there.json p.json '{"launcher": "srun", "version": "1.61", "client": "alone"}'
succeeds simulate old.json -p p.json -r 2 --json
json '.scenario | .middleware == "radical-entk-0.6-aprun" and .profile_choice.differs_in == "machine" and .generation == "0.47"'
json '.scenario | .extrapolation == "platform p, the profile'"'"'s is ncsa.bw_aprun" and .extrapolation_as == "machine or release"'
succeeds simulate w.json -p there.json -r 2 --json
json '.scenario.middleware == "radical-1.60-srun"'
succeeds simulate w.json -p there.json -r 2
says '^ +chosen for RADICAL-Pilot 1.61 alone, srun, on p: the closest of [0-9]+ shipped profiles; differs in machine, version$'
succeeds simulate old.json -p p.json -m radical-1.33 -r 2 --json
json '.scenario | .middleware == "radical-1.33" and .profile_choice == null and (.extrapolation | test("aprun") | not)'

# A launcher that nobody measured: the closest in what is left, and more spread.
recorded new.json w.json '{"version": "1.61", "launcher": "dragon", "client": "alone"}'
succeeds simulate new.json -p p.json -r 2 --json
json '.scenario | .profile_choice.differs_in | test("launcher")'
json '.scenario | .extrapolation_as == "launcher"'

# auto, in every command that takes a middleware.
for command in "compare -r 2" "simulate -r 2" "advise -n 1,2" model "explain -r 2" "predict -r 8"; do
  # shellcheck disable=SC2086  # words
  succeeds $command w.json -p summit -m auto --json
  json '[.. | objects | select(.middleware == "radical-entk" and .profile_choice.differs_in == "")] | length >= 1'
done
succeeds compare w.json -p summit -m auto,rp-flux -r 2 --json
json '[.middleware[].middleware] | sort == ["radical-entk", "rp-flux"]'
echo '{"workflow": "old.json", "platform": "p.json", "middleware": "auto", "replicas": 2}' >s.json
succeeds simulate s.json --json
json '.scenario.middleware == "radical-entk-0.6-aprun"'
refuses "none is named 'outo'" simulate w.json -p p.json -m outo

# A study chooses point by point: the makespans are those of the profiles.
cat >study.json <<'J'
{"name": "s", "workflow": "w.json", "replicas": 3, "grid": {"platform": ["summit", "there.json"], "middleware": ["auto", "ideal"]}}
J
succeeds sweep study.json --store s.sqlite --json
json '[.rows[] | select(.middleware == "auto") | .profile] == ["radical-entk", "radical-1.60-srun"]'
json '[.rows[] | select(.middleware == "ideal") | .profile] == [null, null]'
succeeds sweep --show s.sqlite
says 'auto took'
says 'radical-1\.60-srun'
succeeds sweep --show s.sqlite --csv
cp "$out" rows.csv
for at in summit:radical-entk there.json:radical-1.60-srun; do
  succeeds simulate w.json -p "${at%%:*}" -m "${at#*:}" -r 3 --json
  want=$(jq '.makespan.mean * 1000 | round' "$out")
  got=$(awk -F, -v p="${at%%:*}" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["platform"] == p && $c["middleware"] == "auto" { printf "%.0f", 1000 * $c["makespan_s"] }' rows.csv)
  [ "$got" = "$want" ] || fail "sweep with auto on ${at%%:*}: $got ms, simulate with ${at#*:}: $want ms"
done

# Measured durations hold what launching takes within a task; requested ones do not.
recorded measured.json w.json '{"version": "1.9", "launcher": "jsrun", "client": "entk", "durations": "measured"}'
recorded requested.json w.json '{"version": "1.9", "launcher": "jsrun", "client": "entk"}'
succeeds simulate measured.json -p summit -r 20 --json
measured=$(jq .makespan.mean "$out")
succeeds simulate requested.json -p summit -r 20 --json
jq -e --argjson m "$measured" '.makespan.mean - $m | . > 0.05 and . < 5' "$out" >/dev/null ||
  fail "requested durations: $(jq .makespan.mean "$out") s, measured ones: $measured s; expected 0.05 to 5 s more"
finish
