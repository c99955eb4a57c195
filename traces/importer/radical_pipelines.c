#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

static const double same_instant_s = 1e-3;

/* A stretch of a sorted list that becomes one pipeline or one stage; ordered by its first
 * submission. */
struct stretch { size_t first, n; int major; const struct radical_task *leader; };

static int compare_stretches(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    if (x->major != y->major)
        return x->major < y->major ? -1 : 1;
    int order = radical_compare_submissions(x->leader, y->leader);
    return order ? order : strcmp(x->leader->uid, y->leader->uid);
}

/* By number, then by uid, then by submission. */
static int compare(int number_x, int number_y, const char *uid_x, const char *uid_y,
                   const struct radical_task *x, const struct radical_task *y)
{
    if (number_x != number_y)
        return number_x < number_y ? -1 : 1;
    int order = strcmp(uid_x, uid_y);
    return order ? order : radical_compare_submissions(x, y);
}

static int compare_pipelines(const void *a, const void *b)
{
    const struct radical_task *x = *(const struct radical_task *const *)a,
                              *y = *(const struct radical_task *const *)b;
    return compare(x->run, y->run, x->pipeline_uid, y->pipeline_uid, x, y);
}

static int compare_stages(const void *a, const void *b)
{
    const struct radical_task *x = *(const struct radical_task *const *)a,
                              *y = *(const struct radical_task *const *)b;
    return compare(x->pipeline, y->pipeline, x->stage_uid, y->stage_uid, x, y);
}

static bool same_pipeline(const struct radical_task *x, const struct radical_task *y)
{
    return x->run == y->run && str_equal(x->pipeline_uid, y->pipeline_uid);
}

static bool same_stage(const struct radical_task *x, const struct radical_task *y)
{
    return x->pipeline == y->pipeline && str_equal(x->stage_uid, y->stage_uid);
}

/* Cuts a sorted list into stretches and puts these in order of submission. */
static struct stretch *cut(struct radical_task **list, size_t n,
                           bool (*same)(const struct radical_task *, const struct radical_task *),
                           int (*major)(const struct radical_task *), size_t *n_stretches)
{
    struct stretch *s = xcalloc(n + 1, sizeof *s);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!i || !same(list[i - 1], list[i]))
            s[count++] = (struct stretch){ .first = i, .major = major(list[i]), .leader = list[i] };
        s[count - 1].n++;
    }
    sort_items(s, count, sizeof *s, compare_stretches);
    *n_stretches = count;
    return s;
}

static int run_of(const struct radical_task *t) { return t->run; }
static int pipeline_of(const struct radical_task *t) { return t->pipeline; }

static void number_pipelines(struct radical *r)
{
    struct radical_task **list = radical_all(r);
    sort_items(list, r->n, sizeof *list, compare_pipelines);
    struct stretch *s = cut(list, r->n, same_pipeline, run_of, &r->n_pipelines);
    r->pipelines = xcalloc(r->n_pipelines + 1, sizeof *r->pipelines);
    for (size_t p = 0; p < r->n_pipelines; p++) {
        r->pipelines[p] = (struct radical_pipeline){ .run = s[p].major,
                                                     .uid = s[p].leader->pipeline_uid };
        for (size_t i = 0; i < s[p].n; i++)
            list[s[p].first + i]->pipeline = (int)p;
    }
    xfree(s, list);
}

static void number_stages(struct radical *r)
{
    struct radical_task **list = radical_all(r);
    size_t n;
    sort_items(list, r->n, sizeof *list, compare_stages);
    struct stretch *s = cut(list, r->n, same_stage, pipeline_of, &n);
    for (size_t k = 0; k < n; k++) {
        int stage = r->pipelines[s[k].major].n_stages++;
        for (size_t i = 0; i < s[k].n; i++)
            list[s[k].first + i]->stage = stage;
    }
    xfree(s, list);
}

/* A run() for each of EnTK's records; a task belongs to the last that had started when it was
 * submitted. */
static void read_runs(struct radical *r)
{
    double zero = r->session->zero_epoch_s;
    r->n_runs = r->totals.n_runs;
    r->runs = xcalloc(r->n_runs + 1, sizeof *r->runs);
    for (size_t i = 0; i < r->n_runs; i++)
        r->runs[i].started_s = r->totals.run_started[i] - zero;
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        double at = t->entity->at[EVENT_CLIENT_SUBMITTED];
        at = isnan(at) ? radical_first_time(t->entity) : at;
        t->run = 0;
        for (size_t k = 1; k < r->n_runs && r->runs[k].started_s <= at + same_instant_s; k++)
            t->run = (int)k;
    }
}

/* First submission and last DONE of each pipeline; DONE is INFINITY unless all its tasks have one.
 */
struct span { double submitted_s, done_s; };

static struct span *pipeline_spans(const struct radical *r)
{
    struct span *spans = xcalloc(r->n_pipelines + 1, sizeof *spans);
    for (size_t p = 0; p < r->n_pipelines; p++)
        spans[p] = (struct span){ .submitted_s = NAN, .done_s = -INFINITY };
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        struct span *span = &spans[t->pipeline];
        double done = t->entity->at[EVENT_CLIENT_DONE];
        span->submitted_s = earlier_known(span->submitted_s, t->entity->at[EVENT_CLIENT_SUBMITTED]);
        if (t->last_attempt)
            span->done_s = later_known(span->done_s, known_or(done, INFINITY));
    }
    return spans;
}

/* Without records: a new run() begins with a pipeline that is submitted after all earlier ones were
 * done. */
static void infer_runs(struct radical *r)
{
    struct span *spans = pipeline_spans(r);
    double done = INFINITY;
    r->runs = xcalloc(r->n_pipelines + 1, sizeof *r->runs);
    for (size_t p = 0; p < r->n_pipelines; p++) {
        if (!p || spans[p].submitted_s >= done) {
            r->runs[r->n_runs++] =
                (struct radical_run){ .started_s = spans[p].submitted_s, .inferred = true };
            done = -INFINITY;
        }
        r->pipelines[p].run = (int)r->n_runs - 1;
        done = later_known(done, spans[p].done_s);
    }
    for (size_t i = 0; i < r->n; i++)
        r->tasks[i].run = r->pipelines[r->tasks[i].pipeline].run;
    free(spans);
}

/* Tasks that EnTK did not name, in a session where it named others, are a pipeline of their own. */
static void adopt_strays(struct radical *r)
{
    size_t strays = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        strays += !t->pipeline_uid;
        t->pipeline_uid = t->pipeline_uid ? t->pipeline_uid : "without pipeline";
        t->stage_uid = t->stage_uid ? t->stage_uid : "without stage";
    }
    session_note(r->session, strays, "tasks without EnTK's name",
                 "they are taken as a pipeline of their own");
}

void radical_pipelines(struct radical *r)
{
    for (size_t i = 0; i < r->n; i++)
        r->session->has_entk |= r->tasks[i].pipeline_uid != NULL;
    if (!r->session->has_entk) {
        r->runs = xcalloc(1, sizeof *r->runs);
        r->n_runs = 1;
        r->runs[0] = (struct radical_run){ .started_s = NAN, .inferred = true };
        for (size_t i = 0; i < r->n; i++)
            r->tasks[i].run = 0;
        return;
    }
    adopt_strays(r);
    if (r->totals.n_runs)
        read_runs(r);
    number_pipelines(r);
    number_stages(r);
    if (!r->totals.n_runs)
        infer_runs(r);
}
