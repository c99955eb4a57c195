/* model/grown_degrees.c - degrees of asynchronicity of a session that is walked through once: the
 * sets that nothing follows are counted as they leave, and the fullest level is kept. */
#include "model/grown_impl.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/realised.h"

static void leave(struct grown_degrees *d, int set)
{
    int base = d->workflow->realised->base[set];
    d->n_sinks += d->used[set] && !d->has_child[set] && !d->before_late[base];
    d->used[set] = false;
}

/* Of equal members only those are kept that the platform could hold at once. */
static void add_member(struct grown_degrees *d, struct grown_level *l, const struct growing_set *at,
                       uint32_t n_tasks)
{
    const struct grown_member *last = l->n_kept > 0 ? &l->members[l->n_kept - 1] : NULL;
    bool same = last && last->base == at->base && last->n_tasks == n_tasks;
    l->n++;
    l->n_same = same ? l->n_same + 1 : 1;
    if (l->n_same > d->most[at->base])
        return;
    xgrow(&l->members, &l->room, l->n_kept + 1, sizeof *l->members);
    l->members[l->n_kept++] = (struct grown_member){ at->base, at->iteration, n_tasks };
}

static void add_to_level(struct grown_degrees *d, const struct growing_set *at, uint32_t n_tasks)
{
    if (at->level < d->n_low) {
        add_member(d, &d->low[at->level], at, n_tasks);
        return;
    }
    assert(at->level >= d->first);
    size_t i = (size_t)(at->level - d->first), n = d->n;
    xgrow(&d->level, &d->room, i + 1, sizeof *d->level);
    for (; n <= i; n++)
        d->level[n] = (struct grown_level){ .n = 0 };
    d->n = n;
    add_member(d, &d->level[i], at, n_tasks);
}

void grown_degrees_add(struct grown_degrees *d, int set, const struct growing_set *at)
{
    const struct task_set *s = &d->workflow->sets[set];
    leave(d, set);
    d->used[set] = true;
    d->has_child[set] = false;
    for (size_t i = 0; i < s->n_dependencies; i++)
        d->has_child[s->dependencies[i].parent] = true;
    add_to_level(d, at, s->n_tasks);
}

/* Of several that are as full, the first. */
void grown_degrees_close(struct grown_degrees *d, int least)
{
    size_t n = least <= d->first                 ? 0
               : least - d->first < (int)d->n ? (size_t)(least - d->first) : d->n;
    for (size_t i = 0; i < n; i++) {
        if (d->level[i].n <= d->fullest.n) {
            free(d->level[i].members);
            continue;
        }
        free(d->fullest.members);
        d->fullest = d->level[i];
    }
    for (size_t i = n; n > 0 && i < d->n; i++)
        d->level[i - n] = d->level[i];
    d->n -= n;
    d->first += (int)n;
}

void grown_degrees_init(struct grown_degrees *d, const struct workflow *from,
                        const struct workflow *w, const struct platform *p)
{
    *d = (struct grown_degrees){ .from = from, .workflow = w };
    d->first = d->n_low = (int)from->n_sets;
    d->low = xcalloc(from->n_sets, sizeof *d->low);
    d->most = xcalloc(from->n_sets, sizeof *d->most);
    for (size_t s = 0; s < from->n_sets; s++) {
        struct slot_demand demand = platform_slots(p, &from->sets[s].traits->demand);
        d->most[s] = (size_t)platform_capacity(p, &demand) + 1;
    }
    d->used = xcalloc(w->n_sets, sizeof *d->used);
    d->has_child = xcalloc(w->n_sets, sizeof *d->has_child);
    d->before_late = xcalloc(from->n_sets, sizeof *d->before_late);
    for (size_t s = 0; s < from->n_sets; s++)
        for (size_t i = 0; i < from->sets[s].n_dependencies; i++) {
            int parent = from->sets[s].dependencies[i].parent;
            d->before_late[parent] |= growing_lane_of(from, (int)s) < 0 &&
                                      growing_lane_of(from, parent) >= 0;
        }
}

void grown_degrees_clear(struct grown_degrees *d)
{
    for (size_t i = 0; i < d->n; i++)
        free(d->level[i].members);
    for (int i = 0; i < d->n_low; i++)
        free(d->low[i].members);
    xfree(d->fullest.members, d->low, d->most, d->level, d->used, d->has_child, d->before_late);
}

SORT_BY_2(compare_members, struct grown_member, base, iteration)

void grown_degrees_end(struct grown_degrees *d, const struct grown_question *q,
                       struct asynchronicity *out)
{
    const struct degree unknown = { .value = DEGREE_UNKNOWN };
    for (size_t i = 0; i < d->workflow->n_sets; i++)
        leave(d, (int)i);
    grown_degrees_close(d, INT_MAX);
    const struct grown_level *fullest = &d->fullest;
    for (int i = d->n_low - 1; i >= 0; i--)
        fullest = d->low[i].n >= fullest->n ? &d->low[i] : fullest;
    size_t n = fullest->n_kept, widest = fullest->n > d->n_sinks ? fullest->n : d->n_sinks;
    *out = (struct asynchronicity){ .doa_dep = (int)d->n_sinks - 1,
                                    .width = { .value = (int)widest - 1 },
                                    .doa_res = unknown, .doa_res_partial = unknown,
                                    .wla = { .value = (int)d->n_sinks - 1, .exact = true } };
    if (out->doa_dep <= 0 && !q->degrees)
        return;
    struct level_member *members = xcalloc(n + 1, sizeof *members);
    qsort(fullest->members, n, sizeof *fullest->members, compare_members);
    for (size_t i = 0; i < n; i++)
        members[i] = (struct level_member){ fullest->members[i].base,
                                            fullest->members[i].n_tasks };
    out->doa_res.value = asynchronicity_of_level(d->from, q->platform, members, n, true);
    if (q->degrees)
        out->doa_res_partial.value =
            asynchronicity_of_level(d->from, q->platform, members, n, false);
    out->wla = asynchronicity_wla(out->doa_dep, out->doa_res);
    free(members);
}
