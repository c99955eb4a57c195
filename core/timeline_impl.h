/* core/timeline_impl.h - what the parts of a timeline share: the length of slots, and how phases
 * are held (core/timeline_phases.h). */
#ifndef DAGCAST_CORE_TIMELINE_IMPL_H
#define DAGCAST_CORE_TIMELINE_IMPL_H

#include "core/timeline.h"
#include "core/timeline_phases.h"

/* How long the slots of a record that has some are in the arena. */
size_t timeline_slots_length(const struct timeline *t, size_t record);

struct phase_span { uint32_t first, n; };
struct timeline_phases {
    size_t n, room;
    struct timeline_phase *at;           /* of all records */
    size_t n_records, of_room;           /* records behind these have none */
    struct phase_span *of;               /* of each record, into `at` */
    size_t n_names, name_room;
    char **names;                        /* of flows and services; number k + 1 */
};

void timeline_phases_free(struct timeline_phases *p);    /* NULL allowed, also below */
void timeline_phases_clear(struct timeline_phases *p);   /* keeps the names */
/* Record i is what was record from[i]. */
void timeline_phases_permute(struct timeline_phases *p, size_t n, const uint32_t *from);

#endif
