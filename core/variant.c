#include "core/variant.h"

#include <stdlib.h>

void variant_init(struct variant *v, const struct scenario *base)
{
    *v = (struct variant){ .scenario = { .mode = MODE_ASYNCHRONOUS, .seed = 1 } };
    if (!base)
        return;
    v->scenario = *base;
    v->said = base->scheduler;
}

void variant_clear(struct variant *v)
{
    workflow_free(v->workflow);
    platform_free(v->platform);
    middleware_free(v->middleware);
    free(v->pipeline_order);
    queue_wait_free(v->queue_wait);
    *v = (struct variant){ 0 };
}

struct workflow *variant_own_workflow(struct variant *v)
{
    if (!v->workflow)
        v->workflow = workflow_copy(v->scenario.workflow);
    v->scenario.workflow = v->workflow;
    return v->workflow;
}

struct platform *variant_own_platform(struct variant *v)
{
    if (!v->platform)
        v->platform = platform_copy(v->scenario.platform);
    v->scenario.platform = v->platform;
    return v->platform;
}

struct middleware *variant_own_middleware(struct variant *v)
{
    if (!v->middleware)
        v->middleware = middleware_copy(v->scenario.middleware);
    v->scenario.middleware = v->middleware;
    return v->middleware;
}

void variant_take_platform(struct variant *v, struct platform *p)
{
    if (p != v->platform)
        platform_free(v->platform);
    v->scenario.platform = v->platform = p;
}

void variant_take_queue_wait(struct variant *v, struct queue_wait *q)
{
    queue_wait_free(v->queue_wait);
    v->scenario.allocation.wait = v->queue_wait = q;
}

void variant_take_middleware(struct variant *v, struct middleware *m)
{
    middleware_free(v->middleware);
    v->scenario.middleware = v->middleware = m;
}

/* The settings of a set: by its label, else of every set; NULL: none. */
static const struct setting_change *change_of_set(const struct setting_change *changes, size_t n,
                                                  enum setting_id id, const char *label)
{
    const struct setting_change *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (changes[i].id == id && changes[i].value.said &&
            (changes[i].part ? str_equal(changes[i].part, label) : !found))
            found = &changes[i];
    return found;
}

/* A set takes one value: two factors, one of its label and one of every set, are not multiplied. */
static int apply_to_sets(struct variant *v, const struct setting_change *changes, size_t n,
                         enum setting_id id, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct setting_change *c = change_of_set(changes, n, id, w->sets[s].label);
        if (c && setting_apply_to_set(id, &w->sets[s], c->value.number, err))
            return -1;
    }
    return 0;
}

static int apply_row(struct variant *v, const struct setting_change *changes, size_t n,
                     enum setting_id id, bool *of_sets, struct error *err)
{
    bool said = false;
    for (size_t k = 0; k < 2 * n; k++) {         /* what is of all first, then what is of a part */
        const struct setting_change *c = &changes[k % n];
        if (c->id != id || !c->value.said || (c->part != NULL) != (k >= n))
            continue;
        said = true;
        if (setting_at(id)->of != SETTING_OF_SETS && setting_apply(v, c, err))
            return -1;
    }
    if (!said || setting_at(id)->of != SETTING_OF_SETS)
        return 0;
    *of_sets = true;
    return apply_to_sets(v, changes, n, id, err);
}

int variant_apply(struct variant *v, const struct setting_change *changes, size_t n,
                  struct error *err)
{
    struct scheduler_options under = v->said;
    bool of_sets = false;
    v->said = (struct scheduler_options){ 0 };
    for (int id = 0; id < SETTINGS; id++)
        if (apply_row(v, changes, n, (enum setting_id)id, &of_sets, err))
            return -1;
    v->said = scheduler_options_over(&v->said, &under);
    if (of_sets)
        return workflow_finish(v->workflow, err);
    if (v->workflow)
        task_traits_share_equal(v->workflow);
    return 0;
}

static int block_slots(struct variant *v, struct error *err)
{
    const struct middleware *m = v->scenario.middleware;
    if (m->n_blocked == 0)
        return 0;
    struct platform *blocked =
        platform_with_blocked(v->scenario.platform, m->blocked, m->n_blocked, err);
    if (blocked)
        variant_take_platform(v, blocked);
    return blocked ? 0 : -1;
}

int variant_build(struct variant *v, struct error *err)
{
    if (block_slots(v, err) ||
        scheduler_options_choose(&v->said, v->scenario.middleware, &v->scenario.scheduler, err))
        return -1;
    return platform_check(v->scenario.platform, v->scenario.workflow, err);
}

int variant_vary(struct variant *v, const struct scenario *base,
                 const struct setting_change *changes, size_t n, struct error *err)
{
    variant_init(v, base);
    if (variant_apply(v, changes, n, err) == 0) {
        v->scenario.scheduler = scheduler_options_resolve(&v->said, v->scenario.middleware);
        return 0;
    }
    variant_clear(v);
    return -1;
}

size_t setting_list(const struct setting_value *said, struct setting_change *out)
{
    size_t n = 0;
    for (int id = 0; id < SETTINGS; id++)
        if (said[id].said)
            out[n++] = (struct setting_change){ .id = (enum setting_id)id, .value = said[id] };
    return n;
}
