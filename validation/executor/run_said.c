/* What tasks of a workflow that decides have written to the file that $DAGCAST_DECISION names. */
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "validation/executor/decision_file.h"
#include "validation/executor/run_impl.h"

/* Of the last attempt that wrote one; NULL: none did. */
static char *file_of(const struct run *r, uint32_t set, uint32_t task)
{
    char *folder = run_task_folder(r, set), *found = NULL;
    for (int attempt = r->drive.scenario.workflow->sets[set].traits->retries;
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
    int status = doc ? decision_read(doc, r->drive.scenario.workflow->realised->from, out, &err)
                     : -1;
    json_free(doc);
    free(path);
    if (status == 0)
        return true;
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
