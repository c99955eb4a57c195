#include "study/walk_back.h"

#include <math.h>

size_t walk_last_stopped(const struct timeline *t)
{
    size_t last = WALK_NONE;
    for (size_t i = 0; i < t->n; i++)
        if (isfinite(t->records[i].stopped_s) && !timeline_is_of_service(t, i) &&
            (last == WALK_NONE || t->records[i].stopped_s > t->records[last].stopped_s))
            last = i;
    return last;
}

enum instant walk_recorded(enum instant i)
{
    switch (i) {
    case INSTANT_DUE:
    case INSTANT_READY:
    case INSTANT_OPENED: return INSTANT_SUBMITTED;
    case INSTANT_LEFT: return INSTANT_ARRIVED;
    case INSTANT_SERVED:
    case INSTANT_LAUNCHED:
    case INSTANT_ADMITTED: return INSTANT_SCHEDULED;
    case INSTANT_DETECTED: return INSTANT_STOPPED;
    case INSTANT_BOOKED: return INSTANT_NOTIFIED;
    default: return i;
    }
}

struct walk {
    const struct walk_ops *ops;
    void *context;
    double begin_s;                      /* the first start: no makespan lies before */
};

/* The legs of a task between two of its instants, backwards. False: the walk has reached its begin.
 */
static bool pass_legs(const struct walk *w, size_t record, enum instant from, enum instant to)
{
    for (int leg = (int)to - 1; leg >= (int)from; leg--) {
        double from_s = w->ops->at(w->context, record, (enum instant)leg);
        double to_s = w->ops->at(w->context, record, (enum instant)(leg + 1));
        if (!(to_s > w->begin_s))
            return false;
        w->ops->pass(w->context, record, (enum leg)leg, fmax(from_s, w->begin_s), to_s);
    }
    return w->ops->at(w->context, record, from) > w->begin_s;
}

void walk_back(const struct timeline *t, const struct walk_ops *ops, void *context)
{
    const struct walk w = { ops, context, timeline_first_start(t) };
    enum instant entered = INSTANT_STOPPED;
    for (size_t record = walk_last_stopped(t); record != WALK_NONE;) {
        struct walk_hop hop = ops->before(context, record);
        if (!pass_legs(&w, record, hop.left, entered))
            return;
        double from_s =
            hop.record == WALK_NONE ? w.begin_s : ops->at(context, hop.record, hop.entered);
        ops->wait(context, record, &hop, fmax(from_s, w.begin_s),
                  ops->at(context, record, hop.left));
        if (!(from_s > w.begin_s))
            return;
        record = hop.record;
        entered = hop.entered;
    }
}
