#include "validation/attribution.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/known.h"

static const double instant_s = 0.005;                   /* the scheduler's pass: placed so soon after its arrival, a task did not wait */

const char *attribution_part_name(enum attribution_part p)
{
    static const char *const names[PARTS] = {
        [PART_EXECUTE] = "execution", [PART_LAUNCH] = "launch and start-up", [PART_QUEUE] = "scheduling", [PART_FREE] = "freeing",
        [PART_SUBMIT] = "notification, client, agent", [PART_FIRST] = "before the chain's first task arrived",
    };
    return names[p];
}

static size_t last_to_stop(const struct timeline *t)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < t->n; i++)
        if (!isnan(t->records[i].stopped_s) && (last == SIZE_MAX || t->records[i].stopped_s > t->records[last].stopped_s))
            last = i;
    return last;
}

/* Whose slots were freed last before this one was placed, while it waited; SIZE_MAX: nobody's. */
static size_t who_freed(const struct timeline *t, const struct timeline_record *r)
{
    size_t who = SIZE_MAX;
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *other = &t->records[i];
        if (other->freed_s > r->arrived_s && other->freed_s <= r->scheduled_s && other->stopped_s < r->scheduled_s &&
            (who == SIZE_MAX || other->freed_s > t->records[who].freed_s))
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
static size_t last_parent(const struct timeline *t, const struct workflow *w, const struct timeline_record *r)
{
    int set = workflow_set_of_task(w, r->task);
    size_t who = SIZE_MAX;
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *other = &t->records[i];
        if (other->stopped_s <= r->arrived_s && depends_on(w, set, workflow_set_of_task(w, other->task)) &&
            (who == SIZE_MAX || other->stopped_s > t->records[who].stopped_s))
            who = i;
    }
    return who;
}

/* A copy without gaps: if a time was lost, its task passed that station at once, so that no time counts twice. */
static struct timeline_record without_gaps(const struct timeline_record *r)
{
    struct timeline_record all = *r;
    all.started_s = known_or(r->started_s, known_or(r->scheduled_s, known_or(r->arrived_s, r->stopped_s)));
    all.scheduled_s = known_or(r->scheduled_s, all.started_s);
    all.arrived_s = known_or(r->arrived_s, all.scheduled_s);
    return all;
}

/* From the end of a chain's task back to the end of the one before it; SIZE_MAX: it was the first. */
static size_t step_back(const struct timeline *t, const struct workflow *w, size_t record, double first_s, struct attribution *a)
{
    const struct timeline_record whole = without_gaps(&t->records[record]), *r = &whole;
    a->of_s[PART_EXECUTE] += r->stopped_s - r->started_s;
    a->of_s[PART_LAUNCH] += r->started_s - later_of_both(r->scheduled_s, first_s);
    if (r->scheduled_s <= first_s)
        return SIZE_MAX;
    size_t before = r->scheduled_s - r->arrived_s > instant_s ? who_freed(t, r) : SIZE_MAX;
    if (before != SIZE_MAX) {
        const struct timeline_record *b = &t->records[before];
        a->of_s[PART_QUEUE] += r->scheduled_s - b->freed_s;
        a->of_s[PART_FREE] += b->freed_s - b->stopped_s;
        return before;
    }
    a->of_s[PART_QUEUE] += r->scheduled_s - later_of_both(r->arrived_s, first_s);
    before = last_parent(t, w, r);
    if (before != SIZE_MAX)
        a->of_s[PART_SUBMIT] += r->arrived_s - t->records[before].stopped_s;
    else
        a->of_s[PART_FIRST] += fmax(0, r->arrived_s - first_s);
    return before;
}

struct attribution attribution_of(const struct timeline *t, const struct workflow *depends)
{
    struct attribution a = { { 0 }, 0 };
    double first_s = timeline_first_start(t);
    for (size_t record = last_to_stop(t); record != SIZE_MAX; a.n_tasks++)
        record = step_back(t, depends, record, first_s, &a);
    return a;
}
