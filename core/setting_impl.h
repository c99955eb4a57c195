/* core/setting_impl.h - what rows do that have no plain member. */
#ifndef DAGCAST_CORE_SETTING_IMPL_H
#define DAGCAST_CORE_SETTING_IMPL_H

#include "core/setting.h"
#include "core/variant.h"

/* setting_apply.c: of the scenario, its machine and its queue */
setting_apply_fn setting_open_source, setting_apply_nodes, setting_apply_pilots,
    setting_apply_node_gpus, setting_apply_overtake_every, setting_apply_mode,
    setting_apply_pipelines, setting_apply_seed, setting_apply_station, setting_apply_queue_wait;

/* Pipelines in the order in which they submit, as options name it: "2,1,3" or
 * "analysis,simulation,pipeline.0000": every one of the workflow once, by its number from 1 or by
 * its name. n_pipelines entries, from 0; free() it. NULL: the text is not such a list, or the
 * workflow has fewer than two pipelines. */
int *setting_parse_pipelines(const char *text, const struct workflow *w, struct error *err);

/* setting_shared.c: of flows, services, failures */
setting_apply_fn setting_apply_flow_rate, setting_apply_service_rate, setting_apply_service_ready,
    setting_apply_mtbf, setting_apply_repair;
setting_apply_set_fn setting_set_checkpoint_interval;

/* setting_sets.c: of a task set */
setting_apply_set_fn setting_set_tasks, setting_scale_tasks, setting_set_duration_cv,
    setting_scale_durations, setting_set_cores, setting_set_threads, setting_set_gpus,
    setting_set_failure_probability;

/* setting_what_if.c; -1 and why it cannot be, or would change nothing */
setting_apply_fn setting_idealise_middleware, setting_fix_durations, setting_drop_queue,
    setting_drop_failures, setting_unbound_flows, setting_unbound_services, setting_decide_at_once,
    setting_know_iterations;
/* setting_what_if_nodes.c; likewise */
setting_apply_fn setting_unbound_gpus, setting_unbound_cores, setting_pack_perfectly;
setting_concerns_fn setting_has_queue, setting_has_failures, setting_has_flows,
    setting_has_services, setting_has_slow_decisions, setting_has_loops;

#endif
