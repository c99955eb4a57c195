/* What is in a task's way by each rule of enum alone_rule, and what it takes itself while it runs:
 * nodes, physical cores, its turn. */
#include <math.h>

#include "base/bits.h"
#include "sim/alone_impl.h"

/* The physical cores that a part's slots lie on; true: one of them is taken. Marks or clears them
 * unless `mark` is NULL. */
static bool core_taken(const struct alone *a, const struct grant_part *p, const bool *mark)
{
    uint64_t *cores = a->cores + p->node * a->n_words;
    bool taken = false;
    for (size_t id = 0; id < p->n_words * 64; id++) {
        if (!(grant_part_slots(p, id / 64) >> (id % 64) & 1))
            continue;
        size_t core = id / (size_t)a->threads_per_core;
        uint64_t bit = UINT64_C(1) << (core % 64);
        taken |= (cores[core / 64] & bit) != 0;
        if (mark && *mark)
            cores[core / 64] |= bit;
        else if (mark)
            cores[core / 64] &= ~bit;
    }
    return taken;
}

static bool part_admitted(const struct alone *a, const struct grant_part *p, bool has_gpu)
{
    if (a->rule == ALONE_OWN_NODES)
        return a->running[p->node] == 0;
    if (a->rule == ALONE_WITHOUT_GPU)
        return !a->loner[p->node] && (has_gpu || a->running[p->node] == 0);
    return a->rule != ALONE_CORE || !core_taken(a, p, NULL);
}

/* ALONE_NODES: as many whole nodes as its slots fill. The launcher looks for them itself, wherever
 * the slots lie. */
static uint32_t whole_nodes(const struct simulator *s, const struct attempt *attempt)
{
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    double filled = 0;
    struct grant_part p;
    for (struct grant_walk w = { attempt->grant, 0 }; pool_next_node(pool, &w, &p);) {
        int slots = 0;
        for (size_t i = 0; i < p.n_words; i++)
            slots += bits_count(grant_part_slots(&p, i));
        filled += (double)slots / platform_node(s->drive.scenario.platform, p.node)->n_slots;
    }
    return filled > 1 ? (uint32_t)ceil(filled * (1 - 1e-9)) : 1;
}

/* Not before those that began before it in the run. */
static bool is_next(const struct simulator *s, const struct attempt *attempt)
{
    const struct alone *a = s->alone;
    uint32_t before = a->after ? a->after[execute_task(s, attempt)] : UINT32_MAX;
    return before == UINT32_MAX || a->begun[before];
}

bool alone_admits(const struct simulator *s, const struct attempt *attempt)
{
    const struct alone *a = s->alone;
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    struct grant_part p;
    if (!is_next(s, attempt))
        return false;
    if (a->rule == ALONE_NODES)
        return a->nodes_taken + whole_nodes(s, attempt) <= a->n_nodes;
    for (struct grant_walk w = { attempt->grant, 0 }; pool_next_node(pool, &w, &p);) {
        if (!part_admitted(a, &p, simulate_occupied(s, attempt).gpus > 0))
            return false;
    }
    return true;
}

static void take_part(struct alone *a, const struct grant_part *p, bool has_gpu, bool takes)
{
    if (a->rule == ALONE_CORE)
        core_taken(a, p, &takes);
    else if (takes)
        a->running[p->node]++;
    else
        a->running[p->node]--;
    if (!has_gpu)
        a->loner[p->node] = takes;
}

void alone_take(const struct simulator *s, const struct attempt *attempt, bool takes)
{
    struct alone *a = s->alone;
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    uint32_t last = UINT32_MAX;
    struct grant_part p;
    if (a->rule == ALONE_NODES) {
        uint32_t nodes = whole_nodes(s, attempt);
        a->nodes_taken = takes ? a->nodes_taken + nodes : a->nodes_taken - nodes;
        return;
    }
    for (struct grant_walk w = { attempt->grant, 0 }; pool_next_node(pool, &w, &p);) {
        if (p.node != last || a->rule == ALONE_CORE)
            take_part(a, &p, simulate_occupied(s, attempt).gpus > 0, takes);
        last = p.node;
    }
}
