/* cli/watch.c - `dagcast watch`: a run that is under way, and when it will end. */
#include <math.h>
#include <stddef.h>
#include <time.h>

#include "base/now.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/foreign_workflow.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/unused_options.h"
#include "cli/watch_line.h"
#include "core/presets.h"
#include "validation/outlook.h"
#include "validation/watched.h"

enum { TICK_NS = 100000000, DEFAULT_INTERVAL_S = 10 };

struct watch_call {
    const char *workflow, *middleware, *mode;
    double interval_s, idle_s, walltime_s; /* interval_s 0: the default */
    int64_t replicas, seed;
    bool json, once;
};

#define AT(member) OPTION_AT(struct watch_call, member)
#define SECONDS_AT(member) OPTION_SECONDS_AT(struct watch_call, member)

static const struct option_row plan_rows[] = {
    { .name = "workflow", AT(workflow), .file = OPTION_READS, .argument = "FILE",
      .help = "all that the run will do, where its place does not say; a folder of 'dagcast "
              "execute' does" },
    { .name = "middleware", .letter = 'm', AT(middleware), .file = OPTION_READS_OR_NAME,
      .argument = "PROFILE",
      .help = "through what it runs (default: the shipped profile closest to the run)" },
    { .name = "mode", AT(mode), .argument = "MODE",
      .help = "sequential, pipelined or asynchronous (default: as it runs, or by --workflow's "
              "pipelines)" },
    { .name = "walltime", .letter = 'w', SECONDS_AT(walltime_s), .argument = "TIME", .min = 0,
      .max = 1e9,
      .help = "of the allocation, from its start: how likely does the run end before it? (default: "
              "as the run recorded)" },
    { .name = NULL },
};

static const struct option_row watch_rows[] = {
    { .name = "interval", SECONDS_AT(interval_s), .argument = "TIME", .min = 0.1, .max = 86400,
      .help = "look again after TIME (default: 10)" },
    { .name = "once", AT(once), .help = "look once" },
    { .name = "idle", SECONDS_AT(idle_s), .argument = "TIME", .min = 1, .max = 1e7,
      .help = "a run whose files have not changed for TIME has stopped (default: 10m; folders of "
              "'dagcast execute' say so themselves)" },
    { .name = "replicas", .letter = 'r', AT(replicas), .argument = "N", .min = 2, .max = 1000000,
      .help = "simulated rests of the run, a look (default: 200)" },
    { .name = "seed", .letter = 's', AT(seed), .argument = "N", .min = 0, .max = 9e15,
      .help = "names the random numbers (default: 1)" },
    { .name = "json", AT(json), .help = "print a JSON object a look, on a line of its own" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Plan", .rows = plan_rows },
    { .title = "Watching", .rows = watch_rows },
    { .title = NULL },
};

static void wait_s(double seconds)
{
    double until_s = now_epoch_s() + seconds;
    while (!interrupt_seen() && now_epoch_s() < until_s)
        nanosleep(&(struct timespec){ .tv_nsec = TICK_NS }, NULL);
}

/* The deadline on the run's clock; 0: none. */
static double deadline_s(const struct watched *w, const struct watch_call *o)
{
    double walltime_s = o->walltime_s > 0 ? o->walltime_s : w->walltime_s;
    return walltime_s > 0 && !isnan(w->begin_s) ? w->begin_s + walltime_s : 0;
}

static int look(const struct watch_place *place, const struct watch_call *o, bool *ended,
                struct error *err)
{
    struct watched w;
    struct outlook outlook = { 0 };
    struct watch_place now = *place;
    now.wall_epoch_s = now_epoch_s();
    if (watched_load(&w, &now, err))
        return -1;
    const struct outlook_question q = { .plan = &w.plan, .st = &w.state,
                                        .deadline_s = deadline_s(&w, o),
                                        .replicas = (size_t)o->replicas,
                                        .seed = (uint64_t)o->seed };
    int status = outlook_run(&outlook, &q, err);
    if (status == 0) {
        *ended = w.going != WATCH_GOES_ON;
        struct watch_line line = { .run = &w, .outlook = &outlook };
        status =
            o->json ? watch_line_json(&line, err) : watch_line_text(&line, *ended || o->once, err);
    }
    outlook_clear(&outlook);
    watched_clear(&w);
    return status;
}

static int watch(const struct watch_place *place, const struct watch_call *o, struct error *err)
{
    bool ended = false;
    do {
        if (look(place, o, &ended, err))
            return -1;
        if (!ended && !o->once)
            wait_s(o->interval_s > 0 ? o->interval_s : DEFAULT_INTERVAL_S);
    } while (!ended && !o->once && !interrupt_seen());
    if (interrupt_seen())
        return error_set(err, "interrupted; the run goes on");
    return 0;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct watch_call *o = call->options;
    struct watch_place place = { .path = call->operands.at[0], .middleware = o->middleware,
                                 .mode = -1, .data_dirs = call->data_dirs,
                                 .idle_s = o->idle_s };
    if (o->mode && (place.mode = mode_find(o->mode)) < 0)
        return choice_refuse(
            "--mode", o->mode,
            (const char *const[]){ "sequential", "pipelined", "asynchronous", NULL }, err);
    unused_option(o->once && o->interval_s > 0, "watch", "interval", "--once looks once");
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", o->middleware, call->data_dirs, err))
        return -1;
    struct workflow *w = o->workflow ? foreign_workflow_load(o->workflow, err) : NULL;
    if (o->workflow && !w)
        return -1;
    place.workflow = w;
    int status = watch(&place, o, err);
    workflow_free(w);
    return status;
}

static const struct example examples[] = {
    { "watch run1", "a run of 'dagcast execute', until it ends" },
    { "watch re.session.login1.0001 --workflow w.json --walltime 2h",
      "an EnTK run, whose later stages only the workflow knows" },
    { "watch trace.txt --workflow w.json --json --interval 1m",
      "a Nextflow trace that grows, for another program" },
    { NULL, NULL },
};

const struct command command_watch = {
    .name = "watch",
    .section = "Predict",
    .summary = "a run that is under way: what is done, what is late, when it ends",
    .operands = "PLACE",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Looks again and again at a run that is under way: a folder of 'dagcast "
                   "execute', a RADICAL session's folder, a Nextflow trace, a Parsl database, "
                   "anything that 'dagcast import' reads while it grows. Says how many tasks are "
                   "done, run, are late and are to come; when the run ends, with the interval that "
                   "holds with 95 %; how likely that is before the walltime; what to expect next. "
                   "It exits when the run does.\n\n"
                   "The forecast is conditioned on what has happened: the rest of the run is "
                   "simulated from where it is, with durations learned from the tasks of each set "
                   "that have ended, and from those that still run. docs/watch.md says how, and "
                   "how well it does.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct watch_call),
    .defaults =
        &(const struct watch_call){ .idle_s = 600, .replicas = 200, .seed = 1 },
    .run = run,
};
