#include "traces/importer/importers.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/durations.h"
#include "traces/packed_file.h"
#include "traces/run_folder.h"
#include "traces/run_journal.h"

static int probe(const struct importer_probe *p)
{
    return p->is_folder && run_folder_is(p->path) ? 100 : 0;
}

SORT_BY_2(compare_ends, struct attempt_end, task, attempt)

static int exit_code(const struct attempt_end *end)
{
    switch (end->outcome) {
    case ATTEMPT_OK: return 0;
    case ATTEMPT_EXIT: return end->code;
    case ATTEMPT_SIGNAL: case ATTEMPT_TIMEOUT: return 128 + end->code;
    case ATTEMPT_NEVER_RAN:
    case ATTEMPT_NODE_LOST:
    case ATTEMPT_CANCELLED:
    case ATTEMPT_OUTCOMES:
        break;
    }
    return INT_MIN;
}

/* Submission and arrival are one instant, as are its slots' freeing and the news of its end: nobody
 * is between. */
static void fill_times(struct session_task *t, const struct timeline *line, size_t record,
                       bool own_times)
{
    const struct timeline_record *r = &line->records[record];
    for (int k = 0; k < TIMELINE_INSTANTS; k++) {
        int event = session_event_of(timeline_instants[k]);
        if (event >= 0)
            t->at[event] = timeline_at(line, record, timeline_instants[k]);
    }
    t->at[EVENT_AGENT_STOP] = r->freed_s;
    t->clock = isnan(r->started_s) ? CLOCK_NONE : own_times ? CLOCK_NODE : CLOCK_AGENT;
    if (own_times) {
        t->at[EVENT_NODE_START] = r->started_s;
        t->at[EVENT_NODE_STOP] = r->stopped_s;
    }
}

static void fill_task(struct session *s, size_t record, const struct attempt_end *end,
                      const struct durations *drawn)
{
    const struct timeline *line = s->timeline;
    struct session_task *t = &s->tasks[record];
    int set = workflow_set_of_task(s->workflow, end->task);
    uint32_t task = end->task - s->workflow->sets[set].first_task;
    char *label = str_format("%s.%u", s->workflow->sets[set].name, task),
         *uid = str_format("%s.%u", label, end->attempt);
    bool cut = end->outcome != ATTEMPT_OK || s->workflow->sets[set].traits->n_command > 0;
    *t = (struct session_task){ .uid = session_keep(s, uid), .kept_until_s = NAN,
                                .label = session_keep(s, label),
                                .set = set,
                                .pipeline = -1,
                                .stage = -1,
                                .bulk = -1,
                                .run = -1,
                                .arrival = SESSION_NEVER,
                                .placement = SESSION_NEVER,
                                .exit_code = exit_code(end),
                                .at = session_times_add(&s->times) };
    t->requested_s = cut ? NAN : durations_at(drawn, set, task, end->attempt);
    fill_times(t, line, record, end->own_times);
    xfree(label, uid);
}

struct dated { double time_s; uint32_t task; size_t record; };

SORT_BY_2(compare_instants, struct dated, time_s, task)

/* Ranks of arrival; of placement, as far as one instant tells: those of one pass stand in the order
 * in which they were launched. */
static void rank(struct session *s)
{
    const struct timeline *line = s->timeline;
    struct dated *list = xcalloc(line->n + 1, sizeof *list);
    for (size_t i = 0; i < line->n; i++)
        list[i] = (struct dated){ line->records[i].arrived_s, line->records[i].task, i };
    qsort(list, line->n, sizeof *list, compare_instants);
    for (size_t i = 0; i < line->n; i++)
        s->tasks[list[i].record].arrival = (uint32_t)i;
    for (size_t i = 0; i < line->n; i++) {
        double launched_s = s->tasks[i].at[EVENT_LAUNCH_START];
        list[i] = (struct dated){ isnan(launched_s) ? line->records[i].scheduled_s : launched_s,
                                  line->records[i].task, i };
    }
    qsort(list, line->n, sizeof *list, compare_instants);
    for (size_t i = 0; i < line->n; i++)
        s->tasks[list[i].record].placement = (uint32_t)i;
    free(list);
}

static void fill_tasks(struct session *s, struct run_journal *j, const struct durations *drawn)
{
    timeline_sort(s->timeline);
    qsort(j->ends, j->n_ends, sizeof *j->ends, compare_ends);
    s->tasks = xcalloc(s->timeline->n + 1, sizeof *s->tasks);
    for (size_t i = 0; i < s->timeline->n; i++) {
        struct attempt_end key = { .task = s->timeline->records[i].task,
                                   .attempt = timeline_attempt(s->timeline, i) };
        fill_task(s, i, bsearch(&key, j->ends, j->n_ends, sizeof key, compare_ends), drawn);
    }
    rank(s);
}

/* Every task's own duration in place of the distribution: as drawn where it sleeps, else as
 * measured. */
static void fix_durations(struct session *s, const struct durations *drawn)
{
    for (size_t i = 0; i < s->workflow->n_sets; i++) {
        struct task_set *set = &s->workflow->sets[i];
        double *values = xcalloc(set->n_tasks, sizeof *values);
        durations_block(drawn, (int)i, 0, set->n_tasks, 0, values);
        free(set->durations);
        set->durations = values;
        if (set->traits->set_sd > 0)
            task_traits_own(set)->set_sd = 0;
    }
    s->workflow->session_sd = 0;
    for (size_t i = 0; i < s->timeline->n; i++) {
        struct task_set *set = &s->workflow->sets[s->tasks[i].set];
        if (set->traits->n_command > 0 && s->timeline->status[i] == TASK_DONE)
            set->durations[s->timeline->records[i].task - set->first_task] =
                session_measured_s(s, i);
    }
}

static void fill_session(struct session *s, struct run_folder *f, struct run_journal *j)
{
    const struct run_description *d = &f->description;
    s->workflow = f->workflow;
    s->platform = f->platform;
    s->described = f->described;
    f->described = NULL;
    f->workflow = NULL;
    f->platform = NULL;
    s->executed = true;
    s->mode = d->mode;
    s->scheduler = (struct scheduler_options){
        .scheduler = d->scheduler.scheduler ? session_keep(s, d->scheduler.scheduler) : NULL,
        .generation = d->scheduler.generation ? session_keep(s, d->scheduler.generation) : NULL,
        .order = session_keep(s, d->scheduler.order),
        .overtake = session_keep(s, d->scheduler.overtake),
        .placement = session_keep(s, d->scheduler.placement),
        .overtake_every = d->scheduler.overtake_every,
    };
    s->launcher = session_keep(s, d->executor);
    s->resource = session_keep(s, s->platform->name);
    s->zero_epoch_s = d->zero_epoch_s;
    struct durations *drawn = durations_new(s->workflow);
    durations_begin(drawn, d->seed, 0);
    fill_tasks(s, j, drawn);
    fix_durations(s, drawn);
    durations_free(drawn);
    session_note(s, s->workflow->n_tasks > j->n_ends ? s->workflow->n_tasks - j->n_ends : 0,
                 "tasks without an end", "the run was interrupted, or they were cancelled");
    struct run_interruptions interrupted = run_journal_interruptions(j, s->timeline);
    s->n_interruptions = interrupted.n;
    s->interrupted_s = interrupted.total_s;
    session_note(s, j->n_begins > 1 ? j->n_begins - 1 : 0, "resumptions",
                 "between them nothing ran");
}

/* A packed journal that is damaged ends where its run did not. */
static void find_damage(struct session *s, const char *journal)
{
    uint64_t bytes;
    char *found = packed_file_find(journal);
    const char *damage = packed_file_damage(found, &bytes);
    if (damage)
        session_set_damage(s, damage, 0, bytes);
    free(found);
}

static struct session *load(const char *path, struct error *err)
{
    struct run_folder f;
    struct run_journal j;
    if (run_folder_load(&f, path, err))
        return NULL;
    const char *slash = strrchr(path, '/');
    struct session *s =
        session_new(slash && slash[1] ? slash + 1 : path, path, importer_executed_run.name);
    char *journal = run_folder_file(path, "journal");
    s->timeline = timeline_new(f.workflow, f.platform);
    int status = run_journal_load(journal, s->timeline, &j, err);
    if (status == 0 && j.n_ends == 0)
        status = error_set(err, "%s: no task has come to its end in this run", path);
    if (status == 0) {
        fill_session(s, &f, &j);
        find_damage(s, journal);
    }
    run_journal_clear(&j);
    run_folder_clear(&f);
    free(journal);
    if (status == 0)
        return s;
    timeline_free(s->timeline);
    s->timeline = NULL;
    session_free(s);
    return NULL;
}

const struct importer_ops importer_executed_run = {
    .name = "executed_run", .summary = "the folder of a run that `dagcast execute` has carried out",
    .probe = probe, .load = load,
};
