#!/bin/bash
# What validate and replay refuse; and, where measured sessions lie beside the checkout, what they print.
. tests/cli/common.sh
refuses 'nowhere' validate nowhere.tgz
refuses "must be description, requested, measured or arrivals, is 'all'" validate w.tgz --information all
refuses 'takes no --middleware' validate w.tgz --leave-one-out --middleware ideal
refuses 'takes no --middleware' validate w.tgz --leave-out machine --middleware ideal
refuses "must be session, generation or machine, is 'release'" validate w.tgz --leave-out release
refuses 'nowhere' replay nowhere.tgz
refuses "nearest|did you mean|no .* is named" validate w.tgz --middleware radical-ent

traces=$source_dir/../shared/traces
[ -d "$traces" ] || finish
bag=$traces/summit-prrte/rp.session.login4.mturilli1.018444.0003.tgz
dg1=$traces/summit-async/re.session.login1.pascuzzi.019225.0001.tgz
succeeds validate "$dg1" --replicas 10
says 'chosen: the closest of [0-9]+ shipped profiles that were not fitted on this session .radical-entk is closer, and was: --in-sample takes it.'
succeeds validate "$dg1" --replicas 10 --json
json '.sessions[0] | .profile_choice.passed_over == "radical-entk" and .middleware != "radical-entk" and (.in_sample | not)'
succeeds validate "$dg1" --replicas 10 --in-sample --json
json '.sessions[0] | .middleware == "radical-entk" and .in_sample and .profile_choice.passed_over == null'
succeeds validate "$bag" "$dg1" --in-sample --replicas 40 --json
json '.sessions | length == 2'
json '[.sessions[] | (.measured > 0) and (.predicted | .mean > 0 and .sd >= 0 and (.pi95[0] <= .pi95[1])) and
      (.error - (.predicted.mean - .measured) | fabs < 1e-6) and (.in_interval | type == "boolean") and .interval_score > 0 and
      .task_start_mae >= 0 and .placements_equal >= 0 and .placements_equal <= 1 and (.overhead_error | type == "number")] | every(.)'
json '[.sessions[].session] == ["rp.session.login4.mturilli1.018444.0003", "re.session.login1.pascuzzi.019225.0001"]'
cp "$out" first.json
succeeds validate "$bag" "$dg1" --in-sample --replicas 40 --json
cmp -s "$out" first.json || fail "the same validation twice gives two results"
succeeds validate "$bag" --in-sample --replicas 10 --information arrivals --stages --plot pictures
says 'read from the run  .*order of arrival'
says 'the interval is a prior'
succeeds validate "$bag" --in-sample --replicas 10 --report v.html
[ "$(grep -c '<figure class="picture">' v.html)" -eq 2 ] || fail "not two pictures (parity, measured above predicted) on the page"
[ -s pictures/parity.svg ] && [ -s "pictures/rp.session.login4.mturilli1.018444.0003.png" ] || fail "pictures are missing: $(ls pictures)"

# Of the same tasks: what asynchronous execution gains, of makespans and of spans.
succeeds validate "$traces"/summit-async/re.session.login1.*.tgz --in-sample --replicas 40 --json
json '[.improvements[].over] == ["re.session.login1.pascuzzi.019225.0000"]'
json '.improvements[0] | .makespan.measured < -0.003 and .makespan.measured > -0.004 and .makespan.holds'
json '.improvements[0] | .span.measured < -0.016 and .span.measured > -0.018 and .span.pi95[0] < .span.predicted'

# The bag has no peer among sessions under EnTK: it is skipped, the rest goes on.
succeeds validate --leave-one-out "$bag" "$traces"/summit-async/re.session.login1.*.tgz --replicas 10
says '^SKIPPED rp.session.login4.mturilli1.018444.0003  no other of these sessions is one without EnTK'
says '^calibrated on +1 other session$'
succeeds validate --leave-one-out "$bag" "$traces"/summit-async/re.session.login1.*.tgz --replicas 10 --json
json '(.sessions | length == 2) and (.skipped | length == 1) and .skipped[0].session == "rp.session.login4.mturilli1.018444.0003"'
json '.sessions[0].calibrated_on | .of_its_kind and (.sessions | length == 1) and .differ_in == ""'
refuses 'none of these sessions can be predicted from the others' validate --leave-one-out "$bag" "$dg1" --replicas 10
succeeds validate --leave-one-out "$traces"/generations/rp-0.7x-jsrun/*.tar.gz "$traces"/generations/rp-0.7x-prte/*8117*.tar.gz --replicas 10 --json
json '.sessions | every(.calibrated_on.of_its_kind == false and .calibrated_on.differ_in == "launcher")'

# Another launcher and version than the profile's: the reasons, the factor, and a wider interval.
succeeds validate "$bag" --middleware radical-1.33 --replicas 40
says "EXTRAPOLATION: launcher prrte, the profile's is jsrun; RADICAL-Pilot 1.4.* as those of another launcher and generation"
succeeds validate "$bag" --middleware radical-1.33 --replicas 40 --json
json '.sessions[0] | .extrapolation_as == "launcher and generation" and (.extrapolation | test("launcher prrte"))'
succeeds validate "$bag" --in-sample --replicas 40 --json
json '.sessions[0] | .extrapolation_as == null and (has("extrapolation") | not)'

# A launcher that keeps tasks apart is named before anything else.
succeeds replay "$traces"/barriers/esmacs-barrier-8x32.tar.gz --json
json '[.cautions[].caution | select(test("launcher aprun runs one task a node at a time"))] | length == 1'
succeeds replay "$bag" --json
json '.cautions == []'

succeeds replay "$bag"
says 'radical'
says '^longest/critical_path \+ none, any placement but worst_fit +10 +4 +42 '
[ "$(wc -l <"$out")" -lt 40 ] || fail "replay prints $(wc -l <"$out") lines"
succeeds replay "$bag" --json
json '.replay.candidates | length > 140'
succeeds replay "$dg1" --change station.client.next_stage=0 --json
json '.counterfactual | (.placebo.error | fabs) < 0.005 * .measured and .difference < -1 and
      ((.changed.parts | add) - .changed.makespan | fabs) < 1e-6'
refuses "no setting 'colour' can be given here; expected one of nodes, mode, " replay "$dg1" --change colour=blue
succeeds calibrate "$bag" --report c.html
grep -q 'samples of the sessions beside the fit' c.html || fail "no calibration curves on the page"
succeeds replay "$dg1" --change station.client.next_stage=0 --report r.html
[ "$(grep -o '"name":"placebo"' r.html | wc -l)" -eq 1 ] || fail "the placebo's timeline is not on the page"
finish
