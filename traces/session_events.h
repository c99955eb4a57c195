/* traces/session_events.h - a recorded task's way through the stations: its events, the generation
 * of RADICAL-Pilot that names them, and the clock by which its start and stop were read. */
#ifndef DAGCAST_TRACES_SESSION_EVENTS_H
#define DAGCAST_TRACES_SESSION_EVENTS_H

#include "core/timeline.h"

/* One task's way through the stations, in the order in which they happen; RADICAL knows more than
 * core/instant.h. */
enum session_event {
    /* EnTK put it up for submission (wfprocessor: SCHEDULING) */
    EVENT_ENTK_SCHEDULED,
    EVENT_CLIENT_NEW,                    /* the client created it (NEW) */
    /* [TU]MGR_SCHEDULING_PENDING: `submitted_s` of the timeline */
    EVENT_CLIENT_SUBMITTED,
    /* [TU]MGR_STAGING_INPUT_PENDING: the client chose the pilot */
    EVENT_CLIENT_SCHEDULED,
    /* AGENT_STAGING_INPUT_PENDING at the client: its bulk left; equal within a bulk */
    EVENT_CLIENT_PUSHED,
    EVENT_AGENT_PULLED,                  /* the agent got it from the database */
    EVENT_AGENT_ARRIVED,                 /* AGENT_SCHEDULING: the scheduler has it; `arrived_s` */
    EVENT_SCHEDULE_OK,                   /* slots found; `scheduled_s` */
    EVENT_EXECUTOR_GOT,                  /* AGENT_EXECUTING: the executor has it */
    /* the executor calls the launcher (exec_start; task_run_start); `launched_s` */
    EVENT_LAUNCH_START,
    EVENT_LAUNCH_OK,                     /* the launcher's process runs (exec_ok; task_run_ok) */
    /* its script begins (cu_start; task_start of task_script; launch_start) */
    EVENT_NODE_START,
    /* launch_submit (1.3x): the script calls mpirun, jsrun, ... */
    EVENT_LAUNCH_SUBMIT,
    /* cu_exec_start; task_exec_start; exec_start of the task's own profile */
    EVENT_EXEC_START,
    EVENT_RANK_START,                    /* first rank_start (1.3x) */
    EVENT_RANK_STOP,                     /* last rank_stop */
    /* cu_exec_stop; task_exec_stop; exec_stop of the task's own profile */
    EVENT_EXEC_STOP,
    EVENT_NODE_STOP,                     /* cu_stop; task_stop of task_script; launch_stop */
    EVENT_AGENT_STOP,                    /* the agent sees the end (exec_stop; task_run_stop) */
    EVENT_UNSCHEDULE_START,              /* it asks for the slots' release */
    EVENT_UNSCHEDULE_STOP,               /* slots usable again; `freed_s` */
    /* [TU]MGR_STAGING_OUTPUT_PENDING at the agent: its end was written to the database */
    EVENT_AGENT_PUSHED,
    EVENT_CLIENT_GOT,                    /* the client read that */
    /* AGENT_EXECUTING as the client polled it (1 s), or as JSON's statehistory dates it */
    EVENT_STATE_EXECUTING,
    /* AGENT_STAGING_OUTPUT_PENDING likewise: its execution ended before */
    EVENT_STATE_EXECUTED,
    EVENT_CLIENT_DONE,                   /* DONE, FAILED or CANCELED at the client; `notified_s` */
    EVENT_ENTK_DONE,                     /* EnTK booked it (wfprocessor: DONE or FAILED) */
    SESSION_EVENTS
};
/* the event that is this instant; -1: none */
int session_event_of(enum instant i);

/* Which events exist, and what they are called, changed between generations (found by the events,
 * not by a version). */
enum session_generation {
    GENERATION_NONE,                     /* not a RADICAL-Pilot session */
    GENERATION_UNIT,                     /* 0.6 to 1.8: unit.*, umgr */
    GENERATION_TASK,                     /* 1.9: task.*, tmgr, task_script */
    /* 1.2x and later: launch_*, rank_* in a profile per task */
    GENERATION_RANK,
    GENERATION_SPAWN                     /* before 0.5: spawn and exec, or slots as "node:core" */
};
const char *session_generation_name(enum session_generation g);

/* Where a task's start and stop (`started_s`, `stopped_s`) were read. */
enum session_clock {
    CLOCK_NONE,
    CLOCK_NODE,                          /* NODE_START, NODE_STOP */
    CLOCK_RANK,                          /* RANK_START, RANK_STOP */
    /* LAUNCH_START, AGENT_STOP: the node's are absent, or whole seconds */
    CLOCK_AGENT,
    /* STATE_EXECUTING, STATE_EXECUTED: the agent's records are absent too; up to 1 s late each */
    CLOCK_STATES,
    SESSION_CLOCKS
};

#endif
