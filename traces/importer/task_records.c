#include "traces/importer/task_records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_nodes.h"

enum { MOST_NODES = 65535, TEXT_BLOCK_BYTES = 1 << 14 };
static const size_t most_places = (size_t)1 << 26;

void task_records_init(struct task_records *t, enum table_kind kind)
{
    *t = (struct task_records){ .kind = kind, .begun_s = NAN, .ended_s = NAN, .total_nodes = NAN,
                                .total_cores = NAN };
    t->memory.node_index = name_index_new();
    t->memory.shared = name_index_new();
    t->memory.texts.block_bytes = TEXT_BLOCK_BYTES;
}

void task_records_clear(struct task_records *t)
{
    name_index_free(t->memory.node_index);
    name_index_free(t->memory.shared);
    arena_clear(&t->memory.texts);
    notes_clear(&t->notes);
    xfree(t->nodes, t->places, t->rows);
    *t = (struct task_records){ 0 };
}

void task_records_drop_rows(struct task_records *t)
{
    xfree(t->rows, t->places);
    t->rows = NULL;
    t->places = NULL;
    t->n = t->n_places = t->memory.row_room = t->memory.place_room = 0;
}

struct task_row task_row_new(void)
{
    return (struct task_row){ .id = "",
                              .name = "",
                              .after = "",
                              .partition = "",
                              .submit_s = NAN,
                              .eligible_s = NAN,
                              .start_s = NAN,
                              .end_s = NAN,
                              .elapsed_s = NAN,
                              .arrived_s = NAN,
                              .scheduled_s = NAN,
                              .freed_s = NAN,
                              .notified_s = NAN,
                              .cores = NAN,
                              .gpus = NAN,
                              .memory_mib = NAN,
                              .peak_memory_mib = NAN,
                              .node_count = NAN };
}

const char *task_records_keep(struct task_records *t, const char *text)
{
    return arena_keep(&t->memory.texts, text, strlen(text));
}

const char *task_records_share(struct task_records *t, const char *text)
{
    int known = name_index_find(t->memory.shared, text);
    if (known >= 0)
        return name_index_name(t->memory.shared, known);
    const char *kept = task_records_keep(t, text);
    name_index_add(t->memory.shared, kept, (int)t->memory.n_shared++);
    return kept;
}

void task_records_keep_texts(struct task_records *t, struct task_row *row)
{
    row->id = task_records_keep(t, row->id);
    row->name = task_records_share(t, row->name);
    row->after = task_records_share(t, row->after);
    row->partition = task_records_share(t, row->partition);
}

const char *task_records_keep_taken(struct task_records *t, char *text)
{
    const char *kept = task_records_keep(t, text);
    free(text);
    return kept;
}

void task_records_add(struct task_records *t, const struct task_row *row)
{
    xgrow(&t->rows, &t->memory.row_room, t->n + 1, sizeof *t->rows);
    t->rows[t->n++] = *row;
    if (row->status != TASK_CANCELLED)
        return;
    struct task_row *added = &t->rows[t->n - 1];
    added->start_s = added->end_s = added->elapsed_s = NAN;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* For a list that is only tried: one that is refused must leave no names behind. */
static void pass_over(void *context, const char *name, double cores, double gpus)
{
    (void)context;
    (void)name;
    (void)cores;
    (void)gpus;
}

static int node_number(struct task_records *t, const char *name)
{
    int node = name_index_find(t->memory.node_index, name);
    if (node >= 0 || t->n_nodes == MOST_NODES)
        return node;
    xgrow(&t->nodes, &t->memory.node_room, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes] = (struct task_node){ task_records_keep(t, name), NAN, NAN, NAN, 0 };
    name_index_add(t->memory.node_index, t->nodes[t->n_nodes].name, (int)t->n_nodes);
    return (int)t->n_nodes++;
}

void task_records_add_node(struct task_records *t, const struct task_node *node)
{
    int number = node_number(t, node->name);
    if (number < 0)
        return;
    struct task_node *known = &t->nodes[number];
    known->cores = later_known(known->cores, node->cores);
    known->gpus = later_known(known->gpus, node->gpus);
    known->memory_mib = later_known(known->memory_mib, node->memory_mib);
    if (node->joined_s > 0)
        known->joined_s =
            known->joined_s > 0 ? fmin(known->joined_s, node->joined_s) : node->joined_s;
}

static void add_place(void *context, const char *name, double cores, double gpus)
{
    struct task_records *t = context;
    int node = node_number(t, name);
    if (node < 0) {
        t->memory.too_many_nodes = true;
        return;
    }
    xgrow(&t->places, &t->memory.place_room, t->n_places + 1, sizeof *t->places);
    t->places[t->n_places++] = (struct task_place){ node, (float)cores, (float)gpus };
}

SORT_BY(compare_places, struct task_place, node)

/* A node that is listed several times is one place with the sum of its shares. */
static void join_places(struct task_records *t, size_t first)
{
    bool sorted = true;
    for (size_t k = first + 1; k < t->n_places; k++)
        sorted = sorted && t->places[k].node > t->places[k - 1].node;
    if (sorted)
        return;
    qsort(t->places + first, t->n_places - first, sizeof *t->places, compare_places);
    size_t kept = first;
    for (size_t k = first + 1; k < t->n_places; k++) {
        if (t->places[k].node != t->places[kept].node) {
            t->places[++kept] = t->places[k];
            continue;
        }
        t->places[kept].cores += t->places[k].cores;
        t->places[kept].gpus += t->places[k].gpus;
    }
    t->n_places = kept + 1;
}

void task_records_place(struct task_records *t, struct task_row *row, const char *node,
                        double cores, double gpus)
{
    if (row->n_places == 0)
        row->first_place = (uint32_t)t->n_places;
    t->memory.too_many_nodes = t->n_places >= most_places;
    if (!t->memory.too_many_nodes)
        add_place(t, node, cores, gpus);
    join_places(t, row->first_place);
    row->n_places = (uint32_t)t->n_places - row->first_place;
    t->counts.bad_nodes += t->memory.too_many_nodes;
}

/* A column called "nodes" may hold a number of them. */
static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

void task_records_read_nodes(struct task_records *t, struct task_row *row, const char *text)
{
    row->first_place = (uint32_t)t->n_places;
    row->n_places = 0;
    if (is_number(text)) {
        double count = strtod(text, NULL);
        row->node_count = count <= 1e9 ? count : NAN;
        return;
    }
    size_t left = most_places - t->n_places, most = left < MOST_NODES ? left : MOST_NODES;
    t->memory.too_many_nodes = false;
    if (task_nodes_read(text, most, pass_over, NULL) && task_nodes_read(text, most, add_place, t) &&
        !t->memory.too_many_nodes) {
        join_places(t, row->first_place);
        row->n_places = (uint32_t)t->n_places - row->first_place;
        t->counts.other_count +=
            row->n_places && row->node_count >= 1 && row->node_count != (double)row->n_places;
        return;
    }
    t->n_places = row->first_place;
    t->counts.bad_nodes++;
}
