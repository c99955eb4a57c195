#include "model/asynchronicity.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/plan.h"
#include "model/poset.h"
#include "model/together.h"

static size_t count_sinks(const struct plan *plan)
{
    size_t n = 0;
    for (size_t s = 0; s < plan->workflow->n_sets; s++)
        n += plan->first_dependent[s] == plan->first_dependent[s + 1];
    return n;
}

static struct poset *order_of_sets(const struct plan *plan)
{
    size_t n = 0, room = 0;
    for (size_t g = 0; g < plan->n_groups; g++)
        room += plan->groups[g].n_waits;
    struct poset_edge *edges = xcalloc(room, sizeof *edges);
    for (size_t g = 0; g < plan->n_groups; g++)
        for (size_t i = 0; i < plan->groups[g].n_waits; i++)
            edges[n++] =
                (struct poset_edge){ plan->groups[g].waits[i].set, plan->groups[g].sets[0] };
    struct poset *order = poset_new(plan->workflow->n_sets, edges, n);
    free(edges);
    return order;
}

/* Too many sets to compare all with all: those of the fullest level (longest path from a source)
 * are independent of each other. Fills `members` and returns their number. */
static size_t fullest_level(const struct plan *plan, int *members)
{
    size_t n_sets = plan->workflow->n_sets, fullest = 0, n = 0;
    size_t *count = xcalloc(n_sets, sizeof *count);
    int *level = longest_path_levels(plan->workflow, plan_graph(plan, false));
    for (size_t s = 0; s < n_sets; s++)
        count[level[s]]++;
    for (size_t l = 0; l < n_sets; l++)
        fullest = count[l] > count[fullest] ? l : fullest;
    for (size_t s = 0; s < n_sets; s++)
        if (level[s] == (int)fullest)
            members[n++] = (int)s;
    xfree(level, count);
    return n;
}

static struct degree less_one(size_t count, bool exact)
{
    return (struct degree){ .value = count > 0 ? (int)count - 1 : 0, .exact = exact };
}

/* `members`: the sets to choose from. */
static struct degree held_together(const struct plan *plan, const struct platform *p,
                                   const struct poset *order, const int *members, size_t n,
                                   bool whole)
{
    const struct workflow *w = plan->workflow;
    struct demand_classes classes;
    demand_classes_init(&classes, w, p);
    struct together_item *items = xcalloc(n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct together_item){ .element = members[i],
                                           .demand_class = classes.of_set[members[i]],
                                           .tasks = whole ? w->sets[members[i]].n_tasks : 1 };
    struct together most = together_most(p, &classes, order, items, n);
    free(items);
    demand_classes_clear(&classes);
    return less_one(most.count, most.exact && n == w->n_sets);
}

int asynchronicity_of_level(const struct workflow *w, const struct platform *p,
                            const struct level_member *members, size_t n, bool whole)
{
    struct demand_classes classes;
    demand_classes_init(&classes, w, p);
    struct together_item *items = xcalloc(n + 1, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct together_item){ .element = (int)i,
                                           .demand_class = classes.of_set[members[i].set],
                                           .tasks = whole ? members[i].n_tasks : 1 };
    struct together most = together_most(p, &classes, NULL, items, n);
    free(items);
    demand_classes_clear(&classes);
    return less_one(most.count, false).value;
}

struct degree asynchronicity_wla(int doa_dep, struct degree doa_res)
{
    if (doa_res.value >= doa_dep)
        return (struct degree){ .value = doa_dep, .exact = true };
    return doa_res;
}

void asynchronicity_of(const struct workflow *w, const struct platform *p,
                       struct asynchronicity *out)
{
    struct plan plan;
    plan_init(&plan, w, MODE_ASYNCHRONOUS);
    bool comparable = w->n_sets <= WIDTH_EXACT_SETS;
    struct poset *order = comparable ? order_of_sets(&plan) : NULL;
    int *members = xcalloc(w->n_sets, sizeof *members);
    size_t n = w->n_sets, sinks = count_sinks(&plan);
    if (comparable)
        for (size_t s = 0; s < n; s++)
            members[s] = (int)s;
    else
        n = fullest_level(&plan, members);
    out->doa_dep = (int)sinks - 1;
    out->width =
        comparable ? less_one(poset_width(order), true) : less_one(n > sinks ? n : sinks, false);
    out->doa_res = out->doa_res_partial = out->wla = (struct degree){ .value = DEGREE_UNKNOWN };
    if (p) {
        out->doa_res = held_together(&plan, p, order, members, n, true);
        out->doa_res_partial = held_together(&plan, p, order, members, n, false);
        out->wla = asynchronicity_wla(out->doa_dep, out->doa_res);
    }
    free(members);
    poset_free(order);
    plan_clear(&plan);
}

char *degree_format(const struct degree *d)
{
    return str_format(d->exact ? "%d" : ">= %d", d->value);
}
