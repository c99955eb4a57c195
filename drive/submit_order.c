/* In which order groups that are ready at one instant are submitted. */

#include "base/xalloc.h"
#include "drive/driver_impl.h"

/* Of a group: its pipeline, or in asynchronous mode its set; -1: neither. */
static int submitter(const struct driver *d, size_t g)
{
    struct readiness_group group = readiness_group(d->readiness, g);
    return d->scenario.mode == MODE_ASYNCHRONOUS ? group.sets[0] : group.pipeline;
}

/* Order of submission of each group: pipelines (sets) in the asked order (file order by
 * default), then the group's place in the file. */
void submit_init(struct driver *d)
{
    size_t n = readiness_group_count(d->readiness), n_submitters = 1;
    const int *order = d->scenario.pipeline_order;
    bool grows = d->scenario.workflow->realised && d->scenario.workflow->realised->growing;
    if (!order && !grows)
        return;
    int *place = xcalloc(n, sizeof *place);
    d->submission.group_place = place;
    for (size_t g = 0; g < n; g++)
        place[g] = (int)g;
    if (!order)
        return;
    for (size_t g = 0; g < n; g++)
        if ((size_t)(submitter(d, g) + 2) > n_submitters)
            n_submitters = (size_t)(submitter(d, g) + 2);
    size_t *rank = xcalloc(n_submitters, sizeof *rank),
           *before = xcalloc(n_submitters + 1, sizeof *before);
    for (size_t i = 1; i < n_submitters; i++)
        rank[order[i - 1] + 1] = i;                      /* rank 0: groups of no submitter */
    for (size_t g = 0; g < n; g++)
        before[rank[submitter(d, g) + 1] + 1]++;
    for (size_t i = 1; i <= n_submitters; i++)
        before[i] += before[i - 1];
    for (size_t g = 0; g < n; g++)
        place[g] = (int)before[rank[submitter(d, g) + 1]]++;
    xfree(rank, before);
}

void submit_renew(struct driver *d, int set)
{
    d->submission.group_place[set] = growing_place(d->growing, set);
}

/* Services go first: their clients hold slots until they are there. */
int submit_place(const struct driver *d, int group, uint32_t set)
{
    const struct workflow *w = d->scenario.workflow;
    int place = d->submission.group_place ? d->submission.group_place[group] : group;
    return w->n_services > 0 && w->sets[set].traits->service.serves
               ? place - (int)readiness_group_count(d->readiness)
               : place;
}
