/* Which tasks the launcher kept apart from others (enum alone_rule), and until when. */

#include "base/known.h"
#include "traces/importer/radical_impl.h"

enum { MOST_TASKS = 5000 };

const struct radical_part *radical_part_on(const struct radical *r, const struct radical_task *t,
                                           uint32_t node)
{
    for (size_t i = 0; i < t->n_parts; i++)
        if (r->parts[t->first_part + i].node == node)
            return &r->parts[t->first_part + i];
    return NULL;
}

bool radical_share_core(const struct radical *r, const struct radical_part *a,
                        const struct radical_part *b)
{
    int per_core = r->threads_per_core > 1 ? r->threads_per_core : 1;
    for (uint32_t i = 0; i < a->n_cores; i++)
        for (uint32_t k = 0; k < b->n_cores; k++)
            if (r->ids[a->first_core + i] / per_core == r->ids[b->first_core + k] / per_core)
                return true;
    return false;
}

/* By the session's rule they share something that only one of them can have. */
static bool excludes(const struct radical *r, const struct radical_task *a,
                     const struct radical_task *b)
{
    if (r->session->alone == ALONE_WITHOUT_GPU && a->demand.gpus > 0 && b->demand.gpus > 0)
        return false;
    for (size_t i = 0; i < b->n_parts; i++) {
        const struct radical_part *y = &r->parts[b->first_part + i],
                                  *x = radical_part_on(r, a, y->node);
        if (x && (r->session->alone != ALONE_CORE || radical_share_core(r, x, y)))
            return true;
    }
    return false;
}

/* A task was kept while another ran that excludes it, after its launch and before its start: until
 * the last such end. */
void radical_mark_kept(struct radical *r)
{
    for (size_t i = 0; i < r->n && r->n <= MOST_TASKS; i++) {
        struct radical_task *t = &r->tasks[i];
        const double *at = t->entity->at;
        double ready_s = known_or(at[EVENT_LAUNCH_START], at[EVENT_SCHEDULE_OK]);
        for (size_t k = 0; k < r->n; k++) {
            const struct radical_task *other = &r->tasks[k];
            if (other->stopped_s > ready_s && other->stopped_s <= t->started_s && k != i &&
                excludes(r, other, t))
                t->kept_until_s = later_known(t->kept_until_s, other->stopped_s);
        }
        t->kept |= is_known(t->kept_until_s);
    }
}
