/* cli/session_tasks.c - the tasks of a recorded session: how many ended how, what repeats, where
 * their dependencies are from; and its services, held apart. */
#include "cli/session_doc.h"

#include <stdlib.h>

#include "cli/words.h"
#include "traces/loops.h"
#include "traces/session_loops.h"

/* "stages 2 to 3 of pipeline 1 repeat 10 times: read as a loop, which is sure: ..." */
static void add_loop(struct doc *d, const struct lane *lane, const struct repeated_stages *r)
{
    struct str words = { 0 };
    if (r->period == 1)
        str_addf(&words, "stage %zu of %s repeats", r->first + 1, lane->name);
    else
        str_addf(&words, "stages %zu to %zu of %s repeat", r->first + 1, r->first + r->period,
                 lane->name);
    str_addf(&words,
             " %zu times: read as a loop, %s: all ask for the same, and %.0f %% are alike in "
             "number and duration",
             r->times,
             r->alike >= 0.8   ? "which is sure"
             : r->alike >= 0.5 ? "which is likely"
                               : "perhaps",
             100 * r->alike);
    if (r->numbers_vary)
        str_add(&words, "; numbers of tasks vary");
    if (r->missing > 0)
        str_addf(&words, "; the last time lacks %zu of %zu", r->missing, r->period);
    doc_open(d, NULL);
    doc_fact(d, "of", NULL, DOC_TEXT, doc_text(lane->name));
    doc_fact(d, "first", NULL, DOC_COUNT, doc_number((double)r->first + 1));
    doc_fact(d, "stages", NULL, DOC_COUNT, doc_number((double)r->period));
    doc_fact(d, "times", NULL, DOC_COUNT, doc_number((double)r->times));
    doc_fact(d, "alike", NULL, DOC_SHARE, doc_number(r->alike));
    doc_fact(d, NULL, "repeated", DOC_TEXT, doc_words(&words));
    doc_close(d);
}

static void add_loops(struct doc *d, const struct session *s)
{
    size_t n;
    struct lanes lanes = lanes_of(s->workflow, s->timeline);
    struct repeated_stages *found = loops_of(s->workflow, &lanes, &n);
    if (n > 0)
        doc_open_list(d, "loops");
    for (size_t i = 0; i < n; i++)
        add_loop(d, &lanes.at[found[i].lane], &found[i]);
    if (n > 0)
        doc_close(d);
    free(found);
    lanes_clear(&lanes);
    if (session_is_campaign(s))
        doc_factf(
            d, NULL, "generator",
            "asks for one task when another is over, %d at once, %u in all: read as a campaign",
            s->window, s->workflow->n_tasks);
}

void session_doc_add_tasks(struct doc *d, const struct session *s)
{
    struct str words = { 0 };
    str_addf(&words, "%u in ", s->workflow->n_tasks);
    words_add_count(&words, s->workflow->n_sets, "set");
    doc_open(d, "tasks");
    doc_fact(d, "count", NULL, DOC_COUNT, doc_number(s->workflow->n_tasks));
    doc_fact(d, "attempts", NULL, DOC_COUNT, doc_number((double)s->timeline->n));
    for (int status = TASK_DONE; status <= TASK_CUT; status++) {
        const char *name = task_status_name((enum task_status)status);
        size_t n = session_count(s, (enum task_status)status);
        doc_fact(d, name, NULL, DOC_COUNT, doc_number((double)n));
        if (n)
            str_addf(&words, ", %zu %s", n, name);
    }
    doc_close(d);
    if (s->timeline->n > s->workflow->n_tasks)
        str_addf(&words, "; %zu attempts", s->timeline->n);
    doc_fact(d, NULL, "tasks", DOC_TEXT, doc_words(&words));
    if (s->n_stages) {
        str_addf(&words, "%zu with ", s->workflow->n_pipelines);
        words_add_count(&words, s->n_stages, "stage");
        str_addf(&words, ", in %zu run() call%s, ", s->n_runs, s->n_runs == 1 ? "" : "s");
        words_add_count(&words, s->n_bulks, "bulk");
        doc_fact(d, NULL, "pipelines", DOC_TEXT, doc_words(&words));
    }
    add_loops(d, s);
    if (s->edges_inferred)
        doc_factf(d, NULL, "edges",
                  "inferred from times: a set's parents ended just before its submission");
    if (s->edges_named)
        doc_factf(d, NULL, "edges",
                  "from the names stage-S-task-P: task P of a stage waits for task P of the stage "
                  "before");
}

static struct doc_value demand(const struct doc_record *r)
{
    const struct session_service *s = r->item;
    const int *of = (const int *)(const void *)((const char *)r->item + r->field->offset);
    return s->has_demand ? doc_number(*of) : doc_none();
}

void session_doc_add_services(struct doc *d, const struct session *s)
{
#define SERVICE(member) DOC_MEMBER(struct session_service, member)
#define DEMAND(member)                                                                             \
    .format = { .unit = DOC_COUNT }, .offset = offsetof(struct session_service, member),           \
    .get = demand
    static const struct doc_field fields[] = {
        { .key = "uid", .label = "uid", SERVICE(uid) },
        { .key = "kind", .label = "kind", SERVICE(kind) },
        { .key = "start_s", .label = "start", .format = { .unit = DOC_SECONDS },
          SERVICE(started_s) },
        { .key = "stop_s", .label = "stop", .format = { .unit = DOC_SECONDS }, SERVICE(stopped_s) },
        { .key = "ranks", .label = "ranks", DEMAND(ranks) },
        { .key = "slots_per_rank", .label = "slots a rank", DEMAND(slots) },
        { .key = "gpus_per_rank", .label = "GPUs a rank", DEMAND(gpus) },
        DOC_FIELDS_END,
    };
    doc_table(d, &(struct doc_table){ .key = "services",
                                      .title = "services, held apart: no tasks, no part of the "
                                               "makespan", .fields = fields, .items = s->services,
                                      .n = s->n_services, .size = sizeof *s->services, .most = 8 });
}
