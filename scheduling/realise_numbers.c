/* How many tasks each set of the session has. */
#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/realise_impl.h"

enum { MOST_TASKS = 1000000000 };

static struct rng_stream stream_of(const struct realiser *r, enum rng_purpose purpose,
                                   size_t instance)
{
    return rng_stream(r->options->seed, r->options->replica, purpose,
                      str_hash(r->to->sets[instance].name));
}

static uint32_t whole(double n)
{
    return (uint32_t)fmin(MOST_TASKS, fmax(0, floor(n + 0.5)));
}

static struct instance_range counted_parents(const struct realiser *r, size_t instance)
{
    const struct instance *x = &r->at[instance];
    return realise_range(r, r->counted_by[x->base], x);
}

/* Of a set that counts per task: one draw for each task of its parents, in their order. */
static uint32_t count_per(struct realiser *r, size_t instance)
{
    const struct set_decision *d = r->from->sets[r->at[instance].base].decided;
    struct rng_stream stream = stream_of(r, RNG_COUNT, instance);
    struct instance_range of = counted_parents(r, instance);
    uint64_t n = 0, index = 0;
    for (size_t i = 0; i < of.n; i++) {
        uint32_t parents = realise_tasks(r, of.first + i);
        for (uint32_t t = 0; t < parents && n < MOST_TASKS; t++)
            n += whole(dist_at(d->number, rng_uniform(&stream, index++, 0)));
    }
    return (uint32_t)(n < MOST_TASKS ? n : MOST_TASKS);
}

static double count_of_parents(struct realiser *r, size_t instance)
{
    struct instance_range of = counted_parents(r, instance);
    double n = 0;
    for (size_t i = 0; i < of.n; i++)
        n += realise_tasks(r, of.first + i);
    return n;
}

/* Before some of its tasks, or all, are left out. */
static uint32_t full_number(struct realiser *r, size_t instance)
{
    const struct task_set *set = &r->from->sets[r->at[instance].base];
    struct rng_stream stream = stream_of(r, RNG_COUNT, instance);
    enum count_kind kind = set->decided ? set->decided->count : COUNT_WRITTEN;
    if (r->options->expected && kind != COUNT_WRITTEN)
        return whole(
            count_expected(set->decided, set->decided->of ? count_of_parents(r, instance) : 0, 0));
    switch (kind) {
    case COUNT_DRAWN: return whole(dist_at(set->decided->number, rng_uniform(&stream, 0, 0)));
    case COUNT_PER: return count_per(r, instance);
    case COUNT_SHARE: return whole(set->decided->share * count_of_parents(r, instance));
    case COUNT_WRITTEN: break;
    }
    return set->n_tasks;
}

static uint32_t kept_tasks(const struct realiser *r, size_t instance, double probability,
                           uint32_t n)
{
    if (r->options->expected)
        return whole(n * probability);
    struct rng_stream stream = stream_of(r, RNG_WHEN, instance);
    uint32_t kept = 0;
    for (uint32_t t = 0; t < n; t++)
        kept += rng_uniform(&stream, t, 0) < probability;
    return kept;
}

static uint32_t number_of(struct realiser *r, size_t instance)
{
    const struct set_decision *d = r->from->sets[r->at[instance].base].decided;
    uint32_t n = full_number(r, instance);
    if (d && d->conditional)
        return d->by_task ? kept_tasks(r, instance, d->probability, n)
                          : kept_tasks(r, instance, d->probability, 1) * n;
    int instead_of = r->instead_of[r->at[instance].base];
    if (instead_of < 0)
        return n;
    size_t other = realise_range(r, instead_of, &r->at[instance]).first;
    const struct set_decision *its = r->from->sets[r->at[other].base].decided;
    if (!its->by_task)
        return kept_tasks(r, other, its->probability, 1) ? 0 : n;
    uint32_t all = full_number(r, other);
    return all - kept_tasks(r, other, its->probability, all);
}

uint32_t realise_tasks(struct realiser *r, size_t instance)
{
    struct instance *x = &r->at[instance];
    int64_t known;
    if (x->drawn)
        return x->n_tasks;
    x->drawn = true;
    bool given = outcomes_get(r->options->known, OUTCOME_TASKS, r->to->sets[instance].name, &known);
    x->n_tasks = given ? whole((double)known) : number_of(r, instance);
    return x->n_tasks;
}

/* The tasks of the parents in their order, and what is left of each one's children. */
struct births {
    struct realiser *r;
    size_t child;
    struct rng_stream count, when;
    uint64_t parent, born;
};

static uint32_t next_births(struct births *b)
{
    const struct set_decision *d = b->r->from->sets[b->r->at[b->child].base].decided;
    uint32_t n = whole(dist_at(d->number, rng_uniform(&b->count, b->parent++, 0))), kept = 0;
    for (uint32_t c = 0; c < n; c++, b->born++)
        kept += !d->by_task || rng_uniform(&b->when, b->born, 0) < d->probability;
    return kept;
}

static size_t tasks_of_range(struct realiser *r, struct instance_range range)
{
    size_t n = 0;
    for (size_t i = 0; i < range.n; i++)
        n += realise_tasks(r, range.first + i);
    return n;
}

/* Of a number that was not drawn each parent has its share. */
static uint32_t given_births(uint32_t n_child, uint64_t parent, size_t n_parents)
{
    return (uint32_t)((parent + 1) * n_child / n_parents - parent * n_child / n_parents);
}

void realise_own_edges(struct realiser *r, size_t child, size_t parent, struct dependency *d)
{
    struct births b = { .r = r, .child = child, .count = stream_of(r, RNG_COUNT, child),
                        .when = stream_of(r, RNG_WHEN, child) };
    struct instance_range range = counted_parents(r, child);
    uint32_t n_child = realise_tasks(r, child), next = 0;
    size_t n_parents = tasks_of_range(r, range);
    int64_t given;
    bool drawn = !r->options->expected &&
                 !outcomes_get(r->options->known, OUTCOME_TASKS, r->to->sets[child].name, &given);
    d->edges = xcalloc(2 * (size_t)n_child + 1, sizeof *d->edges);
    for (size_t i = 0; i < range.n; i++)
        for (uint32_t t = 0; t < r->at[range.first + i].n_tasks; t++) {
            uint32_t children =
                drawn ? next_births(&b) : given_births(n_child, b.parent++, n_parents);
            for (uint32_t c = 0; c < children && next < n_child; c++, next++) {
                if (range.first + i != parent)
                    continue;
                d->edges[2 * d->n_edges] = t;
                d->edges[2 * d->n_edges++ + 1] = next;
            }
        }
}
