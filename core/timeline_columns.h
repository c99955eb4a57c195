/* core/timeline_columns.h - a timeline as columns of numbers, as results store it in JSON.
 *
 * A column holds a number a record, null where unknown; a column that would hold nothing is left
 * out. Doubles read back equal. Slots are six numbers for each run of neighbouring lanes: record,
 * node, gpu_share, kind (0 cores, 1 GPUs), first, how many; runs of one record and node are one
 * part. Phases are texts, as in the timeline's CSV (docs/formats.md). */
#ifndef DAGCAST_CORE_TIMELINE_COLUMNS_H
#define DAGCAST_CORE_TIMELINE_COLUMNS_H

#include "base/schema.h"
#include "core/timeline.h"

struct timeline_columns {
    struct number_list session;          /* start and end */
    struct number_list task, attempt;    /* attempt: from 0; none if all are 0 */
    struct number_list status;           /* enum task_status; none if all are done */
    struct number_list at[TIMELINE_INSTANTS];
    struct number_list slots;
    char **phases;
    size_t n_phases;
};
extern const struct schema timeline_columns_schema;      /* clear with schema_clear() */

void timeline_columns_of(const struct timeline *t, struct timeline_columns *out);
/* The timeline again, new. NULL: a column is shorter than the others, or a task, node or lane does
 * not exist. O(records + slots) */
struct timeline *timeline_of_columns(const struct timeline_columns *c, const struct workflow *w,
                                     const struct platform *p, struct error *err);

#endif
