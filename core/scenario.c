#include "core/scenario.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

static const struct { const char *name, *summary; } modes[MODES] = {
    [MODE_SEQUENTIAL] = { "sequential", "one stage at a time over the whole workflow" },
    [MODE_PIPELINED] = { "pipelined", "pipelines run concurrently, with a barrier after each stage within one" },
    [MODE_ASYNCHRONOUS] = { "asynchronous", "no barriers: a task is ready when its own dependencies are done" },
};

const char *mode_name(enum mode m)
{
    return modes[m].name;
}

const char *mode_summary(enum mode m)
{
    return modes[m].summary;
}

int mode_find(const char *name)
{
    for (int m = 0; m < MODES; m++)
        if (str_equal(modes[m].name, name))
            return m;
    return -1;
}

bool scenario_is_path(const char *name)
{
    return strchr(name, '/') || str_ends(name, ".json");
}

static char *find_preset(const char *folder, const char *name, const char *const *data_dirs)
{
    char *file = str_format("%s/%s.json", folder, name), *path = file_find_data(data_dirs, file);
    free(file);
    return path;
}

struct platform *platform_open(const char *name, const char *const *data_dirs, struct error *err)
{
    if (scenario_is_path(name))
        return platform_load(name, err);
    if (str_equal(name, "this-machine"))
        return platform_this_machine(err);
    char *path = find_preset("platforms", name, data_dirs);
    if (!path) {
        error_set(err, "%s: no such platform; `dagcast list` shows those that come with dagcast, or give a file as ./%s.json", name, name);
        return NULL;
    }
    struct platform *p = platform_load(path, err);
    free(path);
    return p;
}

struct middleware *middleware_open(const char *name, const char *const *data_dirs, struct error *err)
{
    if (scenario_is_path(name))
        return middleware_load(name, err);
    if (str_equal(name, "ideal"))
        return middleware_ideal();
    char *path = find_preset("profiles", name, data_dirs);
    if (!path) {
        error_set(err, "%s: no such middleware; `dagcast list` shows those that come with dagcast, or give a file as ./%s.json", name,
                  name);
        return NULL;
    }
    struct middleware *m = middleware_load(path, err);
    free(path);
    return m;
}

static const char *const scenario_fields[] = {
    "workflow", "platform", "middleware", "nodes", "mode", "scheduler", "generation", "order", "overtake", "placement", "seed", "replicas",
    "walltime", NULL };

static struct workflow *load_workflow(const char *path, workflow_document_fn *document_of, struct error *err)
{
    struct json_document *document = document_of(path, err);
    if (!document)
        return NULL;
    struct json root = json_root(document);
    struct workflow *w = workflow_from_json(&root, err);
    json_free(document);
    return w;
}

static int read_workflow(struct scenario_file *f, const struct json *root, workflow_document_fn *document_of, struct error *err)
{
    struct json at = json_member(root, "workflow");
    if (!at.value)
        return json_error(root, err, "needs a `workflow`: the path of a file, or the workflow itself");
    if (cJSON_IsString(at.value)) {
        char *path = file_beside(json_name(f->document), at.value->valuestring);
        f->workflow = load_workflow(path, document_of, err);
        free(path);
    } else {
        f->workflow = workflow_from_json(&at, err);
    }
    return f->workflow ? 0 : -1;
}

static int read_platform(struct scenario_file *f, const struct json *root, const char *const *dirs, struct error *err)
{
    struct json at = json_member(root, "platform");
    if (!at.value)
        return 0;
    if (!cJSON_IsString(at.value)) {
        f->platform = platform_from_json(&at, err);
    } else {
        const char *name = at.value->valuestring;
        char *path = scenario_is_path(name) ? file_beside(json_name(f->document), name) : xstrdup(name);
        f->platform = platform_open(path, dirs, err);
        free(path);
    }
    int64_t nodes = 0;
    if (!f->platform || json_get_int(root, "nodes", 1, 10000000, &nodes, err) != 0)
        return -1;
    if (nodes == 0)
        return 0;
    struct platform *some = platform_with_nodes(f->platform, (size_t)nodes, err);
    platform_free(f->platform);
    f->platform = some;
    return some ? 0 : -1;
}

static int read_middleware(struct scenario_file *f, const struct json *root, const char *const *dirs, struct error *err)
{
    struct json at = json_member(root, "middleware");
    if (!at.value)
        return 0;
    if (!cJSON_IsString(at.value)) {
        f->middleware = middleware_from_json(&at, err);
    } else {
        const char *name = at.value->valuestring;
        char *path = scenario_is_path(name) ? file_beside(json_name(f->document), name) : xstrdup(name);
        f->middleware = middleware_open(path, dirs, err);
        free(path);
    }
    return f->middleware ? 0 : -1;
}

static int read_seconds(const struct json *root, const char *key, double *seconds, struct error *err)
{
    struct json at = json_member(root, key);
    if (!at.value)
        return 0;
    if (cJSON_IsString(at.value) && !quantity_parse(at.value->valuestring, QUANTITY_SECONDS, seconds))
        return json_error(&at, err, "'%s' is no duration; write seconds, or \"30m\", \"1.5h\", \"1:30:00\"", at.value->valuestring);
    if (cJSON_IsString(at.value) && *seconds > 1e9)
        return json_error(&at, err, "must be at most 1e9 s, is '%s'", at.value->valuestring);
    return cJSON_IsString(at.value) ? 0 : json_as_number(&at, 0, 1e9, seconds, err);
}

static int read_scenario(struct scenario_file *f, const char *const *dirs, workflow_document_fn *document_of, struct error *err)
{
    struct json root = json_root(f->document);
    const char *names[MODES + 1] = { NULL };
    uint64_t seed = 1;
    int64_t replicas = 0;
    for (int m = 0; m < MODES; m++)
        names[m] = mode_name((enum mode)m);
    if (json_expect_object(&root, scenario_fields, err) != 0 || read_workflow(f, &root, document_of, err) != 0 ||
        read_platform(f, &root, dirs, err) != 0 || read_middleware(f, &root, dirs, err) != 0 ||
        json_get_choice(&root, "mode", names, &f->mode, err) != 0 ||
        json_get_string(&root, "scheduler", &f->scheduler.scheduler, err) != 0 ||
        json_get_string(&root, "generation", &f->scheduler.generation, err) != 0 ||
        json_get_string(&root, "order", &f->scheduler.order, err) != 0 ||
        json_get_string(&root, "overtake", &f->scheduler.overtake, err) != 0 ||
        json_get_string(&root, "placement", &f->scheduler.placement, err) != 0 ||
        json_get_seed(&root, "seed", &seed, err) != 0 ||
        json_get_int(&root, "replicas", 1, 100000000, &replicas, err) != 0 || read_seconds(&root, "walltime", &f->walltime_s, err) != 0)
        return -1;
    f->seed = seed;
    f->replicas = (size_t)replicas;
    return 0;
}

struct scenario_file *scenario_file_load(const char *path, const char *const *data_dirs, workflow_document_fn *document_of,
                                         struct error *err)
{
    struct scenario_file *f = xcalloc(1, sizeof *f);
    f->mode = -1;
    f->document = json_load(path, err);
    if (f->document && read_scenario(f, data_dirs, document_of, err) == 0)
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
    json_free(f->document);
    free(f);
}
