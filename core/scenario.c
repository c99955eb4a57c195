#include "core/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/closest_profile.h"
#include "core/presets.h"
#include "core/scenario_file.h"

const char *const mode_names[MODES + 1] = {
    [MODE_SEQUENTIAL] = "sequential",
    [MODE_PIPELINED] = "pipelined",
    [MODE_ASYNCHRONOUS] = "asynchronous",
};
static const char *const summaries[MODES] = {
    [MODE_SEQUENTIAL] = "one stage at a time over the whole workflow",
    [MODE_PIPELINED] = "pipelines run concurrently, with a barrier after each stage within one",
    [MODE_ASYNCHRONOUS] = "no barriers: a task is ready when its own dependencies are done",
};

const char *mode_name(enum mode m)
{
    return mode_names[m];
}

const char *mode_summary(enum mode m)
{
    return summaries[m];
}

int mode_find(const char *name)
{
    for (int m = 0; m < MODES; m++)
        if (str_equal(mode_names[m], name))
            return m;
    return -1;
}

/* What `cancels` has ended is neither done nor failed: the next job would run it. */
static bool cancels_any(const struct workflow *w)
{
    for (size_t s = 0; s < w->n_sets; s++)
        if (w->sets[s].decided && w->sets[s].decided->n_cancels > 0)
            return true;
    return false;
}

bool allocation_is_chain(const struct scenario *s)
{
    return s->allocation.jobs > 1 || s->allocation.wait || platform_pilots(s->platform) > 1;
}

int allocation_check(const struct scenario *s, struct error *err)
{
    /* each a session */
    bool anew = s->allocation.jobs > 1 && platform_pilots(s->platform) == 1;
    if (anew && cancels_any(s->workflow))
        return error_set(err,
                         "workflow %s: jobs do not hand on what `cancels` has ended; leave out "
                         "--jobs, or let them run side by side (--pilots)",
                         workflow_title(s->workflow));
    if (s->walltime_s > 0)
        return 0;
    if (s->allocation.jobs > 1)
        return error_set(err, "%d jobs without a walltime that ends one; give --walltime too",
                         s->allocation.jobs);
    if (queue_wait_needs_walltime(s->allocation.wait))
        return error_set(
            err, "the wait in the queue depends on the walltime asked for; give --walltime too");
    return 0;
}

static char *find_preset(enum preset_kind k, const char *what, const char *name,
                         const char *const *data_dirs, struct error *err)
{
    char *path = preset_path(k, name, data_dirs);
    if (!path)
        error_set(err,
                  "%s: no such %s; `dagcast list` shows those that come with dagcast, or give a "
                  "file as ./%s.json",
                  name, what, name);
    return path;
}

struct platform *platform_open(const char *name, const char *const *data_dirs,
                               document_fn *document_of, struct error *err)
{
    if (presets_is_path(name))
        return platform_load(name, document_of, err);
    if (str_equal(name, "this-machine"))
        return platform_this_machine(err);
    char *path = find_preset(PRESET_PLATFORM, "platform", name, data_dirs, err);
    struct platform *p = path ? platform_load(path, json_load, err) : NULL;
    free(path);
    return p;
}

struct middleware *middleware_open(const char *name, const char *const *data_dirs,
                                   document_fn *document_of, struct error *err)
{
    if (presets_is_path(name))
        return middleware_load(name, document_of, err);
    if (str_equal(name, "ideal"))
        return middleware_ideal();
    char *path = find_preset(PRESET_MIDDLEWARE, "middleware", name, data_dirs, err);
    struct middleware *m = path ? middleware_load(path, json_load, err) : NULL;
    free(path);
    return m;
}

static int read_workflow(struct scenario_file *f, const struct json *at,
                         const struct file_openers *open, struct error *err)
{
    if (cJSON_IsString(at->value)) {
        char *path = file_beside(json_name(f->document), at->value->valuestring);
        f->workflow = open->workflow ? open->workflow(path, err)
                                     : workflow_of_document(open->document(path, err), err);
        free(path);
    } else {
        f->workflow = workflow_from_json(at, err);
    }
    return f->workflow ? 0 : -1;
}

/* Of a name as it is, of a path from beside the file. */
static char *name_or_path(const struct scenario_file *f, const struct json *at)
{
    const char *name = at->value->valuestring;
    return presets_is_path(name) ? file_beside(json_name(f->document), name) : xstrdup(name);
}

static int read_platform(struct scenario_file *f, const struct json *at, const char *const *dirs,
                         document_fn *document_of, struct error *err)
{
    char *path = cJSON_IsString(at->value) ? name_or_path(f, at) : NULL;
    f->platform = path ? platform_open(path, dirs, document_of, err) : platform_from_json(at, err);
    free(path);
    return f->platform ? 0 : -1;
}

static int read_middleware(struct scenario_file *f, const struct json *at, const char *const *dirs,
                           document_fn *document_of, struct error *err)
{
    if (cJSON_IsString(at->value) && str_equal(at->value->valuestring, PROFILE_AUTO)) {
        f->said[SETTING_MIDDLEWARE] = (struct setting_value){ .said = true,
                                                              .text = at->value->valuestring };
        return 0;
    }
    char *path = cJSON_IsString(at->value) ? name_or_path(f, at) : NULL;
    f->middleware =
        path ? middleware_open(path, dirs, document_of, err) : middleware_from_json(at, err);
    free(path);
    return f->middleware ? 0 : -1;
}

static int expect_keys(const struct json *root, struct error *err)
{
    const char *known[SETTINGS + 1] = { NULL };
    size_t n = 0;
    for (int id = 0; id < SETTINGS; id++)
        if (setting_at((enum setting_id)id)->views & SETTING_KEY)
            known[n++] = setting_at((enum setting_id)id)->name;
    if (json_expect_object(root, known, err))
        return -1;
    return json_has(root, "workflow") ? 0
        : json_error(root, err, "needs a `workflow`: the path of a file, or the workflow itself");
}

/* Members that are given in several kinds; the words say all of them. */
static int expect_kind(enum setting_id id, const struct json *at, struct error *err)
{
    static const struct {
        enum setting_id id;
        unsigned kinds;
        const char *words;
    } several[] = {
        { SETTING_WORKFLOW, JSON_TEXT | JSON_OBJECT, "the path of a file, or the workflow itself" },
        { SETTING_PLATFORM, JSON_TEXT | JSON_OBJECT,
          "a name, the path of a file, or the platform itself" },
        { SETTING_MIDDLEWARE, JSON_TEXT | JSON_OBJECT,
          "a name, the path of a file, or the middleware itself" },
        { SETTING_QUEUE_WAIT, JSON_NUMBER | JSON_TEXT | JSON_OBJECT,
          "seconds, or a distribution" },
    };
    for (size_t i = 0; i < sizeof several / sizeof *several; i++)
        if (several[i].id == id && !(json_kind_of(at) & several[i].kinds))
            return json_refuse_kind(at, several[i].words, err);
    return 0;
}

/* Seconds as any setting, or a distribution. */
static int read_queue_wait(struct scenario_file *f, const struct json *at, struct error *err)
{
    if (!cJSON_IsObject(at->value))
        return setting_read(SETTING_QUEUE_WAIT, NULL, at, &f->said[SETTING_QUEUE_WAIT], err);
    struct dist *d = dist_from_json(at, err);
    f->queue_wait = d ? queue_wait_of_dist(d) : NULL;
    return d ? 0 : -1;
}

static int read_queue_history(struct scenario_file *f, const struct json *at, struct error *err)
{
    struct setting_value *said = &f->said[SETTING_QUEUE_HISTORY];
    if (setting_read(SETTING_QUEUE_HISTORY, NULL, at, said, err))
        return -1;
    said->text = f->queue_history = file_beside(json_name(f->document), said->text);
    return 0;
}

/* In the order of the table, so that of several mistakes the same one is reported. */
static int read_scenario(struct scenario_file *f, const char *const *dirs,
                         const struct file_openers *open, setting_names_fn *names,
                         struct error *err)
{
    struct json root = json_root(f->document);
    int status = expect_keys(&root, err);
    for (int i = 0; i < SETTINGS && status == 0; i++) {
        enum setting_id id = (enum setting_id)i;
        struct json at = json_member(&root, setting_at(id)->name);
        if (!(setting_at(id)->views & SETTING_KEY) || !at.value)
            continue;
        if (expect_kind(id, &at, err))
            return -1;
        switch (id) {
        case SETTING_WORKFLOW: status = read_workflow(f, &at, open, err); break;
        case SETTING_PLATFORM: status = read_platform(f, &at, dirs, open->document, err); break;
        case SETTING_MIDDLEWARE:
            status = read_middleware(f, &at, dirs, open->document, err);
            break;
        case SETTING_QUEUE_WAIT: status = read_queue_wait(f, &at, err); break;
        case SETTING_QUEUE_HISTORY: status = read_queue_history(f, &at, err); break;
        default: status = setting_read(id, names, &at, &f->said[id], err);
        }
    }
    return status;
}

struct scenario_file *scenario_file_load(const char *path, const char *const *data_dirs,
                                         document_fn *document_of, setting_names_fn *names,
                                         struct error *err)
{
    struct json_document *document = document_of(path, err);
    const struct file_openers open = { document_of, NULL };
    return document ? scenario_file_of(document, data_dirs, &open, names, err) : NULL;
}

struct scenario_file *scenario_file_of(struct json_document *document, const char *const *data_dirs,
                                       const struct file_openers *open, setting_names_fn *names,
                                       struct error *err)
{
    struct scenario_file *f = xcalloc(1, sizeof *f);
    f->document = document;
    if (read_scenario(f, data_dirs, open, names, err) == 0)
        return f;
    scenario_file_free(f);
    return NULL;
}

void scenario_file_free(struct scenario_file *f)
{
    if (!f)
        return;
    workflow_free(f->workflow);
    platform_free(f->platform);
    middleware_free(f->middleware);
    queue_wait_free(f->queue_wait);
    free(f->queue_history);
    json_free(f->document);
    free(f);
}
