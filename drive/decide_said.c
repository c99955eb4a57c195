/* What tasks say in a real run. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "drive/decide_impl.h"

/* The instance of the described set `base` that comes next after this one: of this iteration if it
 * comes after the deciding set, else of the next; outside of loops, the only one. NULL: which one
 * is not clear. */
static char *next_instance(const struct decide *d, uint32_t set, int base)
{
    const struct workflow *from = d->made->from;
    const char *name = d->workflow->sets[set].name;
    int own = d->made->base[set], loop = workflow_loop_of(from, base);
    if (loop < 0)
        return workflow_campaign_of(from, base) < 0 ? xstrdup(from->sets[base].name) : NULL;
    if (workflow_loop_of(from, own) != loop)
        return NULL;
    const char *suffix = name + strlen(from->sets[own].name), *last = strrchr(suffix, '.');
    if (!last)
        return xstrdup(from->sets[base].name);
    int k = atoi(last + 1);
    return str_format("%s%.*s.%d", from->sets[base].name, (int)(last - suffix), suffix,
                      workflow_comes_after(from, base, own) ? k : k + 1);
}

static int64_t planned_tasks(const struct decide *d, const char *name)
{
    int planned = workflow_find_set(d->workflow, name);
    return planned >= 0 ? d->workflow->sets[planned].n_tasks : 0;
}

/* A number that was realised already, or that is not of the described sets, changes nothing. Of
 * several tasks the last one's holds: of one that is over for long (`again`) it was heard then. */
static void hear_count(struct driver *driver, uint32_t set, const struct said_count *count,
                       bool again)
{
    const struct decide *d = driver->decide;
    int base = workflow_find_set(d->made->from, count->set);
    char *name = base >= 0 ? next_instance(d, set, base) : NULL;
    int64_t known;
    bool heard = again && name && outcomes_get(d->known, OUTCOME_TASKS, name, &known);
    if (name && !heard && planned_tasks(d, name) != count->tasks)
        decide_find_out(driver, OUTCOME_TASKS, name, count->tasks);
    free(name);
}

/* Whether they lie in the same iteration of every loop that both lie in. */
static bool lie_together(const struct realised *made, int a, int b)
{
    for (int p = made->point[a]; p >= 0; p = made->points[p].around)
        for (int q = made->point[b]; q >= 0; q = made->points[q].around)
            if (made->points[p].loop == made->points[q].loop && p != q)
                return false;
    return true;
}

/* A name that no set has: what a set cancels is none of what is written for it. */
static const char nothing[] = "";

static void note_cancel(struct decide *d, uint32_t by, const char *set)
{
    int64_t known;
    char *name = str_format("%s\n%s", d->workflow->sets[by].name, set);
    if (!outcomes_get(d->known, OUTCOME_CANCELS, name, &known))
        outcomes_set(d->noted, OUTCOME_CANCELS, name, 1);
    free(name);
}

static void hear_cancel(struct decide *d, uint32_t set, const char *name)
{
    int base = workflow_find_set(d->made->from, name);
    for (size_t s = 0; base >= 0 && s < d->workflow->n_sets; s++) {
        if (d->made->base[s] != base || !lie_together(d->made, (int)set, (int)s))
            continue;
        xgrow(&d->said_cancels, &d->said_cancels_room, d->n_said_cancels + 1,
              sizeof *d->said_cancels);
        d->said_cancels[d->n_said_cancels++] = (struct set_cancel){ (int)set, (int)s };
        note_cancel(d, set, d->workflow->sets[s].name);
    }
}

int decide_next_cancel(struct decide *d)
{
    return d->n_said_cancels > 0 ? d->said_cancels[--d->n_said_cancels].set : -1;
}

bool decide_said_cancels(const struct decide *d, uint32_t set)
{
    int64_t value;
    char *name = str_format("%s\n%s", d->workflow->sets[set].name, nothing);
    bool said = outcomes_get(d->noted, OUTCOME_CANCELS, name, &value) ||
                outcomes_get(d->known, OUTCOME_CANCELS, name, &value);
    free(name);
    return said;
}

void decide_hear(struct driver *driver, uint32_t set, uint32_t task)
{
    struct decide *d = driver->decide;
    struct decision_said said = { .goes_on = -1 };
    if (!driver->ops->said(driver->world, set, task, &said))
        return;
    bool again = submit_knows_end(driver, set, task);
    for (size_t i = 0; i < said.n_counts; i++)
        hear_count(driver, set, &said.counts[i], again);
    if (said.cancels_said)
        note_cancel(d, set, nothing);
    for (size_t i = 0; i < said.n_cancels; i++)
        hear_cancel(d, set, said.cancels[i]);
    if (said.goes_on >= 0 && d->goes_on[set] != 0)
        d->goes_on[set] = (int8_t)said.goes_on;
    int campaign = d->campaign_of[set];
    if (said.goes_on == 0 && campaign >= 0) {
        const struct campaign_result *r = &d->campaigns[campaign].result;
        if (r->n_submitted < d->campaigns[campaign].n_candidates)
            decide_find_out(driver, OUTCOME_CANDIDATES, decide_described(d, campaign)->name,
                            (int64_t)r->n_submitted);
    }
    decision_said_clear(&said);
}
