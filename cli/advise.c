/* cli/advise.c - `dagcast advise`: how many nodes, in which mode, and what walltime to ask for? */
#include <math.h>
#include <stddef.h>

#include "cli/advise_output.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/node_list.h"
#include "cli/output.h"
#include "cli/plot_kinds.h"
#include "cli/scenario_options.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "plots/gnuplot.h"

enum { DEFAULT_JOBS = 4, DEFAULT_REPLICAS = 10000, MOST_REPLICAS = 10000000, MOST_THREADS = 1024 };

struct advise_call {
    struct scenario_options scenario;
    struct output_options output;
    const char *nodes, *plot;
    double confidence, deadline_s;
    bool full, verbose;
};

#define OF_SCENARIO(member) .offset = offsetof(struct advise_call, scenario.member)
#define SAYS(id) .kind = OPTION_SETTING, .setting = id, OF_SCENARIO(said[id])
#define AT(member) OPTION_AT(struct advise_call, member)
#define SECONDS_AT(member) OPTION_SECONDS_AT(struct advise_call, member)

static const struct option_row advise_rows[] = {
    { .name = "platform", .letter = 'p', .file = OPTION_READS_OR_NAME, .argument = "PLATFORM",
      SAYS(SETTING_PLATFORM),
      .help = "where to run: a name of 'dagcast list platforms', or a JSON file" },
    { .name = "middleware", .letter = 'm', .file = OPTION_READS_OR_NAME, .argument = "MIDDLEWARE",
      SAYS(SETTING_MIDDLEWARE),
      .help = "through what: a name of 'dagcast list middleware', a JSON file, or auto: the "
              "closest shipped profile (default: auto if the workflow or platform was imported "
              "from RADICAL, else ideal, which costs no time)" },
    { .name = "nodes", .letter = 'n', AT(nodes), .argument = "LIST",
      .help = "numbers of nodes to look at: 16, 1..64, 4..64:4 (every fourth), 1,2,4..16 (default: "
              "1,2,4,8,16,32,64, as far as the platform has them)" },
    { .name = "confidence", .letter = 'c', AT(confidence), .argument = "P", .min = 0.5,
      .max = 0.9999,
      .help = "share of sessions that are to end within the walltime (default: 0.95)" },
    { .name = "deadline", .letter = 'd', SECONDS_AT(deadline_s), .argument = "TIME", .min = 1,
      .max = 1e9,
      .help = "find the fewest nodes whose walltime is at most TIME (90, 30m, 1.5h, 1:30:00)" },
    { .name = "verbose", .letter = 'v', AT(verbose),
      .help = "below the answer: every choice in words, the rows, what was refused and what is not "
              "known" },
    { .name = NULL },
};
static const struct option_row replica_rows[] = {
    { .name = "replicas", .letter = 'r', .argument = "N", SAYS(SETTING_REPLICAS), .min = 1,
      .max = MOST_REPLICAS,
      .help = "replicas of a row, at most (default: 10000); fewer run where more would not "
              "change the advice" },
    { .name = "full", AT(full), .help = "run all replicas of every row, and show every row" },
    { .name = "seed", .letter = 's', .argument = "N", SAYS(SETTING_SEED),
      .help = "names the random numbers; the same seed gives the same bytes (default: 1)" },
    { .name = "threads", .letter = 't', .kind = OPTION_INTEGER, .argument = "N",
      OF_SCENARIO(threads), .min = 1, .max = MOST_THREADS,
      .help = "threads to run replicas on (default: one a processor); results do not depend on "
              "it" },
    { .name = NULL },
};
static const struct option_row plot_rows[] = {
    { .name = "plot", AT(plot), .file = OPTION_WRITES, .argument = "FILE",
      .help = "draw sessions over nodes for the three modes, with intervals: .svg, .png or .pdf" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Question", .rows = advise_rows },
    { .title = "Jobs and queue", .settings = SETTING_QUEUE,
      .offset = offsetof(struct advise_call, scenario) },
    { .title = "Scheduler", .settings = SETTING_POLICY,
      .offset = offsetof(struct advise_call, scenario) },
    { .title = "Replicas", .rows = replica_rows },
    { .title = "Files", .rows = plot_rows },
    SHOW_PROGRESS_GROUP(struct advise_call),
    { .title = NULL },
};

static int plan_jobs(struct advised *a, const struct advise_options *how, struct error *err)
{
    int jobs = a->set->scenario.allocation.jobs;
    jobs = jobs == 0 ? DEFAULT_JOBS : jobs < PLANS_MOST_JOBS ? jobs : PLANS_MOST_JOBS;
    struct plan_limits limits = { jobs, a->pilots };
    progress_begin(how->progress, "plans of jobs, replicas", 0);
    int status = plans_make(&a->set->scenario, how, &a->advice, limits, &a->plans, err);
    return status && a->plans.interrupted ? error_set(err, "interrupted; nothing was written")
                                          : status;
}

static int show_advice(const struct advised *a, const struct advise_call *o, struct error *err)
{
    struct doc *d = advise_doc(a);
    if (o->plot && plot_of_doc(d, &(struct doc_plot){ "sessions", "rows" }, o->plot, err)) {
        doc_free(d);
        return -1;
    }
    return show(d, &o->output, err);
}

static int work_out(struct advised *a, struct advise_options *how, const struct advise_call *o,
                    struct error *err)
{
    size_t first = how->all ? how->replicas : advise_least_replicas(how->confidence);
    how->progress = output_progress(&o->output, "first replicas of each row",
                                    how->n_nodes * MODES * first);
    int status = advise(&a->set->scenario, how, &a->advice, err);
    if (status == 0 && a->advice.interrupted)
        status = error_set(err, "interrupted; nothing was written");
    if (status == 0 && a->planned)
        status = plan_jobs(a, how, err);
    if (status == 0)
        status = failures_doc_work_out(a, err);
    progress_free(how->progress);
    if (status == 0)
        status = show_advice(a, o, err);
    plans_clear(&a->plans);
    advice_clear(&a->advice);
    return status;
}

/* Cuts the default list to the platform's nodes, and adds all of them. If the scenario does not
 * open on the platform's own number of nodes, the list stays and `err` says why: more nodes may do.
 */
static void keep_to_platform(struct node_list *nodes, const struct invocation *call,
                             struct error *err)
{
    struct scenario_options o = ((const struct advise_call *)call->options)->scenario;
    struct scenario_set set;
    o.silent = true;                     /* run_on() opens it again */
    if (scenario_set_open(&set, call->operands.at[0], &o, call->data_dirs, err))
        return;
    size_t most = platform_most_nodes(set.platform), n = 0;
    while (n < nodes->n && nodes->at[n] <= most)
        n++;
    if (n < nodes->n && (n == 0 || nodes->at[n - 1] < most))
        nodes->at[n++] = most;
    nodes->n = n;
    scenario_set_clear(&set);
}

/* Opened on the most nodes of the list: what does not run there is refused at once, with what is
 * wrong on the platform as it is, if something is. */
static int run_on(const struct node_list *nodes, const struct error *as_it_stands,
                  const struct invocation *call, struct error *err)
{
    const struct advise_call *o = call->options;
    struct scenario_options said = o->scenario;
    struct scenario_set set;
    said.said[SETTING_NODES] = (struct setting_value){ .said = true,
                                                       .number = (double)nodes->at[nodes->n - 1] };
    said.said[SETTING_PILOTS] = (struct setting_value){ .said = true, .number = 1 };
    if (scenario_set_open(&set, call->operands.at[0], &said, call->data_dirs, err))
        return as_it_stands->text[0] ? error_set(err, "%s", as_it_stands->text) : -1;
    if (!o->scenario.said[SETTING_REPLICAS].said)
        set.replicas = DEFAULT_REPLICAS;
    set.scenario.walltime_s = 0;
    struct advise_options how = { .nodes = nodes->at, .n_nodes = nodes->n,
                                  .confidence = o->confidence, .deadline_s = o->deadline_s,
                                  .replicas = set.replicas, .all = o->full, .threads = set.threads,
                                  .stop = interrupt_flag() };
    struct advised a = { .call = call, .set = &set, .how = &how };
    a.verbose = o->verbose || o->full;
    const struct setting_value *pilots = &o->scenario.said[SETTING_PILOTS];
    a.pilots = pilots->said ? (int)fmin(pilots->number, PLANS_MOST_PILOTS) : PLANS_MOST_PILOTS;
    a.planned = set.scenario.allocation.wait || set.scenario.allocation.jobs > 0;
    unused_option(pilots->said && !a.planned, "advise", "pilots",
                  "jobs side by side are planned with --queue-history, --queue-wait or --jobs");
    int status = work_out(&a, &how, o, err);
    scenario_set_clear(&set);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct advise_call *o = call->options;
    struct node_list nodes;
    if (o->plot && !gnuplot_knows(o->plot))
        return error_set(err, "--plot: %s does not end in .svg, .png or .pdf", o->plot);
    if (node_list_parse(o->nodes ? o->nodes : "1,2,4,8,16,32,64", &nodes, err))
        return -1;
    struct error as_it_stands = { "" };
    if (!o->nodes)
        keep_to_platform(&nodes, call, &as_it_stands);
    int status = run_on(&nodes, &as_it_stands, call, err);
    node_list_clear(&nodes);
    return status;
}

static const struct example examples[] = {
    { "advise examples/ddmd.json --platform summit --middleware radical-entk --nodes 1..64 "
      "--confidence 0.95",
      "nodes, mode and walltime for three iterations of DeepDriveMD" },
    { "advise examples/ddmd.json -p summit -m radical-entk -n 2..32:2 --deadline 45m --plot "
      "nodes.svg",
      "the fewest nodes that end in time" },
    { "advise w.json -p p.json -n 1..8 --queue-history jobs.txt",
      "how many nodes, for how long, in how many jobs, until the result is there" },
    { "advise w.json -p p.json -n 1..8 --json | jq -r .batch", "lines for a batch script" },
    { NULL, NULL },
};

const struct command command_advise = {
    .name = "advise",
    .section = "Predict",
    .summary = "how many nodes, in which mode, and what walltime to ask for",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Runs the workflow on each number of nodes in each mode, and says what walltime "
                   "a session keeps with the asked confidence, what it costs in node-hours, and "
                   "which of the platform's queues accept it: the cheapest, the fastest once "
                   "started, the smallest that keeps a deadline, and those that no other beats in "
                   "both time and cost (the front); with the lines of a batch script for the "
                   "choice.\n\n"
                   "If it is known how long jobs wait (--queue-history, --queue-wait), or with "
                   "--jobs N, it says too how many nodes to ask for, for how long and in how many "
                   "jobs (up to N, default 4), until the result is there, at 50 % and at the "
                   "confidence. docs/allocations.md and docs/commands.md say how it is worked out.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct advise_call),
    .defaults = &(const struct advise_call){ .confidence = 0.95 },
    .run = run,
};
