#include "traces/importer/libensemble_stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_values.h"
#include "traces/packed_file.h"

enum { MOST_ENSEMBLES = 1 << 20 };

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

static void read_manager(struct libensemble_stats *s, const char *line)
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
static const char *id_of(const struct libensemble_stats *s, const char *kind, const char *line,
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

static void add_call(struct libensemble_stats *s, struct task_row *row, long worker)
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
static bool read_worker(struct libensemble_stats *s, const char *line)
{
    char *end;
    long worker = strtol(line + strlen("Worker"), &end, 10);
    const char *colon = *end == ':' ? strchr(end + 1, ':') : NULL;
    bool sim = colon && str_starts(colon, ": sim "), gen = colon && str_starts(colon, ": gen ");
    struct task_row row = task_row_new();
    if ((!sim && !gen) || worker < 0 || worker > LIBENSEMBLE_MOST_WORKERS ||
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
    s->generators[s->n_generators++] =
        (struct libensemble_generator){ row.id, row.start_s, row.end_s };
    s->generator_worker = (int)worker;
    return true;
}

static void read_line(struct libensemble_stats *s, const char *line)
{
    if (str_starts(line, "Manager"))
        read_manager(s, line);
    else if (*line)
        s->table->counts.torn += !str_starts(line, "Worker") || !read_worker(s, line);
}

int libensemble_read_stats(struct libensemble_stats *s, const char *path, struct error *err)
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
