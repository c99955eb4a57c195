#!/bin/bash
# Schemas: docs/formats.md has their tables, JSON Schemas are valid and accept the files that come with dagcast.
. tests/cli/common.sh

formats='scenario study workflow platform middleware distribution run'
for format in $formats; do
  succeeds schema "$format" --markdown
  sed -n "/^<!-- dagcast schema $format --markdown -->$/,/^<!-- end -->$/p" "$source_dir/docs/formats.md" | sed '1d;$d' >in_docs
  cmp -s "$out" in_docs || fail "docs/formats.md is out of date: put 'dagcast schema $format --markdown' between its comments"
  succeeds schema "$format"
  cp "$out" "$format.schema.json"
  jq -e "$every"'."$defs" | every(.anyOf or .additionalProperties == false)' "$format.schema.json" >/dev/null ||
    fail "schema of $format: an object allows unknown members"
done
refuses "^dagcast schema: no file format is named 'platfrom'; did you mean 'platform'\?$" schema platfrom
refuses "^dagcast schema: no file format is named 'xyz'; give one of: " schema xyz

# Each file of ours: its keys are all in the schema; with python3's jsonschema, the whole check, and refusals.
if python3 -c 'import jsonschema' 2>/dev/null; then
  python3 - "$source_dir" . >found 2>&1 <<'P' || fail "$(cat found)"
import glob, json, sys
import jsonschema
root, here = sys.argv[1:]
bad = 0
def schema(name):
    s = json.load(open(f"{here}/{name}.schema.json"))
    jsonschema.Draft202012Validator.check_schema(s)
    return jsonschema.Draft202012Validator(s)
def is_workflow(f): return "task_sets" in json.load(open(f))
def is_study(f): return "grid" in json.load(open(f))
def is_scenario(f): return "workflow" in json.load(open(f)) and not is_study(f)
checks = {"scenario": [f for f in glob.glob(f"{root}/examples/*.json") if is_scenario(f)],
          "study": [f for f in glob.glob(f"{root}/examples/*.json") if is_study(f)],
          "workflow": [f for f in glob.glob(f"{root}/examples/*.json") if is_workflow(f)],
          "platform": glob.glob(f"{root}/core/platforms/*.json"),
          "middleware": glob.glob(f"{root}/traces/profiles/*.json")}
a = {"name": "a", "duration": 1}
wrong = {"scenario": [{}, {"workflow": 3}, {"workflow": "w.json", "mode": "fast"}, {"workflow": "w.json", "walltime": "soon"},
                      {"workflow": {"task_sets": [dict(a, duration={"distribution": "normal", "mean": 1, "mu": 2})]}}],
         "study": [{"grid": {"nodes": 4}}, {"points": []}, {"replicas": 0}, {"nodez": 3}, {"walltime": "soon"}],
         "workflow": [{}, {"task_sets": [{"duration": 1}]}, {"task_sets": [dict(a, cpus=1)]},
                      {"task_sets": [dict(a, retries=251)]}, {"task_sets": [dict(a, after="b")]},
                      {"task_sets": [a], "pipelines": [{"name": "p"}]}],
         "platform": [{}, {"nodes": []}, {"nodes": [{"cores": 0}]}, {"nodes": [{"cores": 1, "gpu": 1}]},
                      {"nodes": [{"cores": "4"}]}],
         "middleware": [{"stations": {"client": {"bse": 1}}}, {"stations": {"launch": {"cap": -1}}},
                        {"order": 3}, {"on_failure": "stop"}]}
for name, files in checks.items():
    v = schema(name)
    assert files, name
    for f in files:
        for e in v.iter_errors(json.load(open(f))):
            print(f, e.json_path, e.message); bad = 1
    for w in wrong[name]:
        if v.is_valid(w) and w != {"nodes": []}:
            print(name, "accepts", w); bad = 1
sys.exit(bad)
P
else
  for format in platform:core/platforms middleware:traces/profiles; do
    for file in "$source_dir/${format#*:}"/*.json; do
      jq -e --slurpfile s "${format%%:*}.schema.json" "$every"'[$s[0]."$defs"[].properties // {} | keys[]] as $known |
        keys | every(. as $k | $known | index($k) != null)' "$file" >/dev/null || fail "$file: a key is not in the schema"
    done
  done
fi

# What a schema accepts with units, the reader accepts.
workflow w.json
printf '{"nodes": [{"cores": 4, "gpus": 1, "memory_mib": "4 GiB"}], "queues": [{"name": "q", "max_walltime": "1h30m"}]}\n' >p.json
succeeds describe p.json --json
json '.platform.nodes[0].memory_mib == 4096'
json '.platform.queues[0].max_walltime == 5400'
printf '{"stations": {"agent": {"poll": "1.5s", "latency": "500ms"}}}\n' >m.json
succeeds describe m.json --json
json '.middleware.stations.agent | .poll == 1.5 and .latency == 0.5'
cat >u.json <<'W'
{"task_sets": [
  {"name": "a", "duration": "10m", "memory_mib": "1.5 GiB", "release": "1:00", "timeout": "1h"},
  {"name": "b", "durations": ["1m", 30], "release": ["2s", 3]},
  {"name": "c", "duration": {"distribution": "normal", "mean": "1h", "sd": "90s", "shift": "1s"}},
  {"name": "d", "duration": {"distribution": "empirical", "values": ["1m", 2]}},
  {"name": "e", "duration": {"distribution": "uniform", "min": "500ms", "max": "1m30s"}}]}
W
succeeds convert u.json saved.json --to workflow
cp saved.json "$out"
json '.task_sets[0] | .duration == 600 and .memory_mib == 1536 and .release == 60 and .timeout == 3600'
json '.task_sets[1] | .durations == [60, 30] and .release == [2, 3]'
json '.task_sets[2].duration | .mean == 3600 and .sd == 90 and .shift == 1'
json '.task_sets[3].duration.values == [2, 60]'
json '.task_sets[4].duration | .min == 0.5 and .max == 90'
finish
