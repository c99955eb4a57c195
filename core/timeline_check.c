#include "core/timeline_check_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"

struct task_label task_label_of(const struct workflow *w, uint32_t task)
{
    struct task_label label;
    int set = workflow_set_of_task(w, task);
    char *name = str_shortened(w->sets[set].name, LABEL_MOST);
    snprintf(label.text, sizeof label.text, "%s[%u]", name,
             (unsigned)(task - w->sets[set].first_task));
    free(name);
    return label;
}

/* --- one record alone ------------------------------------------------------------------------- */

static int check_order_of_times(const struct timeline *t, size_t i, struct error *err)
{
    struct task_label task = task_label_of(t->workflow, t->records[i].task);
    const char *before = NULL;
    double last_s = -INFINITY;
    for (int k = 0; k < TIMELINE_INSTANTS; k++) {
        double at_s = timeline_at(t, i, timeline_instants[k]);
        const char *name = instant_key(timeline_instants[k]);
        if (isnan(at_s))
            continue;
        if (isinf(at_s))
            return error_set(err, "%s: its time '%s' is infinite", task.text, name);
        if (at_s < last_s)
            return error_set(err, "%s: %s at %.9g s, before it was %s at %.9g s", task.text, name,
                             at_s, before, last_s);
        last_s = at_s;
        before = name;
    }
    return 0;
}

static int check_status(const struct timeline *t, size_t i, struct error *err)
{
    const struct timeline_record *r = &t->records[i];
    struct task_label task = task_label_of(t->workflow, r->task);
    if (t->status[i] > TASK_CUT)
        return error_set(err, "%s: its status is %d, which is none", task.text, t->status[i]);
    if (t->status[i] == TASK_DONE && (isnan(r->started_s) || isnan(r->stopped_s)))
        return error_set(err, "%s: is done, but has no time of its %s", task.text,
                         isnan(r->started_s) ? "start" : "stop");
    if (t->status[i] == TASK_CANCELLED && !isnan(r->started_s))
        return error_set(err, "%s: is cancelled, but started at %.9g s", task.text, r->started_s);
    return 0;
}

/* --- the attempts of one task ----------------------------------------------------------------- */

struct attempt_key { uint32_t task; unsigned attempt; size_t record; };

SORT_BY_3(compare_attempts, struct attempt_key, task, attempt, record)

/* Two neighbours in (task, attempt) order that belong to one task. */
static int check_successive(const struct timeline *t, const struct attempt_key *a,
                            const struct attempt_key *b, struct error *err)
{
    const struct timeline_record *first = &t->records[a->record], *second = &t->records[b->record];
    struct task_label task = task_label_of(t->workflow, a->task);
    if (a->attempt == b->attempt)
        return error_set(err, "%s: attempt %u is there twice", task.text, a->attempt);
    if (b->attempt != a->attempt + 1)
        return error_set(err, "%s: attempt %u is missing", task.text, a->attempt + 1);
    if (t->status[a->record] != TASK_FAILED && t->status[a->record] != TASK_KILLED)
        return error_set(err, "%s: attempt %u follows one that is %s", task.text, b->attempt,
                         task_status_name((enum task_status)t->status[a->record]));
    if (second->submitted_s < first->stopped_s || second->started_s < first->stopped_s)
        return error_set(err, "%s: attempt %u begins before attempt %u has stopped at %.9g s",
                         task.text, b->attempt, a->attempt, first->stopped_s);
    return 0;
}

static int check_lost(const struct timeline *t, uint32_t expected, uint32_t found,
                      struct error *err)
{
    if (expected < found)
        return error_set(err, "%s: is lost: it has no record",
                         task_label_of(t->workflow, expected).text);
    return 0;
}

/* `keys` in (task, attempt) order: every task is there, its attempts in sequence. */
static int check_attempts(const struct timeline *t, const struct attempt_key *keys,
                          struct error *err)
{
    const struct workflow *w = t->workflow;
    unsigned killed = 0;
    for (size_t i = 0; i < t->n; i++) {
        bool begins = i == 0 || keys[i - 1].task != keys[i].task;
        int retries = w->sets[workflow_set_of_task(w, keys[i].task)].traits->retries;
        killed = begins ? 0 : killed + (t->status[keys[i - 1].record] == TASK_KILLED);

        if (begins && check_lost(t, i ? keys[i - 1].task + 1 : 0, keys[i].task, err))
            return -1;
        if (begins && keys[i].attempt != 0)
            return error_set(err, "%s: attempt 0 is missing", task_label_of(w, keys[i].task).text);
        if (!begins && check_successive(t, &keys[i - 1], &keys[i], err))
            return -1;
        if (keys[i].attempt > (unsigned)retries + killed)
            return error_set(err, "%s: has attempt %u, but only %d retries are allowed",
                             task_label_of(w, keys[i].task).text, keys[i].attempt, retries);
    }
    return check_lost(t, t->n ? keys[t->n - 1].task + 1 : 0, w->n_tasks, err);
}

/* records, attempts, times of each alone */
static int timeline_check_tasks(const struct timeline *t, struct error *err)
{
    struct attempt_key *keys = xcalloc(t->n, sizeof *keys);
    int status = 0;
    for (size_t i = 0; i < t->n && !status; i++) {
        keys[i] = (struct attempt_key){ .task = t->records[i].task,
                                        .attempt = timeline_attempt(t, i), .record = i };
        if (keys[i].task >= t->workflow->n_tasks)
            status = error_set(err, "record %zu is of task %u, the workflow has %u", i,
                               (unsigned)keys[i].task, (unsigned)t->workflow->n_tasks);
        else if (check_status(t, i, err) || check_order_of_times(t, i, err))
            status = -1;
    }
    if (!status) {
        qsort(keys, t->n, sizeof *keys, compare_attempts);
        status = check_attempts(t, keys, err);
    }
    free(keys);
    return status;
}

int timeline_check(const struct timeline *t, struct error *err)
{
    if (timeline_check_tasks(t, err) || timeline_check_dependencies(t, err) ||
        timeline_check_resources(t, err) || timeline_check_phases(t, err) ||
        timeline_check_failures(t, err))
        return -1;
    return 0;
}
