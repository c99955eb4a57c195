/* A task is what a key computes; its set is the key without its hash, as Dask groups it. A worker
 * is a node of as many cores as it has threads. Transfers and the like are beside the tasks: they
 * hold no thread. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/dask_impl.h"
#include "traces/importer/importers.h"
#include "traces/importer/json_values.h"
#include "traces/packed_file.h"

/* --- keys ------------------------------------------------------------------------------------- */

static bool is_all(const char *text, size_t n, int (*is)(int))
{
    for (size_t i = 0; i < n; i++)
        if (!is((unsigned char)text[i]))
            return false;
    return n > 0;
}

char *dask_name_of_key(const char *key)
{
    size_t end;
    key += strspn(key, "('\"<");
    end = strcspn(key, "-,'\")>");
    while (key[end] == '-') {
        size_t n = strcspn(key + end + 1, "-,'\")>");
        const char *word = key + end + 1;
        if (!is_all(word, n, isalpha) || (n == 8 && is_all(word, n, isxdigit)))
            break;
        end += 1 + n;
    }
    return end == 32 && is_all(key, end, isxdigit) ? xstrdup("data")
           : end                                   ? xstrndup(key, end)
                                                   : xstrdup("task");
}

/* An id without what separates ids. */
static const char *keep_id(struct task_records *t, const char *key)
{
    char *id = xstrdup(key);
    for (char *c = id; (c = strpbrk(c, " ;,:()&|?[]'\"")) != NULL; c++)
        *c = '_';
    return task_records_keep_taken(t, id);
}

/* --- tasks ------------------------------------------------------------------------------------ */

/* "tcp://10.0.0.1:3456" -> "10.0.0.1:3456" */
static const char *node_of(const char *worker)
{
    const char *colon = strstr(worker, "://");
    return colon ? colon + strlen("://") : worker;
}

/* A worker has a core for each thread that computed something. */
static void see_thread(struct dask_stream *s, const char *worker, const char *thread)
{
    struct task_records *t = s->records;
    char *name = str_format("%s %s", worker, thread);
    if (name_index_add(s->threads, task_records_keep(t, name), 0) < 0) {
        task_records_add_node(t, &(struct task_node){ node_of(worker), NAN, 0, NAN, 0 });
        for (size_t i = 0; i < t->n_nodes; i++)
            if (str_equal(t->nodes[i].name, node_of(worker)))
                t->nodes[i].cores = known_or(t->nodes[i].cores, 0) + 1;
    }
    free(name);
}

void dask_add_task(struct dask_stream *s, const char *key, const char *worker, const char *thread,
                   double start_s, double stop_s)
{
    struct task_records *t = s->records;
    struct task_row row = task_row_new();
    if (!*key || !(stop_s >= start_s)) {
        t->counts.torn++;
        return;
    }
    row.id = keep_id(t, key);
    row.name = task_records_keep_taken(t, dask_name_of_key(key));
    row.start_s = start_s;
    row.end_s = stop_s;
    row.elapsed_s = stop_s - start_s;
    row.cores = 1;
    row.gpus = 0;
    if (*worker) {
        see_thread(s, worker, thread);
        task_records_place(t, &row, node_of(worker), NAN, NAN);
    }
    task_records_add(t, &row);
}

void dask_add_other(struct dask_stream *s, double seconds)
{
    s->others++;
    s->others_s += seconds > 0 ? seconds : 0;
}

/* --- as JSON ---------------------------------------------------------------------------------- */

/* {"action", "start", "stop"}, in old versions [action, start, stop]. */
struct action {
    const char *what;
    double start_s, stop_s;
};

static struct action action_of(const cJSON *entry)
{
    if (!cJSON_IsArray(entry))
        return (struct action){ value_text_at(entry, "action"), value_time_at(entry, "start"),
                                value_time_at(entry, "stop") };
    return (struct action){ value_text(cJSON_GetArrayItem(entry, 0)),
                            value_number(cJSON_GetArrayItem(entry, 1)),
                            value_number(cJSON_GetArrayItem(entry, 2)) };
}

/* Not Dask's: keys that the user added to say what a key waits for. */
static void read_dependencies(struct task_records *t, const cJSON *list)
{
    struct str text = { 0 };
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next)
        str_addf(&text, "%s%s", text.length ? " " : "", keep_id(t, value_text(e)));
    if (text.length) {
        t->rows[t->n - 1].after = task_records_keep(t, text.text);
        t->has_after = t->all_dependencies = true;
    }
    str_clear(&text);
}

static void read_message(void *context, const cJSON *message)
{
    struct dask_stream *s = context;
    const cJSON *list = value_at(message, "startstops"), *thread = value_at(message, "thread");
    size_t before = s->records->n;
    char *thread_text = cJSON_IsNumber(thread) ? str_format("%.0f", thread->valuedouble)
                                               : xstrdup(value_text(thread));
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        struct action a = action_of(e);
        if (str_equal(a.what, "compute"))
            dask_add_task(s, value_text_at(message, "key"), value_text_at(message, "worker"),
                          thread_text, a.start_s, a.stop_s);
        else
            dask_add_other(s, a.stop_s - a.start_s);
    }
    free(thread_text);
    if (s->records->n == before) {
        s->records->counts.torn += !cJSON_IsArray(list);
        return;
    }
    if (str_equal(value_text_at(message, "status"), "error"))
        s->records->rows[s->records->n - 1].status = TASK_FAILED;
    read_dependencies(s->records, value_at(message, "dependencies"));
}

/* --- session ---------------------------------------------------------------------------------- */

static int read_file(struct dask_stream *s, const char *path, struct error *err)
{
    size_t size;
    char *text = packed_file_load(path, &size, err);
    if (!text)
        return -1;
    bool html = text[strspn(text, " \t\r\n\xEF\xBB\xBF")] == '<';
    if (html)
        dask_read_report(s, text);
    free(text);
    return html ? 0 : values_read(path, NULL, read_message, s, &s->records->counts.torn, err);
}

static int read_dask(struct task_records *t, const char *path, struct error *err)
{
    t->dates = true;
    struct dask_stream s = { .records = t, .threads = name_index_new() };
    int status = read_file(&s, path, err);
    name_index_free(s.threads);
    char *why = str_format(
        "data moved, read or unpacked beside the tasks, %.3f s in all: not modelled", s.others_s);
    notes_add(&t->notes, s.others, "transfers", why);
    free(why);
    notes_add(&t->notes, t->n_nodes, "workers",
              "each is a node, with a core for each thread that computed something");
    notes_add(&t->notes, t->has_after ? 0 : t->n, "tasks",
              "the stream names no dependencies, cores or memory: one core each");
    return status;
}

static int probe(const struct importer_probe *p)
{
    char first = p->head[strspn(p->head, " \t\r\n\xEF\xBB\xBF")];
    bool report = first == '<' && (strstr(p->head, "Dask") || strstr(p->head, "dask") ||
                                   strstr(p->head, "Bokeh") || strstr(p->head, "bokeh"));
    return report                                                                ? 60
           : (first == '[' || first == '{') && strstr(p->head, "\"startstops\"") ? 90
                                                                                 : 0;
}

const struct importer_ops importer_dask = {
    .name = "dask",
    .summary = "Dask's task stream (JSON), or a performance report (HTML)",
    .probe = probe,
    .read = read_dask,
    .expected = "Dask's task stream (JSON, messages with \"key\" and \"startstops\" of a "
                "computation) or a performance report (HTML)",
};
