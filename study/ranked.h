/* study/ranked.h - records of a timeline in order of an instant. */
#ifndef DAGCAST_STUDY_RANKED_H
#define DAGCAST_STUDY_RANKED_H

#include <stddef.h>

#include "core/timeline.h"

struct ranked { double at_s; size_t record; };
void ranked_sort(struct ranked *list, size_t n);         /* by time, then by record */
/* All records, those without the instant last (at INFINITY); free() it. */
struct ranked *ranked_by(const struct timeline *t, enum instant instant);

#endif
