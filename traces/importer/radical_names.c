#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "traces/importer/radical_impl.h"

enum {
    /* more kinds of task names than this in one set say nothing */
    MAX_PREFIXES = 4,
    MAX_GROUPS = 20000                   /* beyond, all pairs would be too many to look at */
};

const char *radical_prefix(const char *name, size_t *n)
{
    size_t length = strlen(name);
    while (length && name[length - 1] >= '0' && name[length - 1] <= '9')
        length--;
    while (length && strchr("._-: ", name[length - 1]))
        length--;
    *n = length;
    return name;
}

/* The kinds of its tasks' names, joined: "T4T5" of T4.0 ... T5.7. NULL: no names, or too many
 * kinds. */
static const char *joined_prefixes(struct radical *r, const struct radical_group *g)
{
    const char *kinds[MAX_PREFIXES];
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const char *name = r->order[g->first + i]->name;
        size_t length = 0, k = 0;
        if (!name || (radical_prefix(name, &length), !length))
            return NULL;
        while (k < n && !(strlen(kinds[k]) == length && !memcmp(kinds[k], name, length)))
            k++;
        if (k == MAX_PREFIXES)
            return NULL;
        if (k == n)
            kinds[n++] = session_keep_n(r->session, name, length);
    }
    struct str joined = { 0 };
    qsort(kinds, n, sizeof *kinds, sort_by_text);
    for (size_t k = 0; k < n; k++)
        str_add(&joined, kinds[k]);
    const char *kept = session_keep(r->session, joined.text);
    str_clear(&joined);
    return kept;
}

static bool are_siblings(const struct radical_group *a, const struct radical_group *b)
{
    return a->pipeline == b->pipeline && a->stage == b->stage && str_equal(a->base, b->base);
}

/* Can the parts of a split label be told apart by the names of their tasks? */
static bool prefixes_tell(struct radical *r, const char *const *prefixes, size_t g)
{
    if (!prefixes[g] || r->n_groups > MAX_GROUPS)
        return false;
    for (size_t other = 0; other < r->n_groups; other++)
        if (other != g && are_siblings(&r->groups[g], &r->groups[other])
            && (!prefixes[other] || str_equal(prefixes[g], prefixes[other])))
            return false;
    return true;
}

static double mean_duration(const struct radical *r, const struct radical_group *g)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct radical_task *t = r->order[g->first + i];
        double d = isnan(t->requested_s) ? t->stopped_s - t->started_s : t->requested_s;
        if (isnan(d))
            continue;
        sum += d;
        n++;
    }
    return n ? sum / (double)n : 0;
}

/* "unit-8x4", "unit-1x1g3", "train-120s": the label and in what this part of it differs. */
static const char *described(struct radical *r, const struct radical_group *g)
{
    const struct demand *d = &r->order[g->first]->demand;
    struct str name = { 0 };
    str_add(&name, g->base);
    if (g->by_demand) {
        str_addf(&name, "-%dx%d", d->ranks, d->threads);
        if (d->gpus)
            str_addf(&name, "g%d", (int)d->gpus);
        if (d->gpu_share)
            str_addf(&name, "g%.3g", d->gpu_share / (double)DEMAND_WHOLE_GPU);
    }
    if (g->by_duration)
        str_addf(&name, "-%.0fs", mean_duration(r, g));
    const char *kept = session_keep(r->session, name.text);
    str_clear(&name);
    return kept;
}

/* Names that stand for several groups are numbered in order: "Simulation.1", "Simulation.2". */
static void make_unique(struct radical *r)
{
    struct name_index *names = name_index_new();
    size_t *total = xcalloc(r->n_groups + 1, sizeof *total),
           *used = xcalloc(r->n_groups + 1, sizeof *used);
    int *name_of = xcalloc(r->n_groups + 1, sizeof *name_of), n = 0;
    for (size_t g = 0; g < r->n_groups; g++) {
        int known = name_index_add(names, r->groups[g].name, n);
        name_of[g] = known >= 0 ? known : n++;
        total[name_of[g]]++;
    }
    for (size_t g = 0; g < r->n_groups; g++) {
        char *name = NULL;
        if (total[name_of[g]] == 1)
            continue;
        do {
            free(name);
            name = str_format("%s.%zu", r->groups[g].name, ++used[name_of[g]]);
        } while (name_index_find(names, name) >= 0);
        r->groups[g].name = session_keep(r->session, name);
        free(name);
    }
    name_index_free(names);
    xfree(total, used, name_of);
}

void radical_name_groups(struct radical *r)
{
    const char **prefixes = xcalloc(r->n_groups + 1, sizeof *prefixes);
    for (size_t g = 0; g < r->n_groups; g++)
        if (r->groups[g].by_demand || r->groups[g].by_role || r->groups[g].by_duration)
            prefixes[g] = joined_prefixes(r, &r->groups[g]);
    for (size_t g = 0; g < r->n_groups; g++) {
        struct radical_group *group = &r->groups[g];
        bool split = group->by_demand || group->by_role || group->by_duration;
        group->name = !split                          ? group->base
                      : prefixes_tell(r, prefixes, g) ? prefixes[g]
                                                      : described(r, group);
    }
    free(prefixes);
    make_unique(r);
}
