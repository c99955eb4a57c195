/* study/explain_rows.h - on what the time of a path goes:
 *
 *     ROW(ID, class, leg of a task's way, key in JSON, words for people)
 *
 * Without a key and words (NULL): named as the leg that it is (core/instant.h). A comment says in
 * brackets whom `blame` names. */
#ifndef ROW
#define ROW(...)
#endif

/* executing: the task's own work (its set) */
ROW(WORK, WORK, LEG_EXECUTE, "work", "execution")
/* executing: the middleware's offset, slope and cold start (its set) */
ROW(EXECUTE_EXTRA, MIDDLEWARE, LEG_EXECUTE, "execute_extra", "execution: offset, cold start")
/* moving data, as long as it would take alone (its set) */
ROW(TRANSFER, WORK, LEGS, "transfer", "moving data of")
/* ... and longer, since others use the flow too (its set) */
ROW(SHARED, FLOWS, LEGS, "shared", "waiting for a shared rate, to move data of")
/* asking a service that has nothing else to do (its set) */
ROW(REQUEST, WORK, LEGS, "request", "asking a service, by")
/* ... and longer: it loads, or serves others (the service) */
ROW(SERVICE, FLOWS, LEGS, "service", "waiting for the service")
/* computing longer than alone: others use the flow of its node (its set) */
ROW(SLOWED, FLOWS, LEGS, "slowed", "slowed down by others on its node:")
/* saving (its set) */
ROW(CHECKPOINT, WORK, LEGS, "checkpoint", "saving checkpoints of")
/* what it waited for is over: a decision takes its time (the set that decides) */
ROW(DECISION, DECISIONS, LEGS, "decision", "waiting for a decision, after")
/* ready by its dependencies, kept back by the mode (the set then waited for) */
ROW(BARRIER, BARRIER, LEGS, "barrier", "barrier, waiting for")
/* too few slots free in total (the set that holds most) */
ROW(CORES, RESOURCES, LEG_QUEUE, "cores", "waiting for cores, held by")
ROW(GPUS, RESOURCES, LEG_QUEUE, "gpus", "waiting for GPUs, held by")
ROW(MEMORY, RESOURCES, LEG_QUEUE, "memory", "waiting for memory, held by")
/* free in total, but on no node together (the holder of what fewest nodes have) */
ROW(FRAGMENTED, RESOURCES, LEG_QUEUE, "fragmented", "free, but on no node together; most held by")
/* it would fit, but others go first (the set placed next) */
ROW(BEHIND, RESOURCES, LEG_QUEUE, "behind", "would fit, behind")
/* the same of a task that asks for named resources, which may be what it waits for */
ROW(NAMED, RESOURCES, LEG_QUEUE, "named", "waiting for a named resource, or behind")
/* not yet released */
ROW(RELEASE, RELEASE, LEG_RELEASE, NULL, NULL)
/* stations of the middleware, -1: a stage is closed -> the next may be submitted */
ROW(NEXT_STAGE, MIDDLEWARE, LEGS, "next_stage", "client: closing a stage")
/* the same for a run() */
ROW(NEXT_RUN, MIDDLEWARE, LEGS, "next_run", "client: closing a run()")
/* what the task waited for is over -> it may be submitted */
ROW(NEXT_TASK, MIDDLEWARE, LEGS, "next_task", "submission of what waited for others")
/* the client is busy with others */
ROW(CLIENT_QUEUE, MIDDLEWARE, LEG_CLIENT_QUEUE, NULL, NULL)
/* it creates tasks before it submits them */
ROW(OPEN, MIDDLEWARE, LEG_OPEN, NULL, NULL)
ROW(CLIENT, MIDDLEWARE, LEG_CLIENT, NULL, NULL)
ROW(AGENT, MIDDLEWARE, LEG_AGENT, NULL, NULL)
/* it would fit: the scheduler looks again at its next tick */
ROW(SCHEDULE, MIDDLEWARE, LEG_QUEUE, "schedule", "scheduler: until it looks again")
/* the launch servers are busy, or too many are live */
ROW(LAUNCH_QUEUE, MIDDLEWARE, LEG_LAUNCH_QUEUE, NULL, NULL)
ROW(LAUNCH, MIDDLEWARE, LEG_LAUNCH, NULL, NULL)
/* the launcher keeps it apart from tasks that run (struct middleware, `alone`) */
ROW(ALONE, MIDDLEWARE, LEG_ALONE, NULL, NULL)
ROW(STARTUP, MIDDLEWARE, LEG_STARTUP, NULL, NULL)
ROW(DETECT, MIDDLEWARE, LEG_DETECT, NULL, NULL)
ROW(FREE, MIDDLEWARE, LEG_FREE, NULL, NULL)
ROW(NOTIFY, MIDDLEWARE, LEG_NOTIFY, NULL, NULL)
/* it books ended tasks, one after another */
ROW(BOOK, MIDDLEWARE, LEG_BOOK, NULL, NULL)
/* executing, until the end of a job cut it (its set) */
ROW(LOST, JOBS, LEGS, "lost", "execution that the end of a job, or of a node, cut")
/* it might have gone on in a job that ended before */
ROW(ENDING, JOBS, LEGS, "ending", "ready, in a job that ended before it could run")
/* the next job waits in the queue of the batch system */
ROW(BATCH_QUEUE, JOBS, LEGS, "batch_queue", "the next job waits in the queue")
/* it has begun: until the task may be submitted again */
ROW(RESTART, JOBS, LEGS, "restart", "the next job starts the middleware")
/* it would fit on nodes that are yet to come (joins, blocks) */
ROW(NODES, JOBS, LEGS, "nodes_to_come", "nodes are yet to come")
/* it would fit while a node is down */
ROW(REPAIR, JOBS, LEGS, "repair", "a node is down")
