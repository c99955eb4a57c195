/* A performance report of Dask, an HTML page: the task stream is in the columns of Bokeh's
 * rectangles. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/base64.h"
#include "traces/importer/dask_impl.h"
#include "traces/importer/json_values.h"

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
static void read_rectangles(struct dask_stream *s, const struct columns *c)
{
    const cJSON *name = c->name->child, *worker = c->worker->child,
                *thread = c->thread ? c->thread->child : NULL;
    const cJSON *key = c->key->child;
    for (size_t i = 0; i < c->n && key && name && worker; i++) {
        double middle_s = c->start[i] / 1e3, seconds = c->duration[i] / 1e3;
        char *kind = dask_name_of_key(value_text(key));
        if (str_equal(kind, value_text(name)))
            dask_add_task(s, value_text(key), value_text(worker), value_text(thread),
                          middle_s - seconds / 2, middle_s + seconds / 2);
        else
            dask_add_other(s, seconds);
        free(kind);
        key = key->next;
        name = name->next;
        worker = worker->next;
        thread = thread ? thread->next : NULL;
    }
}

static bool read_columns(struct dask_stream *s, const cJSON *data)
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
static bool find_columns(struct dask_stream *s, const cJSON *value)
{
    if (read_columns(s, value))
        return true;
    for (const cJSON *e = cJSON_IsObject(value) || cJSON_IsArray(value) ? value->child : NULL; e;
         e = e->next)
        if ((cJSON_IsObject(e) || cJSON_IsArray(e)) && find_columns(s, e))
            return true;
    return false;
}

void dask_read_report(struct dask_stream *s, const char *html)
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
