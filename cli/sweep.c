/* cli/sweep.c - `dagcast sweep`: many settings, each many times; which is best, and is the
 * difference real? */
#include <stddef.h>
#include <stdlib.h>

#include "cli/choices.h"
#include "cli/command.h"
#include "cli/foreign_workflow.h"
#include "cli/interrupt.h"
#include "cli/show.h"
#include "cli/sweep_output.h"
#include "cli/unused_options.h"
#include "study/replicate.h"
#include "study/store.h"
#include "study/sweep.h"

struct sweep_command_options {
    const char *store, *show, *group_by, *backend;
    int64_t threads;
    struct output_options output;
};

#define AT(member) OPTION_AT(struct sweep_command_options, member)
enum { MAX_THREADS = 1024, BACKENDS_MOST = 8 };

static const struct option_row run_rows[] = {
    { .name = "store", AT(store), .file = OPTION_WRITES, .argument = "FILE",
      .help = "keep the rows in FILE, an SQLite database; if it holds some of them already, only "
              "the others are run" },
    { .name = "threads", .letter = 't', AT(threads), .argument = "N", .min = 1, .max = MAX_THREADS,
      .help = "threads of this process (default: one a processor; under mpirun 1); results do not "
              "depend on it" },
    { .name = "backend", AT(backend), .argument = "NAME",
      .help = "serial, threads or mpi (default: mpi when started by mpirun, else threads)" },
    { .name = NULL },
};

static const struct option_row result_rows[] = {
    { .name = "show", AT(show), .file = OPTION_READS, .argument = "FILE",
      .help = "run nothing, show what FILE holds" },
    { .name = "group-by", AT(group_by), .argument = "A,B...",
      .help = "compare these settings with each other, over all that else varies" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Runs", .rows = run_rows },
    { .title = "Results", .rows = result_rows },
    SHOW_PROGRESS_GROUP(struct sweep_command_options),
    { .title = NULL },
};

/* Started by a launcher of MPI jobs: OpenMPI, or one that speaks PMI. */
static bool started_by_mpi(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMI_SIZE") || getenv("PMIX_RANK");
}

static const struct backend_ops *choose_backend(const char *name, struct error *err)
{
    const char *names[BACKENDS_MOST + 1] = { NULL };
    const struct backend_ops *b = backend_find(name ? name : started_by_mpi() ? "mpi" : "threads");
    if (b)
        return b;
    for (size_t i = 0; i < BACKENDS_MOST && backend_at(i); i++)
        names[i] = backend_at(i)->name;
    choice_refuse("--backend", name, names, err);
    return NULL;
}

static int show_store(const char *path, const struct invocation *call, struct error *err)
{
    const struct sweep_command_options *o = call->options;
    struct sheet *s = store_load(path, err);
    int status = s ? sweep_show(s, o->group_by, call, &o->output, err) : -1;
    sheet_free(s);
    return status;
}

static int run_study(const struct invocation *call, const struct sweep_command_options *o,
                     struct error *err)
{
    const struct backend_ops *backend = choose_backend(o->backend, err);
    if (!backend)
        return -1;
    struct sweep_outcome outcome;
    struct sweep_options how = {
        .study = call->operands.at[0], .store = o->store, .data_dirs = call->data_dirs,
        .document_of = foreign_workflow_document, .version = DAGCAST_VERSION, .backend = backend,
        .threads = o->threads ? (int)o->threads : backend->begin ? 1 : replicate_default_threads(),
        .stop = interrupt_flag(), .progress = o->output.quiet ? NULL : stderr,
    };
    int status = sweep_run(&how, &outcome, err);
    if (!outcome.first && backend->begin)
        return 0;                        /* rank 0 speaks */
    if (status)
        return -1;
    if (outcome.interrupted)
        return error_set(
            err, "interrupted; %s holds %zu of %zu points, and the same command goes on from there",
            o->store, outcome.n_before + outcome.n_run, outcome.n_points);
    return show_store(o->store, call, err);
}

static int run(const struct invocation *call, struct error *err)
{
    const struct sweep_command_options *o = call->options;
    if (o->show && (call->operands.n > 0 || o->store))
        return error_set(err, "--show runs nothing: give no STUDY and no --store with it");
    unused_option(o->show && o->backend, "sweep", "backend", "--show runs nothing");
    unused_option(o->show && o->threads, "sweep", "threads", "--show runs nothing");
    if (o->show)
        return show_store(o->show, call, err);
    if (call->operands.n == 0)
        return error_set(err, "needs STUDY and --store FILE, or --show FILE");
    if (!o->store)
        return error_set(err, "where should the rows go? give --store FILE");
    return run_study(call, o, err);
}

static const struct example examples[] = {
    { "sweep examples/study.json --store results.sqlite",
      "runs what is not there yet, and shows all of it" },
    { "sweep --show results.sqlite --group-by mode,order",
      "which mode and order is best over everything else" },
    { "sweep --show results.sqlite --csv >results.csv", "every row and figure" },
    { NULL, NULL },
};

const struct command command_sweep = {
    .name = "sweep",
    .section = "Predict",
    .summary = "many settings, each many times; which is best",
    .operands = "[STUDY]",
    .min_operands = 0,
    .max_operands = 1,
    .description = "Runs every point of a study (JSON; docs/commands.md): a grid or a list of "
                   "settings over nodes, modes, orders, placements, task counts, durations, "
                   "demands and failures. All points use the same random numbers, so that settings "
                   "are compared replica by replica.\n\n"
                   "Rows go to the store as they finish: a run that ends early, however it ends, "
                   "is continued by the same command. A point that cannot run is a row that says "
                   "why. Started by mpirun, the points are spread over all processes; the rows are "
                   "the same.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct sweep_command_options),
    .run = run,
};
