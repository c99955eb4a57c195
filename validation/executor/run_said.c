/* What tasks tell of themselves: those of a workflow that decides in the file of $DAGCAST_DECISION,
 * those without a command what they did when. */
#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/timeline_phases.h"
#include "validation/executor/decision_file.h"
#include "validation/executor/run_impl.h"
#include "validation/executor/task_times.h"

/* Of the last attempt that wrote one; NULL: none did. */
static char *file_of(const struct run *r, uint32_t set, uint32_t task)
{
    for (int attempt = r->drive.scenario.workflow->sets[set].traits->retries; attempt >= 0;
         attempt--) {
        char *path = run_attempt_path(r, set, task, (unsigned)attempt, ".decision");
        if (path && file_exists(path))
            return path;
        free(path);
    }
    return NULL;
}

/* The task is done, and its end is in the journal: once the file is mended, the run goes on from
 * there. */
static void stop_at(struct run *r, const struct error *why)
{
    struct error err;
    if (r->plan->journal && journal_write(r->plan->journal, r->drive.engine.now_s, &err))
        run_stop(r, &err);
    run_stop(r, why);
}

bool run_said(void *run, uint32_t set, uint32_t task, struct decision_said *out)
{
    struct run *r = run;
    char *path = file_of(r, set, task);
    struct error err = { "" };
    if (!path)
        return false;
    struct json_document *doc = json_load(path, &err);
    int status = doc ? decision_read(doc, r->drive.scenario.workflow->realised->from, out, &err)
                     : -1;
    json_free(doc);
    free(path);
    if (status == 0)
        return true;
    stop_at(r, &err);
    return false;
}

/* In the lines of the journal that follow, sets have the numbers that they have now. */
void run_tell_sets(struct run *r)
{
    const struct workflow *w = r->drive.scenario.workflow;
    for (size_t s = 0; w->realised && r->plan->journal && s < w->n_sets; s++)
        run_journal_add_set(journal_batch(r->plan->journal), (int)s, w->sets[s].name);
}

static void tell(struct run *r, const struct outcomes *found)
{
    const char *name;
    int64_t value;
    for (size_t i = 0; i < outcomes_count(found); i++) {
        enum outcome_kind kind = outcomes_at(found, i, &name, &value);
        outcomes_set(r->plan->known, kind, name, value);
        if (r->plan->journal)
            run_journal_add_decided(journal_batch(r->plan->journal), kind, name, value);
    }
}

void run_tell_found(struct run *r)
{
    struct outcomes *found = outcomes_new(), *noted = outcomes_new();
    if (r->drive.decide) {
        r->out.decided = decide_found(r->drive.decide, found) && !r->failed &&
                         !r->out.interrupted && !r->out.stopped;
        decide_noted(r->drive.decide, noted);
        tell(r, noted);
    }
    if (r->out.decided)
        tell(r, found);
    outcomes_free(found);
    outcomes_free(noted);
}

/* ---- what a task without a command did when: the phases of `dagcast-task phases` ---- */

/* What the k-th step was, which is what phases_argv() (task_command.c) asked for. */
static struct timeline_phase phase_of(struct timeline *t, const struct platform *p,
                                      const struct task_set *set, size_t k)
{
    const struct phase *phase = phases_at(set, k);
    const struct flow_rule *flow = phase->flow ? phases_flow(p, phase->flow) : NULL;
    struct timeline_phase out = { .kind = PHASE_COMPUTES, .amount = NAN, .full_rate = NAN };
    if (!flow)
        return out;
    out.kind = PHASE_MOVES;
    out.amount = dist_mean(phase->amount);
    out.full_rate = phases_rate_alone(phase, flow);
    out.name = timeline_name_flow(t, flow->name);
    return out;
}

void run_add_phases(struct run *r, const struct attempt *a, size_t record)
{
    const struct task_set *set = &r->drive.scenario.workflow->sets[a->set];
    size_t n = phases_count(set);
    char *path = n > 0 && set->traits->n_command == 0 && !a->fails
                     ? run_attempt_path(r, a->set, a->task, a->number, ".times")
                     : NULL;
    if (!path)
        return;
    double *step_s = xcalloc(n, sizeof *step_s), from_s = r->timeline->records[record].started_s,
           stopped_s = r->timeline->records[record].stopped_s, started_s = from_s;
    bool all = task_times_steps(path, step_s, n) == n;
    for (size_t k = 0; all && k < n; k++) {
        struct timeline_phase phase = phase_of(r->timeline, r->drive.scenario.platform, set, k);
        phase.from_s = from_s;
        phase.to_s = from_s = fmin(stopped_s, fmax(from_s, started_s + step_s[k]));
        if (phase.kind == PHASE_COMPUTES)
            phase.amount = phase.to_s - phase.from_s;
        timeline_add_phase(r->timeline, &phase);
    }
    xfree(step_s, path);
}
