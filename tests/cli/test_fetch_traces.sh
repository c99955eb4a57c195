#!/bin/bash
# The script that fetches the public sessions, on a local copy: takes what is right, refuses what was changed or is not there.
. tests/cli/common.sh
fetch=$source_dir/validation/fetch_traces
expect() {                               # STATUS PATTERN ARGUMENTS
  local wanted=$1 pattern=$2 said
  shift 2
  checks=$((checks + 1))
  said=$("$fetch" "$@" 2>&1)
  [ $? -eq "$wanted" ] || fail "fetch_traces $*: not status $wanted: $said"
  grep -qE -- "$pattern" <<<"$said" || fail "fetch_traces $*: no '$pattern' in: $said"
}
mkdir empty
expect 2 'DESTINATION'
expect 1 'no folder' --from nowhere taken
expect 1 'not found' --from empty taken

traces=$source_dir/../shared/traces
[ -d "$traces" ] || finish
expect 0 'rp.session.login4.mturilli1.018443.0002: checked' --from "$traces" taken
[ "$(find taken -mindepth 1 -maxdepth 1 | wc -l)" -eq 7 ] || fail "not seven sessions: $(ls taken)"
expect 0 'there' --from empty taken      # nothing is looked for again
profile=taken/re.session.login5.pascuzzi.019221.0000/pilot.0000/agent_executing.0000.prof
sed -i '9s/1/2/' "$profile"
cp -R taken changed
expect 1 'not those that were published' --from changed other
expect 0 '019221.0000: checked' --from "$traces" taken                   # what was damaged is taken anew
cmp -s "$profile" changed/"${profile#taken/}" && fail "the damaged profile is still there"
finish
