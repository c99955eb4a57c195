#include "validation/watched.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/broker.h"
#include "core/realised.h"
#include "traces/importer.h"
#include "traces/run_journal.h"
#include "traces/session_workflow.h"

/* ---- a folder of `dagcast execute` ---- */

static bool is_locked(const char *path)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(path, O_RDWR);
    bool locked = fd >= 0 && fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return locked;
}

static void take_attempts(struct run_state *st, const struct run_journal *j,
                          const struct timeline *t)
{
    for (size_t i = 0; i < j->n_starts; i++)
        st->tasks[j->starts[i].task] = (struct run_task){ RUN_RUNNING, j->starts[i].time_s, NAN,
                                                          NAN, NAN };
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *r = &t->records[i];
        const struct task_set *s = &t->workflow->sets[workflow_set_of_task(t->workflow, r->task)];
        struct run_task *task = &st->tasks[r->task];
        double started_s = isnan(r->started_s) ? r->freed_s : r->started_s;
        bool again = task->phase == RUN_RUNNING && task->started_s > r->freed_s;
        if (t->status[i] == TASK_DONE)
            *task = (struct run_task){ RUN_DONE, started_s,
                                       isnan(r->stopped_s) ? r->freed_s : r->stopped_s, r->freed_s,
                                       r->freed_s };
        else if (!again)
            *task = (struct run_task){ timeline_attempt(t, i) < (unsigned)s->traits->retries
                                           ? RUN_WAITING
                                           : RUN_FAILED,
                                       NAN, NAN, NAN, NAN };
    }
}

/* What a decision has ended counts as over, and so does what it has kept from beginning. */
static void take_cancelled(struct run_state *st, const struct run_journal *j,
                           const struct workflow *w)
{
    const struct realised *made = w->realised;
    for (size_t i = 0; i < j->n_ends; i++)
        if (j->ends[i].outcome == ATTEMPT_CANCELLED) {
            st->tasks[j->ends[i].task] = (struct run_task){ RUN_FAILED, NAN, NAN, NAN, NAN };
            st->n_cancelled++;
        }
    for (size_t i = 0; made && i < made->n_cancels; i++) {
        const struct task_set *by = &w->sets[made->cancels[i].by],
                              *of = &w->sets[made->cancels[i].set];
        bool over = true;
        for (uint32_t t = by->first_task; t < by->first_task + by->n_tasks; t++)
            over &= st->tasks[t].phase == RUN_DONE || st->tasks[t].phase == RUN_FAILED;
        for (uint32_t t = of->first_task; over && t < of->first_task + of->n_tasks; t++) {
            if (st->tasks[t].phase != RUN_UNSEEN && st->tasks[t].phase != RUN_WAITING)
                continue;
            st->tasks[t].phase = RUN_FAILED;
            st->n_cancelled++;
        }
    }
}

static bool all_are_over(const struct run_state *st)
{
    return st->count[RUN_DONE] + st->count[RUN_FAILED] == st->n;
}

static int load_journal(struct watched *w, const struct watch_place *place, struct error *err)
{
    char *path = run_folder_file(place->path, "journal");
    struct timeline *t = timeline_new(w->folder.workflow, w->folder.platform);
    struct run_journal j;
    int status = run_journal_load(path, t, &j, err);
    if (status == 0) {
        double now_s = place->wall_epoch_s - w->zero_epoch_s;
        bool locked = is_locked(path);
        w->state = run_state_new(w->folder.workflow->n_tasks,
                                 locked || isnan(j.last_s) ? fmax(now_s, 0) : j.last_s);
        take_attempts(&w->state, &j, t);
        take_cancelled(&w->state, &j, w->folder.workflow);
        run_state_count(&w->state);
        w->going = locked ? WATCH_GOES_ON : all_are_over(&w->state) ? WATCH_ENDED : WATCH_STOPPED;
        run_journal_clear(&j);
    }
    timeline_free(t);
    free(path);
    return status;
}

static int load_folder(struct watched *w, const struct watch_place *place, struct error *err)
{
    if (run_folder_load(&w->folder, place->path, err))
        return -1;
    const struct run_description *d = &w->folder.description;
    w->middleware = middleware_ideal();
    w->plan = (struct scenario){ .workflow = w->folder.workflow,
                                 .platform = w->folder.platform,
                                 .middleware = w->middleware,
                                 .mode = d->mode,
                                 .scheduler = d->scheduler,
                                 .seed = d->seed };
    w->zero_epoch_s = d->zero_epoch_s;
    w->knows_plan = true;
    int status = load_journal(w, place, err);
    w->begin_s = 0;
    return status;
}

/* ---- everything else: what the importers read ---- */

static double later_time(double a, const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (isnan(a) || (double)st.st_mtime > a) ? (double)st.st_mtime : a;
}

/* When a file of the place was written last; folders are looked into, two levels deep. */
static double written_epoch_s(const char *path, int depth)
{
    double last_s = later_time(NAN, path);
    DIR *folder = depth > 0 ? opendir(path) : NULL;
    for (struct dirent *e; folder && (e = readdir(folder)) != NULL;)
        if (e->d_name[0] != '.') {
            char *inner = str_format("%s/%s", path, e->d_name);
            last_s = later_known(last_s, written_epoch_s(inner, depth - 1));
            free(inner);
        }
    if (folder)
        closedir(folder);
    return last_s;
}

static double now_of_session(const struct watched *w, const struct watch_place *place, bool written)
{
    double last_s = run_state_last_s(w->session),
           wall_s = place->wall_epoch_s - w->session->zero_epoch_s;
    return written && is_known(wall_s) ? fmax(wall_s, last_s) : last_s;
}

static bool fits(const struct task_set *seen, const struct task_set *planned, bool by_name,
                 const struct platform *p)
{
    if (by_name)
        return str_equal(seen->name, planned->name) ||
               (seen->label && planned->label && str_equal(seen->label, planned->label) &&
                seen->iteration == planned->iteration);
    const struct slot_demand a = platform_slots(p, &seen->traits->demand),
                             b = platform_slots(p, &planned->traits->demand);
    return slot_demand_equal(&a, &b);
}

/* The plan's set that a set of the session goes on in: of its name, else the first of its demand
 * with room; -1: none. */
static int find_planned(const struct watched *w, const struct workflow *plan, size_t seen,
                        const uint32_t *used)
{
    const struct task_set *s = &w->session->workflow->sets[seen];
    for (int by_name = 1; by_name >= 0; by_name--)
        for (size_t i = 0; i < plan->n_sets; i++)
            if (used[i] < plan->sets[i].n_tasks &&
                fits(s, &plan->sets[i], by_name, w->session->platform))
                return (int)i;
    return -1;
}

/* The session's state in the numbers of the plan. Tasks of a set are alike: they fill the plan's
 * sets in their order. */
static int take_plan(struct watched *w, const struct workflow *plan, struct error *err)
{
    const struct workflow *seen = w->session->workflow;
    struct run_state own = w->state, st = run_state_new(plan->n_tasks, own.now_s);
    uint32_t *used = xcalloc(plan->n_sets + 1, sizeof *used);
    int status = 0;
    for (size_t i = 0; i < seen->n_sets && status == 0; i++)
        for (uint32_t t = 0; t < seen->sets[i].n_tasks && status == 0; t++) {
            int set = find_planned(w, plan, i, used);
            if (set < 0)
                status = error_set(err,
                                   "%s: its task set '%s' (%u tasks) is not in the workflow: no "
                                   "set of that name, or of that demand, has room for it",
                                   w->session->name, seen->sets[i].name, seen->sets[i].n_tasks);
            else
                st.tasks[plan->sets[set].first_task + used[set]++] =
                    own.tasks[seen->sets[i].first_task + t];
        }
    free(used);
    run_state_count(&st);
    run_state_clear(&own);
    w->state = st;
    return status;
}

/* The scenario that the session itself gives, or with the workflow that was given. */
static int plan_session(struct watched *w, const struct watch_place *place, struct error *err)
{
    bool requested = session_best_level(w->session) == INFORMATION_REQUESTED;
    const struct session_question q = { .session = w->session,
                                        .middleware = w->middleware,
                                        .seed = 1,
                                        .level = requested ? INFORMATION_REQUESTED
                                                           : INFORMATION_DESCRIPTION };
    if (session_scenario_init(&w->asked, &q, err))
        return -1;
    w->has_asked = true;
    w->plan = w->asked.scenario;
    if (place->workflow) {
        w->own = workflow_copy(place->workflow);
        w->plan.workflow = w->own;
        w->plan.task_order = NULL;
        w->plan.pipeline_order = NULL;
        w->plan.begins_after = NULL;
        w->plan.mode = w->own->n_pipelines || w->own->n_stages ? MODE_PIPELINED : MODE_ASYNCHRONOUS;
    }
    if (place->mode >= 0)
        w->plan.mode = (enum mode)place->mode;
    w->knows_plan = place->workflow != NULL;
    return place->workflow ? take_plan(w, place->workflow, err) : 0;
}

static int load_session(struct watched *w, const struct watch_place *place, struct error *err)
{
    struct profile_choice choice = { 0 };
    if (!(w->session = importer_load(place->path, NULL, err)))
        return -1;
    if (profile_choose(&choice, w->session, place->middleware, place->data_dirs, err)) {
        if (place->middleware)
            return -1;
        choice.profile = middleware_ideal();
    }
    broker_adapt(choice.profile, w->session->broker_s, w->session->version);
    w->middleware = choice.profile;
    bool written = written_epoch_s(place->path, 2) + place->idle_s > place->wall_epoch_s;
    w->zero_epoch_s = w->session->zero_epoch_s;
    w->state = run_state_of_session(w->session, now_of_session(w, place, written));
    if (plan_session(w, place, err))
        return -1;
    bool over = all_are_over(&w->state);
    w->going = over && (w->knows_plan || !written) ? WATCH_ENDED
               : written                           ? WATCH_GOES_ON
                                                   : WATCH_STOPPED;
    w->begin_s = earlier_known(w->session->pilot_active_s, w->state.first_start_s);
    w->walltime_s = w->session->walltime_s;
    return 0;
}

int watched_load(struct watched *out, const struct watch_place *place, struct error *err)
{
    *out = (struct watched){ .zero_epoch_s = NAN, .begin_s = NAN, .walltime_s = NAN };
    int status =
        run_folder_is(place->path) ? load_folder(out, place, err) : load_session(out, place, err);
    if (status)
        watched_clear(out);
    return status;
}

void watched_clear(struct watched *w)
{
    run_state_clear(&w->state);
    if (w->has_asked)
        session_scenario_clear(&w->asked);
    run_folder_clear(&w->folder);
    session_free(w->session);
    workflow_free(w->own);
    middleware_free(w->middleware);
    *w = (struct watched){ 0 };
}
