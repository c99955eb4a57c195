/* Reading, saving, copying and clearing a task set by the fields of its file. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/workflow_json_impl.h"

static const struct task_set no_set = { .name = NULL };

static void spread(struct whole_set *whole, const struct task_set *set, const struct task_traits *t)
{
    *whole = (struct whole_set){ .set = *set, .traits = *t };
    whole->phases = t->phases ? *t->phases : whole->phases;
    whole->set.traits = &whole->traits;
    whole->traits.phases = &whole->phases;
}

/* Gives traits their phases back; those that are there, or `all`, get room of their own. */
static void settle(struct whole_set *whole, struct task_traits *traits, bool all)
{
    const struct task_phases *p = &whole->phases;
    bool any = all || p->n > 0 || p->input.flow || p->output.flow;
    *traits = whole->traits;
    traits->phases = any ? xmemdup(p, sizeof *p) : NULL;
    if (!any)
        free(p->list);                   /* the copy of an empty list */
}

int workflow_read_set(const struct json *at, struct task_set *set, struct error *err)
{
    struct whole_set whole;
    spread(&whole, set, &task_traits_none);
    int status = schema_read(&workflow_set_schema, at, &whole, err);
    struct task_traits traits;
    settle(&whole, &traits, status != 0);
    *set = whole.set;
    set->traits = task_traits_new(&traits);
    return status;
}

void workflow_clear_traits(struct task_traits *t)
{
    struct whole_set whole;
    spread(&whole, &no_set, t);
    schema_clear(&workflow_set_schema, &whole);
    free(t->phases);
}

void workflow_copy_traits(struct task_traits *t)
{
    struct whole_set whole;
    spread(&whole, &no_set, t);
    schema_copy(&workflow_set_schema, &whole);
    settle(&whole, t, false);
}

/* Its traits have owners of their own. */
static const struct task_traits no_traits;

void workflow_clear_fields(struct task_set *set)
{
    xfree(set->name, set->label);
    dist_free(set->duration);
    xfree(set->durations, set->release.list_s);
    dist_free(set->release.gap);
    set_decision_free(set->decided);
    task_traits_free(set->traits);
}

void workflow_copy_fields(struct task_set *set)
{
    struct whole_set whole;
    spread(&whole, set, &no_traits);
    schema_copy(&workflow_set_schema, &whole);
    const struct task_traits *traits = task_traits_share(set->traits);
    *set = whole.set;
    set->traits = traits;
}

cJSON *workflow_save_set(const struct workflow *w, const struct task_set *set)
{
    struct whole_set saved;
    cJSON *out = cJSON_CreateObject();
    spread(&saved, set, set->traits);
    saved.workflow = w;
    schema_save(&workflow_set_schema, &saved, out);
    return out;
}
