#include "model/classes.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct entry { struct slot_demand demand; size_t set; };

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *ea = a, *eb = b;
    const struct slot_demand *x = &ea->demand, *y = &eb->demand;
    int order = compare(x->slots, y->slots);
    order = order ? order : compare(x->gpus, y->gpus);
    order = order ? order : compare(x->gpu_share, y->gpu_share);
    order = order ? order : compare(x->memory_mib, y->memory_mib);
    order = order ? order : compare(x->ranks, y->ranks);
    return order ? order : compare((int64_t)ea->set, (int64_t)eb->set);
}

void classes_init(struct classes *c, const struct workflow *w, const struct platform *p)
{
    struct entry *entries = xcalloc(w->n_sets, sizeof *entries);
    for (size_t s = 0; s < w->n_sets; s++)
        entries[s] = (struct entry){ platform_slots(p, &w->sets[s].demand), s };
    qsort(entries, w->n_sets, sizeof *entries, compare_entries);
    *c = (struct classes){ .demand = xcalloc(w->n_sets, sizeof *c->demand), .of_set = xcalloc(w->n_sets, sizeof *c->of_set) };
    for (size_t i = 0; i < w->n_sets; i++) {
        if (i == 0 || !slot_demand_equal(&entries[i].demand, &entries[i - 1].demand))
            c->demand[c->n++] = entries[i].demand;
        c->of_set[entries[i].set] = (int)c->n - 1;
    }
    free(entries);
}

void classes_clear(struct classes *c)
{
    free(c->demand);
    free(c->of_set);
    memset(c, 0, sizeof *c);
}
