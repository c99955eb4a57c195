#include "traces/run_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "scheduling/realise.h"
#include "traces/packed_file.h"
#include "traces/run_journal.h"

#define MEMBER(m) SCHEMA_AT(struct run_description, m)

static const struct schema_field fields[] = {
    { "version", &schema_text, MEMBER(version), .required = true, .help = "of dagcast" },
    { "run_id", &schema_text, MEMBER(run_id), .required = true,
      .help = "random text that marks every process of the run" },
    { "executor", &schema_text, MEMBER(executor), .required = true,
      .help = "who starts the tasks" },
    { "mode", &schema_choice, MEMBER(mode), .choices = mode_names, .required = true,
      .help = "which tasks may be ready together" },
    { "scheduler", &schema_text, MEMBER(scheduler.scheduler), .help = "a whole scheduler" },
    { "generation", &schema_text, MEMBER(scheduler.generation), .help = "of that scheduler" },
    { "order", &schema_text, MEMBER(scheduler.order), .required = true,
      .help = "which waiting task is looked at first" },
    { "overtake", &schema_text, MEMBER(scheduler.overtake), .required = true,
      .help = "who may pass a task that does not fit" },
    { "overtake_every", &schema_number, MEMBER(scheduler.overtake_every.s),
      .unit = QUANTITY_SECONDS, .max = 1e9,
      .help = "that is looked for only every so many seconds" },
    { "placement", &schema_text, MEMBER(scheduler.placement), .required = true,
      .help = "which node" },
    { "seed", &schema_seed, MEMBER(seed), .required = true, .help = "of all draws" },
    { "time_scale", &schema_number, MEMBER(time_scale), .max = 1e9, .required = true,
      .help = "what the workflow's times were multiplied by" },
    { "zero_epoch", &schema_number, MEMBER(zero_epoch_s), .max = 1e12, .required = true,
      .help = "Unix time of second 0" },
    { "busy", &schema_bool, MEMBER(busy), .always = true,
      .help = "tasks without a command keep their cores busy, else they sleep" },
    { "bound", &schema_bool, MEMBER(bound), .always = true,
      .help = "tasks are bound to this machine's cores" },
    { "stop_on_failure", &schema_bool, MEMBER(stop_on_failure), .always = true,
      .help = "the run ends where a task has failed for good" },
    { "live_cap", &schema_integer, MEMBER(live_cap), .max = 1e6, .always = true,
      .help = "most processes at once; 0: no cap" },
    { "retry", &schema_number, MEMBER(retry_s), .unit = QUANTITY_SECONDS, .max = 1e6,
      .always = true,
      .help = "the scheduler's idle interval; 0: it has none" },
};

const struct schema run_schema = { "run", SCHEMA_FIELDS(fields),
                                   .size = sizeof(struct run_description),
                                   .title = "A run" };

char *run_folder_file(const char *path, const char *name)
{
    return str_format("%s/%s", path, name);
}

bool run_folder_is(const char *path)
{
    return packed_file_is_in(path, "run.json") && packed_file_is_in(path, "journal");
}

/* -1 where there is something already; a folder that is empty is fine. */
static int make_folder(const char *path, struct error *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno != EEXIST)
        return error_set(err, "%s: cannot make the run's folder: %s", path, strerror(errno));
    if (stat(path, &st) || !S_ISDIR(st.st_mode))
        return error_set(err, "%s: is a file, and a run needs a folder: give another --run-dir",
                         path);
    size_t n;
    char **names = file_names_in(path, &n);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return n == 0 ? 0
                  : error_set(err, "%s: %s; nothing there is overwritten: give another --run-dir%s",
                              path, run_folder_is(path) ? "holds a run already" : "is not empty",
                              run_folder_is(path) ? ", or go on with --resume" : "");
}

static int save_json(const char *path, const char *name, cJSON *value, struct error *err)
{
    char *text = json_print(value), *file = run_folder_file(path, name);
    int status = file_save(file, text, strlen(text), err);
    xfree(file, text);
    cJSON_Delete(value);
    return status;
}

int run_folder_create(const char *path, const struct run_description *d, const struct workflow *w,
                      const struct platform *p, struct error *err)
{
    if (make_folder(path, err) || save_json(path, "workflow.json", workflow_to_json(w), err) ||
        save_json(path, "platform.json", platform_to_json(p), err))
        return -1;
    cJSON *description = cJSON_CreateObject();
    schema_save(&run_schema, d, description);
    return save_json(path, "run.json", description, err);
}

/* As it is, or packed. */
static char *part(const struct run_folder *f, const char *name)
{
    char *plain = run_folder_file(f->path, name), *found = packed_file_find(plain);
    free(plain);
    return found;
}

static struct workflow *load_workflow(const char *path, struct error *err)
{
    return workflow_of_document(packed_file_load_json_apart(path, WORKFLOW_SETS, err), err);
}

static int load_parts(struct run_folder *f, struct error *err)
{
    char *run = part(f, "run.json"), *workflow = part(f, "workflow.json"),
         *platform = part(f, "platform.json");
    struct json_document *document = packed_file_load_json(run, err);
    struct json root = document ? json_root(document) : (struct json){ 0 };
    int status = document ? schema_read(&run_schema, &root, &f->description, err) : -1;
    json_free(document);
    if (status == 0 && (!(f->workflow = load_workflow(workflow, err)) ||
                        !(f->platform = platform_load(platform, packed_file_load_json, err))))
        status = -1;
    xfree(run, workflow, platform);
    return status;
}

/* A workflow that decides becomes the one that took place, as far as the journal says. */
static int realise(struct run_folder *f, struct error *err)
{
    if (!workflow_decides(f->workflow))
        return 0;
    struct outcomes *decided = outcomes_new();
    char *journal = run_folder_file(f->path, "journal");
    const struct realise_options o = { .seed = f->description.seed, .mode = f->description.mode,
                                       .platform = f->platform,
                                       .known = decided, .horizon = REALISE_RUN_HORIZON,
                                       .said = true };
    f->described = f->workflow;
    struct workflow *w = run_journal_decisions(journal, decided, err) == 0
                             ? workflow_realise(f->described, &o, err)
                             : NULL;
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
    schema_clear(&run_schema, &f->description);
    *f = (struct run_folder){ 0 };
}
