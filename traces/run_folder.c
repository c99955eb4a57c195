#include "traces/run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "scheduling/realise.h"
#include "traces/run_journal.h"

static const char *const known[] = {
    "version", "run_id", "executor", "mode", "scheduler", "generation", "order", "overtake", "placement", "seed", "time_scale",
    "zero_epoch", "busy", "bound", "stop_on_failure", "live_cap", "retry", NULL,
};

char *run_folder_file(const char *path, const char *name)
{
    return str_format("%s/%s", path, name);
}

static bool holds(const char *path, const char *name)
{
    char *file = run_folder_file(path, name);
    bool there = file_exists(file);
    free(file);
    return there;
}

bool run_folder_is(const char *path)
{
    return holds(path, "run.json") && holds(path, "journal");
}

/* -1 where there is something already; a folder that is empty is fine. */
static int make_folder(const char *path, struct error *err)
{
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno != EEXIST)
        return error_set(err, "%s: cannot make the run's folder: %s", path, strerror(errno));
    DIR *folder = opendir(path);
    if (!folder)
        return error_set(err, "%s: is a file, and a run needs a folder: give another --run-dir", path);
    size_t n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n <= 2 ? 0 : error_set(err, "%s: %s; nothing there is overwritten: give another --run-dir%s", path,
                                  run_folder_is(path) ? "holds a run already" : "is not empty",
                                  run_folder_is(path) ? ", or go on with --resume" : "");
}

static int save_json(const char *path, const char *name, cJSON *value, struct error *err)
{
    char *text = json_print(value), *file = run_folder_file(path, name);
    int status = file_save(file, text, strlen(text), err);
    free(file);
    free(text);
    cJSON_Delete(value);
    return status;
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(object, name, text);
}

static cJSON *description_json(const struct run_description *d)
{
    cJSON *o = cJSON_CreateObject();
    add_text(o, "version", d->version);
    add_text(o, "run_id", d->run_id);
    add_text(o, "executor", d->executor);
    add_text(o, "mode", mode_name(d->mode));
    add_text(o, "scheduler", d->scheduler.scheduler);
    add_text(o, "generation", d->scheduler.generation);
    add_text(o, "order", d->scheduler.order);
    add_text(o, "overtake", d->scheduler.overtake);
    add_text(o, "placement", d->scheduler.placement);
    cJSON_AddItemToObject(o, "seed", json_whole(d->seed));
    cJSON_AddNumberToObject(o, "time_scale", d->time_scale);
    cJSON_AddNumberToObject(o, "zero_epoch", d->zero_epoch_s);
    cJSON_AddBoolToObject(o, "busy", d->busy);
    cJSON_AddBoolToObject(o, "bound", d->bound);
    cJSON_AddBoolToObject(o, "stop_on_failure", d->stop_on_failure);
    cJSON_AddNumberToObject(o, "live_cap", (double)d->live_cap);
    cJSON_AddNumberToObject(o, "retry", d->retry_s);
    return o;
}

int run_folder_create(const char *path, const struct run_description *d, const struct workflow *w, const struct platform *p,
                      struct error *err)
{
    if (make_folder(path, err) || save_json(path, "workflow.json", workflow_to_json(w), err) ||
        save_json(path, "platform.json", platform_to_json(p), err))
        return -1;
    return save_json(path, "run.json", description_json(d), err);
}

static int read_texts(const struct json *at, struct run_description *d, struct error *err)
{
    const char *mode = NULL;
    if (json_need_string(at, "version", &d->version, err) || json_need_string(at, "run_id", &d->run_id, err) ||
        json_need_string(at, "executor", &d->executor, err) || json_need_string(at, "mode", &mode, err) ||
        json_get_string(at, "scheduler", &d->scheduler.scheduler, err) ||
        json_get_string(at, "generation", &d->scheduler.generation, err) ||
        json_need_string(at, "order", &d->scheduler.order, err) || json_need_string(at, "overtake", &d->scheduler.overtake, err) ||
        json_need_string(at, "placement", &d->scheduler.placement, err))
        return -1;
    if (mode_find(mode) < 0)
        return json_error(at, err, "mode '%s' is none", mode);
    d->mode = (enum mode)mode_find(mode);
    return 0;
}

static int read_numbers(const struct json *at, struct run_description *d, struct error *err)
{
    struct json seed = json_member(at, "seed");
    if (json_as_seed(&seed, &d->seed, err) ||
        json_need_number(at, "time_scale", 0, 1e9, &d->time_scale, err) ||
        json_need_number(at, "zero_epoch", 0, 1e12, &d->zero_epoch_s, err) || json_get_bool(at, "busy", &d->busy, err) ||
        json_get_bool(at, "bound", &d->bound, err) || json_get_bool(at, "stop_on_failure", &d->stop_on_failure, err) ||
        json_get_int(at, "live_cap", 0, 1000000, &d->live_cap, err) || json_get_number(at, "retry", 0, 1e6, &d->retry_s, err))
        return -1;
    return 0;
}

static int load_parts(struct run_folder *f, struct error *err)
{
    char *run = run_folder_file(f->path, "run.json"), *workflow = run_folder_file(f->path, "workflow.json");
    char *platform = run_folder_file(f->path, "platform.json");
    int status = -1;
    if ((f->document = json_load(run, err))) {
        struct json root = json_root(f->document);
        status = json_expect_object(&root, known, err) || read_texts(&root, &f->description, err) ||
                 read_numbers(&root, &f->description, err) ? -1 : 0;
    }
    if (status == 0 && (!(f->workflow = workflow_load(workflow, err)) || !(f->platform = platform_load(platform, err))))
        status = -1;
    free(run);
    free(workflow);
    free(platform);
    return status;
}

/* A workflow that decides becomes the one that took place, as far as the journal says. */
static int realise(struct run_folder *f, struct error *err)
{
    if (!workflow_decides(f->workflow))
        return 0;
    struct outcomes *decided = outcomes_new();
    char *journal = run_folder_file(f->path, "journal");
    const struct realise_options o = { .seed = f->description.seed, .mode = f->description.mode, .platform = f->platform,
                                       .known = decided, .horizon = REALISE_RUN_HORIZON };
    f->described = f->workflow;
    struct workflow *w = run_journal_decisions(journal, decided, err) == 0 ? workflow_realise(f->described, &o, err) : NULL;
    f->workflow = w ? workflow_copy(w) : NULL;
    if (w)
        f->workflow->realised->settled = true;
    workflow_free(w);
    free(journal);
    outcomes_free(decided);
    return w ? 0 : -1;
}

int run_folder_load(struct run_folder *f, const char *path, struct error *err)
{
    *f = (struct run_folder){ .path = xstrdup(path) };
    int status = 0;
    if (!file_exists(path))
        status = error_set(err, "%s: there is no such folder", path);
    else if (!run_folder_is(path))
        status = error_set(err, "%s: holds no run: run.json and journal are not both there", path);
    else if (load_parts(f, err) || realise(f, err))
        status = -1;
    if (status)
        run_folder_clear(f);
    return status;
}

void run_folder_clear(struct run_folder *f)
{
    free(f->path);
    workflow_free(f->workflow);
    workflow_free(f->described);
    platform_free(f->platform);
    json_free(f->document);
    *f = (struct run_folder){ 0 };
}
