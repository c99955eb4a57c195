/* A worker is a node with one slot: it runs one simulation at a time, on the share of the machine
 * that the manager gave it. A generator that persists holds a worker throughout and is a service;
 * one that is called for each batch is a task. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/importers.h"
#include "traces/importer/libensemble_stats.h"
#include "traces/importer/task_steps.h"
#include "traces/packed_file.h"

static const char stats_name[] = "libE_stats.txt", results_name[] = "manager_results.csv";

/* --- manager_results.csv of ytopt ------------------------------------------------------------- */

struct results {
    double ranks, ranks_per_node, workers;
    char *machine;
    bool gpus, differ;
    size_t n;
};

static void take(double *known, const char *text, bool *differ)
{
    double value;
    if (!str_to_double(text, &value) || !(value >= 1 && value <= 1e9))
        return;
    *differ = *differ || (*known > 0 && *known != value);
    *known = value;
}

static void read_results(struct results *r, struct csv *c)
{
    if (!csv_next(c))
        return;
    const int ranks = csv_find(c, "mpi_ranks"), ranks_per_node = csv_find(c, "ranks_per_node"),
              workers = csv_find(c, "libE_workers"), machine = csv_find(c, "machine_identifier"),
              gpus = csv_find(c, "gpu_enabled");
    while (csv_next(c)) {
        bool ignored = false;
        take(&r->ranks, csv_at(c, ranks), &r->differ);
        take(&r->ranks_per_node, csv_at(c, ranks_per_node), &r->differ);
        take(&r->workers, csv_at(c, workers), &ignored);
        if (!r->machine && *csv_at(c, machine))
            r->machine = xstrdup(csv_at(c, machine));
        r->gpus = r->gpus || str_equal(csv_at(c, gpus), "True");
        r->n++;
    }
}

/* What lies beside the statistics; nothing if there is no such file. */
static struct results load_results(const char *stats_path)
{
    struct results r = { 0 };
    size_t size;
    char *plain = file_beside(stats_path, results_name), *path = packed_file_find(plain),
         *text = file_exists(path) ? packed_file_load(path, &size, NULL) : NULL;
    xfree(plain, path);
    if (!text)
        return r;
    struct csv c;
    csv_open(&c, text, size, ',');
    read_results(&r, &c);
    csv_close(&c);
    free(text);
    return r;
}

/* --- session ---------------------------------------------------------------------------------- */

/* Workers that ran nothing, but were there. Returns how many. */
static size_t add_idle_workers(struct libensemble_stats *s, double workers)
{
    size_t before = s->table->n_nodes;
    for (int k = 1; (double)s->table->n_nodes < workers && k <= LIBENSEMBLE_MOST_WORKERS; k++) {
        char *name = str_format("worker%d", k);
        if (k != s->generator_worker)
            task_records_add_node(s->table, &(struct task_node){ name, 1, 0, NAN, 0 });
        free(name);
    }
    return s->table->n_nodes - before;
}

static void add_services(struct session *session, const struct libensemble_stats *s)
{
    session->n_services = s->n_generators;
    session->services = xcalloc(s->n_generators + 1, sizeof *session->services);
    for (size_t i = 0; i < s->n_generators; i++) {
        const struct libensemble_generator *g = &s->generators[i];
        session->services[i] = (struct session_service){
            .uid = session_keep(session, g->id),
            .kind = "generator",
            .started_s = g->started_s - session->zero_epoch_s,
            .stopped_s = g->stopped_s - session->zero_epoch_s,
            .has_demand = true,
            .ranks = 1,
            .slots = 1,
        };
    }
}

static void note(struct session *session, const struct libensemble_stats *s,
                 const struct results *r, size_t idle)
{
    session_note(session, s->table->n_nodes, "workers",
                 "each is a node with one slot: it runs one simulation at a time");
    session_note(session, s->n_generators, "generators",
                 "persist, and hold a worker of their own: services beside the tasks");
    session_note(session, s->ensembles > 1 ? (size_t)s->ensembles : 0, "ensembles",
                 "in one file: one session, one after the other");
    session_note(session, s->open, "ensembles",
                 "no exit recorded: what still ran then is not in the file");
    session_note(session, idle, "workers", "counted by manager_results.csv, ran no simulation");
    session_note(session, session->workflow->n_tasks, "tasks",
                 "which result the generator waited for is not recorded: no dependencies");
    if (r->ranks > 0 && r->ranks_per_node > 0 && !r->differ) {
        char *why =
            str_format("each ran %.0f ranks on %.0f nodes%s%s%s, which are its worker's share",
                       r->ranks, ceil(r->ranks / r->ranks_per_node), r->machine ? " of " : "",
                       r->machine ? r->machine : "", r->gpus ? " with GPUs" : "");
        session_note(session, r->n, "rows of manager_results.csv", why);
        free(why);
    }
    if (!r->machine)
        return;
    session->resource = session_keep(session, r->machine);
    free(session->platform->name);
    session->platform->name = xstrdup(r->machine);
}

/* The folder's name if the file has libEnsemble's own. Free it. */
static char *name_of(const char *given)
{
    char here[PATH_MAX], *path = xstrndup(given, packed_file_name_length(given)),
         *slash = strrchr(path, '/');
    bool in_folder = str_equal(str_file_name(path), stats_name) && slash != path;
    if (in_folder && slash)
        *slash = '\0';
    const char *folder = slash ? path : getcwd(here, sizeof here);
    char *name =
        in_folder && folder ? xstrdup(str_file_name(folder)) : str_stem(path, ".txt");
    free(path);
    return name;
}

static struct session *make_session(struct libensemble_stats *s, const char *path,
                                    const char *stats_path, struct error *err)
{
    struct results results = load_results(stats_path);
    size_t idle = add_idle_workers(s, results.workers);
    char *name = name_of(stats_path);
    task_records_note(s->table);
    struct session *session = task_session(
        s->table, &(struct task_source){ importer_libensemble.name, name, path }, err);
    if (session) {
        session->window = s->n_generators > 0 ? (int)(session->platform->n_nodes - idle) : 0;
        add_services(session, s);
        note(session, s, &results, idle);
    }
    xfree(name, results.machine);
    return session;
}

static struct session *load(const char *path, struct error *err)
{
    char *inside = packed_file_in(path, stats_name),
         *stats_path = inside ? inside : packed_file_find(path);
    struct task_records table;
    struct libensemble_stats s = { .table = &table, .generator_worker = -1 };
    task_records_init(&table, TABLE_PLAIN);
    table.dates = table.slots_unnamed = true;
    struct session *session = libensemble_read_stats(&s, stats_path, err)
                                  ? NULL
                                  : make_session(&s, path, stats_path, err);
    task_records_clear(&table);
    xfree(s.generators, stats_path);
    return session;
}

static int probe(const struct importer_probe *p)
{
    if (p->is_folder && packed_file_is_in(p->path, stats_name))
        return 90;
    bool begins = str_starts(p->head, "Manager ") || str_starts(p->head, "Worker ");
    return begins && (strstr(p->head, "Starting ensemble") || strstr(p->head, ": sim Time:") ||
                      strstr(p->head, ": gen Time:"))
               ? 95
               : 0;
}

const struct importer_ops importer_libensemble = {
    .name = "libensemble",
    .summary = "an ensemble of libEnsemble: libE_stats.txt, or its folder with manager_results.csv",
    .probe = probe,
    .load = load,
};
