/* traces/latencies_impl.h - the parts of the latencies to each other. */
#ifndef DAGCAST_TRACES_LATENCIES_IMPL_H
#define DAGCAST_TRACES_LATENCIES_IMPL_H

#include "traces/latencies.h"

/* What a generator of tasks takes for a bulk, once results have made room. latencies_generator.c */
void latencies_of_generator(struct samples *out, const struct session *s);

#endif
