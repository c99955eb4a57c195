#include "validation/executor/executor.h"

#include "base/str.h"
#include "core/workflow.h"

static const struct executor_ops *const executors[] = { &executor_local, &executor_slurm,
                                                        &executor_scripted };

const struct executor_ops *executor_at(size_t i)
{
    return i < sizeof executors / sizeof *executors ? executors[i] : NULL;
}

const struct executor_ops *executor_find(const char *name)
{
    for (size_t i = 0; executor_at(i); i++)
        if (str_equal(executor_at(i)->name, name))
            return executor_at(i);
    return NULL;
}

int executor_check(const struct executor_ops *ops, const struct platform *p,
                   const struct workflow *w, struct error *err)
{
    for (size_t i = 0; ops->whole && i < w->n_sets; i++) {
        struct slot_demand d = platform_slots(p, &w->sets[i].traits->demand);
        if (d.slots == 0 || d.gpu_share > 0)
            return error_set(err, "task set '%s' wants %s, which executor %s cannot give",
                             w->sets[i].name, d.slots == 0 ? "no core" : "a share of a GPU",
                             ops->name);
    }
    return 0;
}
