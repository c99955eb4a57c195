/* core/usage.h - what each record of a timeline used, and from when to when: the one reading that figures and pictures share. */
#ifndef DAGCAST_CORE_USAGE_H
#define DAGCAST_CORE_USAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/timeline.h"

struct usage {
    int set;
    double slots, gpus;                  /* as recorded, else by the set's demand */
    double started_s, stopped_s;         /* it executed; a record cut off before its stop executes to the end of the timeline */
    double held_from_s, held_to_s;       /* its slots were nobody else's: scheduled to freed; where unknown, as executed */
};

struct usage_reader;                     /* reads one timeline, which must not change meanwhile */
struct usage_reader *usage_reader_new(const struct timeline *t);                         /* O(records) */
void usage_reader_free(struct usage_reader *u);
bool usage_read(const struct usage_reader *u, size_t record, struct usage *out);         /* false: it never started */

#endif
