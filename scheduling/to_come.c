#include "scheduling/to_come.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

struct gpu_class { int64_t slots; uint32_t demand_class; };              /* slots beside a GPU */

struct to_come {
    const struct workflow *workflow;
    const uint32_t *class_of_set;
    size_t n_classes, n_gpu, first;      /* first: none before it in `gpu` is to come */
    uint64_t *tasks;                     /* of each class, not yet started */
    struct gpu_class *gpu;               /* classes with GPUs, most slots first */
    size_t *at;                          /* of each class its place there; SIZE_MAX: takes no GPU */
};

SORT_ORDER(by_slots_descending, struct gpu_class, SORT_LAST_DOWN(slots))

struct to_come *to_come_new(const struct workflow *w, const uint32_t *class_of_set,
                            const struct pool *pool)
{
    struct to_come *t = xcalloc(1, sizeof *t);
    *t = (struct to_come){ .workflow = w, .class_of_set = class_of_set,
                           .n_classes = pool_classes(pool) };
    t->tasks = xcalloc(t->n_classes, sizeof *t->tasks);
    t->gpu = xcalloc(t->n_classes, sizeof *t->gpu);
    t->at = xcalloc(t->n_classes, sizeof *t->at);
    for (size_t c = 0; c < t->n_classes; c++) {
        const struct slot_demand *d = pool_class(pool, c);
        t->at[c] = SIZE_MAX;
        if (d->gpus > 0 || d->gpu_share > 0)
            t->gpu[t->n_gpu++] =
                (struct gpu_class){ d->gpus > 0 ? (d->slots + d->gpus - 1) / d->gpus
                                                : d->slots * (DEMAND_WHOLE_GPU / d->gpu_share),
                                    (uint32_t)c };
    }
    qsort(t->gpu, t->n_gpu, sizeof *t->gpu, by_slots_descending);
    for (size_t i = 0; i < t->n_gpu; i++)
        t->at[t->gpu[i].demand_class] = i;
    to_come_reset(t);
    return t;
}

void to_come_free(struct to_come *t)
{
    if (!t)
        return;
    xfree(t->tasks, t->gpu, t->at, t);
}

void to_come_reset(struct to_come *t)
{
    t->first = 0;
    for (size_t c = 0; c < t->n_classes; c++)
        t->tasks[c] = 0;
    for (size_t s = 0; s < t->workflow->n_sets; s++)
        t->tasks[t->class_of_set[s]] += t->workflow->sets[s].n_tasks;
}

void to_come_add(struct to_come *t, size_t demand_class, uint32_t count)
{
    t->tasks[demand_class] += count;
    if (t->at[demand_class] < t->first)
        t->first = t->at[demand_class];
}

bool to_come_take(struct to_come *t, size_t demand_class)
{
    return --t->tasks[demand_class] == 0;
}

int64_t to_come_slots_per_gpu(struct to_come *t)
{
    while (t->first < t->n_gpu && t->tasks[t->gpu[t->first].demand_class] == 0)
        t->first++;
    return t->first < t->n_gpu ? t->gpu[t->first].slots : 0;
}
