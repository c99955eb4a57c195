#!/bin/bash
# Measured sessions of RADICAL beside the checkout, each predicted by a profile fitted on the others: the 95 % interval holds in nine of ten
# or more, and is narrow. Of one session, which waits long, replicas take too long for a test.
. tests/cli/common.sh
shared=$source_dir/../shared/traces
[ -d "$shared" ] && command -v jq >/dev/null || { echo "skipped: no ../shared/traces, or no jq"; exit 77; }
mapfile -t sessions < <(find "$shared" -name '*.tgz' -o -name '*.tar.*' | grep -v het2048 | sort)

all='.generations[-1] | '
succeeds validate --keep-going --leave-out session --json "${sessions[@]}"
echo "without the session: $(jq -c "$all{sessions, held, error_median, width_median, interval_score}" "$out")"
json "$all .sessions >= 25 and .held >= 0.9 * .sessions and .error_median < 0.006 and .width_median < 0.03"
json "$all .baselines.fifo.interval_score > .interval_score and .baselines.critical_path.interval_score > .interval_score"

# A broker far away is told from the setting up of its queues: one generation of EnTK then predicts another.
mapfile -t sessions < <(find "$shared/generations" "$shared/summit-async" -name 're.*' | sort)
succeeds validate --keep-going --leave-out generation --replicas 200 --json "${sessions[@]}"
echo "EnTK without the generation: $(jq -c "$all{sessions, held, error_median, error_p90, width_median}" "$out")"
json "$all .sessions >= 9 and .held == .sessions and .error_median < 0.01 and .error_p90 < 0.03 and .width_median < 0.05"
finish
