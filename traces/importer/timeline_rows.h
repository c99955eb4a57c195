/* traces/importer/timeline_rows.h - the rows of our timeline CSV (docs/formats.md, "Timeline CSV")
 * before anybody knows which workflow and platform they are about. What cannot be read is skipped
 * and counted. Memory is bounded by the file's size. */
#ifndef DAGCAST_TRACES_IMPORTER_TIMELINE_ROWS_H
#define DAGCAST_TRACES_IMPORTER_TIMELINE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/name_index.h"
#include "core/timeline.h"
#include "traces/session.h"

struct timeline_row {
    int set;                             /* of `sets` */
    uint32_t task;                       /* as written */
    uint8_t attempt;
    enum task_status status;
    double at[INSTANTS];                 /* those of a timeline; NAN: unknown */
    size_t first_part, n_parts;          /* of `parts`: where it ran; none: not recorded */
    char *phases;                        /* as written (core/timeline_phases.h); NULL: none */
};

struct timeline_part {                   /* one node's part, or one rank's */
    int node;                            /* of `nodes` */
    size_t first_id;                     /* of `ids`: cores, then GPUs */
    uint32_t n_cores, n_gpus;
    int32_t gpu_share;
};

struct timeline_node {                   /* of the platform in the session's row */
    int node;                            /* of `nodes` */
    int n_slots, n_gpus;
    size_t first_blocked, n_blocked;     /* of `ids` */
};

/* Many members: growing arrays, each with its count and room. */
struct timeline_rows {
    size_t n, n_sets, n_nodes, n_parts, n_ids;
    struct timeline_row *rows;           /* in the file's order */
    const char **sets, **nodes;          /* names, in order of appearance */
    struct timeline_part *parts;
    uint16_t *ids;
    size_t n_listed, listed_room;
    struct timeline_node *listed;        /* the platform, in its order; none: not in the file */
    double session_start_s, session_end_s;               /* NAN: not in the file */
    /* rows skipped, but for the last: their slots */
    size_t torn, bad_status, bad_numbers, bad_slots;
    size_t bad_platform;                 /* 1: the session's row holds one that makes no sense */
    char *text;                          /* owns the names */
    struct name_index *set_index, *node_index, *listed_index;
    size_t row_room, set_room, node_room, part_room, id_room;
};

/* Whether a file that begins so is a timeline by its heading line; also if one of the four columns
 * that it needs is missing, which timeline_rows_load() says. */
bool timeline_rows_are_in(const char *start);
/* -1: no such file, not this format, no row that can be read. Clear in any case. */
int timeline_rows_load(struct timeline_rows *r, const char *path, struct error *err);
void timeline_rows_clear(struct timeline_rows *r);

/* ---- the workflow and the platform that the rows speak of (timeline_infer.c,
 * timeline_infer_nodes.c) ---- */

#define TIMELINE_NO_TASK UINT32_MAX

/* As measured; NAN: it was not done, or its start or stop is not known. */
double timeline_row_duration(const struct timeline_row *row);

/* Sets and tasks as the rows name them, tasks of a set numbered through (gaps in their numbers
 * closed), durations as measured, demands by the slots; no dependencies. task_of[row]: the row's
 * task within its set, TIMELINE_NO_TASK for a row that says again what another did. Notes in `s`
 * what is missing. O(n log n). */
struct workflow *timeline_infer_workflow(const struct timeline_rows *r, struct session *s,
                                         uint32_t *task_of, struct error *err);

/* The nodes named, in natural order (n2 before n10), all of one shape: slots up to the highest id,
 * as many GPUs likewise; without any slots, one node that holds what ran at once. node_of[k]: the
 * platform's node that is r->nodes[k]. */
struct platform *timeline_infer_platform(const struct timeline_rows *r, const struct workflow *w,
                                         struct session *s, int *node_of);

#endif
