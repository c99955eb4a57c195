#!/bin/bash
# Thirty made-up runs with loops, each as six kinds of trace: import finds these loops, and no others.
. tests/cli/common.sh
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
python3 "$source_dir/tests/support/made_up_loops.py" "$DAGCAST" 1 30 || fail "loops were misread"

# Without dependencies they are said, not written.
says_no='holds no dependencies, so that no workflow with loops follows from it'
# The last one has loops: seed 30.
refuses "$says_no" import run.csv --loops --write-workflow w.json
succeeds import numbers.csv --loops --write-workflow w.json
succeeds describe w.json
finish
