#include "tests/oracle/read_trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"

static int64_t integer(const struct json *at, const char *key)
{
    int64_t value = -1;
    return json_need_int(at, key, 0, INT64_MAX / 1024, &value, NULL) == 0 ? value : -1;
}

static const char *text(const struct json *at, const char *key)
{
    const char *value = "";
    json_need_string(at, key, &value, NULL);
    return value;
}

/* The record whose facts these are; t->n: none. */
static size_t record_of(const struct timeline *t, const struct json *facts)
{
    int set = workflow_find_set(t->workflow, text(facts, "set"));
    size_t i = 0;
    if (set < 0)
        return t->n;
    int64_t task = t->workflow->sets[set].first_task + integer(facts, "task"),
            attempt = integer(facts, "attempt");
    while (i < t->n && (t->records[i].task != task || timeline_attempt(t, i) != attempt))
        i++;
    return i;
}

static void read_slice(struct trace *r, const struct timeline *t, const struct json *e)
{
    struct json facts = json_member(e, "args");
    struct slice s = { integer(e, "pid"), integer(e, "tid"), integer(e, "ts"),
                       integer(e, "ts") + integer(e, "dur") };
    xgrow(&r->slices, &r->slices_room, r->n_slices + 1, sizeof *r->slices);
    r->slices[r->n_slices++] = s;
    if (!str_equal(text(e, "cat"), "task"))
        return;
    size_t record = record_of(t, &facts);
    if (record == t->n || r->first[record].pid != -1)
        r->flaw = "facts of no record, or twice";
    else
        r->first[record] = s;
}

static void read_point(struct trace *r, const struct json *e)
{
    const char *name = text(e, "name");
    int kind = str_equal(name, "GPUs") ? 1 : str_equal(name, "running tasks") ? 2 : 0;
    struct json values = json_member(e, "args");
    struct point p = { integer(e, "ts"), -1 };
    json_need_number(&values, name, 0, INFINITY, &p.value, NULL);
    xgrow(&r->points[kind], &r->points_room[kind], r->n_points[kind] + 1, sizeof *r->points[kind]);
    r->points[kind][r->n_points[kind]++] = p;
}

static void read_tip(struct tip **tips, size_t *n, size_t *room, const struct json *e)
{
    xgrow(tips, room, *n + 1, sizeof **tips);
    (*tips)[(*n)++] =
        (struct tip){ integer(e, "id"), integer(e, "ts"), integer(e, "pid"), integer(e, "tid") };
}

static int compare_slices(const void *left, const void *right)
{
    const struct slice *a = left, *b = right;
    if (a->pid != b->pid)
        return a->pid < b->pid ? -1 : 1;
    if (a->tid != b->tid)
        return a->tid < b->tid ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

static int compare_tips(const void *left, const void *right)
{
    const struct tip *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

struct trace read_trace(const char *path, const struct timeline *t)
{
    struct trace r = { .first = xcalloc(t->n, sizeof *r.first) };
    struct error err = { "" };
    struct json_document *doc = json_load(path, &err);
    for (size_t i = 0; i < t->n; i++)
        r.first[i].pid = -1;
    if (!doc) {
        r.flaw = "it is no JSON";
        return r;
    }
    struct json root = json_root(doc), events = json_member(&root, "traceEvents");
    for (struct json e = json_first(&events); e.value; e = json_next(&e)) {
        switch (*text(&e, "ph")) {
        case 'X': read_slice(&r, t, &e); break;
        case 'C': read_point(&r, &e); break;
        case 's': read_tip(&r.begins, &r.n_begins, &r.begins_room, &e); break;
        case 'f': read_tip(&r.ends, &r.n_ends, &r.ends_room, &e); break;
        case 'M': break;
        default: r.flaw = "an event of an unknown kind";
        }
    }
    json_free(doc);
    if (r.n_slices > 0)
        qsort(r.slices, r.n_slices, sizeof *r.slices, compare_slices);
    if (r.n_begins > 0)
        qsort(r.begins, r.n_begins, sizeof *r.begins, compare_tips);
    if (r.n_ends > 0)
        qsort(r.ends, r.n_ends, sizeof *r.ends, compare_tips);
    return r;
}

bool lanes_hold_one_at_a_time(const struct trace *r)
{
    for (size_t i = 1; i < r->n_slices; i++) {
        const struct slice *a = &r->slices[i - 1], *b = &r->slices[i];
        if (a->pid == b->pid && a->tid == b->tid && a->to > b->from)
            return false;
        if (b->pid == 0 || b->tid == 0 || b->pid == b->tid)
            return false;                /* numbers that mean something to Perfetto */
    }
    return true;
}

void clear_trace(struct trace *r)
{
    free(r->slices);
    free(r->first);
    for (int k = 0; k < 3; k++)
        free(r->points[k]);
    free(r->begins);
    free(r->ends);
}
