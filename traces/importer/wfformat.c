#include "traces/importer/wfformat.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/importers.h"
#include "traces/importer/wfformat_impl.h"
#include "traces/packed_file.h"

enum { TEXT_BLOCK_BYTES = 1 << 16 };

static const char *const versions[] = { "1.3", "1.4", "1.5", "1.6", NULL };

bool wfformat_is(const struct json *root)
{
    struct json workflow = json_member(root, "workflow");
    return json_has(root, "workflow") &&
           (json_has(root, "schemaVersion") || json_has(&workflow, "specification") ||
            cJSON_IsArray(json_member(&workflow, "tasks").value));
}

static int check_version(struct wf *f, struct error *err)
{
    int version = -1;
    struct json workflow = json_member(&f->root, "workflow");
    if (!workflow.value && json_has(&f->root, "task_sets"))
        return json_error(&f->root, err,
                          "is a workflow of dagcast, not a record of a run; give it to 'dagcast "
                          "simulate' or 'dagcast compare'");
    if (!workflow.value)
        return json_error(&f->root, err,
                          "holds no 'workflow' of WfFormat, nor jobs, results or tasks as another "
                          "known tool writes them");
    if (json_get_choice(&f->root, "schemaVersion", versions, &version, err))
        return -1;
    if (version < 0)
        session_note(f->session, 1, "schemaVersion", "the file does not say: read by its layout");
    f->old_layout = !json_has(&workflow, "specification");
    return 0;
}

/* Of the whole execution. */
static void read_times(struct wf *f)
{
    struct json at = f->workflow, execution = json_member(&f->workflow, "execution");
    if (execution.value)
        at = execution;
    struct json makespan = json_member(&at, "makespanInSeconds");
    if (!makespan.value)
        makespan = json_member(&at, "makespan");
    if (cJSON_IsNumber(makespan.value) && makespan.value->valuedouble > 0)
        f->session->recorded_makespan_s = makespan.value->valuedouble;
    else
        session_note(f->session, 1, "makespan", "not recorded");
    bool bad;
    f->begun_epoch_s = wf_time_of(json_member(&at, "executedAt").value, &bad);
}

/* What files need nothing of: tasks, edges and texts. */
static void clear_tasks(struct wf *f)
{
    task_links_clear(&f->links);
    demand_pool_clear(&f->demands);
    xfree(f->tasks, f->extra, f->command_of, f->names.at, f->machine_uses, f->by_parents.at,
          f->by_children.at);
    name_index_free(f->categories);
    const struct wf_texts *texts[] = { &f->names.texts, &f->set_names, &f->commands, &f->programs,
                                       &f->machine_names };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        name_index_free(texts[k]->index);
    arena_clear(&f->memory);
    str_clear(&f->scratch);
}

static int make_workflow(struct wf *f, struct error *err)
{
    char *source = str_format("WfFormat instance %s", f->session->name);
    struct group_words words = { .name = f->session->name, .source = source,
                                 .commands = f->command_of };
    f->groups = task_groups_make(f->tasks, &f->links, &words);
    f->session->workflow = task_groups_finish(&f->groups, err);
    notes_add_all(&f->session->notes, &f->groups.notes);
    free(source);
    return f->session->workflow ? 0 : error_prefix(err, "%s: ", f->session->path);
}

static int read_document(struct wf *f, const struct json_document *document, struct error *err)
{
    f->root = json_root(document);
    if (check_version(f, err))
        return -1;
    f->workflow = json_member(&f->root, "workflow");
    read_times(f);
    return wf_read_tasks(f, err) || wf_read_machines(f, err) ? -1 : 0;
}

static int assemble(struct wf *f, struct error *err)
{
    if (wf_link(f, err) || make_workflow(f, err))
        return -1;
    wf_make_platform(f);
    wf_make_timeline(f);
    wf_note_files(f);
    return 0;
}

static struct session *session_of(struct json_document *document, const char *path,
                                  bool with_files, struct error *err)
{
    struct json root = json_root(document), title = json_member(&root, "name");
    char *name = str_stem(path, ".json");
    bool titled = cJSON_IsString(title.value) && title.value->valuestring[0];
    struct wf f = { .session =
                        session_new(titled ? title.value->valuestring : name, path, "wfformat"),
                    .memory.block_bytes = TEXT_BLOCK_BYTES,
                    .files = { .only_counted = !with_files,
                               .names.block_bytes = TEXT_BLOCK_BYTES } };
    int status = read_document(&f, document, err);
    json_free(document);
    wf_files_read(&f.files);
    status = status == 0 ? assemble(&f, err) : status;
    clear_tasks(&f);
    if (status == 0)
        wf_make_files(&f);
    task_groups_clear(&f.groups);
    wf_files_clear(&f.files);
    free(name);
    if (status == 0)
        return f.session;
    session_free(f.session);
    return NULL;
}

struct session *wfformat_session(struct json_document *document, const char *path,
                                 struct error *err)
{
    return session_of(document, path, true, err);
}

struct session *wfformat_session_without_files(struct json_document *document, const char *path,
                                               struct error *err)
{
    return session_of(document, path, false, err);
}

static struct session *load(const char *path, struct error *err)
{
    struct json_document *document = packed_file_load_json_apart(path, WFFORMAT_LISTS, err);
    return document ? wfformat_session(document, path, err) : NULL;
}

static int probe(const struct importer_probe *p)
{
    if (p->head[strspn(p->head, " \t\r\n")] != '{')
        return 0;
    if (strstr(p->head, "\"schemaVersion\""))
        return 95;
    /* Through a pipe, whose name tells nothing: WRENCH's files, and ours, which are refused. */
    bool layout = strstr(p->head, "\"task_sets\"") ||
                  (strstr(p->head, "\"workflow\"") &&
                   (strstr(p->head, "\"specification\"") || strstr(p->head, "\"tasks\"")));
    return layout || str_ends(p->file_name, ".json") ? 10 : 0;
}

const struct importer_ops importer_wfformat = {
    .name = "wfformat",
    .summary = "a workflow instance in WfFormat (WfCommons), schema 1.3 to 1.6",
    .probe = probe, .load = load,
};
