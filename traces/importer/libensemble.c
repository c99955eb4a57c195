/* A worker is a node with one slot: it runs one simulation at a time, on the share of the machine
 * that the manager gave it. A generator that persists holds a worker throughout and is a service;
 * one that is called for each batch is a task. */
#include "traces/importer/importers.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_steps.h"
#include "traces/importer/task_values.h"
#include "traces/packed_file.h"

static const char stats_name[] = "libE_stats.txt", results_name[] = "manager_results.csv";
enum { MOST_WORKERS = 65535, MOST_ENSEMBLES = 1 << 20 };

struct generator {
    const char *id;
    double started_s, stopped_s;
};

struct stats { /* the file, as it is read */
    struct task_records *table;
    int ensembles; /* begun so far: libE() may be called again in one folder */
    size_t n_generators, room, open; /* open: begun without an exit */
    struct generator *generators; /* those that persisted */
    int generator_worker; /* a worker that one of them held; -1 */
};

/* --- lines ------------------------------------------------------------------------------------ */

/* The first `n` words behind a mark; "" if the line lacks the mark. Free it. */
static char *words_behind(const char *line, const char *mark, int n)
{
    const char *at = strstr(line, mark);
    if (!at)
        return xstrdup("");
    at += strlen(mark);
    at += strspn(at, " ");
    const char *end = at;
    for (int i = 0; i < n && *end; i++)
        end += (i ? strspn(end, " ") : 0) + strcspn(end + (i ? strspn(end, " ") : 0), " \r\n");
    return xstrndup(at, (size_t)(end - at));
}

static bool read_date(const char *line, const char *mark, double *time_s)
{
    bool date = false;
    char *text = words_behind(line, mark, 2);
    bool read = task_value_time(text, time_s, &date) && date;
    free(text);
    return read;
}

static bool read_elapsed(const char *line, double *seconds)
{
    char *text = words_behind(line, " Time:", 1);
    bool read = task_value_duration(text, seconds);
    free(text);
    return read;
}

/* libEnsemble's words for how a call ended; it returned in any case. */
static enum task_status status_of(const char *line)
{
    const char *words = strstr(line, " Status:");
    if (words && strstr(words, "kill"))
        return TASK_KILLED;
    return words && (strstr(words, "ail") || strstr(words, "xception")) ? TASK_FAILED : TASK_DONE;
}

static void read_manager(struct stats *s, const char *line)
{
    double time_s;
    if (strstr(line, "Starting ensemble") && read_date(line, " at:", &time_s)) {
        s->ensembles += s->ensembles < MOST_ENSEMBLES;
        s->open++;
        s->table->begun_s = known_or(s->table->begun_s, time_s);
    } else if (strstr(line, "Exiting ensemble") && read_date(line, " at:", &time_s)) {
        s->open -= s->open > 0;
        s->table->ended_s = time_s;
    }
}

/* "sim 12", "gen 1 (ensemble 2)": numbers begin anew with each ensemble. `colon` is behind the
 * number. */
static const char *id_of(const struct stats *s, const char *kind, const char *line,
                         const char *colon)
{
    const char *number = colon;
    while (number > line && !strchr(" :", number[-1]))
        number--;
    char *text = s->ensembles > 1 ? str_format("%s %.*s (ensemble %d)", kind, (int)(colon - number),
                                               number, s->ensembles)
                                  : str_format("%s %.*s", kind, (int)(colon - number), number);
    const char *kept = task_records_keep(s->table, text);
    free(text);
    return kept;
}

static void add_call(struct stats *s, struct task_row *row, long worker)
{
    char *node = str_format("worker%ld", worker);
    task_records_add_node(s->table, &(struct task_node){ node, 1, 0, NAN, 0 });
    task_records_place(s->table, row, node, 1, 0);
    free(node);
    task_records_complete(s->table, row);
    task_records_add(s->table, row);
}

/* "Worker     4: sim_id     2: sim Time: 1.580 Start: DATE End: DATE Status: ..."; "Gen no", and in
 * old files "Calc", for "sim_id". */
static bool read_worker(struct stats *s, const char *line)
{
    char *end;
    long worker = strtol(line + strlen("Worker"), &end, 10);
    const char *colon = *end == ':' ? strchr(end + 1, ':') : NULL;
    bool sim = colon && str_starts(colon, ": sim "), gen = colon && str_starts(colon, ": gen ");
    struct task_row row = task_row_new();
    if ((!sim && !gen) || worker < 0 || worker > MOST_WORKERS ||
        !read_elapsed(colon, &row.elapsed_s) || !read_date(colon, " Start:", &row.start_s) ||
        !read_date(colon, " End:", &row.end_s) || row.end_s < row.start_s)
        return false;
    row.name = sim ? "sim" : "gen";
    row.id = id_of(s, row.name, line, colon);
    row.status = status_of(colon);
    row.cores = 1;
    if (!gen || !strstr(colon, "Persis")) {
        add_call(s, &row, worker);
        return true;
    }
    xgrow(&s->generators, &s->room, s->n_generators + 1, sizeof *s->generators);
    s->generators[s->n_generators++] = (struct generator){ row.id, row.start_s, row.end_s };
    s->generator_worker = (int)worker;
    return true;
}

static void read_line(struct stats *s, const char *line)
{
    if (str_starts(line, "Manager"))
        read_manager(s, line);
    else if (*line)
        s->table->counts.torn += !str_starts(line, "Worker") || !read_worker(s, line);
}

static int read_stats(struct stats *s, const char *path, struct error *err)
{
    size_t size;
    char *text = packed_file_load(path, &size, err);
    if (!text)
        return -1;
    for (char *line = text, *next; *line; line = next) {
        size_t n = strcspn(line, "\r\n");
        next = line + n + strspn(line + n, "\r\n");
        line[n] = '\0';
        read_line(s, line);
    }
    free(text);
    if (s->table->n == 0)
        return error_set(err,
                         "%s: expected lines of libEnsemble's workers (\"Worker 1: sim_id 0: sim "
                         "Time: 1.5 Start: DATE End: DATE Status: ...\"); none of %zu can be read",
                         path, s->table->counts.torn);
    return 0;
}

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
static size_t add_idle_workers(struct stats *s, double workers)
{
    size_t before = s->table->n_nodes;
    for (int k = 1; (double)s->table->n_nodes < workers && k <= MOST_WORKERS; k++) {
        char *name = str_format("worker%d", k);
        if (k != s->generator_worker)
            task_records_add_node(s->table, &(struct task_node){ name, 1, 0, NAN, 0 });
        free(name);
    }
    return s->table->n_nodes - before;
}

static void add_services(struct session *session, const struct stats *s)
{
    session->n_services = s->n_generators;
    session->services = xcalloc(s->n_generators + 1, sizeof *session->services);
    for (size_t i = 0; i < s->n_generators; i++) {
        const struct generator *g = &s->generators[i];
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

static void note(struct session *session, const struct stats *s, const struct results *r,
                 size_t idle)
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

static struct session *make_session(struct stats *s, const char *path, const char *stats_path,
                                    struct error *err)
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
    struct stats s = { .table = &table, .generator_worker = -1 };
    task_records_init(&table, TABLE_PLAIN);
    table.dates = table.slots_unnamed = true;
    struct session *session =
        read_stats(&s, stats_path, err) ? NULL : make_session(&s, path, stats_path, err);
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
