/* core/station_rows.h - the parameters of the middleware's stations, in seconds:
 *
 *     ROW(ID, name in files, leg of a task, purpose of draws, what it varies like, who, part of,
 *         summary)
 *
 * Leg: LEGS for none. What it varies like between sessions: a row of core/transfer.c. Drawn by EACH
 * task once, or by SOME. The simulator asks for the time of the station that it is part of: itself,
 * or another, which then takes the sum; a row of the second kind needs nothing else. Its draws are
 * for RNG_STATION, told apart by name. New rows come last. */
#ifndef ROW
#define ROW(...)
#endif

ROW(BOOTSTRAP, "bootstrap", LEGS, RNG_BOOTSTRAP, outside, SOME, BOOTSTRAP,
    "session start until the first submission can begin")
ROW(CLIENT_BASE, "client.base", LEG_CLIENT, RNG_CLIENT_BASE, sending, SOME, CLIENT_BASE,
    "the client's time for one bulk of tasks")
ROW(CLIENT_TASK, "client.per_task", LEG_CLIENT, RNG_CLIENT_TASK, preparing, SOME, CLIENT_TASK,
    "and for each task of it")
ROW(CLIENT_FIRST, "client.first_bulk", LEG_CLIENT, RNG_CLIENT_FIRST, beginning, SOME, CLIENT_FIRST,
    "and once, for the session's first bulk")
ROW(NEXT_STAGE, "client.next_stage", LEGS, RNG_NEXT_STAGE, deciding, SOME, NEXT_STAGE,
    "a stage is closed until the next may be submitted")
ROW(NEXT_RUN, "client.next_run", LEGS, RNG_NEXT_RUN, deciding, SOME, NEXT_RUN,
    "all pipelines of a run() are closed until the next submits")
ROW(CLOSE_TASK, "client.close_task", LEG_BOOK, RNG_CLOSE_TASK, booking, SOME, CLOSE_TASK,
    "the client books each ended task, one after another")
ROW(OPEN_TASK, "client.open_task", LEG_OPEN, RNG_OPEN_TASK, booking, SOME, OPEN_TASK,
    "the client creates each task of a bulk before it submits it")
ROW(AGENT, "agent.latency", LEG_AGENT, RNG_AGENT, fetching, SOME, AGENT,
    "a bulk leaves the client until the scheduler has it, before its poll")
ROW(LAUNCH, "launch.service", LEG_LAUNCH, RNG_LAUNCH, launching, EACH, LAUNCH,
    "a serial launch server's time for one task")
ROW(LAUNCH_UP, "launch.up", LEGS, RNG_LAUNCH_UP, outside, SOME, LAUNCH_UP,
    "the first task is placed until the launch servers have come up, once a session")
ROW(STARTUP_WARM, "startup.warm", LEG_STARTUP, RNG_STARTUP, starting, EACH, STARTUP_WARM,
    "launched until the task's own work begins")
ROW(STARTUP_COLD, "startup.cold", LEG_STARTUP, RNG_STARTUP_COLD, starting, SOME, STARTUP_COLD,
    "the same for a cold start")
ROW(EXECUTE_OFFSET, "execute.offset", LEG_EXECUTE, RNG_EXECUTE, exceeding, EACH, EXECUTE_OFFSET,
    "execution beyond the task's duration")
ROW(EXECUTE_COLD, "execute.cold", LEG_EXECUTE, RNG_EXECUTE_COLD, exceeding, SOME, EXECUTE_COLD,
    "and beyond that, for a cold start")
ROW(DETECT, "detect.base", LEG_DETECT, RNG_DETECT, noticing, EACH, DETECT,
    "the task has stopped until its end is seen, before its poll")
ROW(FREE, "free.base", LEG_FREE, RNG_FREE, freeing, EACH, FREE,
    "its end is seen until its slots are usable again, before its poll")
ROW(NOTIFY, "notify.base", LEG_NOTIFY, RNG_NOTIFY, notifying, SOME, NOTIFY,
    "slots freed until the client knows, before its poll")
ROW(DRAIN, "drain", LEGS, RNG_DRAIN, outside, SOME, DRAIN,
    "the client knows of the last task until the session has ended")
ROW(PILOT_END, "pilot.end", LEGS, RNG_PILOT_END, outside, SOME, PILOT_END,
    "the client knows of the last task until the pilot has ended")
ROW(NEXT_TASK, "client.next_task", LEGS, RNG_NEXT_TASK, deciding, SOME, NEXT_TASK,
    "what a task waits for is over until it may be submitted")
ROW(LAUNCH_RETRY, "launch.retry", LEGS, RNG_LAUNCH_RETRY, starting, SOME, LAUNCH_RETRY,
    "a task ends until one that the launcher keeps apart tries again")
