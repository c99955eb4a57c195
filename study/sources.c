#include "study/sources.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/closest_profile.h"
#include "core/presets.h"

/* ---- opening ---- */

static const struct source *find(const struct sources *s, enum setting_id id, const char *name)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct source *at = &s->at[i];
        bool kind = id == SETTING_WORKFLOW   ? at->workflow != NULL
                    : id == SETTING_PLATFORM ? at->platform != NULL
                                             : at->middleware != NULL;
        if (kind && str_equal(at->name, name))
            return at;
    }
    return NULL;
}

/* What the point runs through. "auto" is one source for each workflow and platform. */
static const struct source *find_middleware(const struct sources *s, size_t point)
{
    const char *name = grid_find(s->grid, point, SETTING_MIDDLEWARE).text;
    if (!str_equal(name, PROFILE_AUTO))
        return find(s, SETTING_MIDDLEWARE, name);
    const struct workflow *w =
        find(s, SETTING_WORKFLOW, grid_find(s->grid, point, SETTING_WORKFLOW).text)->workflow;
    const struct platform *p =
        find(s, SETTING_PLATFORM, grid_find(s->grid, point, SETTING_PLATFORM).text)->platform;
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].of_workflow == w && s->at[i].of_platform == p)
            return &s->at[i];
    return NULL;
}

static int load_workflow(struct source *at, const char *path, document_fn *document_of,
                         struct error *err)
{
    struct json_document *document = document_of(path, err);
    if (!document)
        return -1;
    struct json root = json_root(document);
    at->workflow = workflow_from_json(&root, err);
    json_free(document);
    return at->workflow ? 0 : -1;
}

static int load(struct source *at, enum setting_id id, const char *path,
                const char *const *data_dirs, document_fn *document_of, struct error *err)
{
    if (id == SETTING_PLATFORM) {
        at->platform = platform_open(path, data_dirs, document_of, err);
        return at->platform ? 0 : -1;
    }
    at->middleware =
        at->name ? middleware_open(path, data_dirs, document_of, err) : middleware_ideal();
    return at->middleware ? 0 : -1;
}

static int add(struct sources *s, enum setting_id id, const char *name,
               const char *const *data_dirs, struct error *err)
{
    if (find(s, id, name))
        return 0;
    bool is_file = name && (id == SETTING_WORKFLOW || presets_is_path(name));
    char *path = is_file ? file_beside(json_name(s->grid->document), name)
                 : name  ? xstrdup(name)
                         : NULL;
    s->at = xrealloc(s->at, s->n + 1, sizeof *s->at);
    struct source *at = &s->at[s->n++];
    *at = (struct source){ .name = name };
    int status = id == SETTING_WORKFLOW ? load_workflow(at, path, s->document_of, err)
                                        : load(at, id, path, data_dirs, s->document_of, err);
    if (status)
        error_prefix(err, "%s: ", json_name(s->grid->document));
    free(path);
    return status;
}

/* The profile of a point that says "auto". Its workflow and platform are there. */
static int add_closest(struct sources *s, size_t point, const char *const *data_dirs,
                       struct error *err)
{
    if (find_middleware(s, point))
        return 0;
    const struct workflow *w =
        find(s, SETTING_WORKFLOW, grid_find(s->grid, point, SETTING_WORKFLOW).text)->workflow;
    const struct platform *p =
        find(s, SETTING_PLATFORM, grid_find(s->grid, point, SETTING_PLATFORM).text)->platform;
    const struct closest_question q = { .run = assumed_likeness(w, p) };
    struct closest_profile closest;
    if (closest_profile_find(&closest, &q, data_dirs, err))
        return -1;
    s->at = xrealloc(s->at, s->n + 1, sizeof *s->at);
    s->at[s->n++] =
        (struct source){ .name = PROFILE_AUTO,
                         .of_workflow = w,
                         .of_platform = p,
                         .middleware = closest.profile ? closest.profile : middleware_ideal() };
    return 0;
}

static int add_middleware(struct sources *s, size_t point, const char *const *data_dirs,
                          struct error *err)
{
    const char *name = grid_find(s->grid, point, SETTING_MIDDLEWARE).text;
    return str_equal(name, PROFILE_AUTO) ? add_closest(s, point, data_dirs, err)
                                         : add(s, SETTING_MIDDLEWARE, name, data_dirs, err);
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
    const struct workflow *w =
        find(s, SETTING_WORKFLOW, grid_find(g, point, SETTING_WORKFLOW).text)->workflow;
    for (size_t i = 0; i < g->n_axes; i++) {
        bool of_sets = setting_at(g->axes[i].id)->of == SETTING_OF_SETS;
        if (!of_sets || !g->axes[i].part || !grid_at(g, point, i)->said ||
            has_set(w, g->axes[i].part))
            continue;
        const char **names = xcalloc(w->n_sets + 1, sizeof *names);
        for (size_t k = 0; k < w->n_sets; k++)
            names[k] = w->sets[k].label;
        const char *near = str_nearest(g->axes[i].part, names);
        free(names);
        return error_set(err, "%s: %s: workflow %s has no task set '%s'%s%s%s",
                         json_name(g->document), g->axes[i].name, w->name, g->axes[i].part,
                         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    return 0;
}

static int open_all(struct sources *s, const char *const *data_dirs, struct error *err)
{
    static const enum setting_id ids[] = { SETTING_WORKFLOW, SETTING_PLATFORM };
    for (size_t k = 0; k < s->grid->n_points; k++) {
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
            if (add(s, ids[i], grid_find(s->grid, k, ids[i]).text, data_dirs, err))
                return -1;
        if (add_middleware(s, k, data_dirs, err) || check_sets(s, k, err))
            return -1;
    }
    return 0;
}

int sources_open(struct sources *s, const struct grid *g, const char *const *data_dirs,
                 document_fn *document_of, struct error *err)
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
    }
    free(s->at);
    *s = (struct sources){ 0 };
}

/* ---- what it comes to ---- */

static void add_source(struct str *text, const struct source *at)
{
    cJSON *tree = at->workflow   ? workflow_to_json(at->workflow)
                  : at->platform ? platform_to_json(at->platform)
                                 : middleware_to_json(at->middleware);
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
            setting_value_add(&text, grid_at(g, k, i));
            str_add(&text, i + 1 < g->n_axes ? " " : "\n");
        }
    for (size_t i = 0; i < s->n; i++)
        add_source(&text, &s->at[i]);
    uint64_t hash = str_hash(text.text);
    str_clear(&text);
    return hash;
}

/* ---- a point ---- */

struct point { const struct sources *sources; const struct source *middleware; };

/* Measured durations of RADICAL leave out what the middleware adds to them. */
static void share_middleware(struct variant *v, const struct middleware *m)
{
    struct middleware *without = middleware_without_execution(m, v->scenario.workflow);
    if (without)
        variant_take_middleware(v, without);
    else
        v->scenario.middleware = m;
}

/* A variant's open(): what sources_open() has read, shared. */
static int share(struct variant *v, const struct setting_change *c, struct error *err)
{
    const struct point *point = v->context;
    (void)err;
    if (c->id == SETTING_WORKFLOW)
        v->scenario.workflow = find(point->sources, c->id, c->value.text)->workflow;
    else if (c->id == SETTING_PLATFORM)
        v->scenario.platform = find(point->sources, c->id, c->value.text)->platform;
    else
        share_middleware(v, point->middleware->middleware);
    return 0;
}

static int build(const struct sources *s, size_t point, struct variant *v, struct error *err)
{
    const struct point of = { s, find_middleware(s, point) };
    struct setting_change *changes = xcalloc(s->grid->n_axes + 1, sizeof *changes);
    size_t n = grid_changes(s->grid, point, changes);
    v->context = &of;
    v->scenario.workflow =
        find(s, SETTING_WORKFLOW, grid_find(s->grid, point, SETTING_WORKFLOW).text)->workflow;
    share_middleware(v, of.middleware->middleware);
    int status = variant_apply(v, changes, n, err);
    free(changes);
    v->context = NULL;
    return status ? status : variant_build(v, err);
}

int point_open(const struct sources *s, size_t point, struct variant *out, struct error *err)
{
    variant_init(out, NULL);
    out->open = share;
    int status = build(s, point, out, err);
    if (status)
        variant_clear(out);
    return status;
}

const char *point_profile(const struct sources *s, size_t point)
{
    const struct source *at = find_middleware(s, point);
    return at->of_workflow ? at->middleware->name : NULL;
}
