/* study/advise_impl.h - which rows of advice need more replicas. */
#ifndef DAGCAST_STUDY_ADVISE_IMPL_H
#define DAGCAST_STUDY_ADVISE_IMPL_H

#include "study/advise.h"

/* Fewer replicas than asked for, and more of them could change what is advised: the row may be
 * a choice or on the front, and its walltime is not known to the minute, or its charge may be the
 * other side of a rival's. */
bool advise_needs_more(const struct advice *a, const struct advise_options *o, size_t row);

#endif
