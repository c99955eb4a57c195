#include <math.h>

#include "base/known.h"
#include "traces/importer/radical_impl.h"

/* The last event of a task that was recorded at the agent, or before; -1: none. A client may end
 * what never ran. */
static int last_event(const struct radical_task *t)
{
    int last = -1;
    for (int e = 0; e <= EVENT_AGENT_PUSHED; e++)
        if (!isnan(t->entity->at[e]))
            last = e;
    return last;
}

static const char *why_missing(const struct radical_task *t, enum session_event event)
{
    if (last_event(t) > (int)event || t->status == TASK_DONE)
        return "not recorded, though the task went on";
    switch (t->status) {
    case TASK_FAILED: return "the task failed before";
    case TASK_KILLED: case TASK_CANCELLED: return "the task was cancelled before";
    default: return "the session's records end before";
    }
}

static void note_missing_events(struct radical *r)
{
    static const struct { enum session_event event; const char *what;
    } wanted[] = {
        { EVENT_CLIENT_SUBMITTED, "tasks without a submission" },
        { EVENT_AGENT_ARRIVED, "tasks without an arrival at the scheduler" },
        { EVENT_SCHEDULE_OK, "tasks without schedule_ok" },
        { EVENT_LAUNCH_START, "tasks without a launch" },
        { EVENT_UNSCHEDULE_STOP, "tasks without unschedule_stop" },
        { EVENT_CLIENT_DONE, "tasks without an end at the client" },
    };
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
            if (isnan(t->entity->at[wanted[k].event]))
                session_note(r->session, 1, wanted[k].what, why_missing(t, wanted[k].event));
        if (isnan(t->started_s))
            session_note(r->session, 1, "tasks without a start", why_missing(t, EVENT_NODE_START));
        else if (isnan(t->stopped_s))
            session_note(r->session, 1, "tasks without a stop",
                         t->status == TASK_CUT ? "cut off: their durations are censored"
                                               : why_missing(t, EVENT_NODE_STOP));
    }
}

/* The clock that tells most starts; the others are worth a note. */
static void note_clocks(struct radical *r)
{
    size_t count[SESSION_CLOCKS] = { 0 };
    int usual = CLOCK_AGENT;
    for (size_t i = 0; i < r->n; i++)
        count[r->tasks[i].clock]++;
    for (int c = CLOCK_NODE; c < CLOCK_STATES; c++)
        if (count[c] > count[usual])
            usual = c;
    session_note(r->session, count[CLOCK_STATES], "starts and stops",
                 "from the client's view of states, polled every second, or from JSON's "
                 "statehistory: the agent's records are missing");
    for (int c = CLOCK_NODE; c < CLOCK_STATES; c++)
        if (c != usual)
            session_note(r->session, count[c], "starts and stops",
                         c == CLOCK_AGENT ? "from the agent's records: the node's are missing"
                                          : "from another clock than the other tasks'");
    if (usual == CLOCK_AGENT && r->session->generation == GENERATION_UNIT && r->totals.saw_unit)
        session_note(r->session, 1, "clock of the nodes",
                     "absent or in whole seconds: starts and stops are the agent's");
}

/* Without the agent's profiles there are no starts: not a gap among others, but something to fetch.
 */
static void note_missing_profiles(struct radical *r)
{
    bool agent = false;
    for (size_t i = 0; i < r->n && !agent; i++)
        for (int e = EVENT_AGENT_PULLED; e <= EVENT_AGENT_PUSHED; e++)
            agent = agent || !isnan(r->tasks[i].entity->at[e]);
    if (!agent)
        session_note(r->session, 1, r->totals.rows ? "profiles of the agent" : "profiles (*.prof)",
                     "none says anything of a task; if it ran with RADICAL_PROFILE=TRUE, "
                     "radical-pilot-fetch-profiles brings them: put them into its folder");
}

/* Without EnTK, dependencies are inferred from the client's times alone. */
static void note_unknown(struct radical *r)
{
    struct session *s = r->session;
    bool submitted = s->has_entk || r->chained || r->n_order < 2;
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        submitted |= is_known(t->entity->at[EVENT_CLIENT_SUBMITTED]);
        s->n_demands_unknown += t->last_attempt && !t->has_demand && !t->n_parts;
    }
    s->edges_unknown = !submitted;
}

void radical_note_gaps(struct radical *r)
{
    struct session *s = r->session;
    size_t no_json = 0, no_slots = 0, no_demand = 0, rounded = 0, retried = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        no_json += !t->json;
        no_demand += !t->has_demand;
        no_slots += t->json && !t->n_parts && !isnan(t->entity->at[EVENT_SCHEDULE_OK]);
        rounded += t->gpus_rounded;
        retried += !t->last_attempt;
    }
    note_missing_profiles(r);
    session_note(s, no_json, "tasks without a description",
                 r->layout.n_entries ? "not in the session's JSON"
                                     : "the session's JSON is missing");
    session_note(s, no_demand, "tasks without a demand",
                 "one core is assumed, or what their slots show");
    session_note(s, no_slots, "tasks without slots",
                 "not in the session's JSON, though they were placed");
    session_note(s, rounded, "demands for more than one GPU and a part", "rounded up");
    session_note(s, retried, "attempts that were followed by another",
                 "counted as attempts of one task");
    session_note(s, r->totals.conflicts, "records",
                 "the same event of one task at another time: the first one stays");
    session_note(s, r->totals.refused, "tasks",
                 "more than a session can have: the rest is left out");
    note_missing_events(r);
    note_clocks(r);
    note_unknown(r);
}
