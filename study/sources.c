#include "study/sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/dispatch.h"
#include "study/variation.h"

/* ---- opening ---- */

static const struct source *find(const struct sources *s, enum axis_id id, const char *name)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct source *at = &s->at[i];
        bool kind = id == AXIS_WORKFLOW ? at->workflow != NULL : id == AXIS_PLATFORM ? at->platform != NULL : at->middleware != NULL;
        if (kind && str_equal(at->name, name))
            return at;
    }
    return NULL;
}

static int load_workflow(struct source *at, const char *path, workflow_document_fn *document_of, struct error *err)
{
    at->document = document_of(path, err);
    if (!at->document)
        return -1;
    struct json root = json_root(at->document);
    at->workflow = workflow_from_json(&root, err);
    return at->workflow ? 0 : -1;
}

static int load(struct source *at, enum axis_id id, const char *path, const char *const *data_dirs, struct error *err)
{
    if (id == AXIS_PLATFORM) {
        at->platform = platform_open(path, data_dirs, err);
        return at->platform ? 0 : -1;
    }
    at->middleware = at->name ? middleware_open(path, data_dirs, err) : middleware_ideal();
    return at->middleware ? 0 : -1;
}

static int add(struct sources *s, enum axis_id id, const char *name, const char *const *data_dirs, struct error *err)
{
    if (find(s, id, name))
        return 0;
    bool is_file = name && (id == AXIS_WORKFLOW || scenario_is_path(name));
    char *path = is_file ? file_beside(json_name(s->grid->document), name) : name ? xstrdup(name) : NULL;
    s->at = xrealloc(s->at, s->n + 1, sizeof *s->at);
    struct source *at = &s->at[s->n++];
    *at = (struct source){ .name = name };
    int status = id == AXIS_WORKFLOW ? load_workflow(at, path, s->document_of, err) : load(at, id, path, data_dirs, err);
    if (status)
        error_prefix(err, "%s: ", json_name(s->grid->document));
    free(path);
    return status;
}

static bool has_set(const struct workflow *w, const char *label)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (str_equal(w->sets[i].label, label))
            return true;
    return false;
}

/* Sets that the study names must be in every workflow that a point runs with a value for them. */
static int check_sets(const struct sources *s, size_t point, struct error *err)
{
    const struct grid *g = s->grid;
    const struct workflow *w = find(s, AXIS_WORKFLOW, grid_find(g, point, AXIS_WORKFLOW, NULL).text)->workflow;
    for (size_t i = 0; i < g->n_axes; i++) {
        if (!g->axes[i].set || !axis_value_said(grid_at(g, point, i)) || has_set(w, g->axes[i].set))
            continue;
        const char **names = xcalloc(w->n_sets + 1, sizeof *names);
        for (size_t k = 0; k < w->n_sets; k++)
            names[k] = w->sets[k].label;
        const char *near = str_nearest(g->axes[i].set, names);
        free(names);
        return error_set(err, "%s: %s: workflow %s has no task set '%s'%s%s%s", json_name(g->document), g->axes[i].name, w->name,
                         g->axes[i].set, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    return 0;
}

static int open_all(struct sources *s, const char *const *data_dirs, struct error *err)
{
    static const enum axis_id ids[] = { AXIS_WORKFLOW, AXIS_PLATFORM, AXIS_MIDDLEWARE };
    for (size_t k = 0; k < s->grid->n_points; k++) {
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
            if (add(s, ids[i], grid_find(s->grid, k, ids[i], NULL).text, data_dirs, err))
                return -1;
        if (check_sets(s, k, err))
            return -1;
    }
    return 0;
}

int sources_open(struct sources *s, const struct grid *g, const char *const *data_dirs, workflow_document_fn *document_of,
                 struct error *err)
{
    *s = (struct sources){ .grid = g, .document_of = document_of };
    int status = open_all(s, data_dirs, err);
    if (status)
        sources_clear(s);
    return status;
}

void sources_clear(struct sources *s)
{
    for (size_t i = 0; i < s->n; i++) {
        workflow_free(s->at[i].workflow);
        platform_free(s->at[i].platform);
        middleware_free(s->at[i].middleware);
        json_free(s->at[i].document);
    }
    free(s->at);
    *s = (struct sources){ 0 };
}

/* ---- what it comes to ---- */

static void add_source(struct str *text, const struct source *at)
{
    cJSON *tree = at->workflow ? workflow_to_json(at->workflow)
                : at->platform ? platform_to_json(at->platform) : middleware_to_json(at->middleware);
    char *printed = json_print(tree);
    str_add(text, printed);
    free(printed);
    cJSON_Delete(tree);
}

uint64_t sources_hash(const struct sources *s)
{
    const struct grid *g = s->grid;
    struct str text = { 0 };
    str_addf(&text, "replicas %zu precision %.17g\n", g->replicas, g->precision);
    for (size_t k = 0; k < g->n_points; k++)
        for (size_t i = 0; i < g->n_axes; i++) {
            str_addf(&text, "%s=", g->axes[i].name);
            axis_value_add(&text, grid_at(g, k, i));
            str_add(&text, i + 1 < g->n_axes ? " " : "\n");
        }
    for (size_t i = 0; i < s->n; i++)
        add_source(&text, &s->at[i]);
    uint64_t hash = str_hash(text.text);
    str_clear(&text);
    return hash;
}

/* ---- a point ---- */

static struct axis_value value(const struct sources *s, size_t point, enum axis_id id)
{
    return grid_find(s->grid, point, id, NULL);
}

static int open_platform(const struct sources *s, size_t point, const struct middleware *m, struct setting *out, struct error *err)
{
    const struct platform *whole = find(s, AXIS_PLATFORM, value(s, point, AXIS_PLATFORM).text)->platform;
    struct axis_value nodes = value(s, point, AXIS_NODES);
    out->platform = axis_value_said(&nodes) ? platform_with_nodes(whole, (size_t)nodes.number, err) : platform_copy(whole);
    if (!out->platform || m->n_blocked == 0)
        return out->platform ? 0 : -1;
    struct platform *blocked = platform_with_blocked(out->platform, m->blocked, m->n_blocked, err);
    platform_free(out->platform);
    out->platform = blocked;
    return blocked ? 0 : -1;
}

static int open_scheduler(const struct sources *s, size_t point, const struct middleware *m, struct setting *out, struct error *err)
{
    const char *name = value(s, point, AXIS_SCHEDULER).text;
    struct scheduler_options said = { .scheduler = name, .order = value(s, point, AXIS_ORDER).text,
                                      .overtake = value(s, point, AXIS_OVERTAKE).text, .placement = value(s, point, AXIS_PLACEMENT).text };
    bool parts = said.order || said.overtake || said.placement;
    for (size_t i = 0; name && dispatch_preset_at(i); i++) {
        const struct scheduler_preset *preset = dispatch_preset_at(i);
        if (!str_equal(preset->name, name))
            continue;
        said.scheduler = preset->scheduler;
        said.order = said.order ? said.order : preset->order;
        said.overtake = said.overtake ? said.overtake : preset->overtake;
    }
    out->scenario.scheduler = scheduler_options_resolve(&said, m);
    if (out->scenario.scheduler.scheduler && parts)
        return error_set(err, "scheduler %s orders and places by itself: no order, overtake or placement with it",
                         out->scenario.scheduler.scheduler);
    return 0;
}

static uint64_t seed_of(const struct axis_value *v)
{
    int64_t seed = 1;
    if (v->text)
        str_to_int64(v->text, &seed);                    /* axis_read() has checked it */
    else if (axis_value_said(v))
        seed = (int64_t)v->number;
    return (uint64_t)seed;
}

int setting_open(const struct sources *s, size_t point, struct setting *out, struct error *err)
{
    *out = (struct setting){ 0 };
    const struct source *workflow = find(s, AXIS_WORKFLOW, value(s, point, AXIS_WORKFLOW).text);
    const struct middleware *m = find(s, AXIS_MIDDLEWARE, value(s, point, AXIS_MIDDLEWARE).text)->middleware;
    struct axis_value mode = value(s, point, AXIS_MODE), seed = value(s, point, AXIS_SEED), walltime = value(s, point, AXIS_WALLTIME);
    if (open_platform(s, point, m, out, err) || open_scheduler(s, point, m, out, err) ||
        variation_apply(s->grid, point, workflow->document, &out->workflow, err)) {
        setting_clear(out);
        return -1;
    }
    out->scenario.workflow = out->workflow ? out->workflow : workflow->workflow;
    out->scenario.platform = out->platform;
    out->scenario.middleware = m;
    out->scenario.mode = mode.text ? (enum mode)mode_find(mode.text) : MODE_ASYNCHRONOUS;
    out->scenario.seed = seed_of(&seed);
    out->scenario.walltime_s = axis_value_said(&walltime) ? walltime.number : 0;
    if (platform_check(out->platform, out->scenario.workflow, err) == 0)
        return 0;
    setting_clear(out);
    return -1;
}

void setting_clear(struct setting *s)
{
    workflow_free(s->workflow);
    platform_free(s->platform);
    *s = (struct setting){ 0 };
}
