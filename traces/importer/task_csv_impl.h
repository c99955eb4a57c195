/* traces/importer/task_csv_impl.h - from rows of a table of tasks to a session, for the files of this importer. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_CSV_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TASK_CSV_IMPL_H

#include "traces/importer/task_list.h"
#include "traces/importer/task_table.h"

enum { MOST_RANKS = UINT16_MAX };

struct task_builder {
    struct session *session;
    struct task_table table;
    struct task_list list;
    struct name_index *ids;
    size_t *order;                       /* rows by (task, start) */
    uint32_t *task_of;                   /* of each row */
    size_t clipped;                      /* tasks with more cores or GPUs on a node than a node can have */
    size_t uneven, coarse;               /* tasks that do not divide evenly by their nodes; whose ranks are fewer than their nodes */
};

/* Ranks whose cores and GPUs sum up to exactly the row's. */
struct demand task_demand(struct task_builder *b, const struct task_row *row);
/* Cores and GPUs of a row of this demand on its k-th node. */
struct task_place task_share(const struct task_table *t, const struct task_row *row, const struct demand *d, size_t k);

/* Fills demands of tasks whose rows do not say them, and peaks of memory. */
void task_complete_demands(struct task_builder *b);
/* Sets from names: without tags in brackets and, where they number tasks, without numbers. */
void task_name_sets(struct task_builder *b);

/* Waves of a set, before the sets are made; dependencies and releases of the sets, after. */
void task_find_waves(struct task_builder *b);
void task_infer_edges(struct task_builder *b);

void task_make_platform(struct task_builder *b);
/* After the timeline's records, in the order of `order`: slots on the nodes that the rows name. record_of: each row's. */
struct timeline *task_timeline(struct task_builder *b, double zero_s);

#endif
