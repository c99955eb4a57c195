/* When a session's own bulks left: groups that wait for others follow them as they did, those that
 * wait for nothing arrive when they did. */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "scheduling/readiness.h"
#include "validation/own_stations_impl.h"

/* NAN if the end of one that ran is not known: it may be the last. */
static double latest_freed(const struct own_context *c, const struct readiness_group *g)
{
    double latest = -INFINITY;
    for (size_t i = 0; i < g->n_waits; i++) {
        const struct task_set *set = &c->s->workflow->sets[g->waits[i]];
        for (uint32_t t = set->first_task; t < set->first_task + set->n_tasks; t++)
            if (c->record[t] != SIZE_MAX &&
                is_known(c->s->timeline->records[c->record[t]].started_s))
                latest = later_of_both(latest, c->s->timeline->records[c->record[t]].freed_s);
    }
    return isinf(latest) ? (double)NAN : latest;
}

static double first_pushed(const struct own_context *c, const struct readiness_group *g)
{
    double first = NAN;
    for (size_t i = 0; i < g->n_sets; i++) {
        const struct task_set *set = &c->s->workflow->sets[g->sets[i]];
        for (uint32_t t = set->first_task; t < set->first_task + set->n_tasks; t++)
            if (c->record[t] != SIZE_MAX)
                first = earlier_known(first, c->s->tasks[c->record[t]].at[EVENT_CLIENT_PUSHED]);
    }
    return first;
}

/* A group that waits for others: how long after their slots were free its bulk left. */
static void take_follower(const struct own_context *c, const struct readiness_group *g)
{
    double delay_s = own_at_least_0(first_pushed(c, g) - latest_freed(c, g));
    for (size_t i = 0; i < g->n_sets; i++) {
        const struct task_set *set = &c->s->workflow->sets[g->sets[i]];
        for (uint32_t t = set->first_task; t < set->first_task + set->n_tasks; t++)
            c->own->of[STATION_NEXT_STAGE][t] = c->own->of[STATION_NEXT_RUN][t] = delay_s;
    }
}

/* A group that waits for nothing: its tasks arrive when they did. */
static void take_starter(const struct own_context *c, const struct readiness_group *g)
{
    for (size_t i = 0; i < g->n_sets; i++) {
        struct task_set *set = &c->own->asked.workflow->sets[g->sets[i]];
        if (set->release.kind != RELEASE_LIST)
            set->release.list_s = xcalloc(set->n_tasks, sizeof *set->release.list_s);
        set->release.kind = RELEASE_LIST;
        for (uint32_t k = 0; k < set->n_tasks; k++) {
            uint32_t t = set->first_task + k;
            double at_s =
                c->record[t] == SIZE_MAX ? (double)NAN : session_arrival_s(c->s, c->record[t]);
            set->release.list_s[k] = isnan(at_s) ? 0 : at_s - c->first_arrival_s;
            c->own->of[STATION_AGENT][t] = 0;
        }
    }
}

void own_take_bulks(const struct own_context *c)
{
    struct readiness *r = readiness_new(c->own->asked.workflow, session_mode(c->s));
    for (size_t k = 0; k < readiness_group_count(r); k++) {
        struct readiness_group g = readiness_group(r, k);
        if (g.n_waits)
            take_follower(c, &g);
        else
            take_starter(c, &g);
    }
    readiness_free(r);
}
