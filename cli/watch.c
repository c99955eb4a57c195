/* cli/watch.c - `dagcast watch`: a run that is under way, and when it will end. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/escape.h"
#include "base/json_print.h"
#include "base/now.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/foreign_workflow.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/unused_options.h"
#include "core/presets.h"
#include "validation/outlook.h"
#include "validation/watched.h"

/* ---- what it says of a look: a line on a terminal, written over, or one of text or JSON ---- */

struct watch_line {
    const struct watched *run;
    const struct outlook *outlook;
};

static const char *const going_names[] = { [WATCH_GOES_ON] = "running", [WATCH_ENDED] = "ended",
                                           [WATCH_STOPPED] = "stopped" };

static size_t to_come(const struct run_state *st)
{
    return st->count[RUN_UNSEEN] + st->count[RUN_WAITING];
}

/* ---- JSON ---- */

static void add_number(cJSON *o, const char *key, double x)
{
    if (isfinite(x))
        cJSON_AddNumberToObject(o, key, x);
    else
        cJSON_AddNullToObject(o, key);
}

static void add_next(cJSON *o, const char *key, const struct watch_line *l, int set, double at_s)
{
    cJSON *next = set < 0 ? NULL : cJSON_AddObjectToObject(o, key);
    if (!next) {
        cJSON_AddNullToObject(o, key);
        return;
    }
    cJSON_AddStringToObject(next, "set", l->run->plan.workflow->sets[set].name);
    add_number(next, "in", fmax(at_s - l->run->state.now_s, 0));
}

static int watch_line_json(const struct watch_line *l, struct error *err)
{
    const struct run_state *st = &l->run->state;
    const struct outlook *f = l->outlook;
    double first_s = isnan(st->first_start_s) ? st->now_s : st->first_start_s;
    cJSON *o = cJSON_CreateObject(), *tasks = cJSON_AddObjectToObject(o, "tasks");
    cJSON_AddStringToObject(o, "state", going_names[l->run->going]);
    add_number(o, "now", st->now_s);
    add_number(o, "epoch", l->run->zero_epoch_s + st->now_s);
    add_number(tasks, "done", (double)st->count[RUN_DONE]);
    add_number(tasks, "running", (double)st->count[RUN_RUNNING]);
    add_number(tasks, "late", (double)f->n_late);
    add_number(tasks, "failed", (double)(st->count[RUN_FAILED] - st->n_cancelled));
    add_number(tasks, "cancelled", (double)st->n_cancelled);
    add_number(tasks, "to_come", (double)to_come(st));
    cJSON_AddBoolToObject(o, "knows_plan", l->run->knows_plan);
    cJSON *left = cJSON_AddObjectToObject(o, "left");
    add_number(left, "mean", fmax(f->end_s - st->now_s, 0));
    cJSON_AddItemToObject(
        left, "interval95",
        cJSON_CreateDoubleArray(
            (const double[]){ fmax(f->pi95.low - st->now_s, 0), fmax(f->pi95.high - st->now_s, 0) },
            2));
    add_number(o, "makespan", f->end_s - first_s);
    add_number(o, "end_epoch", l->run->zero_epoch_s + f->end_s);
    add_number(o, "tempo", f->tempo);
    add_number(o, "in_time", f->in_time);
    add_next(o, "next_start", l, f->next_start,
             f->next_start < 0 ? 0 : f->sets[f->next_start].first_start_s);
    add_next(o, "next_end", l, f->next_end, f->next_end < 0 ? 0 : f->sets[f->next_end].last_stop_s);
    char *text = json_print_compact(o);
    struct str line = { 0 };
    str_addf(&line, "%s\n", text);
    free(text);
    cJSON_Delete(o);
    int status = output_text(&line, err);
    str_clear(&line);
    return status;
}

/* ---- text ---- */

/* The nearest second, "0:00:07", as walltimes are written */
static void add_clock(struct str *text, double seconds)
{
    str_add_clock(text, floor(fmin(fmax(seconds, 0), 1e12) + 0.5));
}

static void add_time_of_day(struct str *text, double epoch_s)
{
    struct tm local;
    time_t t = (time_t)epoch_s;
    char words[32];
    if (isfinite(epoch_s) && fabs(epoch_s) < 1e12 && localtime_r(&t, &local) &&
        strftime(words, sizeof words, "%H:%M:%S", &local))
        str_addf(text, ", at %s", words);
}

static void add_tasks(struct str *text, const struct watch_line *l)
{
    const struct run_state *st = &l->run->state;
    str_addf(text, "%zu of %u tasks done", st->count[RUN_DONE], (unsigned)st->n);
    if (st->count[RUN_RUNNING])
        str_addf(text, ", %zu running", st->count[RUN_RUNNING]);
    if (l->outlook->n_late)
        str_addf(text, " (%zu late)", l->outlook->n_late);
    if (st->count[RUN_FAILED] > st->n_cancelled)
        str_addf(text, ", %zu failed", st->count[RUN_FAILED] - st->n_cancelled);
    if (st->n_cancelled)
        str_addf(text, ", %zu cancelled", st->n_cancelled);
}

static void add_forecast(struct str *text, const struct watch_line *l)
{
    const struct outlook *f = l->outlook;
    double now_s = l->run->state.now_s;
    str_add(text, " | ends in ");
    add_clock(text, f->end_s - now_s);
    str_add(text, " (95 %: ");
    add_clock(text, f->pi95.low - now_s);
    str_add(text, " to ");
    add_clock(text, f->pi95.high - now_s);
    str_add(text, ")");
    if (l->run->going == WATCH_GOES_ON)
        add_time_of_day(text, l->run->zero_epoch_s + f->end_s);
    if (!isnan(f->in_time))
        str_addf(text, " | in time: %.0f %%", 100 * f->in_time);
    int next = f->next_start >= 0 ? f->next_start : f->next_end;
    if (next < 0)
        return;
    escape_addf(text, " | next: %s %s in ", l->run->plan.workflow->sets[next].name,
                f->next_start >= 0 ? "starts" : "ends");
    add_clock(text, (f->next_start >= 0 ? f->sets[next].first_start_s : f->sets[next].last_stop_s) -
                        now_s);
}

static void add_end(struct str *text, const struct watch_line *l)
{
    const struct run_state *st = &l->run->state;
    if (l->run->going == WATCH_ENDED) {
        str_add(text, " | ended after ");
        add_clock(text, l->outlook->end_s - st->first_start_s);
    } else {
        str_addf(text, " | stopped: %zu tasks are not over, and nothing writes to it",
                 to_come(st) + st->count[RUN_RUNNING]);
    }
}

/* `last`: the line stays, and another may follow that says why the run is over. */
static int watch_line_text(const struct watch_line *l, bool last, struct error *err)
{
    const struct run_state *st = &l->run->state;
    bool over = output_is_terminal();
    struct str text = { 0 };
    add_clock(&text, isnan(st->first_start_s) ? 0 : st->now_s - st->first_start_s);
    str_add(&text, "  ");
    add_tasks(&text, l);
    if (l->run->going != WATCH_GOES_ON)
        add_end(&text, l);
    else
        add_forecast(&text, l);
    if (!l->run->knows_plan && l->run->going == WATCH_GOES_ON)
        str_add(&text, " | of the tasks seen so far; --workflow tells of the others");
    int status = output_line(&text, over, last, err);
    str_clear(&text);
    return status;
}

/* ---- looks ---- */

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
