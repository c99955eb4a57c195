/* traces/importer/task_records.h - the first step of importing tasks: rows as a file has them,
 * attempt by attempt.
 *
 * Every importer of tasks that are not RADICAL's, WfFormat's or dagcast's own fills one of these;
 * task_steps.h makes a session of it. A row holds what the file says and nothing else: what is
 * unknown is NAN or "". */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_RECORDS_H
#define DAGCAST_TRACES_IMPORTER_TASK_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/name_index.h"
#include "core/timeline.h"
#include "traces/notes.h"

/* Which tool wrote the rows: some of what a row means differs. */
enum table_kind {
    TABLE_ANY = -1, TABLE_PLAIN, TABLE_SLURM, TABLE_NEXTFLOW, TABLE_PARSL, TABLE_LSF, TABLE_PBS,
};

/* Many members: one for each column that a table of tasks may have. */
struct task_row {
    /* "" if unknown; after: ids of what it waits for */
    const char *id, *name, *after, *partition;
    double submit_s, eligible_s, start_s, end_s, elapsed_s;              /* NAN: unknown */
    /* the scheduler has it, slots given, free again, the client knew; NAN */
    double arrived_s, scheduled_s, freed_s, notified_s;
    double cores, gpus, memory_mib;      /* of all nodes; NAN: unknown */
    double peak_memory_mib;              /* used, not asked for */
    double node_count;                   /* as recorded, or NAN */
    uint32_t first_place, n_places;      /* of `places` */
    int priority;
    bool earlier_run;                    /* its duration was measured in an earlier run: no times */
    bool waiting;                        /* never started, and its own demand is not in the row */
    enum task_status status;
};

/* NAN: the list of nodes gives no shares */
struct task_place { int node; float cores, gpus; };

/* One of the machine; NAN: not recorded, inferred from its use. joined_s: it took tasks from then
 * on; 0: from the start. */
struct task_node { const char *name; double cores, gpus, memory_mib, joined_s; };

struct record_counts { /* of rows with something odd; noted by task_records_note() */
    size_t others;                       /* of another kind; for messages, not noted */
    size_t torn, bad_states, bad_nodes, other_count, disagree, clock_changes, cached;
    size_t milliseconds;
};

/* Many members: one count for each note of the import. */
struct task_records {
    size_t n, n_nodes, n_places;
    struct task_row *rows;
    struct task_node *nodes;
    struct task_place *places;           /* each row's nodes, one behind the other */
    enum table_kind kind;
    bool dates, no_year;                 /* times are dates; of a year that is not known */
    bool has_after, has_submit;          /* some row may have one */
    /* `after` names all there are: none is inferred from times */
    bool all_dependencies;
    double begun_s, ended_s;             /* of the whole session, if the file says; else NAN */
    bool slots_unnamed;                  /* cores of rows may be threads */
    /* of a machine whose nodes have no names, if the file says; else NAN */
    double total_nodes, total_cores;
    struct record_counts counts;
    struct notes notes;                  /* of what could not be read */
    struct record_memory {               /* private */
        struct arena texts;
        struct name_index *node_index, *shared;
        size_t n_shared, row_room, node_room, place_room;
        bool too_many_nodes;             /* the row in hand names more than are held */
    } memory;
};

void task_records_init(struct task_records *t, enum table_kind kind);
void task_records_clear(struct task_records *t);
/* Rows and their places; texts and nodes stay. */
void task_records_drop_rows(struct task_records *t);

/* What second 0 of the session is in the records' own time: when it began, or its first instant. */
double task_records_zero(const struct task_records *t);
struct task_row task_row_new(void);      /* nothing is known of it; to be given an id or a name */
/* Cancelled before it started: without times. Its texts outlive t, or are kept: */
void task_records_add(struct task_records *t, const struct task_row *row);
const char *task_records_keep(struct task_records *t, const char *text);
/* All of a row, which then do not outlive their file's. */
void task_records_keep_texts(struct task_records *t, struct task_row *row);
/* One copy of texts that many rows have. */
const char *task_records_share(struct task_records *t, const char *text);
const char *task_records_keep_taken(struct task_records *t, char *text);         /* frees `text` */

/* A node, on which nothing need have run; one of this name takes what was not known of it. */
void task_records_add_node(struct task_records *t, const struct task_node *node);
/* One more node of the row that is to be added next, or was; whatever its name looks like. NAN: its
 * share is not known. */
void task_records_place(struct task_records *t, struct task_row *row, const char *node,
                        double cores, double gpus);
/* A list of nodes as batch systems write it (task_nodes.h), or a number of nodes. */
void task_records_read_nodes(struct task_records *t, struct task_row *row, const char *text);
/* times from each other; where they disagree */
void task_records_complete(struct task_records *t, struct task_row *row);
/* By its state; without one by its exit code; without either by its end. */
void task_records_set_status(struct task_records *t, struct task_row *row, const char *state,
                             const char *exit);

/* Times without a year, where a table goes over the end of one: a later year for those before its
 * widest gap, if of half a year or more. */
void task_records_join_years(struct task_records *t);
void task_records_note(struct task_records *t);          /* adds what the counts say to the notes */

#endif
