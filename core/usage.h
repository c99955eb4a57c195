/* core/usage.h - what each record of a timeline used, and from when to when: the one reading that
 * figures and pictures share. */
#ifndef DAGCAST_CORE_USAGE_H
#define DAGCAST_CORE_USAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/timeline.h"

struct usage {
    int set;
    double slots, gpus;                  /* as recorded, else by the set's demand */
    /* it executed; a record cut off before its stop executes to the end of the timeline */
    double started_s, stopped_s;
    /* its slots were its own: scheduled to freed; where unknown, as executed */
    double held_from_s, held_to_s;
};

struct usage_reader;                     /* reads one timeline, which must not change meanwhile */
/* O(records) */
struct usage_reader *usage_reader_new(const struct timeline *t);
void usage_reader_free(struct usage_reader *u);
/* false: it never started */
bool usage_read(const struct usage_reader *u, size_t record, struct usage *out);

#endif
