/* core/setting_rows.h - the settings, in the order in which they are applied: ROW(ID, members of a
 * struct setting). Read by core/setting.h for the ids, and by core/setting.c for the rows:
 * all that adding one needs, unless it has a function (core/setting_impl.h). */
#ifndef ROW
#define ROW(...)
#endif

ROW(WORKFLOW, "workflow", .argument = "FILE", .type = SETTING_SOURCE, .views = OF_FILES,
    .help = "what to run: the path of a workflow's file", .apply = setting_open_source)
ROW(PLATFORM, "platform", 'p', "PLATFORM", .type = SETTING_SOURCE, .views = OF_FILES,
    .heading = SETTING_WHERE,
    .help =
        "where to run: a name of 'dagcast list platforms', a JSON file, or slurm-allocation: "
        "the Slurm allocation around us", .apply = setting_open_source)
ROW(NODES, "nodes", 'n', "N", .type = SETTING_INTEGER, .views = EVERYWHERE,
    .heading = SETTING_WHERE, .min = 1, .max = PLATFORM_MOST_NODES,
    .help = "how many nodes of it (default: as the platform says)", .apply = setting_apply_nodes)
ROW(PILOTS, "pilots", .argument = "K", .type = SETTING_INTEGER, .views = OF_FILES,
    .heading = SETTING_QUEUE, .min = 1, .max = PILOTS_MOST,
    .help =
        "K jobs side by side, each of --nodes with a wait and a walltime of its own; tasks go "
        "to whichever has room (default: 1)", .apply = setting_apply_pilots)
ROW(MIDDLEWARE, "middleware", 'm', "MIDDLEWARE", .type = SETTING_SOURCE, .views = OF_FILES,
    .heading = SETTING_WHERE,
    .help =
        "through what: a name of 'dagcast list middleware', a JSON file, or auto: the closest "
        "shipped profile (default: auto if the workflow or platform was imported from RADICAL, "
        "else ideal, which costs no time)", .apply = setting_open_source)
ROW(MODE, "mode", .argument = "MODE", .type = SETTING_NAME, .views = EVERYWHERE,
    .heading = SETTING_HOW,
    .help =
        "sequential, pipelined or asynchronous (default: as the scenario says, else "
        "asynchronous)", .apply = setting_apply_mode)
ROW(SCHEDULER, "scheduler", .argument = "NAME", .type = SETTING_NAME, .views = EVERYWHERE,
    .heading = SETTING_POLICY,
    .help =
        "a whole scheduler of 'dagcast list schedulers' (default: the middleware's own, else "
        "the three below)", TEXT_OF(scheduler))
ROW(GENERATION, "generation", .argument = "VERSION", .type = SETTING_TEXT, .views = OF_FILES,
    .help = "of the scheduler radical, \"0.6\" to \"1.33\" (default: the middleware's)",
    TEXT_OF(generation))
ROW(ORDER, "order", .argument = "NAME", .type = SETTING_NAME, .views = EVERYWHERE,
    .heading = SETTING_POLICY,
    .help = "which waiting task goes first, of 'dagcast list orders' (default: arrival)",
    TEXT_OF(order))
ROW(OVERTAKE, "overtake", .argument = "NAME", .type = SETTING_NAME, .views = EVERYWHERE,
    .heading = SETTING_POLICY,
    .help =
        "who may pass a task that does not fit, of 'dagcast list overtakes' (default: backfill)",
    TEXT_OF(overtake))
ROW(OVERTAKE_EVERY, "overtake_every", .argument = "TIME", .type = SETTING_SECONDS,
    .views = EVERYWHERE, .heading = SETTING_POLICY, .min = 0, .max = 1e9,
    .option = "overtake-every",
    .help =
        "who may pass is looked for only every TIME of a session, as Slurm's bf_interval; "
        "between, none passes (default: 30 of the scheduler slurm, else 0: at each change)",
    .apply = setting_apply_overtake_every)
ROW(PLACEMENT, "placement", .argument = "NAME", .type = SETTING_NAME, .views = EVERYWHERE,
    .heading = SETTING_POLICY,
    .help = "on which node a task goes, of 'dagcast list placements' (default: first_fit)",
    TEXT_OF(placement))
ROW(PIPELINES, "pipelines", .argument = "ORDER", .type = SETTING_TEXT,
    .views = SETTING_AXIS | SETTING_CHANGE,
    .help =
        "pipelines submit in this order what is ready at once: their numbers or names, each "
        "once, as 2,1,3", .apply = setting_apply_pipelines)
ROW(SEED, "seed", 's', "N", .type = SETTING_SEED_NUMBER, .views = OF_FILES,
    .heading = SETTING_RUN, .min = 0, .max = 9223372036854775807.0,
    .help = "names the random numbers; the same seed gives the same bytes (default: 1)",
    .apply = setting_apply_seed)
ROW(WALLTIME, "walltime", 'w', "TIME", .type = SETTING_SECONDS, .views = OF_FILES,
    .heading = SETTING_RUN, .min = 0, .max = 1e9,
    .help =
        "the allocation ends after TIME (90, 30m, 1.5h, 1:30:00), start of the middleware "
        "included; what runs then is killed (default: no end)", DOUBLE_AT(scenario.walltime_s))
ROW(JOBS, "jobs", .argument = "N", .type = SETTING_INTEGER, .views = OF_FILES,
    .heading = SETTING_QUEUE, .min = 1, .max = JOBS_MOST,
    .help =
        "at most N jobs one after the other, each for the walltime; work that the end of one "
        "cuts goes on in the next (default: 1)",
    .member = { SETTING_MEMBER_INT, offsetof(struct variant, scenario.allocation.jobs) })
ROW(QUEUE_WAIT, "queue_wait", .argument = "TIME", .type = SETTING_SECONDS, .views = OF_FILES,
    .heading = SETTING_QUEUE, .min = 0, .max = 1e9, .option = "queue-wait",
    .help = "each job waits so long in the queue (90, 30m, 1.5h) (default: not at all)",
    .apply = setting_apply_queue_wait)
ROW(QUEUE_MACHINE, "queue_machine", .argument = "NAME", .type = SETTING_TEXT,
    .views = SETTING_KEY, .heading = SETTING_QUEUE, .option = "queue-machine",
    .help = "the machine of a queue history of several (default: the platform's name)",
    TEXT_AT(queue_machine))
ROW(QUEUE_NAME, "queue_name", .argument = "NAME", .type = SETTING_TEXT, .views = SETTING_KEY,
    .heading = SETTING_QUEUE, .option = "queue-name",
    .help = "its queue or partition (default: all)", TEXT_AT(queue_name))
ROW(QUEUE_HISTORY, "queue_history", .argument = "FILE", .type = SETTING_SOURCE,
    .views = SETTING_KEY, .heading = SETTING_QUEUE, .option = "queue-history",
    .help =
        "each job waits as past jobs of like size and walltime did: what sacct printed, an SWF "
        "trace, or a CSV (see 'dagcast queue') (default: none)", .apply = setting_open_source)
ROW(REPLICAS, "replicas", 'r', "N", .type = SETTING_INTEGER, .views = SETTING_KEY,
    .heading = SETTING_REPLICA, .min = 1, .max = 100000000,
    .help = "how often to run it with other random numbers (default: 100)",
    .member = { SETTING_MEMBER_SIZE, offsetof(struct variant, replicas) })
ROW(PRECISION, "precision", .argument = "X", .type = SETTING_NUMBER, .heading = SETTING_REPLICA,
    .min = 1e-9, .max = 1,
    .help =
        "stop before that when the mean makespan is known to within X of itself, 0.001 say; "
        "looked at every 64 replicas", DOUBLE_AT(precision))
ROW(NODE_GPUS, "node_gpus", .argument = "N", .type = SETTING_INTEGER,
    .views = SETTING_AXIS | SETTING_CHANGE, .min = 0, .max = NODE_MOST_GPUS,
    .help = "GPUs of every node", .apply = setting_apply_node_gpus)
ROW(STATION, "station", .argument = "SECONDS", .type = SETTING_NUMBER, .of = SETTING_OF_STATION,
    .views = SETTING_AXIS | SETTING_CHANGE, .min = 0, .max = 1e9,
    .help =
        "what a station of the middleware takes, s: every task the same; also a poll's period, "
        "and launch.servers", .apply = setting_apply_station)
ROW(TASKS, "tasks", .argument = "N", .type = SETTING_INTEGER, OF_SETS, .min = 1, .max = 1e9,
    .help = "tasks of a set", .apply_to_set = setting_set_tasks)
ROW(TASK_SCALE, "task_scale", .argument = "X", .type = SETTING_NUMBER, OF_SETS, .min = 1e-9,
    .max = 1e9, .help = "tasks of a set, times this, rounded, at least one",
    .apply_to_set = setting_scale_tasks)
ROW(DURATION_CV, "duration_cv", .argument = "X", .type = SETTING_NUMBER, OF_SETS, .min = 0,
    .max = 100, .help = "durations lognormal of the same mean, their sd this times the mean",
    .apply_to_set = setting_set_duration_cv)
ROW(DURATION_SCALE, "duration_scale", .argument = "X", .type = SETTING_NUMBER, OF_SETS, .min = 0,
    .max = 1e9, .help = "durations, times this", .apply_to_set = setting_scale_durations)
ROW(RANKS, "ranks", .argument = "N", .type = SETTING_INTEGER, OF_SETS, .min = 1, .max = 1e8,
    .help = "processes of a task", IN_SET(INT, demand.ranks))
ROW(CORES, "cores", .argument = "N", .type = SETTING_INTEGER, OF_SETS, .min = 0, .max = 100000,
    .help = "cores a rank, in place of its cores or threads", .apply_to_set = setting_set_cores)
ROW(THREADS, "threads", .argument = "N", .type = SETTING_INTEGER, OF_SETS, .min = 0,
    .max = 100000, .help = "hardware threads a rank, in place of its cores or threads",
    .apply_to_set = setting_set_threads)
ROW(GPUS, "gpus", .argument = "X", .type = SETTING_NUMBER, OF_SETS, .min = 0,
    .max = NODE_MOST_GPUS, .help = "GPUs a rank; a share below 1",
    .apply_to_set = setting_set_gpus)
ROW(MEMORY, "memory_mib", .argument = "N", .type = SETTING_INTEGER, OF_SETS, .min = 0,
    .max = MEMORY_MOST_MIB, .help = "memory a rank", IN_SET(INT64, demand.memory_mib))
ROW(FAILURE_PROBABILITY, "failure_probability", .argument = "X", .type = SETTING_NUMBER, OF_SETS,
    .min = 0, .max = 1, .help = "of one attempt", .apply_to_set = setting_set_failure_probability)
ROW(RETRIES, "retries", .argument = "N", .type = SETTING_INTEGER, OF_SETS, .min = 0, .max = 250,
    .help = "attempts after the first", IN_SET(INT, retries))
ROW(FLOW_RATE, "flow_rate", .argument = "MIB_PER_S", .type = SETTING_NUMBER,
    .of = SETTING_OF_FLOWS, .views = SETTING_AXIS | SETTING_CHANGE, .min = 1e-9, .max = 1e15,
    .help = "of a flow of the platform, MiB/s", .apply = setting_apply_flow_rate)
ROW(SERVICE_RATE, "service_rate", .argument = "X", .type = SETTING_NUMBER, .of = SETTING_OF_FLOWS,
    .views = SETTING_AXIS, .min = 1e-9, .max = 1e15,
    .help = "requests a second of one task of a service", .apply = setting_apply_service_rate)
ROW(SERVICE_READY, "service_ready", .argument = "TIME", .type = SETTING_SECONDS,
    .of = SETTING_OF_FLOWS, .views = SETTING_AXIS, .min = 0, .max = 1e9,
    .help = "a service loads so long", .apply = setting_apply_service_ready)
ROW(MTBF, "mtbf", .argument = "TIME", .type = SETTING_SECONDS, .views = SETTING_AXIS, .min = 1,
    .max = 1e12, .help = "mean time to a node's failure", .apply = setting_apply_mtbf)
ROW(REPAIR, "repair", .argument = "TIME", .type = SETTING_SECONDS, .views = SETTING_AXIS,
    .min = 0, .max = 1e9, .help = "a node that failed is back after this",
    .apply = setting_apply_repair)
ROW(CHECKPOINT_INTERVAL, "checkpoint_interval", .argument = "TIME", .type = SETTING_SECONDS,
    OF_SETS, .min = 0, .max = 1e9,
    .help = "seconds of computing between two checkpoints, 0: none",
    .apply_to_set = setting_set_checkpoint_interval)
ROW(CHECKPOINT_COST, "checkpoint_cost", .argument = "TIME", .type = SETTING_SECONDS, OF_SETS,
    .min = 0, .max = 1e9, .help = "what a checkpoint costs", IN_SET(DOUBLE, checkpoint.cost_s))
ROW(IDEAL_MIDDLEWARE, "ideal_middleware", WHAT_IF, .help = "ideal middleware",
    .apply = setting_idealise_middleware)
ROW(UNBOUNDED_GPUS, "unbounded_gpus", WHAT_IF, .help = "unbounded GPUs",
    .apply = setting_unbound_gpus)
ROW(UNBOUNDED_CORES, "unbounded_cores", WHAT_IF, .help = "unbounded cores",
    .apply = setting_unbound_cores)
ROW(PERFECT_PACKING, "perfect_packing", WHAT_IF, .help = "perfect packing",
    .apply = setting_pack_perfectly)
ROW(UNBOUNDED_FLOWS, "unbounded_flows", WHAT_IF, .help = "unbounded file systems",
    .apply = setting_unbound_flows, .concerns = setting_has_flows)
ROW(UNBOUNDED_SERVICES, "unbounded_services", WHAT_IF, .help = "services ready and idle",
    .apply = setting_unbound_services, .concerns = setting_has_services)
ROW(NO_FAILURES, "no_failures", WHAT_IF, .help = "no failures of nodes",
    .apply = setting_drop_failures, .concerns = setting_has_failures)
ROW(MEAN_DURATIONS, "mean_durations", WHAT_IF, .help = "mean durations",
    .apply = setting_fix_durations)
ROW(NO_QUEUE, "no_queue", WHAT_IF, .help = "no queue", .apply = setting_drop_queue,
    .concerns = setting_has_queue)
ROW(INSTANT_DECISIONS, "instant_decisions", WHAT_IF, .help = "decisions take no time",
    .apply = setting_decide_at_once, .concerns = setting_has_slow_decisions)
ROW(KNOWN_ITERATIONS, "known_iterations", WHAT_IF,
    .help = "numbers of iterations known beforehand", .apply = setting_know_iterations,
    .concerns = setting_has_loops)
