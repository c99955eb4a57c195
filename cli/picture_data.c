#include "cli/picture_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/timeline_columns.h"
#include "plots/dag.h"

static const char campaign_caption[] = "Results of the campaign over time",
                  makespan_caption[] = "Makespans of the replicas",
                  session_caption[] = "Sessions of the replicas, cut at the walltime (red)",
                  solution_caption[] = "Times to the solution of the replicas",
                  workflow_caption[] = "Task sets and their dependencies";

/* ---- as results store it ---- */

struct stored_timeline {
    char *name;
    struct workflow *decided;            /* NULL: that of all */
    struct timeline_columns columns;
    struct timeline *timeline;           /* of them, made after reading */
};

struct stored_pictures {
    struct workflow *workflow;
    struct platform *platform;
    struct makespans makespans;
    struct campaign_curves campaign;
    size_t n;
    struct stored_timeline *timelines;
};

static struct workflow *workflow_in(const struct schema_field *f, const void *object)
{
    struct workflow *w;
    memcpy(&w, (const char *)object + f->offset, sizeof w);
    return w;
}

static int read_workflow(const struct schema_field *f, const struct json *at, void *object,
                         struct error *err)
{
    struct workflow *w = workflow_from_json(at, err);
    memcpy((char *)object + f->offset, &w, sizeof w);
    return w ? 0 : -1;
}

static cJSON *save_workflow(const struct schema_field *f, const void *object)
{
    const struct workflow *w = workflow_in(f, object);
    return w ? workflow_to_json(w) : NULL;
}

static void clear_workflow(const struct schema_field *f, void *object)
{
    workflow_free(workflow_in(f, object));
}

static const struct schema_type workflow_type = { .words = "a workflow", .json = "{}",
                                                  .read = read_workflow, .save = save_workflow,
                                                  .clear = clear_workflow };

static int read_platform(const struct schema_field *f, const struct json *at, void *object,
                         struct error *err)
{
    (void)f;
    struct stored_pictures *s = object;
    s->platform = platform_from_json(at, err);
    return s->platform ? 0 : -1;
}

static cJSON *save_platform(const struct schema_field *f, const void *object)
{
    (void)f;
    return platform_to_json(((const struct stored_pictures *)object)->platform);
}

static void clear_platform(const struct schema_field *f, void *object)
{
    (void)f;
    platform_free(((struct stored_pictures *)object)->platform);
}

static const struct schema_type platform_type = { .words = "a platform", .json = "{}",
                                                  .read = read_platform, .save = save_platform,
                                                  .clear = clear_platform };

#define TIMELINE(member) SCHEMA_AT(struct stored_timeline, member)
static const struct schema_field timeline_fields[] = {
    { "name", &schema_text, TIMELINE(name), .required = true, .help = "the mode" },
    { "workflow", &workflow_type, TIMELINE(decided), .help = "if it was decided at run time" },
    { "columns", &schema_object, TIMELINE(columns), .of = &timeline_columns_schema,
      .required = true, .help = "replica 0" },
};
static const struct schema timeline_schema = { "timeline", SCHEMA_FIELDS(timeline_fields),
                                               .size = sizeof(struct stored_timeline) };

#define PICTURES(member) SCHEMA_AT(struct stored_pictures, member)
static const struct schema_field pictures_fields[] = {
    { "workflow", &workflow_type, PICTURES(workflow), .required = true, .help = "what ran" },
    { "platform", &platform_type, PICTURES(platform), .required = true, .help = "where" },
    { "makespans", &schema_object, PICTURES(makespans), .of = &makespans_schema, .required = true,
      .help = "of all replicas" },
    { "campaign", &schema_object, PICTURES(campaign), .of = &campaign_curves_schema,
      .help = "its results over time" },
    { "timelines", &schema_list, PICTURES(timelines), .count = offsetof(struct stored_pictures, n),
      .of = &timeline_schema, .required = true, .help = "of replica 0" },
};
static const struct schema pictures_schema = { "pictures", SCHEMA_FIELDS(pictures_fields),
                                               .size = sizeof(struct stored_pictures) };

struct stored_result { struct stored_pictures pictures; };
static const struct schema_field result_fields[] = {
    { "pictures", &schema_object, SCHEMA_AT(struct stored_result, pictures), .of = &pictures_schema,
      .help = "of --picture-data" },
};
static const struct schema result_schema = { "result", SCHEMA_FIELDS(result_fields),
                                             .size = sizeof(struct stored_result), .open = true };

/* ---- of runs ---- */

void picture_data_of(struct picture_data *p, const struct scenario_set *set,
                     const struct mode_runs *of, size_t n)
{
    *p = (struct picture_data){ .picture = { .panels = p->panels, .n_panels = n },
                                .makespans = makespans_of(set, of, n),
                                .campaign = campaign_curves_of(&set->scenario, of, n),
                                .workflow = set->workflow };
    for (size_t m = 0; m < n; m++)
        p->panels[m] = (struct picture_panel){ mode_name(of[m].mode), of[m].runs->first };
}

void picture_data_clear(struct picture_data *p)
{
    struct stored_pictures *s = p->stored;
    for (size_t i = 0; s && i < s->n; i++)
        timeline_free(s->timelines[i].timeline);
    if (s)
        schema_clear(&pictures_schema, s);
    else {
        schema_clear(&makespans_schema, &p->makespans);
        schema_clear(&campaign_curves_schema, &p->campaign);
    }
    free(s);
    *p = (struct picture_data){ .workflow = NULL };
}

/* ---- stored ---- */

int picture_data_check(const struct workflow *w, size_t modes, const struct output_options *o,
                       struct error *err)
{
    size_t n = modes * w->n_tasks;
    if (!o->json)
        return error_set(err, "--picture-data: is stored in what --json prints; add --json");
    return n <= PICTURE_DATA_MOST
               ? 0
               : error_set(err, "--picture-data: stores at most %d tasks, and %zu mode%s of %s "
                                "have %zu; --timeline FILE.csv holds any number of them, for "
                                "'dagcast plot gantt FILE.csv'",
                           PICTURE_DATA_MOST, modes, modes == 1 ? "" : "s", w->name, n);
}

/* Borrows all but the columns. */
static void store_timeline(const struct picture_panel *panel, const struct picture_data *p,
                           struct stored_timeline *out)
{
    *out = (struct stored_timeline){ .decided = panel->timeline->session };
    out->name = xstrdup(panel->name);
    timeline_columns_of(panel->timeline, &out->columns);
    if (panel->timeline->workflow == p->workflow)
        out->decided = NULL;
}

void picture_data_store(struct doc *d, const struct picture_data *p)
{
    struct stored_timeline timelines[MODES];
    struct stored_pictures s = { .makespans = p->makespans, .campaign = p->campaign,
                                 .n = p->picture.n_panels, .timelines = timelines };
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; i < s.n; i++)
        store_timeline(&p->panels[i], p, &timelines[i]);
    memcpy(&s.workflow, &p->workflow, sizeof s.workflow);
    memcpy(&s.platform, &p->panels[0].timeline->platform, sizeof s.platform);
    schema_save(&pictures_schema, &s, out);
    doc_data(d, "pictures", out);
    for (size_t i = 0; i < s.n; i++) {
        timelines[i].decided = NULL;
        schema_clear(&timeline_schema, &timelines[i]);
    }
}

static int make_timelines(struct picture_data *p, struct stored_pictures *s, struct error *err)
{
    for (size_t i = 0; i < s->n; i++) {
        struct stored_timeline *t = &s->timelines[i];
        t->timeline = timeline_of_columns(&t->columns, t->decided ? t->decided : s->workflow,
                                          s->platform, err);
        if (!t->timeline)
            return -1;
        p->panels[i] = (struct picture_panel){ t->name, t->timeline };
    }
    return 0;
}

int picture_data_read(struct picture_data *p, const struct json *root, struct error *err)
{
    struct stored_result result = { .pictures = { .n = 0 } };
    *p = (struct picture_data){ .workflow = NULL };
    int status = schema_read(&result_schema, root, &result, err);
    p->stored = xmemdup(&result.pictures, sizeof result.pictures);
    if (status == 0 && result.pictures.n > MODES)
        status = json_error(root, err, "\"pictures\" has more than %d timelines", MODES);
    if (status == 0 && make_timelines(p, p->stored, err))
        status = error_prefix(err, "%s: ", json_name(root->document));
    if (status) {
        picture_data_clear(p);
        return -1;
    }
    p->picture = (struct picture){ .panels = p->panels, .n_panels = result.pictures.n };
    p->makespans = result.pictures.makespans;
    p->campaign = result.pictures.campaign;
    p->workflow = result.pictures.workflow;
    return 0;
}

int picture_data_need(struct picture_data *p, const struct json *root, struct error *err)
{
    if (picture_data_read(p, root, err))
        return -1;
    if (p->picture.n_panels > 0)
        return 0;
    picture_data_clear(p);
    return json_error(root, err, "holds no runs to draw; add --picture-data to the command that "
                                 "prints it: dagcast compare or simulate ... --json "
                                 "--picture-data");
}

/* ---- pages ---- */

static int draw_makespans(const void *what, const char *path, struct error *err)
{
    return makespans_draw(what, NULL, path, err);
}

static int draw_campaign(const void *what, const char *path, struct error *err)
{
    return campaign_draw(what, NULL, path, err);
}

static int draw_workflow(const void *what, const char *path, struct error *err)
{
    const struct workflow *w = what;
    char *title = str_format("Workflow %s", w->name);
    int status = plot_dag(w, title, path, err);
    free(title);
    return status;
}

static struct doc_drawing drawing_of_makespans(const struct makespans *m)
{
    const char *caption = m->of == OF_SOLUTION  ? solution_caption
                          : m->of == OF_SESSION ? session_caption
                                                : makespan_caption;
    return (struct doc_drawing){ caption, .draw = draw_makespans, .what = m };
}

void picture_data_add_makespans(struct doc *d, const struct picture_data *p)
{
    const struct doc_drawing makespans = drawing_of_makespans(&p->makespans);
    if (p->campaign.n > 0)
        doc_picture(d, campaign_caption, draw_campaign, &p->campaign);
    doc_picture(d, makespans.caption, makespans.draw, makespans.what);
}

void picture_data_add_workflow(struct doc *d, const struct workflow *w)
{
    if (dag_nodes(w) <= DAG_NODES_MOST / 10)
        doc_picture(d, workflow_caption, draw_workflow, w);
}

struct doc_drawing *picture_data_drawings(const struct picture_data *p)
{
    struct doc_drawing *all = xcalloc(PAGE_DRAWINGS + 4, sizeof *all);
    size_t n = page_drawings(&p->picture, all);
    all[n++] = drawing_of_makespans(&p->makespans);
    all[n++] = (struct doc_drawing){ campaign_caption, .draw = draw_campaign,
                                     .what = &p->campaign };
    all[n++] = (struct doc_drawing){ workflow_caption, .draw = draw_workflow, .what = p->workflow };
    return all;
}
