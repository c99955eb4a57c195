#include "core/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/phases.h"
#include "core/timeline_phases.h"

struct timeline_csv {
    const struct workflow *workflow;
    const struct platform *platform;
    struct file_writer file;
    char **node_names;
    char **set_names;                    /* quoted where they need it */
    struct str nodes;                    /* of one record */
    struct str line;
    /* the number written last, and its text: neighbours are often equal */
    double last;
    struct str last_text;
    bool phases;                         /* it has that column */
};

/* New string. */
static char *quoted(const char *field)
{
    struct str out = { 0 };
    escape_csv(&out, field);
    return str_take(&out);
}

static void add_number(struct timeline_csv *w, double x)
{
    if (!isnan(x)) {
        if (x != w->last || signbit(x) != signbit(w->last)) {
            w->last_text.length = 0;
            str_add_double(&w->last_text, x);
            w->last = x;
        }
        str_add_n(&w->line, w->last_text.text, w->last_text.length);
    }
    str_add(&w->line, ",");
}

size_t timeline_run_of_ids(const uint16_t *ids, size_t n, size_t from)
{
    size_t end = from + 1;
    while (end < n && ids[end] == ids[end - 1] + 1)
        end++;
    return end;
}

void timeline_add_ids(struct str *out, const uint16_t *ids, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        end = timeline_run_of_ids(ids, n, i);
        str_addf(out, i ? " %u" : "%u", (unsigned)ids[i]);
        if (end - i > 1)
            str_addf(out, "-%u", (unsigned)ids[end - 1]);
    }
}

/* The ids 0 to n - 1. */
static void add_range(struct str *out, int n)
{
    if (n > 0)
        str_addf(out, n > 1 ? "0-%d" : "0", n - 1);
}

static void add_blocked(struct str *out, const struct node_shape *shape)
{
    for (size_t i = 0; i < shape->n_blocked; i++)
        str_addf(out, i ? " %d" : "%d", shape->blocked[i]);
}

enum slot_column { COLUMN_NODES, COLUMN_CORES, COLUMN_GPUS, COLUMN_SHARE };

/* One of the four columns that say where a record ran: a node's parts, separated by semicolons. */
static void add_slot_column(struct timeline_csv *w, const struct timeline *t, size_t record,
                            enum slot_column column)
{
    struct timeline_slots s;
    bool first = true, more = timeline_slots_first(t, record, &s);
    w->nodes.length = 0;
    for (; more; more = timeline_slots_next(&s), first = false) {
        if (!first)
            str_add(column == COLUMN_NODES ? &w->nodes : &w->line, ";");
        if (column == COLUMN_NODES)
            str_add(&w->nodes, w->node_names[s.node]);
        else if (column == COLUMN_CORES)
            timeline_add_ids(&w->line, s.cores, s.n_cores);
        else if (column == COLUMN_GPUS)
            timeline_add_ids(&w->line, s.gpus, s.n_gpus);
        else
            str_addf(&w->line, "%d", (int)s.gpu_share);
    }
    if (w->nodes.length > 0)
        escape_csv(&w->line, w->nodes.text);
}

/* Ends the line. */
static void add_phases(struct timeline_csv *w, const struct timeline *t, size_t record)
{
    w->nodes.length = 0;
    if (w->phases) {
        str_add(&w->line, ",");
        timeline_phases_format(&w->nodes, t, record);
    }
    if (w->nodes.length > 0)
        escape_csv(&w->line, w->nodes.text);
    str_add(&w->line, "\n");
}

static void add_record(struct timeline_csv *w, const struct timeline *t, size_t i)
{
    const struct timeline_record *r = &t->records[i];
    int set = workflow_set_of_task(t->workflow, r->task);
    str_addf(&w->line, "%s,%u,%u,%s,", w->set_names[set],
             (unsigned)(r->task - t->workflow->sets[set].first_task), timeline_attempt(t, i),
             task_status_name((enum task_status)t->status[i]));
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        add_number(w, timeline_at(t, i, timeline_instants[k]));
    for (enum slot_column c = COLUMN_NODES; c <= COLUMN_SHARE; c++) {
        add_slot_column(w, t, i, c);
        str_add(&w->line, c == COLUMN_SHARE ? "" : ",");
    }
    add_phases(w, t, i);
}

/* The platform in the same four columns: all slots and GPUs of each node, and (in the last) the
 * slots that are never given. */
static void add_platform(struct timeline_csv *w)
{
    size_t n = w->platform->n_nodes <= TIMELINE_CSV_MOST_NODES ? w->platform->n_nodes : 0;
    w->nodes.length = 0;
    for (enum slot_column c = COLUMN_NODES; c <= COLUMN_SHARE; c++) {
        for (size_t i = 0; i < n; i++) {
            const struct node_shape *shape = platform_node(w->platform, i);
            str_add(c == COLUMN_NODES ? &w->nodes : &w->line, i ? ";" : "");
            if (c == COLUMN_NODES)
                str_add(&w->nodes, w->node_names[i]);
            else if (c == COLUMN_SHARE)
                add_blocked(&w->line, shape);
            else
                add_range(&w->line, c == COLUMN_CORES ? shape->n_slots : shape->n_gpus);
        }
        if (c == COLUMN_NODES && n > 0)
            escape_csv(&w->line, w->nodes.text);
        str_add(&w->line, c < COLUMN_SHARE ? "," : w->phases ? ",\n" : "\n");
    }
}

/* The session's own start, end and platform, in a row that belongs to no set. */
static void add_session(struct timeline_csv *w, double start_s, double end_s)
{
    if (isnan(start_s) && isnan(end_s))
        return;
    str_add(&w->line, ",,,session,");
    add_number(w, start_s);
    str_add(&w->line, ",,,,,,");
    add_number(w, end_s);
    add_platform(w);
}

/* Semicolons separate nodes, so one in a name is %3B; a % that would be read as such is %25. New
 * string; takes `name`. */
static char *without_semicolons(char *name)
{
    struct str out = { 0 };
    for (const char *c = name; *c; c++) {
        if (*c == ';')
            str_add(&out, "%3B");
        else if (str_starts(c, "%3B") || str_starts(c, "%25"))
            str_add(&out, "%25");
        else
            str_add_n(&out, c, 1);
    }
    free(name);
    return str_take(&out);
}

static void name_nodes(struct timeline_csv *w)
{
    size_t n = w->platform->n_nodes;
    w->node_names = xcalloc(n, sizeof *w->node_names);
    for (size_t i = 0; i < n; i++)
        w->node_names[i] = without_semicolons(platform_node_name(w->platform, i));
}

static void csv_free(struct timeline_csv *w)
{
    for (size_t i = 0; w->node_names && i < w->platform->n_nodes; i++)
        free(w->node_names[i]);
    for (size_t s = 0; s < w->workflow->n_sets; s++)
        free(w->set_names[s]);
    xfree(w->node_names, w->set_names);
    str_clear(&w->nodes);
    str_clear(&w->line);
    str_clear(&w->last_text);
    free(w);
}

void timeline_csv_head(struct str *out, bool phases)
{
    str_add(out, "set,task,attempt,status,");
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        str_addf(out, "%s_s,", instant_key(timeline_instants[k]));
    str_add(out, phases ? "nodes,cores,gpus,gpu_share,phases\n" : "nodes,cores,gpus,gpu_share\n");
}

static void write_line(struct timeline_csv *w)
{
    fwrite(w->line.text, 1, w->line.length, w->file.stream);
    w->line.length = 0;
}

/* Of a timeline's workflow, platform and session. */
static struct timeline_csv *begin(const struct timeline *t, bool phases, const char *path,
                                  struct error *err)
{
    struct timeline_csv *w = xcalloc(1, sizeof *w);
    w->workflow = t->workflow;
    w->platform = t->platform;
    w->phases = phases;
    w->last = NAN;
    w->set_names = xcalloc(t->workflow->n_sets, sizeof *w->set_names);
    for (size_t s = 0; s < t->workflow->n_sets; s++)
        w->set_names[s] = quoted(t->workflow->sets[s].name);
    name_nodes(w);
    if (file_writer_open(&w->file, path, err)) {
        csv_free(w);
        return NULL;
    }
    timeline_csv_head(&w->line, phases);
    add_session(w, t->session_start_s, t->session_end_s);
    write_line(w);
    return w;
}

struct timeline_csv *timeline_csv_open(const struct workflow *workflow,
                                       const struct platform *platform, double session_start_s,
                                       double session_end_s, const char *path, struct error *err)
{
    const struct timeline t = { .workflow = workflow, .platform = platform,
                                .session_start_s = session_start_s,
                                .session_end_s = session_end_s };

    return begin(&t, phases_recorded(workflow, platform), path, err);
}

void timeline_csv_add(struct timeline_csv *w, const struct timeline *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add_record(w, t, i);
        write_line(w);
    }
}

int timeline_csv_close(struct timeline_csv *w, struct error *err)
{
    int status = file_writer_commit(&w->file, err);
    csv_free(w);
    return status;
}

void timeline_csv_abandon(struct timeline_csv *w)
{
    if (!w)
        return;
    file_writer_abandon(&w->file);
    csv_free(w);
}

int timeline_save_csv(const struct timeline *t, const char *path, struct error *err)
{
    bool phases = phases_recorded(t->workflow, t->platform) || timeline_has_phases(t);
    struct timeline_csv *w = begin(t, phases, path, err);
    if (!w)
        return -1;
    timeline_csv_add(w, t, t->n);
    return timeline_csv_close(w, err);
}
