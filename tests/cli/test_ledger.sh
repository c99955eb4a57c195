#!/bin/bash
# Predictions registered before their runs: the chain, what counts as an outcome, the track record.
. tests/cli/common.sh
sql() { python3 -c "import sqlite3, sys; c = sqlite3.connect('$1'); r = c.execute(sys.argv[1]).fetchall(); c.commit(); print(*(r[0] if r else ()))" "$2"; }

cat >w.json <<'W'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 6, "cores": 2, "duration": {"distribution": "normal", "mean": 0.2, "sd": 0.01}},
  {"name": "b", "tasks": 2, "cores": 4, "duration": 0.1, "after": ["a"]}]}
W
platform p.json
succeeds predict w.json -p p.json
says '^The makespan is 0\.[0-9] s on average; 95 % of runs take'
succeeds predict w.json -p p.json --json
json '.makespan | .interval95[0] <= .mean and .mean <= .interval95[1]'
json '.registered == null or (.registered | length == 0)'
cp "$out" alone

# Without a platform it is for this machine, where execute runs it.
echo '{"name": "h", "task_sets": [{"name": "a", "tasks": 4, "duration": 0.1}]}' >h.json
succeeds predict h.json --json
json '.scenario.platform.name == "this-machine" and .scenario.options.platform == "this-machine" and (.here | test("No platform was named"))'
jq -c .makespan "$out" >here
succeeds predict h.json -p this-machine --json
json '.here == null'
[ "$(jq -c .makespan "$out")" = "$(cat here)" ] || fail "named, this machine predicts $(jq -c .makespan "$out"), not $(cat here)"
succeeds predict h.json --register here.sqlite
sleep 1.1
succeeds execute h.json --run-dir here1 --quiet
succeeds score here.sqlite here1
says '^[01] of 1 runs fell into their 95 % interval'

# A run that is earlier than the prediction does not count; one after it does.
succeeds execute w.json -p p.json --run-dir early --quiet
sleep 1.1
succeeds predict w.json -p p.json --register l.sqlite --name first --json
json '.registered.hash | test("^[0-9a-f]{64}$")'
[ "$(jq -c .makespan "$out")" = "$(jq -c .makespan alone)" ] || fail 'registering changes the prediction'
hash=$(jq -r .registered.hash "$out")
refuses "^dagcast score: early: no open prediction matches it; of the last: early: began [0-9]+ s before prediction first" score l.sqlite early
refuses '^dagcast score: early: began [0-9]+ s before prediction first was registered' score l.sqlite early --of "$hash"
succeeds score l.sqlite
says '^1 prediction is registered; none has an outcome yet'
succeeds execute w.json -p p.json --run-dir run1 --quiet
succeeds score l.sqlite run1
says '^[01] of 1 runs fell into their 95 % interval; .* 0 open'
succeeds score l.sqlite --show --json
json '.entries == 2 and .all.n == 1 and .platforms[0].platform == "p" and .predictions[0].run == "run1"'
json '.predictions[0] | (.inside | type) == "boolean" and ((.error - (.predicted - .measured)) | fabs) < 1e-9'
json '.all.bias == .predictions[0].error / .predictions[0].measured'
succeeds score l.sqlite --csv
[ "$(wc -l <"$out")" -eq 2 ] || fail "--csv: $(cat "$out")"
refuses 'scored before, for prediction first' score l.sqlite run1
refuses 'prediction first has an outcome already: run1' score l.sqlite early --of "${hash:0:10}"

# The scenario is frozen whole: what is in the ledger predicts the same.
jq -c .scenario <<<"$(sql l.sqlite 'SELECT content FROM entries WHERE number = 1')" >frozen.json
succeeds predict frozen.json --json
[ "$(jq -c .makespan "$out")" = "$(jq -c .makespan alone)" ] || fail "the frozen scenario predicts $(jq -c .makespan "$out")"
succeeds predict "$source_dir/examples/dg1.json" -p summit -n 16 -m radical-entk --mode pipelined -r 20 --register big.sqlite --json
jq -c .makespan "$out" >entk
jq -c .scenario <<<"$(sql big.sqlite 'SELECT content FROM entries')" >frozen.json
succeeds predict frozen.json -r 20 --json
[ "$(jq -c .makespan "$out")" = "$(cat entk)" ] || fail "the frozen EnTK scenario predicts $(jq -c .makespan "$out"), not $(cat entk)"

# The hashes are those that another program computes.
python3 - l.sqlite <<'P' || fail 'the chain is not SHA-256 of what the docs say'
import hashlib, sqlite3, sys
head = "0" * 64
for number, kind, content, stored in sqlite3.connect(sys.argv[1]).execute("SELECT number, kind, content, hash FROM entries ORDER BY number"):
    head = hashlib.sha256("\n".join((head, kind, content)).encode()).hexdigest()
    assert head == stored, number
P

# Several that match: --of says which.
succeeds predict w.json -p p.json --register l.sqlite --name second --json
second=$(jq -r .registered.hash "$out")
succeeds predict w.json -p p.json --register l.sqlite --name third
succeeds execute w.json -p p.json --run-dir run2 --quiet
refuses 'matches predictions second \([0-9a-f]{8}\) and third \([0-9a-f]{8}\); --of HASH says which' score l.sqlite run2
succeeds score l.sqlite run2 --of "$second"
refuses "^dagcast score: entry 2 is an outcome, not a prediction" score l.sqlite early --of "$(sql l.sqlite 'SELECT hash FROM entries WHERE number = 2')"
refuses "begins with 'ffff" score l.sqlite run2 --of ffffffffff
sed 's/"tasks": 6/"tasks": 5/' w.json >other.json
succeeds execute other.json -p p.json --run-dir run3 --quiet
refuses 'no open prediction matches it; of the last: ' score l.sqlite run3

# Changes are seen: by triggers, and where these are dropped by the hashes; what is cut off, by who keeps a hash.
last=$(sql l.sqlite 'SELECT hash FROM entries ORDER BY number DESC LIMIT 1')
cp l.sqlite cut.sqlite
sql cut.sqlite 'DROP TRIGGER no_delete'
sql cut.sqlite 'DELETE FROM entries WHERE number = (SELECT max(number) FROM entries)'
succeeds score cut.sqlite
refuses "^dagcast score: --contains: the ledger has no entry" score cut.sqlite --contains "$last"
succeeds score l.sqlite --contains "$last"
python3 - <<'P' || fail 'a plain UPDATE was let through'
import sqlite3
c = sqlite3.connect("l.sqlite")
try:
    c.execute("UPDATE entries SET content = 'x'")
except sqlite3.IntegrityError:
    raise SystemExit(0)
raise SystemExit(1)
P
for change in "UPDATE entries SET content = replace(content, '\"high\":', '\"high\":9') WHERE number = 1" 'DELETE FROM entries WHERE number = 2' \
              "UPDATE entries SET hash = substr(hash, 2) || 'x' WHERE number = 3" "UPDATE entries SET kind = 'outcome' WHERE number = 1"; do
  cp l.sqlite bad.sqlite
  sql bad.sqlite 'DROP TRIGGER no_update'
  sql bad.sqlite 'DROP TRIGGER no_delete'
  sql bad.sqlite "$change"
  refuses '^dagcast score: bad.sqlite: entry [123] (is missing|does not have its hash)' score bad.sqlite
  refuses 'entry [123]' predict w.json -p p.json --register bad.sqlite
done

# What is wrong.
refuses 'no such ledger' score nowhere.sqlite
refuses 'expected a ledger, got another kind of file' score w.json
python3 -c "import sqlite3; c = sqlite3.connect('db.sqlite'); c.execute('CREATE TABLE t (x)'); c.commit()"
refuses 'expected a ledger, got another database' score db.sqlite
refuses 'expected a ledger, got another database' predict w.json -p p.json --register db.sqlite
refuses 'without an interval' predict w.json -p p.json -r 1 --register one.sqlite
refuses 'leave tasks undone' predict w.json -p p.json --walltime 0.2 --register cut2.sqlite
refuses '^dagcast predict: --name names an entry' predict w.json -p p.json --name x
refuses 'overwrite|input' predict w.json -p p.json --register w.json
refuses '^dagcast score: --show adds no outcome' score l.sqlite run2 --show

# Two at once: both are in, one after the other.
for i in 1 2 3 4 5 6; do "$DAGCAST" predict w.json -p p.json -r 5 --register both.sqlite >/dev/null & done
wait
succeeds score both.sqlite --json
json '.entries == 6'
finish
