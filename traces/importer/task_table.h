/* traces/importer/task_table.h - rows of a table of tasks: columns found by their headings, values read, jobs and steps told apart. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_TABLE_H
#define DAGCAST_TRACES_IMPORTER_TASK_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "core/name_index.h"
#include "core/timeline.h"
#include "traces/importer/table_columns.h"

struct task_row {
    const char *id, *name, *after, *partition;           /* "" where the column is absent */
    double submit_s, eligible_s, start_s, end_s, elapsed_s;              /* NAN: unknown */
    double cores, gpus, memory_mib;      /* of all nodes; NAN: unknown */
    double peak_memory_mib;              /* used, not asked for */
    double node_count;                   /* as recorded, or NAN */
    size_t first_place, n_places;        /* of `places` */
    int priority;
    bool earlier_run;                    /* its duration was measured in an earlier run: no times */
    bool waiting;                        /* never started, and its own demand is not in the row */
    enum task_status status;
};

struct task_place { int node; float cores, gpus; };      /* NAN: the list of nodes gives no shares */

struct task_table {
    size_t n, n_nodes, n_places;
    struct task_row *rows;
    const char **nodes;                  /* names */
    struct task_place *places;           /* each row's nodes, one behind the other */
    enum table_kind kind;
    double begun_s, ended_s;             /* of the whole session, if the file says; else NAN */
    bool dates;                          /* times are dates, */
    bool no_year;                        /* of a year that is not known */
    bool has_after, has_priority, has_submit;
    bool too_many_nodes;                 /* private: the row in hand names more than are held */
    size_t torn, width_differs, bad_values, bad_nodes, bad_states, jobs_of_steps, steps_of_jobs, service_steps, other_count, disagree,
        clock_changes, cached, expanded, cut_lists, spans, memory_unit_unknown;
    size_t n_unused;
    struct str unused;                   /* headings, for people */
    struct str first_bad;                /* "line 3, start 'x'" */
    struct arena memory;                 /* owns texts of rows that are not in the file */
    char *text;                          /* owns the others */
    struct name_index *node_index;
    size_t row_room, node_room, place_room;
};

/* For the probe: how many headings are known, and whether they are enough. */
int task_table_known_columns(const char *head, bool *enough);

/* -1: no such file, no header with enough known columns, no row that can be read. Clear in any case. */
int task_table_load(struct task_table *t, const char *path, struct error *err);
void task_table_clear(struct task_table *t);

/* For other readers of rows. The row's texts outlive the table or are task_table_keep()'s. Clear in any case. */
void task_table_init(struct task_table *t, enum table_kind kind);
struct task_row task_row_new(void);      /* nothing is known of it; to be given an id or a name */
const char *task_table_keep(struct task_table *t, const char *text);
void task_table_add_node(struct task_table *t, const char *name);        /* one on which nothing need have run */
void task_table_add(struct task_table *t, const struct task_row *row);
void task_table_read_nodes(struct task_table *t, struct task_row *row, const char *text);
void task_table_complete(struct task_table *t, struct task_row *row);    /* times from each other; where they disagree */
/* By its state; without one by its exit code; without either by its end. */
void task_table_set_status(struct task_table *t, struct task_row *row, const char *state, const char *exit);

/* Times without a year, where a table goes over the end of one: a later year for those before its widest gap, if of half a year or more. */
void task_table_join_years(struct task_table *t);

/* Slurm's: steps that are no tasks are dropped, a row for several waiting elements of an array becomes as many. */
void slurm_jobs_choose(struct task_table *t);

#endif
