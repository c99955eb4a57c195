/* core/setting_impl.h - what rows do that have no plain member. */
#ifndef DAGCAST_CORE_SETTING_IMPL_H
#define DAGCAST_CORE_SETTING_IMPL_H

#include "core/setting.h"
#include "core/variant.h"

/* setting_apply.c: of the scenario and its machine */
int setting_open_source(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_nodes(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_pilots(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_node_gpus(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_overtake_every(struct variant *v, const struct setting_change *c,
                                 struct error *err);
int setting_apply_mode(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_pipelines(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_seed(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_station(struct variant *v, const struct setting_change *c, struct error *err);

int setting_apply_queue_wait(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_queue_machine(struct variant *v, const struct setting_change *c,
                                struct error *err);
int setting_apply_queue_name(struct variant *v, const struct setting_change *c, struct error *err);

/* setting_shared.c: of flows, services, failures */
int setting_apply_flow_rate(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_service_rate(struct variant *v, const struct setting_change *c,
                               struct error *err);
int setting_apply_service_ready(struct variant *v, const struct setting_change *c,
                                struct error *err);
int setting_apply_mtbf(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_repair(struct variant *v, const struct setting_change *c, struct error *err);
int setting_set_checkpoint_interval(struct task_set *set, double x, struct error *err);

/* setting_sets.c: of a task set */
int setting_set_tasks(struct task_set *set, double x, struct error *err);
int setting_scale_tasks(struct task_set *set, double x, struct error *err);
int setting_set_duration_cv(struct task_set *set, double x, struct error *err);
int setting_scale_durations(struct task_set *set, double x, struct error *err);
int setting_set_cores(struct task_set *set, double x, struct error *err);
int setting_set_threads(struct task_set *set, double x, struct error *err);
int setting_set_gpus(struct task_set *set, double x, struct error *err);
int setting_set_failure_probability(struct task_set *set, double x, struct error *err);

/* setting_what_if.c; -1 and why it cannot be, or would change nothing */
int setting_idealise_middleware(struct variant *v, const struct setting_change *c,
                                struct error *err);
int setting_unbound_gpus(struct variant *v, const struct setting_change *c, struct error *err);
int setting_unbound_cores(struct variant *v, const struct setting_change *c, struct error *err);
int setting_pack_perfectly(struct variant *v, const struct setting_change *c, struct error *err);
int setting_drop_failures(struct variant *v, const struct setting_change *c, struct error *err);
bool setting_has_failures(const struct scenario *s);
bool setting_has_flows(const struct scenario *s);
int setting_unbound_flows(struct variant *v, const struct setting_change *c, struct error *err);
bool setting_has_services(const struct scenario *s);
int setting_unbound_services(struct variant *v, const struct setting_change *c, struct error *err);
bool setting_has_queue(const struct scenario *s);
int setting_drop_queue(struct variant *v, const struct setting_change *c, struct error *err);
int setting_fix_durations(struct variant *v, const struct setting_change *c, struct error *err);

bool setting_has_slow_decisions(const struct scenario *s),
    setting_has_loops(const struct scenario *s);
int setting_decide_at_once(struct variant *v, const struct setting_change *c, struct error *err);
int setting_know_iterations(struct variant *v, const struct setting_change *c, struct error *err);

#endif
