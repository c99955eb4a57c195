#include "scheduling/demand_classes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/xalloc.h"

struct entry {
    struct slot_demand demand;
    uint32_t number;
    UT_hash_handle hh;
};

static bool limits_memory(const struct platform *p)
{
    for (size_t s = 0; s < p->n_shapes; s++)
        if (p->shapes[s].memory_mib > 0)
            return true;
    return false;
}

/* The set's demand as a hash key: every byte defined, and nothing in it that the platform does not
 * limit. */
static void class_key(const struct workflow *w, const struct platform *p, size_t set, bool memory,
                      struct slot_demand *key)
{
    struct slot_demand d = platform_slots(p, &w->sets[set].traits->demand);
    memset(key, 0, sizeof *key);
    key->ranks = d.ranks;
    key->slots = d.slots;
    key->gpus = d.gpus;
    key->gpu_share = d.gpu_share;
    key->memory_mib = memory ? d.memory_mib : 0;
    key->one_node = d.one_node && d.ranks > 1;
    key->node = d.node;
    key->has_named = d.has_named;
    memcpy(key->named, d.named, sizeof key->named);
}

/* The classes of traits that were met last: many sets share theirs. */
enum { KNOWN = 64 };
struct known { const struct task_traits *traits; uint32_t number; };

static struct known *known_of(struct known *known, const struct task_traits *t)
{
    return &known[(uintptr_t)t / sizeof *t % KNOWN];
}

void demand_classes_init(struct demand_classes *c, const struct workflow *w,
                         const struct platform *p)
{
    struct entry *entries = NULL, *found, *next;
    struct known known[KNOWN] = { { NULL, 0 } };
    bool memory = limits_memory(p);
    *c = (struct demand_classes){ .of_set = xcalloc(w->n_sets, sizeof *c->of_set) };
    for (size_t s = 0; s < w->n_sets; s++) {
        struct slot_demand key;
        struct known *last = known_of(known, w->sets[s].traits);
        if (last->traits == w->sets[s].traits) {
            c->of_set[s] = last->number;
            continue;
        }
        class_key(w, p, s, memory, &key);
        HASH_FIND(hh, entries, &key, sizeof key, found);
        if (!found) {
            found = xcalloc(1, sizeof *found);
            found->demand = key;
            found->number = HASH_COUNT(entries);
            HASH_ADD(hh, entries, demand, sizeof key, found);
        }
        c->of_set[s] = found->number;
        *last = (struct known){ w->sets[s].traits, found->number };
    }
    c->n = HASH_COUNT(entries);
    c->demand = xcalloc(c->n, sizeof *c->demand);
    HASH_ITER(hh, entries, found, next) {
        c->demand[found->number] = found->demand;
        HASH_DEL(entries, found);
        free(found);
    }
}

void demand_classes_clear(struct demand_classes *c)
{
    xfree(c->demand, c->of_set);
    memset(c, 0, sizeof *c);
}
