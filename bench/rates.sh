# rates.sh - sourced by executor.sh and slurm.sh, in the folder $work: rates of $tasks tasks, of rounds that take turns (the $round-th).

measure() {                              # KEY FUNCTION AT_ONCE: a rate more in rates.KEY
  local begun ended
  begun=$(date +%s.%N)
  ("$2" "$3" "$work/$1.$round") >/dev/null
  ended=$(date +%s.%N)
  awk -v n="$tasks" -v from="$begun" -v to="$ended" 'BEGIN { print n / (to - from) }' >>"rates.$1"
}
median() { sort -g "rates.$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
line() {                                 # KEY NAME KEY_OF_DAGCAST: with $digits behind the point; nothing where that was not measured
  [ -e "rates.$1" ] || return 0
  awk -v name="$2" -v rate="$(median "$1")" -v ours="$(median "$3")" \
    'BEGIN { printf "%-48s %6.'"$digits"'f tasks/s  %5.2f\n", name, rate, rate / ours }'
}
