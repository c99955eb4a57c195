/* The nodes that a table of tasks names: when they joined, their partitions, their kinds. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_steps_impl.h"

enum { MOST_JOINS = 2000 };

SORT_BY(compare_joins, struct node_use, joins_s)

static size_t count_joins(const struct node_use *nodes, size_t n)
{
    struct node_use *sorted = xmemdup(nodes, n * sizeof *nodes);
    size_t distinct = 0;
    qsort(sorted, n, sizeof *sorted, compare_joins);
    for (size_t i = 0; i < n; i++)
        distinct += !i || sorted[i].joins_s != sorted[i - 1].joins_s;
    free(sorted);
    return distinct;
}

void place_find_joins(struct placer *b, struct node_use *nodes)
{
    const struct task_records *t = b->r;
    double zero_s = task_records_zero(t);
    size_t joined = 0;
    for (size_t i = 0; i < t->n_nodes; i++)
        nodes[i].joins_s = t->nodes[i].joined_s > 0 ? t->nodes[i].joined_s - zero_s : 0;
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->rows[i].n_places; k++) {
            struct node_use *node = &nodes[t->places[t->rows[i].first_place + k].node];
            node->joins_s = fmin(node->joins_s, known_or(t->rows[i].start_s - zero_s, INFINITY));
        }
    for (size_t i = 0; i < t->n_nodes; i++) {
        nodes[i].joins_s = fmax(0, floor(nodes[i].joins_s * 10) / 10);
        joined += nodes[i].joins_s > 0;
    }
    bool many = joined && count_joins(nodes, t->n_nodes) > MOST_JOINS;
    for (size_t i = 0; many && i < t->n_nodes; i++)
        nodes[i].joins_s = 0;
    notes_add(&b->placed.notes, many ? 0 : joined, "nodes",
              "joined after the start: they take tasks from then on");
    notes_add(&b->placed.notes, many ? joined : 0, "nodes",
              "joined at too many different times: taken to be there from the start");
}

/* --- kinds ------------------------------------------------------------------------------------ */

static int root_of(int *parents, int i)
{
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

size_t place_find_partitions(const struct placer *b, struct node_use *nodes, const char ***names)
{
    const struct task_records *t = b->r;
    struct name_index *index = name_index_new();
    int *parents = NULL;
    size_t n = 0, room = 0, names_room = 0;
    *names = NULL;
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        if (!*row->partition || !row->n_places)
            continue;
        int known = name_index_add(index, row->partition, (int)n);
        if (known < 0) {
            xgrow(&parents, &room, n + 1, sizeof *parents);
            xgrow(names, &names_room, n + 1, sizeof **names);
            (*names)[n] = row->partition;
            parents[n] = (int)n;
            known = (int)n++;
        }
        for (size_t k = 0; k < row->n_places; k++) {
            struct node_use *node = &nodes[t->places[row->first_place + k].node];
            if (node->partition >= 0)
                parents[root_of(parents, known)] = root_of(parents, node->partition);
            node->partition = root_of(parents, known);
        }
    }
    for (size_t i = 0; i < t->n_nodes; i++)
        nodes[i].partition = nodes[i].partition >= 0 ? root_of(parents, nodes[i].partition) : -1;
    name_index_free(index);
    free(parents);
    return n;
}

static const char *stem_of(struct placer *b, const char *name)
{
    struct str stem = { 0 };
    str_add(&stem, "");
    for (; *name && *name != '.'; name++)
        if (!isdigit((unsigned char)*name))
            str_add_n(&stem, name, 1);
    const char *kept = arena_keep(&b->texts, stem.text ? stem.text : "", stem.length);
    str_clear(&stem);
    return kept;
}

size_t place_find_kinds(struct placer *b, struct node_use *nodes, struct kind **kinds)
{
    size_t n = 0, room = 0;
    struct name_index *index = name_index_new();
    *kinds = NULL;
    for (size_t i = 0; i < b->r->n_nodes; i++) {
        struct node_use *node = &nodes[i];
        node->stem = stem_of(b, b->r->nodes[i].name);
        const struct task_node *recorded = &b->r->nodes[i];
        char *text =
            str_format("%d %d %s %g %g %g %.1f", node->partition, node->most[1] > 0, node->stem,
                       recorded->cores, recorded->gpus, recorded->memory_mib, node->joins_s);
        int known = name_index_add(index, arena_keep(&b->texts, text, strlen(text)), (int)n);
        free(text);
        if (known < 0) {
            xgrow(kinds, &room, n + 1, sizeof **kinds);
            (*kinds)[n] = (struct kind){ .partition = node->partition,
                                         .stem = node->stem,
                                         .gpus = node->most[1] > 0,
                                         .joins_s = node->joins_s };
            known = (int)n++;
        }
        node->kind = known;
        (*kinds)[known].n_nodes++;
        for (int k = 0; k < RESOURCES; k++)
            (*kinds)[known].most[k] = fmax((*kinds)[known].most[k], node->most[k]);
    }
    name_index_free(index);
    return n;
}
