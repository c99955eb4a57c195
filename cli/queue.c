/* cli/queue.c - `dagcast queue`: how long a job waits, learnt from a site's history. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/queue_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"

struct queue_options {
    const char *machine, *queue;
    int64_t nodes, cores, cores_per_node;
    double walltime_s;
    struct output_options output;
};

#define AT(member) OPTION_AT(struct queue_options, member)
#define SECONDS_AT(member) OPTION_SECONDS_AT(struct queue_options, member)
static const struct option_row request_rows[] = {
    { .name = "nodes", .letter = 'n', AT(nodes), .argument = "N", .min = 1, .max = 1e9,
      .help = "nodes that the job asks for" },
    { .name = "cores", AT(cores), .argument = "N", .min = 1, .max = 1e9,
      .help = "the same in cores, for a history in cores" },
    { .name = "cores-per-node", AT(cores_per_node), .argument = "N", .min = 1, .max = 100000,
      .help = "between --nodes and a history in cores, or the other way round" },
    { .name = "walltime", .letter = 'w', SECONDS_AT(walltime_s), .argument = "TIME", .min = 1,
      .max = 1e9, .help = "that the job asks for (90, 30m, 1.5h, 1:30:00)" },
    { .name = NULL },
};
static const struct option_row history_rows[] = {
    { .name = "machine", AT(machine), .argument = "NAME",
      .help = "of a history of several (default: each on its own)" },
    { .name = "queue", AT(queue), .argument = "NAME",
      .help = "only this queue or partition's jobs" },
    { .name = NULL },
};
static const struct option_group groups[] = {
    { .title = "Request", .rows = request_rows },
    { .title = "History", .rows = history_rows },
    SHOW_PROGRESS_GROUP(struct queue_options),
    { .title = NULL },
};

/* The request's size in the history's unit; NAN: none is asked about. */
static int size_of_request(const struct queue_history *h, const struct queue_options *o,
                           double *size, struct error *err)
{
    bool direct = h->in_nodes ? o->nodes > 0 : o->cores > 0;
    int64_t other = h->in_nodes ? o->cores : o->nodes;
    *size = direct ? (double)(h->in_nodes ? o->nodes : o->cores) : (double)NAN;
    unused_option((direct || other == 0) && o->cores_per_node > 0, "queue", "cores-per-node",
                  direct ? "the history counts what the request does"
                         : "no --nodes or --cores are asked about");
    if (direct || other == 0)
        return 0;
    if (o->cores_per_node == 0)
        return error_set(
            err, "the history counts %s, the request %s; add --cores-per-node, or give --%s",
            h->in_nodes ? "nodes" : "cores", h->in_nodes ? "cores" : "nodes",
            h->in_nodes ? "nodes" : "cores");
    *size = h->in_nodes ? ceil((double)other / (double)o->cores_per_node)
                        : (double)other * (double)o->cores_per_node;
    return 0;
}

static int check_request(const struct queue_history *h, const struct queue_options *o,
                         const struct queue_answer *a, struct error *err)
{
    if (o->nodes > 0 && o->cores > 0)
        return error_set(err, "--nodes and --cores say the same twice; give one of them");
    if (isnan(a->size) && o->walltime_s > 0)
        return error_set(err, "--walltime without a size; give --nodes or --cores too");
    if (!isnan(a->size) && h->has_walltimes && o->walltime_s <= 0)
        return error_set(err, "the wait depends on the walltime asked for; give --walltime too");
    if (!isnan(a->size) && !h->has_walltimes && o->walltime_s > 0)
        return error_set(
            err, "the history has no walltimes, so none can be compared; leave out --walltime");
    return 0;
}

static int show_models(const struct queue_history *h, struct queue_answer *a, int machine,
                       int queue, struct error *err)
{
    size_t n = machine < 0 && h->n_machines > 1 ? h->n_machines : 1;
    const struct queue_options *o = a->call->options;
    struct queue_model *models = xcalloc(n, sizeof *models);
    for (size_t i = 0; i < n; i++)
        models[i] = queue_model_of(
            h, n > 1 || (machine < 0 && h->n_machines == 1) ? (int)i : machine, queue);
    a->models = models;
    a->n = n;
    int status = show(queue_doc(a), &o->output, err);
    for (size_t i = 0; i < n; i++)
        queue_model_clear(&models[i]);
    free(models);
    return status;
}

static int answer(const struct queue_history *h, const struct invocation *call, struct error *err)
{
    const struct queue_options *o = call->options;
    struct queue_answer a = { .call = call,
                              .file = call->operands.at[0],
                              .history = h,
                              .length_s = o->walltime_s > 0 ? o->walltime_s : (double)NAN,
                              .nodes = o->nodes > 0 ? (double)o->nodes : (double)NAN };
    int machine, queue;
    if (queue_model_find_machine(h, o->machine, &machine, err) ||
        queue_model_find_queue(h, o->queue, &queue, err) || size_of_request(h, o, &a.size, err) ||
        check_request(h, o, &a, err))
        return -1;
    return show_models(h, &a, machine, queue, err);
}

static int run(const struct invocation *call, struct error *err)
{
    struct queue_history h;
    int status = queue_history_load(call->operands.at[0], &h, err);
    if (status == 0)
        status = answer(&h, call, err);
    queue_history_clear(&h);
    return status;
}

static const struct example examples[] = {
    { "queue jobs.txt --nodes 16 --walltime 2h", "how long 16 nodes for two hours wait" },
    { "queue waits.csv --machine comet --cores 64 --walltime 30m",
      "a history in cores, of several machines" },
    { "queue trace.swf --json",
      "what a trace of the Parallel Workloads Archive holds, and how well it predicts" },
    { NULL, NULL },
};

const struct command command_queue = {
    .name = "queue",
    .section = "Predict",
    .summary = "how long a job waits in the queue, from a site's history",
    .operands = "HISTORY",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Reads how long past jobs waited: what `sacct` printed (--parsable2 or not; "
                   "with Submit, Eligible, Start, Timelimit, ReqNodes or NNodes), an SWF trace, or "
                   "a CSV by its headings (nodes or cores, walltime, wait_s). Predicts the "
                   "quantiles of a request's wait from the past jobs nearest in size and walltime, "
                   "and shows how often past jobs kept to the quantiles that the others predict "
                   "for them: 50 % should keep to the median, 95 % to the 95 % quantile.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct queue_options),
    .run = run,
};
