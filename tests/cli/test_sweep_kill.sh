#!/bin/bash
# A sweep killed twenty times at any instant: no finished row is lost or changed, none is there twice, and in the end the rows are
# those of a sweep that nobody disturbed.
. tests/cli/common.sh
workflow w.json
platform p.json
points=6000
cat >study.json <<JSON
{"workflow": "w.json", "platform": "p.json", "replicas": 160, "grid": {"nodes": [1, 2, 3], "seed": [$(seq -s, 1 $((points / 3)))]}}
JSON

touch before
kills=0 slower=1                         # how much slower than a quiet machine this one seems to be just now
for _ in $(seq 20); do
  "$DAGCAST" sweep study.json --store rows.sqlite --threads 2 >/dev/null 2>"$work/.err" &
  sleep "$(awk "BEGIN { print $((RANDOM % 70 + 30)) * $slower / 1000 }")"
  kill -KILL $! 2>/dev/null && kills=$((kills + 1))
  wait $! 2>/dev/null
  [ -s rows.sqlite ] || { slower=$((slower < 32 ? slower * 2 : slower)); continue; }         # killed before it had begun one
  "$DAGCAST" sweep --show rows.sqlite --csv 2>"$work/.err" | tail -n +2 | sort >after
  checks=$((checks + 1))
  [ -z "$(comm -23 before after)" ] || fail "rows were lost or changed: $(comm -23 before after | head -n 3)"
  [ -z "$(cut -d, -f1 after | uniq -d)" ] || fail "rows are there twice"
  cmp -s before after && [ "$slower" -lt 32 ] && slower=$((slower * 2))
  mv after before
done
[ "$kills" -ge 10 ] || fail "only $kills of 20 kills met a running sweep"
kept=$(wc -l <before)
[ "$kept" -gt 0 ] && [ "$kept" -lt "$points" ] || fail "$kept of $points rows after the kills: nothing was put to the test"

succeeds sweep study.json --store rows.sqlite --csv
cp "$out" resumed
[ "$(wc -l <resumed)" -eq $((points + 1)) ] || fail "$(wc -l <resumed) lines, not $((points + 1))"
[ -z "$(tail -n +2 resumed | sort | comm -23 before -)" ] || fail "finished rows were run again, with another outcome"
succeeds sweep study.json --store undisturbed.sqlite --csv
cmp -s resumed "$out" || fail "the rows differ from those of a sweep that was not killed"
echo "$kills kills, $kept of $points rows before the last run"
finish
