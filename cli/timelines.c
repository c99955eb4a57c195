#include "cli/timelines.h"

#include "base/json_apart.h"
#include "base/str.h"
#include "cli/foreign_workflow.h"
#include "plots/chrome_trace.h"
#include "sim/simulate.h"
#include "study/adaptive.h"
#include "traces/importer.h"
#include "traces/importer/wfformat.h"

/* ---- replica 0 as files: --timeline and --chrome-trace ---- */

enum { KEEP_TASKS_MOST = 50000 };        /* some 5 MB a mode */

bool timeline_files_keep(const struct scenario *s, bool files)
{
    return files && s->workflow->n_tasks <= KEEP_TASKS_MOST;
}

struct files { struct timeline_csv *csv; struct chrome_trace *trace; };

static void take(void *context, const struct timeline *piece, size_t n)
{
    const struct files *files = context;
    if (files->csv)
        timeline_csv_add(files->csv, piece, n);
    if (files->trace)
        chrome_trace_add(files->trace, piece, n);
}

/* Replica 0 of a session: into `t`, or if that is NULL piece by piece into `sink`. -1: what
 * simulator_new() refuses. */
static int run_first(const struct scenario *s, struct timeline *t, const struct record_sink *sink,
                     struct error *err)
{
    struct replica ignored;
    if (s->workflow->n_sets == 0)
        return 0;
    struct simulator *simulator = simulator_new(s, err);
    if (!simulator)
        return -1;
    if (t)
        simulator_run(simulator, 0, t, &ignored);
    else
        simulator_stream(simulator, 0, sink, &ignored);
    simulator_free(simulator);
    return 0;
}

static int files_open(struct files *files, const struct scenario *s, double session_s,
                      const char *csv, const char *chrome_trace, struct error *err)
{
    *files = (struct files){ 0 };
    if (csv && !(files->csv = timeline_csv_open(s->workflow, s->platform, 0, session_s, csv, err)))
        return -1;
    if (!chrome_trace ||
        (files->trace = chrome_trace_open(s->workflow, s->platform, chrome_trace, err)))
        return 0;
    timeline_csv_abandon(files->csv);
    return -1;
}

/* `status` != 0: nothing is left of them. */
static int files_close(struct files *files, int status, struct error *err)
{
    if (status)
        timeline_csv_abandon(files->csv);
    else if (files->csv)
        status = timeline_csv_close(files->csv, err);
    if (files->trace && status == 0)
        status = chrome_trace_close(files->trace, err);
    else if (files->trace)
        chrome_trace_abandon(files->trace);
    return status;
}

static int write_session(const struct scenario *s, const struct replicas *runs, const char *csv,
                         const char *chrome_trace, struct error *err)
{
    struct files files;
    int status = 0;
    if (files_open(&files, s, runs->at[0].session_s, csv, chrome_trace, err))
        return -1;
    if (runs->first)
        take(&files, runs->first, runs->first->n);
    else
        status = run_first(s, NULL, &(struct record_sink){ take, &files }, err);
    return files_close(&files, status, err);
}

int timeline_files_write(const struct scenario *s, const struct replicas *runs, const char *csv,
                         const char *chrome_trace, struct error *err)
{
    struct adaptive_session session;
    if (!csv && !chrome_trace)
        return 0;
    if (adaptive_session(s, 0, NULL, &session, err))
        return -1;
    int status = write_session(&session.scenario, runs, csv, chrome_trace, err);
    adaptive_session_clear(&session);
    return status;
}

/* Replica 0 alone, without runs; NULL: what simulator_new() refuses. */
static struct timeline *timeline_of_first(const struct scenario *s, struct error *err)
{
    struct adaptive_session session;
    if (adaptive_session(s, 0, NULL, &session, err))
        return NULL;
    struct timeline *t = timeline_new(session.scenario.workflow, s->platform);
    int status = run_first(&session.scenario, t, NULL, err);
    t->session = session.workflow;
    session.workflow = NULL;
    adaptive_session_clear(&session);
    if (status == 0)
        return t;
    timeline_free(t);
    return NULL;
}

/* ---- timelines of files ---- */

/* Its tables are read as trees. */
static int open_result(struct input *in, struct error *err)
{
    in->kind = INPUT_RESULT;
    if (!json_has_apart(in->document))
        return 0;
    json_free(in->document);
    in->document = json_load(in->path, err);
    return in->document ? 0 : -1;
}

int input_open(struct input *in, const char *path, struct error *err)
{
    *in = (struct input){ .path = path, .kind = INPUT_RECORD };
    if (!str_ends(path, ".json"))
        return 0;
    in->document = json_load_apart(path, WORKFLOW_LISTS " jobs", err);
    if (!in->document)
        /* an object a line, as several tools write */
        return importer_knows(path) ? 0 : -1;
    struct json root = json_root(in->document);
    if (json_has(&root, "command") && json_has(&root, "version"))
        return open_result(in, err);
    if (json_has(&root, "task_sets") || (json_has(&root, "workflow") && !wfformat_is(&root)))
        in->kind = INPUT_SCENARIO;
    return 0;
}

void input_close(struct input *in)
{
    json_free(in->document);
    *in = (struct input){ 0 };
}

int input_scenario(const struct input *in, struct scenario_set *set,
                   const struct scenario_options *o, const char *const *data_dirs,
                   struct error *err)
{
    *set = (struct scenario_set){ 0 };
    return in->kind == INPUT_SCENARIO
               ? scenario_set_open(set, in->path, o, data_dirs, err)
               : error_set(err, "%s: needs a workflow, a scenario or a result that stores its "
                                "pictures, not a recorded run", in->path);
}

int input_pictures(const struct input *in, struct picture_data *p, struct error *err)
{
    struct json root = json_root(in->document);
    return picture_data_need(p, &root, err);
}

/* The one mode that is asked for; NULL: all. */
static const char *mode_asked(const struct scenario_options *o)
{
    return o->said[SETTING_MODE].text;
}

static int simulate(struct timelines *t, const char *only, struct error *err)
{
    for (int m = 0; m < MODES; m++) {
        struct scenario one = t->set.scenario;
        if (only && m != mode_find(only))
            continue;
        one.mode = (enum mode)m;
        struct timeline *timeline = timeline_of_first(&one, err);
        if (!timeline)
            return -1;
        t->panels[t->n] = (struct picture_panel){ .name = mode_name(one.mode),
                                                  .timeline = timeline };
        t->at[t->n++] = timeline;
    }
    return 0;
}

static int take_stored(struct timelines *t, const char *only, const char *path, struct error *err)
{
    const struct picture *p = &t->stored.picture;
    for (size_t i = 0; i < p->n_panels; i++)
        if (!only || str_equal(only, p->panels[i].name))
            t->panels[t->n++] = p->panels[i];
    return t->n > 0 ? 0 : error_set(err, "--mode: %s stores no %s run", path, only);
}

static int import(struct timelines *t, const char *path, struct error *err)
{
    t->session = importer_load(path, NULL, err);
    if (!t->session)
        return -1;
    t->n = 1;
    t->panels[0] = (struct picture_panel){ .timeline = t->session->timeline };
    return 0;
}

int timelines_open(struct timelines *t, const struct input *in, const struct scenario_options *o,
                   const char *const *data_dirs, struct error *err)
{
    *t = (struct timelines){ 0 };
    int status = in->kind == INPUT_RECORD   ? import(t, in->path, err)
                 : in->kind == INPUT_RESULT ? input_pictures(in, &t->stored, err)
                                            : input_scenario(in, &t->set, o, data_dirs, err);
    if (status == 0 && in->kind == INPUT_RESULT)
        status = take_stored(t, mode_asked(o), in->path, err);
    else if (status == 0 && in->kind == INPUT_SCENARIO)
        status = simulate(t, mode_asked(o), err);
    if (status)
        timelines_close(t);
    return status;
}

void timelines_close(struct timelines *t)
{
    for (size_t i = 0; i < MODES; i++)
        timeline_free(t->at[i]);
    session_free(t->session);
    scenario_set_clear(&t->set);
    picture_data_clear(&t->stored);
    *t = (struct timelines){ 0 };
}
