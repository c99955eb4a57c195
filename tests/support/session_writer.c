#include "tests/support/session_writer_impl.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"

static const double push_s = 0.25, pull_s = 0.5; /* after the submission, on its way to the agent */

/* Records stand in the order of time, as RADICAL's components write them; those of one `block_s`,
 * unless NAN, by that. */
struct profile {
    struct str text;
    bool old;
    double cut_s, block_s;
    size_t header_bytes;
    struct sort_key *lines;              /* where each record's begins, behind the header */
    size_t n_lines, lines_room;
};

static void profile_begin(const struct session_writer *w, struct profile *p, const char *component)
{
    *p = (struct profile){ .old = w->dialect == DIALECT_OLD_COLUMNS,
                           .cut_s = w->cut_s,
                           .block_s = NAN };
    if (p->old)
        str_addf(&p->text,
                 "#time,name,uid,state,event,msg\n%.7f,%s:MainThread,,,sync "
                 "abs,host:10.0.0.1:%.7f:%.7f:ntp\n",
                 SESSION_WRITER_EPOCH, component, SESSION_WRITER_EPOCH,
                 SESSION_WRITER_EPOCH + 0.0625);
    else
        str_addf(&p->text,
                 "#time,event,comp,thread,uid,state,msg\n%.7f,sync_abs,%s,MainThread,,,host:10.0.0."
                 "1:%.7f:%.7f:ntp\n",
                 SESSION_WRITER_EPOCH, component, SESSION_WRITER_EPOCH,
                 SESSION_WRITER_EPOCH + 0.0625);
    p->header_bytes = p->text.length;
}

/* One record; none when the time is unknown or behind the cut. */
static void put(struct profile *p, double time_s, const char *event, const char *component,
                const char *uid, const char *state)
{
    if (isnan(time_s) || time_s > p->cut_s)
        return;
    xgrow(&p->lines, &p->lines_room, p->n_lines + 1, sizeof *p->lines);
    p->lines[p->n_lines++] =
        (struct sort_key){ sort_key_of(isnan(p->block_s) ? time_s : p->block_s), p->text.length };
    if (p->old)
        str_addf(&p->text, "%.7f,%s:MainThread,%s,%s,%s,\n", SESSION_WRITER_EPOCH + time_s,
                 component, uid, state, event);
    else
        str_addf(&p->text, "%.7f,%s,%s,MainThread,%s,%s,\n", SESSION_WRITER_EPOCH + time_s, event,
                 component, uid, state);
}

static int profile_end(struct profile *p, const char *folder, const char *name, struct error *err)
{
    char *path = str_format("%s/%s.prof", folder, name);
    struct str sorted = { 0 };
    sort_keys(p->lines, p->n_lines);
    str_add_n(&sorted, p->text.text, p->header_bytes);
    for (size_t i = 0; i < p->n_lines; i++) {
        const char *line = p->text.text + p->lines[i].item;
        str_add_n(&sorted, line, (size_t)(strchr(line, '\n') + 1 - line));
    }
    int failed = file_save(path, sorted.text, sorted.length, err);
    free(path);
    free(p->lines);
    str_clear(&sorted);
    str_clear(&p->text);
    return failed;
}

bool session_writer_is_unit(const struct session_writer *w)
{
    return w->dialect == DIALECT_OLD_COLUMNS || w->dialect == DIALECT_UNIT;
}

char *session_writer_uid(const struct session_writer *w, size_t record)
{
    const struct workflow *flow = w->timeline->workflow;
    uint32_t task = w->timeline->records[record].task;
    uint32_t number = task + flow->n_tasks * timeline_attempt(w->timeline, record);
    if (session_writer_is_unit(w))
        return str_format("unit.%06u", number);
    if (w->dialect == DIALECT_TASK)
        return str_format("task.%06u", number);
    const struct task_set *set = &flow->sets[workflow_set_of_task(flow, task)];
    return str_format("%s.%04u", set->name, number - set->first_task);
}

static double moved(double time_s, double by)
{
    return time_s + by;                  /* NAN stays */
}

const char *session_writer_state(enum task_status status)
{
    switch (status) {
    case TASK_DONE: return "DONE";
    case TASK_FAILED: return "FAILED";
    case TASK_KILLED: case TASK_CANCELLED: return "CANCELED";
    default: return NULL;
    }
}

static int write_client(const struct session_writer *w, const char *folder, struct error *err)
{
    const char *name = session_writer_is_unit(w) ? "umgr.0000" : "tmgr.0000",
               *pending = session_writer_is_unit(w) ? "UMGR_SCHEDULING_PENDING"
                                                    : "TMGR_SCHEDULING_PENDING";
    struct profile p;
    profile_begin(w, &p, name);
    for (size_t i = 0; i < w->timeline->n; i++) {
        const struct timeline_record *r = &w->timeline->records[i];
        const char *final = session_writer_state((enum task_status)w->timeline->status[i]);
        char *uid = session_writer_uid(w, i);
        put(&p, r->submitted_s, "advance", name, uid, pending);
        if (!isnan(r->arrived_s))        /* else it never left */
            put(&p, moved(r->submitted_s, push_s), "advance", name, uid,
                "AGENT_STAGING_INPUT_PENDING");
        if (final)
            put(&p, r->notified_s, "advance", name, uid, final);
        free(uid);
    }
    return profile_end(&p, folder, name, err);
}

static int write_scheduler(const struct session_writer *w, const char *folder, struct error *err)
{
    const char *name = "agent_scheduling.0000";
    struct profile p;
    profile_begin(w, &p, name);
    put(&p, 0.5, "advance", "agent.0", "pilot.0000", "PMGR_ACTIVE");
    for (size_t i = 0; i < w->timeline->n; i++) {
        const struct timeline_record *r = &w->timeline->records[i];
        char *uid = session_writer_uid(w, i);
        if (!isnan(r->arrived_s))
            put(&p, moved(r->submitted_s, pull_s), "get", "agent.0", uid, "");
        put(&p, r->arrived_s, "advance", name, uid, "AGENT_SCHEDULING");
        put(&p, r->scheduled_s, "schedule_ok", name, uid, "");
        put(&p, r->freed_s, "unschedule_stop", name, uid, "");
        free(uid);
    }
    return profile_end(&p, folder, name, err);
}

/* In 1.4 start and stop are the executor's own; elsewhere it launches before and sees the end
 * after. */
static int write_executor(const struct session_writer *w, const char *folder, struct error *err)
{
    const char *name = "agent_executing.0000";
    bool rank = w->dialect == DIALECT_RANK, agent_clock = w->dialect == DIALECT_UNIT;
    struct profile p;
    profile_begin(w, &p, name);
    for (size_t i = 0; i < w->timeline->n; i++) {
        const struct timeline_record *r = &w->timeline->records[i];
        char *own = w->executors ? str_format("agent_%d.executing.0.child",
                                              (int)(i % (size_t)w->executors) + 1)
                                 : xstrdup(name);
        double launched = agent_clock               ? r->started_s
                          : w->timeline->launched_s ? w->timeline->launched_s[i]
                                                    : (double)NAN;
        char *uid = session_writer_uid(w, i);
        put(&p, launched, rank ? "task_run_start" : "exec_start", own, uid, "");
        put(&p, agent_clock ? r->stopped_s : moved(r->stopped_s, 0.03125),
            rank ? "task_run_stop" : "exec_stop", own, uid, "");
        free(own);
        free(uid);
    }
    return profile_end(&p, folder, name, err);
}

/* What the task's script records, appended when the task's output is staged: task by task, as they
 * end. In 1.33 each task to a profile of its own. */
static int write_scripts(const struct session_writer *w, const char *folder, struct error *err)
{
    bool task = w->dialect == DIALECT_TASK, whole = w->dialect == DIALECT_UNIT;
    const char *component = task ? "task_script" : "unit_script";
    struct profile p;
    profile_begin(w, &p, component);
    for (size_t i = 0; i < w->timeline->n; i++) {
        const struct timeline_record *r = &w->timeline->records[i];
        char *uid = session_writer_uid(w, i);
        p.block_s = r->stopped_s;
        put(&p, whole ? floor(r->started_s) : r->started_s, task ? "task_start" : "cu_start",
            component, uid, "AGENT_EXECUTING");
        put(&p, whole ? floor(r->stopped_s) : r->stopped_s, task ? "task_stop" : "cu_stop",
            component, uid, "AGENT_EXECUTING");
        free(uid);
    }
    return profile_end(&p, folder, "agent_staging_output.0000", err);
}

static int write_task_profiles(const struct session_writer *w, const char *folder,
                               struct error *err)
{
    int failed = 0;
    for (size_t i = 0; i < w->timeline->n && !failed; i++) {
        const struct timeline_record *r = &w->timeline->records[i];
        char *uid = session_writer_uid(w, i), *inner = str_format("%s/%s", folder, uid);
        struct profile p;
        profile_begin(w, &p, "");
        put(&p, r->started_s, "rank_start", "", uid, "AGENT_EXECUTING");
        put(&p, r->stopped_s, "rank_stop", "", uid, "AGENT_EXECUTING");
        failed = file_make_dirs(inner, err) || profile_end(&p, inner, uid, err);
        str_clear(&p.text);
        free(inner);
        free(uid);
    }
    return failed;
}

static int write_entk(const struct session_writer *w, const char *folder, struct error *err)
{
    const char *name = "radical.entk.appmanager.0000";
    struct profile p;
    profile_begin(w, &p, name);
    for (size_t k = 0; k < w->n_runs; k++)
        put(&p, w->run_started_s[k], "amgr run started", name, "appmanager.0000", "");
    if (w->broker_s > 0) {
        put(&p, 0, "mqs_setup_start", name, "appmanager.0000", "");
        put(&p, w->broker_s, "mqs_setup_stop", name, "appmanager.0000", "");
    }
    return profile_end(&p, folder, name, err);
}

static int write_agent(const struct session_writer *w, const char *folder, struct error *err)
{
    if (file_make_dirs(folder, err) || write_scheduler(w, folder, err) ||
        write_executor(w, folder, err))
        return -1;
    return w->dialect == DIALECT_RANK ? write_task_profiles(w, folder, err)
                                      : write_scripts(w, folder, err);
}

int session_write(const char *path, const struct session_writer *w, struct error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *folder = w->nested_folder ? str_format("%s/%s", path, name) : xstrdup(path);
    char *pilot = str_format("%s/pilot.0000", folder), *again = str_format("%s/again", pilot);
    int failed = file_make_dirs(folder, err) || write_agent(w, pilot, err) ||
                 (w->written_twice && write_agent(w, again, err)) ||
                 (!w->without_client && write_client(w, folder, err)) ||
                 (w->entk && write_entk(w, folder, err)) ||
                 (!w->without_json && session_writer_json(w, folder, name, err));
    free(again);
    free(pilot);
    free(folder);
    return failed ? -1 : 0;
}
