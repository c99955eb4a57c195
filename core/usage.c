#include "core/usage.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct usage_reader {
    const struct timeline *timeline;
    double end_s;                        /* the last that is known of the timeline */
};

static double end_of(const struct timeline *t)
{
    /* fmax() passes over NAN */
    double end_s = fmax(t->session_end_s, timeline_last_stop(t));
    for (size_t i = 0; i < t->n; i++)
        end_s = fmax(end_s, t->records[i].started_s);
    return end_s;
}

struct usage_reader *usage_reader_new(const struct timeline *t)
{
    struct usage_reader *u = xcalloc(1, sizeof *u);
    u->timeline = t;
    u->end_s = end_of(t);
    return u;
}

void usage_reader_free(struct usage_reader *u)
{
    free(u);
}

static void read_amounts(const struct usage_reader *u, size_t record, struct usage *out)
{
    struct timeline_slots s;
    if (!timeline_slots_first(u->timeline, record, &s)) {
        struct slot_demand d = platform_slots(
            u->timeline->platform, &u->timeline->workflow->sets[out->set].traits->demand);
        out->slots = (double)d.ranks * d.slots;
        out->gpus = d.ranks * (d.gpus + (double)d.gpu_share / DEMAND_WHOLE_GPU);
        return;
    }
    out->slots = out->gpus = 0;
    do {
        out->slots += (double)s.n_cores;
        out->gpus += (double)s.n_gpus * (s.gpu_share ? (double)s.gpu_share / DEMAND_WHOLE_GPU : 1);
    } while (timeline_slots_next(&s));
}

bool usage_read(const struct usage_reader *u, size_t record, struct usage *out)
{
    const struct timeline_record *r = &u->timeline->records[record];
    if (isnan(r->started_s))
        return false;
    out->set = workflow_set_of_task(u->timeline->workflow, r->task);
    out->started_s = r->started_s;
    out->stopped_s = isnan(r->stopped_s) ? u->end_s : r->stopped_s;
    out->held_from_s = isnan(r->scheduled_s) ? out->started_s : r->scheduled_s;
    out->held_to_s = isnan(r->freed_s) ? out->stopped_s : r->freed_s;
    read_amounts(u, record, out);
    return true;
}
