/* traces/importer/task_table.h - rows of a user's CSV of tasks: columns found by their names, values read, jobs and steps told apart. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_TABLE_H
#define DAGCAST_TRACES_IMPORTER_TASK_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/name_index.h"
#include "core/timeline.h"

enum task_column {
    TASK_ID, TASK_NAME, TASK_SUBMIT, TASK_START, TASK_END, TASK_ELAPSED, TASK_CORES, TASK_GPUS, TASK_TRES, TASK_NODES, TASK_NODE_COUNT,
    TASK_STATE, TASK_EXIT, TASK_AFTER, TASK_COLUMNS
};

struct task_row {
    const char *id, *name, *after;       /* into the text; "" where the column is absent */
    double submit_s, start_s, end_s, elapsed_s;          /* NAN: unknown */
    double cores, gpus;                  /* of all nodes; NAN: unknown */
    size_t first_node, n_nodes;          /* of `node_of` */
    double node_count;                   /* as said, or NAN */
    enum task_status status;
};

struct task_table {
    size_t n, n_nodes, n_places;
    struct task_row *rows;
    const char **nodes;                  /* names */
    int *node_of;                        /* each row's nodes, one behind the other */
    bool slurm;                          /* ids are Slurm's: steps belong to jobs */
    bool dates;                          /* times are dates */
    bool has_after;
    bool too_many_nodes;                 /* private: the row in hand names more than are held */
    size_t torn, bad_values, bad_nodes, bad_states, jobs_of_steps, steps_of_jobs, service_steps;
    char *text;                          /* owns texts of rows */
    char **own_nodes;                    /* and these the nodes' names */
    struct name_index *node_index;
    size_t row_room, node_room, own_room, place_room;
};

/* How many columns a header names that are known, for the probe; 0 where nothing tells tasks apart or no time is among them. */
int task_table_known_columns(const char *head, size_t size);

/* -1: no such file, no header with enough known columns, no row that can be read. Clear in any case. */
int task_table_load(struct task_table *t, const char *path, struct error *err);
void task_table_clear(struct task_table *t);

#endif
