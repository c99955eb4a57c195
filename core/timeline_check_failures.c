/* Nodes that fail: what ran on a node when it failed was lost with it. */
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/timeline_check_impl.h"

/* A record's part on a node. */
struct stay {
    uint32_t node;
    size_t record;
};
struct stays {
    size_t n, room;
    struct stay *at;
};

SORT_BY_2(compare_stays, struct stay, node, record)

/* With this node: of one that ran on several it is not known which failed. */
static bool is_lost(const struct timeline *t, size_t i, uint32_t node)
{
    int set = workflow_set_of_task(t->workflow, t->records[i].task);
    struct timeline_slots s;
    for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s))
        if (s.node != node)
            return false;
    return t->status[i] == TASK_KILLED &&
           !(t->workflow->realised && realised_cancels(t->workflow, set));
}

/* All that runs at this instant ends at it, killed: the walltime, or the only node in use. */
static bool all_end(const struct timeline *t, double at_s)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->records[i].started_s < at_s && t->records[i].stopped_s > at_s)
            return false;
    return true;
}

/* The others of the node, when one was lost on it at `at_s`. */
static int check_others(const struct timeline *t, const struct stay *first, const struct stay *end,
                        size_t lost, struct error *err)
{
    double at_s = t->records[lost].stopped_s;
    struct task_label loser = task_label_of(t->workflow, t->records[lost].task);
    if (all_end(t, at_s))
        return 0;
    for (const struct stay *s = first; s < end; s++) {
        const struct timeline_record *r = &t->records[s->record];
        struct task_label task = task_label_of(t->workflow, r->task);
        if (r->started_s < at_s && r->stopped_s > at_s)
            return error_set(err,
                             "%s: ran on node %u at %.9g s, when the node failed and %s was lost",
                             task.text, (unsigned)s->node, at_s, loser.text);
    }
    return 0;
}

int timeline_check_failures(const struct timeline *t, struct error *err)
{
    struct stays stays = { 0 };
    struct timeline_slots s;
    int status = 0;
    if (t->platform->failures.mtbf_s <= 0)
        return 0;
    for (size_t i = 0; i < t->n; i++)
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s)) {
            xgrow(&stays.at, &stays.room, stays.n + 1, sizeof *stays.at);
            stays.at[stays.n++] = (struct stay){ s.node, i };
        }
    sort_items(stays.at, stays.n, sizeof *stays.at, compare_stays);
    for (size_t k = 0, end; k < stays.n && status == 0; k = end) {
        for (end = k; end < stays.n && stays.at[end].node == stays.at[k].node; end++)
            ;
        for (size_t i = k; i < end && status == 0; i++)
            if (is_lost(t, stays.at[i].record, stays.at[i].node))
                status = check_others(t, &stays.at[k], &stays.at[end], stays.at[i].record, err);
    }
    free(stays.at);
    return status;
}
