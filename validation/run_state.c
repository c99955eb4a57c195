#include "validation/run_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"

struct run_state run_state_new(uint32_t n, double now_s)
{
    struct run_state st = { .now_s = now_s, .n = n, .tasks = xcalloc(n + 1, sizeof *st.tasks),
                            .first_start_s = NAN };
    for (uint32_t i = 0; i < n; i++)
        st.tasks[i] = (struct run_task){ RUN_UNSEEN, NAN, NAN, NAN, NAN };
    return st;
}

void run_state_clear(struct run_state *st)
{
    free(st->tasks);
    *st = (struct run_state){ 0 };
}

void run_state_count(struct run_state *st)
{
    memset(st->count, 0, sizeof st->count);
    st->first_start_s = NAN;
    for (uint32_t i = 0; i < st->n; i++) {
        st->count[st->tasks[i].phase]++;
        st->first_start_s = earlier_known(st->first_start_s, st->tasks[i].started_s);
    }
}

double run_state_last_s(const struct session *s)
{
    double last_s = NAN;
    for (size_t i = 0; i < s->timeline->n; i++)
        for (int k = 0; k < TIMELINE_INSTANTS; k++)
            last_s = later_known(last_s, timeline_at(s->timeline, i, timeline_instants[k]));
    return last_s;
}

/* NAN: not by then. */
static double by(double at_s, double now_s)
{
    return at_s <= now_s ? at_s : (double)NAN;
}

static struct run_task task_at(const struct session *s, size_t record, double now_s)
{
    const struct timeline_record *r = &s->timeline->records[record];
    const enum task_status status = (enum task_status)s->timeline->status[record];
    struct run_task t = { .started_s = by(r->started_s, now_s),
                          .stopped_s = by(r->stopped_s, now_s), .freed_s = by(r->freed_s, now_s),
                          .notified_s = by(r->notified_s, now_s) };
    bool ended = is_known(t.stopped_s) && is_known(t.started_s),
         ill = status == TASK_FAILED || status == TASK_KILLED;
    if (ended)
        t.phase = ill ? RUN_FAILED : RUN_DONE;
    else if (is_known(t.started_s))
        t.phase = RUN_RUNNING;
    else if (status == TASK_CANCELLED && is_known(t.notified_s))
        t.phase = RUN_FAILED;
    else
        t.phase = session_arrival_s(s, record) <= now_s ? RUN_WAITING : RUN_UNSEEN;
    if (!ended)
        t.stopped_s = t.freed_s = t.notified_s = NAN;
    return t;
}

struct run_state run_state_of_session(const struct session *s, double now_s)
{
    double last_s = run_state_last_s(s);
    struct run_state st = run_state_new(s->workflow->n_tasks, isinf(now_s) ? last_s : now_s);
    size_t *record = timeline_last_attempts(s->timeline);
    for (uint32_t i = 0; i < st.n; i++)
        if (record[i] != SIZE_MAX)
            st.tasks[i] = task_at(s, record[i], st.now_s);
    free(record);
    run_state_count(&st);
    return st;
}
