#include "model/makespan.h"

#include "model/list_schedule_impl.h"

struct set_form set_form_of(const struct workflow *w, const struct platform *p, int set)
{
    const struct task_set *s = &w->sets[set];
    struct slot_demand d = platform_slots(p, &s->traits->demand);
    int64_t n = s->n_tasks, capacity = platform_capacity(p, &d);
    struct set_form form = { .capacity = capacity, .waves = (n + capacity - 1) / capacity,
                             .tx_s = dist_mean(s->duration) };
    int64_t full = n / capacity, rest = n % capacity;
    form.time_s = (double)form.waves * form.tx_s;
    if (full > 0)
        form.time_max_s = (double)full * dist_expected_max(s->duration, (size_t)capacity);
    if (rest > 0)
        form.time_max_s += dist_expected_max(s->duration, (size_t)rest);
    return form;
}

int makespan_form_of(const struct scenario *s, enum wave_time wave_time, struct makespan_form *out,
                     struct error *err)
{
    struct list_schedule *l = list_schedule_new(s, wave_time, err);
    if (!l)
        return -1;
    bool all = list_schedule_run(l, out);
    list_schedule_free(l);
    return all ? 0 : error_set(err, "more sets are in flight than have places");
}
