/* Settings applied: plain members, and what the scenario, its platform and its middleware take. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/setting_impl.h"

enum { SERVERS_MOST = 1000 };

/* ---- members ---- */

static void put_number(void *at, struct setting_member m, double x)
{
    char *p = (char *)at + m.offset;
    switch (m.kind) {
    case SETTING_MEMBER_INT: memcpy(p, &(int){ (int)x }, sizeof(int)); break;
    case SETTING_MEMBER_INT64: memcpy(p, &(int64_t){ (int64_t)x }, sizeof(int64_t)); break;
    case SETTING_MEMBER_SIZE: memcpy(p, &(size_t){ (size_t)x }, sizeof(size_t)); break;
    case SETTING_MEMBER_DOUBLE: memcpy(p, &x, sizeof x); break;
    case SETTING_MEMBER_TEXT:
    case SETTING_MEMBER_POLICY:
    case SETTING_NO_MEMBER: assert(!"no number lies there");
    }
}

int setting_apply_to_set(enum setting_id id, struct task_set *set, double x, struct error *err)
{
    const struct setting *s = setting_at(id);
    if (s->apply_to_set)
        return s->apply_to_set(set, x, err);
    put_number(task_traits_own(set), s->member, x);
    return 0;
}

static int apply_to_sets(struct workflow *w, const struct setting_change *c, struct error *err)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if ((!c->part || str_equal(c->part, w->sets[i].label)) &&
            setting_apply_to_set(c->id, &w->sets[i], c->value.number, err))
            return -1;
    return 0;
}

int setting_apply(struct variant *v, const struct setting_change *c, struct error *err)
{
    const struct setting *s = setting_at(c->id);
    if (s->of == SETTING_OF_SETS)
        return apply_to_sets(variant_own_workflow(v), c, err);
    if (s->apply)
        return s->apply(v, c, err);
    if (s->member.kind == SETTING_MEMBER_POLICY)
        memcpy((char *)&v->said + s->member.offset, &c->value.text, sizeof c->value.text);
    else if (s->member.kind == SETTING_MEMBER_TEXT)
        memcpy((char *)v + s->member.offset, &c->value.text, sizeof c->value.text);
    else
        put_number(v, s->member, c->value.number);
    return 0;
}

/* ---- workflow, platform, middleware ---- */

int setting_open_source(struct variant *v, const struct setting_change *c, struct error *err)
{
    assert(v->open);
    return v->open(v, c, err);
}

int setting_apply_nodes(struct variant *v, const struct setting_change *c, struct error *err)
{
    size_t pilots = platform_pilots(v->scenario.platform);
    struct platform *some = platform_with_nodes(v->scenario.platform, (size_t)c->value.number, err),
                    *all = some;
    if (some && pilots > 1) {
        all = platform_with_pilots(some, pilots, err);
        platform_free(some);
    }
    if (all)
        variant_take_platform(v, all);
    return all ? 0 : -1;
}

int setting_apply_pilots(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct platform *all = platform_with_pilots(v->scenario.platform, (size_t)c->value.number, err);
    if (all)
        variant_take_platform(v, all);
    return all ? 0 : -1;
}

int setting_apply_node_gpus(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct platform *p = variant_own_platform(v);
    (void)err;
    for (size_t i = 0; i < p->n_shapes; i++)
        p->shapes[i].n_gpus = (int)c->value.number;
    return 0;
}

/* ---- how it runs ---- */

int setting_apply_overtake_every(struct variant *v, const struct setting_change *c,
                                 struct error *err)
{
    (void)err;
    v->said.overtake_every = (struct overtake_every){ true, c->value.number };
    return 0;
}

int setting_apply_mode(struct variant *v, const struct setting_change *c, struct error *err)
{
    int mode = mode_find(c->value.text);
    if (mode < 0)
        return error_set(err, "no mode is named '%s'", c->value.text);
    v->scenario.mode = (enum mode)mode;
    return 0;
}

int setting_apply_seed(struct variant *v, const struct setting_change *c, struct error *err)
{
    int64_t seed = (int64_t)c->value.number;
    (void)err;
    if (c->value.text)
        str_to_int64(c->value.text, &seed);              /* its reader has checked it */
    v->scenario.seed = (uint64_t)seed;
    return 0;
}

/* ---- pipelines ---- */

/* The pipeline that this piece of text names; -1: none. Names go before numbers. */
static int find_pipeline(const struct workflow *w, const char *text, size_t length)
{
    char *name = xstrndup(text, length);
    int64_t number;
    int found = -1;
    for (size_t p = 0; p < w->n_pipelines && found < 0; p++)
        if (w->pipelines[p].name && str_equal(w->pipelines[p].name, name))
            found = (int)p;
    if (found < 0 && str_to_int64(name, &number) && number >= 1 &&
        number <= (int64_t)w->n_pipelines)
        found = (int)number - 1;
    free(name);
    return found;
}

/* How many of the list are read; n_pipelines and the end of the text: all. */
static bool read_pipelines(const char *text, const struct workflow *w, int *order)
{
    bool *seen = xcalloc(w->n_pipelines + 1, sizeof *seen), good = true;
    size_t given = 0;
    for (const char *at = text; good && at; ) {
        size_t length = strcspn(at, ",");
        int pipeline = find_pipeline(w, at, length);
        good = pipeline >= 0 && !seen[pipeline];
        if (good) {
            seen[pipeline] = true;
            order[given++] = pipeline;
        }
        at = at[length] ? at + length + 1 : NULL;
    }
    free(seen);
    return good && given == w->n_pipelines;
}

int *setting_parse_pipelines(const char *text, const struct workflow *w, struct error *err)
{
    if (w->n_pipelines < 2) {
        error_set(err, "there are no pipelines to reorder; expected at least two, got %zu",
                  w->n_pipelines);
        return NULL;
    }
    int *order = xcalloc(w->n_pipelines, sizeof *order);
    if (read_pipelines(text, w, order))
        return order;
    error_set(err,
              "expected the numbers 1 to %zu or the names of the pipelines, each once, with commas "
              "between, got '%s'",
              w->n_pipelines, text);
    free(order);
    return NULL;
}

int setting_apply_pipelines(struct variant *v, const struct setting_change *c, struct error *err)
{
    int *order = setting_parse_pipelines(c->value.text, v->scenario.workflow, err);
    if (!order)
        return error_prefix(err, "pipelines: ");
    free(v->pipeline_order);
    v->scenario.pipeline_order = v->pipeline_order = order;
    return 0;
}

/* ---- the queue ---- */

int setting_apply_queue_wait(struct variant *v, const struct setting_change *c, struct error *err)
{
    double x = c->value.number;
    (void)err;
    variant_take_queue_wait(v, x > 0 ? queue_wait_of_dist(dist_constant(x)) : NULL);
    return 0;
}

/* ---- stations ---- */

static const char servers[] = "launch.servers";

int setting_apply_station(struct variant *v, const struct setting_change *c, struct error *err)
{
    double x = c->value.number;
    int parameter = station_parameter_find(c->part), poll = station_poll_find(c->part);
    if (poll >= 0 && x > 0 && (x < POLL_SHORTEST_S || x > POLL_LONGEST_S))
        return error_set(err, "station.%s: must be 0 (no poll), or a period from %g to %g s, is %g",
                         c->part, POLL_SHORTEST_S, POLL_LONGEST_S, x);
    if (str_equal(c->part, servers) && (x < 1 || x > SERVERS_MOST || x != floor(x)))
        return error_set(err, "station.%s: must be a whole number from 1 to %d, is %g", c->part,
                         SERVERS_MOST, x);
    if (parameter < 0 && poll < 0 && !str_equal(c->part, servers))
        return error_set(
            err, "station.%s: no station has this name; `dagcast describe --middleware` lists them",
            c->part);
    struct middleware *m = variant_own_middleware(v);
    if (poll >= 0)
        m->period_s[poll] = x;
    else if (parameter < 0)
        m->launch_servers = (int)x;
    else
        middleware_set_constant(m, (enum station_parameter)parameter, x);
    return 0;
}
