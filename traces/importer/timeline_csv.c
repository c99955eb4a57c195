#include "traces/importer/timeline_csv.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "traces/importer/importers.h"
#include "traces/importer/timeline_rows.h"

struct placing {                         /* from the file's numbers to the session's */
    const struct timeline_rows *rows;
    uint32_t *task_of;                   /* each row's task within its set */
    int *set_of, *node_of;               /* each of the file's sets and nodes; -1: there is none */
    size_t bad_parts, bad_phases;
};

static void match_workflow(const struct workflow *w, struct session *s, struct placing *p)
{
    const struct timeline_rows *r = p->rows;
    struct name_index *index = name_index_new();
    size_t strange = 0;
    for (size_t k = 0; k < w->n_sets; k++)
        name_index_add(index, w->sets[k].name, (int)k);
    for (size_t k = 0; k < r->n_sets; k++)
        p->set_of[k] = name_index_find(index, r->sets[k]);
    for (size_t i = 0; i < r->n; i++) {
        int set = p->set_of[r->rows[i].set];
        bool known = set >= 0 && r->rows[i].task < w->sets[set].n_tasks;
        p->task_of[i] = known ? r->rows[i].task : TIMELINE_NO_TASK;
        strange += !known;
    }
    name_index_free(index);
    session_note(s, strange, "rows", "the workflow has no such task");
}

static void match_platform(const struct platform *platform, struct placing *p)
{
    char **names = xcalloc(platform->n_nodes, sizeof *names);
    struct name_index *index = name_index_new();
    for (size_t k = 0; k < platform->n_nodes; k++) {
        names[k] = platform_node_name(platform, k);
        name_index_add(index, names[k], (int)k);
    }
    for (size_t k = 0; k < p->rows->n_nodes; k++)
        p->node_of[k] = name_index_find(index, p->rows->nodes[k]);
    name_index_free(index);
    for (size_t k = 0; k < platform->n_nodes; k++)
        free(names[k]);
    free(names);
}

static bool ids_exist(const uint16_t *ids, uint32_t n, int most)
{
    for (uint32_t i = 0; i < n; i++)
        if (ids[i] >= most)
            return false;
    return true;
}

static bool parts_exist(const struct placing *p, const struct timeline_row *row,
                        const struct platform *platform)
{
    for (size_t k = 0; k < row->n_parts; k++) {
        const struct timeline_part *part = &p->rows->parts[row->first_part + k];
        const uint16_t *ids = p->rows->ids + part->first_id;
        int node = p->node_of[part->node];
        if (node < 0 ||
            !ids_exist(ids, part->n_cores, platform_node(platform, (size_t)node)->n_slots) ||
            !ids_exist(ids + part->n_cores, part->n_gpus,
                       platform_node(platform, (size_t)node)->n_gpus))
            return false;
    }
    return true;
}

static void add_slots(struct placing *p, const struct timeline_row *row, struct timeline *t)
{
    if (!parts_exist(p, row, t->platform)) {
        p->bad_parts++;
        return;
    }
    for (size_t k = 0; k < row->n_parts; k++) {
        const struct timeline_part *part = &p->rows->parts[row->first_part + k];
        const uint16_t *ids = p->rows->ids + part->first_id;
        timeline_add_slots(t, &(struct timeline_slots){ .node = (uint32_t)p->node_of[part->node],
                                           .cores = ids, .n_cores = part->n_cores,
                                           .gpus = ids + part->n_cores, .n_gpus = part->n_gpus,
                                           .gpu_share = part->gpu_share });
    }
}

static void add_records(struct placing *p, struct timeline *t)
{
    for (size_t i = 0; i < p->rows->n; i++) {
        const struct timeline_row *row = &p->rows->rows[i];
        if (p->task_of[i] == TIMELINE_NO_TASK)
            continue;
        struct timeline_record record = {
            .task = t->workflow->sets[p->set_of[row->set]].first_task + p->task_of[i],
        };
        size_t added = timeline_add(t, &record, row->status, row->attempt);
        for (int k = 0; k < TIMELINE_INSTANTS; k++)
            timeline_set_at(t, added, timeline_instants[k], row->at[timeline_instants[k]]);
        add_slots(p, row, t);
        p->bad_phases += row->phases && !timeline_phases_parse(t, row->phases);
    }
    t->session_start_s = p->rows->session_start_s;
    t->session_end_s = p->rows->session_end_s;
}

static void note_rows(struct session *s, const struct timeline_rows *r)
{
    session_note(s, r->torn, "rows", "torn, or not of as many columns as the first line");
    session_note(s, r->bad_status, "rows", "no set, or a status that is not known");
    session_note(s, r->bad_numbers, "rows", "an invalid time or number");
    session_note(s, r->bad_platform, "platform in the session's row",
                 "nodes, slots and GPUs do not fit together: inferred from the tasks");
    session_note(s, r->bad_slots, "rows",
                 "nodes, cores and GPUs do not fit together: imported without slots");
}

static int fill_session(struct session *s, struct placing *p, struct error *err)
{
    bool infers = !s->workflow && !s->platform;
    if (s->workflow) {
        match_workflow(s->workflow, s, p);
    } else {
        s->workflow = timeline_infer_workflow(p->rows, s, p->task_of, err);
        for (size_t k = 0; k < p->rows->n_sets; k++)
            p->set_of[k] = (int)k;
    }
    if (!s->workflow)
        return -1;
    if (s->platform)
        match_platform(s->platform, p);
    else
        s->platform = timeline_infer_platform(p->rows, s->workflow, s, p->node_of);
    s->slots_unnamed = infers && p->rows->n_ids > 0;
    s->timeline = timeline_new(s->workflow, s->platform);
    add_records(p, s->timeline);
    session_note(s, p->bad_phases, "rows",
                 "phases that cannot be read: imported up to the first of them");
    session_note(s, p->bad_parts, "rows",
                 "the platform has no such node, slot or GPU: imported without slots");
    if (s->timeline->n == 0)
        return error_set(err, "%s: none of its %zu rows is of a task of workflow %s", s->path,
                         p->rows->n, s->workflow->name);
    return 0;
}

struct session *timeline_csv_session(const char *path, struct workflow *workflow,
                                     struct platform *platform, struct error *err)
{
    char *name = str_stem(path, ".csv");
    struct session *s = session_new(name, path, "timeline_csv");
    struct timeline_rows rows;
    s->workflow = workflow;
    s->platform = platform;
    int status = timeline_rows_load(&rows, path, err);
    if (status == 0) {
        struct placing p = { .rows = &rows, .task_of = xcalloc(rows.n, sizeof *p.task_of),
                             .set_of = xcalloc(rows.n_sets + 1, sizeof *p.set_of),
                             .node_of = xcalloc(rows.n_nodes + 1, sizeof *p.node_of) };
        note_rows(s, &rows);
        status = fill_session(s, &p, err);
        xfree(p.task_of, p.set_of, p.node_of);
    }
    timeline_rows_clear(&rows);
    free(name);
    if (status == 0)
        return s;
    session_free(s);
    return NULL;
}

static struct session *load(const char *path, struct error *err)
{
    return timeline_csv_session(path, NULL, NULL, err);
}

static int probe(const struct importer_probe *p)
{
    const char *head = p->head + (str_starts(p->head, "\xEF\xBB\xBF") ? 3 : 0);
    return str_starts(head, "set,task,attempt,status,") || timeline_rows_are_in(head) ? 100 : 0;
}

const struct importer_ops importer_timeline_csv = {
    .name = "timeline_csv",
    .summary = "a timeline as dagcast writes it (CSV)",
    .probe = probe, .load = load,
};
