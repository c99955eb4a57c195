/* A task is what a key computes; its set is the key without its hash, as Dask groups it. A worker
 * is a node of as many cores as it has threads. Transfers and the like are beside the tasks: they
 * hold no thread. */
#include "traces/importer/importers.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/base64.h"
#include "traces/importer/json_values.h"
#include "traces/importer/task_steps.h"
#include "traces/packed_file.h"

struct stream {
    struct task_records *records;
    struct name_index *threads; /* "worker thread" */
    size_t others; /* transfers and the like, */
    double others_s; /* and how long in all */
};

/* --- keys ------------------------------------------------------------------------------------- */

static bool is_all(const char *text, size_t n, int (*is)(int))
{
    for (size_t i = 0; i < n; i++)
        if (!is((unsigned char)text[i]))
            return false;
    return n > 0;
}

/* "simulate-3f2a...-7" -> "simulate", "('sum-part-0a1b...', 1, 2)" -> "sum-part": words up to the
 * first that is a hash or a number. */
static char *name_of_key(const char *key)
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
static void see_thread(struct stream *s, const char *worker, const char *thread)
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

static void add_task(struct stream *s, const char *key, const char *worker, const char *thread,
                     double start_s, double stop_s)
{
    struct task_records *t = s->records;
    struct task_row row = task_row_new();
    if (!*key || !(stop_s >= start_s)) {
        t->counts.torn++;
        return;
    }
    row.id = keep_id(t, key);
    row.name = task_records_keep_taken(t, name_of_key(key));
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

static void add_other(struct stream *s, double seconds)
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
    struct stream *s = context;
    const cJSON *list = value_at(message, "startstops"), *thread = value_at(message, "thread");
    size_t before = s->records->n;
    char *thread_text = cJSON_IsNumber(thread) ? str_format("%.0f", thread->valuedouble)
                                               : xstrdup(value_text(thread));
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        struct action a = action_of(e);
        if (str_equal(a.what, "compute"))
            add_task(s, value_text_at(message, "key"), value_text_at(message, "worker"),
                     thread_text, a.start_s, a.stop_s);
        else
            add_other(s, a.stop_s - a.start_s);
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

/* --- a performance report: the columns of Bokeh's rectangles ---------------------------------- */

struct columns {
    const cJSON *key, *name, *worker, *thread;
    double *start, *duration;
    size_t n;
};

/* A member of an object, or of a list of pairs ["name", value]. */
static const cJSON *column(const cJSON *data, const char *name)
{
    if (cJSON_IsObject(data))
        return value_at(data, name);
    for (const cJSON *pair = cJSON_IsArray(data) ? data->child : NULL; pair; pair = pair->next)
        if (cJSON_IsArray(pair) && str_equal(value_text(pair->child), name))
            return pair->child->next;
    return NULL;
}

/* Texts are a list, in Bokeh 3 that of an {"array"}. */
static const cJSON *texts(const cJSON *value)
{
    return cJSON_IsObject(value) ? value_at(value, "array") : value;
}

/* {"__ndarray__": base64}, {"array": {"data": base64}}. */
static const char *packed_of(const cJSON *value)
{
    const char *old = value_text_at(value, "__ndarray__");
    return *old ? old : value_text_at(value_at(value, "array"), "data");
}

static double *unpack(const cJSON *value, size_t *n)
{
    size_t size;
    unsigned char *bytes = base64_decode(packed_of(value), &size);
    double *numbers = NULL;
    *n = size / sizeof *numbers;
    if (bytes && *n && str_equal(value_text_at(value, "dtype"), "float64") &&
        !str_equal(value_text_at(value, "order"), "big"))
        numbers = xmemdup(bytes, *n * sizeof *numbers);
    free(bytes);
    return numbers;
}

/* NULL: neither a list of numbers nor a packed array. Free it. */
static double *numbers_of(const cJSON *value, size_t *n)
{
    const cJSON *list = texts(value);
    if (*packed_of(value))
        return unpack(value, n);
    *n = (size_t)cJSON_GetArraySize(list);
    double *numbers = *n && cJSON_IsArray(list) ? xcalloc(*n, sizeof *numbers) : NULL,
           *at = numbers;
    for (const cJSON *e = numbers ? list->child : NULL; e; e = e->next)
        *at++ = value_number(e);
    return numbers;
}

/* Starts are the middles of the rectangles; both are milliseconds. */
static void read_rectangles(struct stream *s, const struct columns *c)
{
    const cJSON *name = c->name->child, *worker = c->worker->child,
                *thread = c->thread ? c->thread->child : NULL;
    const cJSON *key = c->key->child;
    for (size_t i = 0; i < c->n && key && name && worker; i++) {
        double middle_s = c->start[i] / 1e3, seconds = c->duration[i] / 1e3;
        char *kind = name_of_key(value_text(key));
        if (str_equal(kind, value_text(name)))
            add_task(s, value_text(key), value_text(worker), value_text(thread),
                     middle_s - seconds / 2, middle_s + seconds / 2);
        else
            add_other(s, seconds);
        free(kind);
        key = key->next;
        name = name->next;
        worker = worker->next;
        thread = thread ? thread->next : NULL;
    }
}

static bool read_columns(struct stream *s, const cJSON *data)
{
    struct columns c = { .key = texts(column(data, "key")),
                         .name = texts(column(data, "name")),
                         .worker = texts(column(data, "worker")),
                         .thread = texts(column(data, "worker_thread")) };
    size_t n_durations = 0;
    if (!cJSON_IsArray(c.key) || !cJSON_IsArray(c.name) || !cJSON_IsArray(c.worker) ||
        !column(data, "start"))
        return false;
    c.start = numbers_of(column(data, "start"), &c.n);
    c.duration = numbers_of(column(data, "duration"), &n_durations);
    c.n = n_durations < c.n ? n_durations : c.n;
    bool found = c.start && c.duration;
    if (found)
        read_rectangles(s, &c);
    xfree(c.start, c.duration);
    return found;
}

/* The task stream, wherever Bokeh puts it. Depth is bounded by the parser's. */
static bool find_columns(struct stream *s, const cJSON *value)
{
    if (read_columns(s, value))
        return true;
    for (const cJSON *e = cJSON_IsObject(value) || cJSON_IsArray(value) ? value->child : NULL; e;
         e = e->next)
        if ((cJSON_IsObject(e) || cJSON_IsArray(e)) && find_columns(s, e))
            return true;
    return false;
}

static void read_report(struct stream *s, const char *html)
{
    static const char begins[] = "application/json", ends[] = "</script>";
    for (const char *at = html; (at = strstr(at, begins)) != NULL;) {
        const char *text = strchr(at, '>'), *end = text ? strstr(text, ends) : NULL;
        if (!end)
            return;
        size_t replaced = 0;
        struct json_document *document =
            json_parse_mended(text + 1, (size_t)(end - text - 1), "", &replaced, NULL);
        struct json root = { 0 };
        if (document)
            root = json_root(document);
        bool found = document && find_columns(s, root.value);
        json_free(document);
        if (found)
            return;
        at = end;
    }
}

/* --- session ---------------------------------------------------------------------------------- */

static int read_file(struct stream *s, const char *path, struct error *err)
{
    size_t size;
    char *text = packed_file_load(path, &size, err);
    if (!text)
        return -1;
    bool html = text[strspn(text, " \t\r\n\xEF\xBB\xBF")] == '<';
    if (html)
        read_report(s, text);
    free(text);
    return html ? 0 : values_read(path, NULL, read_message, s, &s->records->counts.torn, err);
}

static int read_dask(struct task_records *t, const char *path, struct error *err)
{
    t->dates = true;
    struct stream s = { .records = t, .threads = name_index_new() };
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
