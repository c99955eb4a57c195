#include "scheduling/refusals.h"

/* Wherever `less` does not fit, `more` does not; named resources are not compared. */
static bool is_no_less(const struct slot_demand *more, const struct slot_demand *less)
{
    return more->ranks >= less->ranks && more->slots >= less->slots && more->gpus >= less->gpus &&
           more->gpu_share >= less->gpu_share && more->memory_mib >= less->memory_mib &&
           (more->one_node || !less->one_node) && (!less->node || less->node == more->node) &&
           !less->has_named;
}

static bool tells(const struct refusal *r, const struct slot_demand *d, bool anywhere)
{
    return (r->anywhere || !anywhere) && is_no_less(d, r->demand);
}

bool refusals_tell(const struct refusals *r, const struct slot_demand *d, bool anywhere)
{
    for (size_t i = 0; d->ranks > 1 && i < r->n; i++)
        if (tells(&r->at[i], d, anywhere))
            return true;
    return false;
}

/* Those that it tells of go. */
void refusals_add(struct refusals *r, const struct slot_demand *d, bool anywhere)
{
    struct refusal added = { d, anywhere };
    size_t kept = 0;
    if (d->ranks == 1)
        return;
    for (size_t i = 0; i < r->n; i++)
        if (!tells(&added, r->at[i].demand, r->at[i].anywhere))
            r->at[kept++] = r->at[i];
    r->n = kept;
    if (kept < REFUSALS_MOST)
        r->at[r->n++] = added;
    else
        r->at[r->next++ % REFUSALS_MOST] = added;
}
