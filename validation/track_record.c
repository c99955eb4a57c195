#include "validation/track_record.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_print.h"
#include "base/xalloc.h"
#include "validation/track_record_impl.h"

/* ---- writing ---- */

int track_check(const struct forecast *f, struct error *err)
{
    if (!f->complete)
        return error_set(
            err,
            "only predictions of whole workflows are registered: some replicas leave tasks undone");
    if (isnan(f->pi95.low))
        return error_set(
            err,
            "a prediction without an interval cannot be scored: give --replicas of at least 2");
    return 0;
}

int track_register(struct ledger *l, const struct registration *how, const struct scenario *s,
                   const struct forecast *f, struct error *err)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "name", how->name);
    cJSON_AddNumberToObject(o, "registered", how->now_epoch_s);
    cJSON_AddStringToObject(o, "version", how->version);
    cJSON_AddNumberToObject(o, "replicas", (double)f->n);
    cJSON_AddNumberToObject(o, "makespan", f->makespan.mean);
    cJSON_AddNumberToObject(o, "low", f->pi95.low);
    cJSON_AddNumberToObject(o, "high", f->pi95.high);
    cJSON_AddNumberToObject(o, "nodes", (double)s->platform->n_nodes);
    cJSON_AddItemToObject(o, "scenario", scenario_to_json(s));
    char *text = json_print_compact(o);
    int status = ledger_add(l, TRACK_PREDICTION, text, err);
    free(text);
    cJSON_Delete(o);
    return status;
}

/* ---- reading ---- */

struct json_document *track_parse(const struct ledger_entry *e, size_t i, struct error *err)
{
    char *name = str_format("entry %zu", i + 1);
    struct json_document *doc = json_parse(e->content, strlen(e->content), name, err);
    free(name);
    return doc;
}

static int need_copy(const struct json *at, const char *key, char **out, struct error *err)
{
    const char *text;
    if (json_need_string(at, key, &text, err))
        return -1;
    *out = xstrdup(text);
    return 0;
}

static int read_prediction(struct prediction *p, const struct json *root, struct error *err)
{
    const struct json scenario = json_member(root, "scenario"),
                      workflow = json_member(&scenario, "workflow"),
                      platform = json_member(&scenario, "platform"),
                      middleware = json_member(&scenario, "middleware");
    const char *middleware_name = "ideal";
    if (need_copy(root, "name", &p->name, err) || need_copy(root, "version", &p->version, err) ||
        need_copy(&workflow, "name", &p->workflow, err) ||
        need_copy(&platform, "name", &p->platform, err) ||
        need_copy(&scenario, "mode", &p->mode, err) ||
        json_get_string(&middleware, "name", &middleware_name, err) ||
        json_need_number(root, "registered", 0, 1e12, &p->registered_epoch_s, err) ||
        json_need_number(root, "nodes", 1, 1e9, &p->nodes, err) ||
        json_need_number(root, "makespan", 0, 1e15, &p->predicted_s, err) ||
        json_need_number(root, "low", -1e15, 1e15, &p->pi95.low, err) ||
        json_need_number(root, "high", -1e15, 1e15, &p->pi95.high, err))
        return -1;
    p->middleware = xstrdup(middleware_name);
    return 0;
}

static struct prediction *find_hash(struct track_record *t, const char *hash)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_equal(t->predictions[i].hash, hash))
            return &t->predictions[i];
    return NULL;
}

static int read_outcome(struct track_record *t, const struct json *root, struct error *err)
{
    const char *hash;
    if (json_need_string(root, "prediction", &hash, err))
        return -1;
    struct prediction *p = find_hash(t, hash);
    if (!p || p->scored)
        return json_error(root, err,
                          p ? "its prediction has an outcome already"
                            : "its prediction is not in the ledger");
    if (need_copy(root, "run", &p->run, err) ||
        json_need_number(root, "makespan", DBL_MIN, 1e15, &p->measured_s, err))
        return -1;
    p->scored = true;
    p->error_s = p->predicted_s - p->measured_s;
    p->error_share = p->error_s / p->measured_s;
    p->inside = stats_interval_holds(p->pi95, p->measured_s);
    return 0;
}

static int read_entry(struct track_record *t, const struct ledger *l, size_t i, struct error *err)
{
    const struct ledger_entry e = ledger_at(l, i);
    struct json_document *doc = track_parse(&e, i, err);
    if (!doc)
        return -1;
    const struct json root = json_root(doc);
    int status;
    if (str_equal(e.kind, TRACK_PREDICTION)) {
        struct prediction *p = &t->predictions[t->n++];
        *p = (struct prediction){ .entry = i, .hash = xstrdup(e.hash), .measured_s = NAN,
                                  .error_s = NAN, .error_share = NAN };
        status = read_prediction(p, &root, err);
    } else {
        status = str_equal(e.kind, TRACK_OUTCOME)
                     ? read_outcome(t, &root, err)
                     : json_error(&root, err, "unknown kind '%s'", e.kind);
    }
    json_free(doc);
    return status;
}

/* ---- summary ---- */

static struct track track_of(const struct track_record *t, const char *platform)
{
    struct track out = { .platform = platform, .coverage = NAN, .coverage_ci95 = { NAN, NAN } };
    for (size_t i = 0; i < t->n; i++) {
        const struct prediction *p = &t->predictions[i];
        if (!p->scored || (platform && !str_equal(platform, p->platform)))
            continue;
        out.n++;
        out.inside += p->inside;
        out.bias += p->error_share;
        out.mean_error += fabs(p->error_share);
    }
    out.bias = out.n ? out.bias / (double)out.n : (double)NAN;
    out.mean_error = out.n ? out.mean_error / (double)out.n : (double)NAN;
    if (out.n) {
        out.coverage = (double)out.inside / (double)out.n;
        out.coverage_ci95 = stats_binomial_ci95(out.inside, out.n);
    }
    return out;
}

static void add_platforms(struct track_record *t)
{
    t->platforms = xcalloc(t->n + 1, sizeof *t->platforms);
    for (size_t i = 0; i < t->n; i++) {
        bool known = !t->predictions[i].scored;
        for (size_t k = 0; k < t->n_platforms; k++)
            known = known || str_equal(t->platforms[k].platform, t->predictions[i].platform);
        if (!known)
            t->platforms[t->n_platforms++] = track_of(t, t->predictions[i].platform);
    }
}

int track_record_load(struct track_record *out, const struct ledger *l, struct error *err)
{
    *out = (struct track_record){ .predictions =
                                      xcalloc(ledger_count(l) + 1, sizeof *out->predictions) };
    for (size_t i = 0; i < ledger_count(l); i++)
        if (read_entry(out, l, i, err)) {
            track_record_clear(out);
            return -1;
        }
    out->all = track_of(out, NULL);
    add_platforms(out);
    return 0;
}

void track_record_clear(struct track_record *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct prediction *p = &t->predictions[i];
        char *texts[] = { p->hash, p->name, p->workflow, p->platform, p->middleware, p->mode,
                          p->version, p->run };
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            free(texts[k]);
    }
    xfree(t->predictions, t->platforms);
    *t = (struct track_record){ 0 };
}
