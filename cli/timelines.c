#include "cli/timelines.h"

#include "base/str.h"
#include "cli/timeline_files.h"
#include "traces/importer.h"
#include "traces/importer/wfformat.h"

int input_open(struct input *in, const char *path, struct error *err)
{
    *in = (struct input){ .path = path, .kind = INPUT_RECORD };
    if (!str_ends(path, ".json"))
        return 0;
    in->document = json_load(path, err);
    if (!in->document)
        /* an object a line, as several tools write */
        return importer_knows(path) ? 0 : -1;
    struct json root = json_root(in->document);
    if (json_has(&root, "command") && json_has(&root, "version"))
        in->kind = INPUT_RESULT;
    else if (json_has(&root, "task_sets") || (json_has(&root, "workflow") && !wfformat_is(&root)))
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
    if (in->kind == INPUT_RECORD)
        return error_set(err,
                         "%s: needs a workflow, a scenario or what --json printed of one; a "
                         "recorded run is none",
                         in->path);
    if (in->kind == INPUT_SCENARIO)
        return scenario_set_open(set, in->path, o, data_dirs, err);
    struct json root = json_root(in->document), scenario = json_member(&root, "scenario");
    if (!scenario.value)
        return json_error(&root, err, "says nothing of a scenario");
    return scenario_set_reopen(set, &scenario, o, data_dirs, err);
}

static int simulate(struct timelines *t, int only, struct error *err)
{
    for (int m = 0; m < MODES; m++) {
        struct scenario one = t->set.scenario;
        if (only >= 0 && m != only)
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

/* The one mode that is asked for; -1: all. */
static int mode_asked(const struct input *in, const struct scenario_options *o)
{
    const char *name = o->said[SETTING_MODE].text;
    if (!name && in->kind == INPUT_RESULT) {
        struct json root = json_root(in->document);
        json_get_string(&root, "mode", &name, NULL);
    }
    return name ? mode_find(name) : -1;
}

static int import(struct timelines *t, const char *path, struct error *err)
{
    t->session = importer_load(path, NULL, err);
    if (!t->session)
        return -1;
    t->n = 1;
    t->at[0] = t->session->timeline;
    t->panels[0] = (struct picture_panel){ .timeline = t->at[0] };
    return 0;
}

int timelines_open(struct timelines *t, const struct input *in, const struct scenario_options *o,
                   const char *const *data_dirs, struct error *err)
{
    *t = (struct timelines){ 0 };
    int status = in->kind == INPUT_RECORD ? import(t, in->path, err)
                                          : input_scenario(in, &t->set, o, data_dirs, err);
    if (status == 0 && !t->session)
        status = simulate(t, mode_asked(in, o), err);
    if (status)
        timelines_close(t);
    return status;
}

void timelines_close(struct timelines *t)
{
    if (t->session)
        session_free(t->session);
    else
        for (size_t i = 0; i < t->n; i++)
            timeline_free(t->at[i]);
    scenario_set_clear(&t->set);
    *t = (struct timelines){ 0 };
}
