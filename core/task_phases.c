/* The phases that a set owns (core/phases.h). */
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/workflow.h"

const struct task_phases *task_phases_of(const struct task_set *set)
{
    static const struct task_phases none = { .n = 0 };
    return set->phases ? set->phases : &none;
}

struct task_phases *task_phases_own(struct task_set *set)
{
    if (!set->phases)
        set->phases = xcalloc(1, sizeof *set->phases);
    return set->phases;
}

void task_phases_free(struct task_phases *p)
{
    if (!p)
        return;
    for (size_t k = 0; k < p->n; k++)
        schema_clear(&phase_schema, &p->list[k]);
    free(p->list);
    schema_clear(&transfer_schema, &p->input);
    schema_clear(&transfer_schema, &p->output);
    free(p);
}
