#include "validation/attribution.h"

#include <stdbool.h>

#include "base/known.h"
#include "study/walk_back.h"

/* the scheduler's pass: placed so soon after its arrival, a task did not wait */
static const double instant_s = 0.005;

const char *attribution_part_name(enum attribution_part p)
{
    switch (p) {
    case PART_EXECUTE: return leg_label(LEG_EXECUTE);
    case PART_LAUNCH: return wait_label(WAIT_LAUNCH);
    case PART_QUEUE: return "scheduling";
    case PART_FREE: return "freeing";
    case PART_SUBMIT: return "notification, client, way to the scheduler";
    default: return "before the chain's first task arrived";
    }
}

/* Whose slots were freed last before this one was placed, while it waited; WALK_NONE: nobody's. */
static size_t who_freed(const struct timeline *t, const struct timeline_record *r)
{
    size_t who = WALK_NONE;
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *other = &t->records[i];
        if (other->freed_s > r->arrived_s && other->freed_s <= r->scheduled_s &&
            other->stopped_s < r->scheduled_s &&
            (who == WALK_NONE || other->freed_s > t->records[who].freed_s))
            who = i;
    }
    return who;
}

static bool depends_on(const struct workflow *w, int set, int parent)
{
    for (size_t d = 0; d < w->sets[set].n_dependencies; d++)
        if (w->sets[set].dependencies[d].parent == parent)
            return true;
    return false;
}

/* The last to stop, before this one was submitted, of the sets that it depends on. */
static size_t last_parent(const struct timeline *t, const struct workflow *w,
                          const struct timeline_record *r)
{
    int set = workflow_set_of_task(w, r->task);
    size_t who = WALK_NONE;
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *other = &t->records[i];
        if (other->stopped_s <= r->arrived_s &&
            depends_on(w, set, workflow_set_of_task(w, other->task)) &&
            (who == WALK_NONE || other->stopped_s > t->records[who].stopped_s))
            who = i;
    }
    return who;
}

/* A copy without gaps: if a time was lost, its task passed that station at once, so that no time
 * counts twice. */
static struct timeline_record without_gaps(const struct timeline_record *r)
{
    struct timeline_record all = *r;
    all.started_s =
        known_or(r->started_s, known_or(r->scheduled_s, known_or(r->arrived_s, r->stopped_s)));
    all.scheduled_s = known_or(r->scheduled_s, all.started_s);
    all.arrived_s = known_or(r->arrived_s, all.scheduled_s);
    return all;
}

struct chain {
    const struct timeline *timeline;
    const struct workflow *depends;
    struct attribution *out;
};

static double at(void *context, size_t record, enum instant i)
{
    const struct chain *c = context;
    const struct timeline_record r = without_gaps(&c->timeline->records[record]);
    switch (walk_recorded(i)) {
    case INSTANT_ARRIVED: return r.arrived_s;
    case INSTANT_SCHEDULED: return r.scheduled_s;
    case INSTANT_STARTED: return r.started_s;
    case INSTANT_STOPPED: return r.stopped_s;
    default: return r.freed_s;
    }
}

/* It waited for slots, else for the last of what it depends on. */
static struct walk_hop before(void *context, size_t record)
{
    struct chain *c = context;
    const struct timeline_record r = without_gaps(&c->timeline->records[record]);
    bool waited = r.scheduled_s - r.arrived_s > instant_s;
    struct walk_hop hop = { INSTANT_SCHEDULED, waited ? who_freed(c->timeline, &r) : WALK_NONE,
                            INSTANT_FREED };
    c->out->n_tasks++;
    if (hop.record != WALK_NONE)
        return hop;
    return (struct walk_hop){ INSTANT_ARRIVED, last_parent(c->timeline, c->depends, &r),
                              INSTANT_STOPPED };
}

static void pass(void *context, size_t record, enum leg leg, double from_s, double to_s)
{
    static const enum attribution_part part[LEGS] = {
        [LEG_QUEUE] = PART_QUEUE,  [LEG_LAUNCH_QUEUE] = PART_LAUNCH, [LEG_LAUNCH] = PART_LAUNCH,
        [LEG_ALONE] = PART_LAUNCH, [LEG_STARTUP] = PART_LAUNCH,      [LEG_EXECUTE] = PART_EXECUTE,
        [LEG_DETECT] = PART_FREE,  [LEG_FREE] = PART_FREE,
    };
    (void)record;
    ((struct chain *)context)->out->of_s[part[leg]] += to_s - from_s;
}

static void wait_for(void *context, size_t record, const struct walk_hop *hop, double from_s,
                     double to_s)
{
    enum attribution_part part = hop->record == WALK_NONE ? PART_FIRST : PART_SUBMIT;
    (void)record;
    if (hop->left == INSTANT_SCHEDULED)
        part = PART_QUEUE;
    ((struct chain *)context)->out->of_s[part] += to_s - from_s;
}

struct attribution attribution_of(const struct timeline *t, const struct workflow *depends)
{
    static const struct walk_ops ops = { at, before, pass, wait_for };
    struct attribution a = { { 0 }, 0 };
    walk_back(t, &ops, &(struct chain){ t, depends, &a });
    return a;
}
