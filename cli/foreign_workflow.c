#include "cli/foreign_workflow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "cli/words.h"
#include "traces/importer/wfformat.h"
#include "traces/packed_file.h"

static char *report(const struct session *s)
{
    struct str text = { 0 };
    escape_addf(&text, "dagcast: %s: imported from WfFormat: ", s->path);
    words_add_count(&text, s->workflow->n_tasks, "task");
    str_add(&text, " in ");
    words_add_count(&text, s->workflow->n_sets, "set");
    str_add(&text, "\n");
    for (size_t i = 0; i < s->notes.n; i++)
        escape_addf(&text, "dagcast:   %zu %s: %s\n", s->notes.at[i].count, s->notes.at[i].what,
                    s->notes.at[i].why);
    return str_take(&text);
}

static bool describes_machines(const struct session *s)
{
    return s->platform->node_names != NULL;
}

struct json_document *foreign_workflow_open(const char *path, struct error *err)
{
    return packed_file_load_json_apart(path, WORKFLOW_LISTS, err);
}

int foreign_workflow_take(struct json_document **document, const char *path,
                          struct foreign_workflow *out, struct error *err)
{
    struct json root = json_root(*document);
    *out = (struct foreign_workflow){ NULL, NULL, NULL };
    if (!wfformat_is(&root))
        return 0;
    struct session *s = wfformat_session_without_files(*document, path, err);
    *document = NULL;
    if (!s)
        return -1;
    out->report = report(s);
    out->workflow = s->workflow;
    s->workflow = NULL;
    if (describes_machines(s)) {
        out->platform = s->platform;
        s->platform = NULL;
    }
    session_free(s);
    return 0;
}

static void tell(struct foreign_workflow *foreign)
{
    if (foreign->report)
        fputs(foreign->report, stderr);
    free(foreign->report);
    foreign->report = NULL;
}

static struct json_document *document_of(const struct workflow *w, const char *path,
                                         struct error *err)
{
    cJSON *json = workflow_to_json(w);
    char *text = json_print(json);
    struct json_document *out = json_parse(text, strlen(text), path, err);
    free(text);
    cJSON_Delete(json);
    return out;
}

struct json_document *foreign_workflow_document(const char *path, struct error *err)
{
    struct foreign_workflow foreign;
    struct json_document *document = packed_file_load_json(path, err);
    if (!document || foreign_workflow_take(&document, path, &foreign, err))
        return NULL;
    if (document)
        return document;
    tell(&foreign);
    document = foreign.workflow ? document_of(foreign.workflow, path, err) : NULL;
    workflow_free(foreign.workflow);
    platform_free(foreign.platform);
    return document;
}

struct workflow *foreign_workflow_load(const char *path, struct error *err)
{
    struct foreign_workflow foreign;
    struct json_document *document = foreign_workflow_open(path, err);
    if (!document)
        return NULL;
    if (foreign_workflow_take(&document, path, &foreign, err) == 0 && document) {
        struct json root = json_root(document);
        foreign.workflow = workflow_from_json(&root, err);
    }
    json_free(document);
    tell(&foreign);
    platform_free(foreign.platform);
    return foreign.workflow;
}

const struct file_openers foreign_workflow_openers = {
    .document = packed_file_load_json, .workflow = foreign_workflow_load,
};

struct workflow *foreign_workflow_of_run(const char *path, struct error *err)
{
    struct workflow *w = foreign_workflow_load(path, err);
    if (!w || !workflow_decides(w))
        return w;
    workflow_free(w);
    error_set(err,
              "--workflow %s: decides at run time; a recorded run needs the workflow that took "
              "place",
              path);
    return NULL;
}
