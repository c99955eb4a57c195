/* The phases that a set has (core/phases.h). */
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/workflow.h"

const struct task_phases *task_phases_of(const struct task_set *set)
{
    static const struct task_phases none = { .n = 0 };
    return set->traits->phases ? set->traits->phases : &none;
}

struct task_phases *task_phases_own(struct task_set *set)
{
    struct task_traits *t = task_traits_own(set);
    if (!t->phases)
        t->phases = xcalloc(1, sizeof *t->phases);
    return t->phases;
}

void task_phases_clear(struct task_set *set)
{
    if (!set->traits->phases)
        return;
    struct task_traits *t = task_traits_own(set);
    struct task_phases *p = t->phases;
    t->phases = NULL;
    for (size_t k = 0; k < p->n; k++)
        schema_clear(&phase_schema, &p->list[k]);
    free(p->list);
    schema_clear(&transfer_schema, &p->input);
    schema_clear(&transfer_schema, &p->output);
    free(p);
}
