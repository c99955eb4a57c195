/* What tasks of a workflow that decides have written to the file that $DAGCAST_DECISION names. */
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "validation/executor/run_impl.h"

static const char *const keys[] = { "continue", "tasks", "cancel", NULL };

/* Of the last attempt that wrote one; NULL: none did. */
static char *file_of(const struct run *r, uint32_t set, uint32_t task)
{
    char *folder = run_task_folder(r, set), *found = NULL;
    for (int attempt = r->drive.scenario.workflow->sets[set].retries;
         folder && attempt >= 0 && !found; attempt--) {
        char *path = str_format("%s/%u.%d.decision", folder, task, attempt);
        if (file_exists(path))
            found = path;
        else
            free(path);
    }
    free(folder);
    return found;
}

static int read_counts(const struct json *at, const struct workflow *described,
                       struct decision_said *out, struct error *err)
{
    struct json tasks = json_member(at, "tasks");
    if (!tasks.value)
        return 0;
    if (json_expect_object(&tasks, NULL, err) != 0)
        return -1;
    out->counts = xcalloc(json_count(&tasks) + 1, sizeof *out->counts);
    for (struct json e = json_first(&tasks); e.value; e = json_next(&e)) {
        int64_t n;
        int set = workflow_find_set(described, e.key);
        if (json_as_int(&e, 0, 1000000, &n, err) != 0)
            return -1;
        if (set < 0 || !described->sets[set].decided ||
            described->sets[set].decided->count == COUNT_WRITTEN)
            return json_error(
                &e, err, "'%s' is no task set whose number of tasks is decided at run time", e.key);
        out->counts[out->n_counts++] = (struct said_count){ xstrdup(e.key), n };
    }
    return 0;
}

static int read_cancels(const struct json *at, const struct workflow *described,
                        struct decision_said *out, struct error *err)
{
    struct json names = json_member(at, "cancel");
    if (!names.value)
        return 0;
    if (json_expect_array(&names, err) != 0)
        return -1;
    out->cancels_said = true;
    out->cancels = xcalloc(json_count(&names) + 1, sizeof *out->cancels);
    for (struct json e = json_first(&names); e.value; e = json_next(&e)) {
        const char *name;
        if (json_as_string(&e, &name, err) != 0)
            return -1;
        int set = workflow_find_set(described, name);
        if (set < 0)
            return json_error(&e, err, "'%s' is no task set of the workflow", name);
        if (workflow_campaign_of(described, set) >= 0)
            return json_error(
                &e, err, "task set '%s' is of a campaign, whose tasks cannot be cancelled", name);
        out->cancels[out->n_cancels++] = xstrdup(name);
    }
    return 0;
}

static int read_decision(const struct json *at, const struct workflow *described,
                         struct decision_said *out, struct error *err)
{
    bool goes_on = true;
    if (json_expect_object(at, keys, err) != 0 || json_get_bool(at, "continue", &goes_on, err) != 0)
        return -1;
    if (json_has(at, "continue"))
        out->goes_on = goes_on;
    return read_counts(at, described, out, err) == 0 ? read_cancels(at, described, out, err) : -1;
}

/* The task is done, and its end is in the journal: once the file is mended, the run goes on from
 * there. */
static void stop_at(struct run *r, const struct error *why)
{
    struct error err;
    if (r->plan->journal && journal_write(r->plan->journal, r->drive.engine.now_s, &err))
        run_stop(r, &err);
    run_stop(r, why);
}

bool run_said(void *run, uint32_t set, uint32_t task, struct decision_said *out)
{
    struct run *r = run;
    char *path = file_of(r, set, task);
    struct error err = { "" };
    if (!path)
        return false;
    struct json_document *doc = json_load(path, &err);
    int status = -1;
    if (doc) {
        struct json root = json_root(doc);
        status = read_decision(&root, r->drive.scenario.workflow->realised->from, out, &err);
    }
    json_free(doc);
    free(path);
    if (status == 0)
        return true;
    decision_said_clear(out);
    stop_at(r, &err);
    return false;
}

/* In the lines of the journal that follow, sets have the numbers that they have now. */
void run_tell_sets(struct run *r)
{
    const struct workflow *w = r->drive.scenario.workflow;
    for (size_t s = 0; w->realised && r->plan->journal && s < w->n_sets; s++)
        run_journal_add_set(journal_batch(r->plan->journal), (int)s, w->sets[s].name);
}

static void tell(struct run *r, const struct outcomes *found)
{
    const char *name;
    int64_t value;
    for (size_t i = 0; i < outcomes_count(found); i++) {
        enum outcome_kind kind = outcomes_at(found, i, &name, &value);
        outcomes_set(r->plan->known, kind, name, value);
        if (r->plan->journal)
            run_journal_add_decided(journal_batch(r->plan->journal), kind, name, value);
    }
}

void run_tell_found(struct run *r)
{
    struct outcomes *found = outcomes_new(), *noted = outcomes_new();
    if (r->drive.decide) {
        r->out.decided = decide_found(r->drive.decide, found) && !r->failed &&
                         !r->out.interrupted && !r->out.stopped;
        decide_noted(r->drive.decide, noted);
        tell(r, noted);
    }
    if (r->out.decided)
        tell(r, found);
    outcomes_free(found);
    outcomes_free(noted);
}
