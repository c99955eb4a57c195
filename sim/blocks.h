/* sim/blocks.h - nodes that are not there from the start: those with a time of joining, and blocks
 * (core/blocks.h). */
#ifndef DAGCAST_SIM_BLOCKS_H
#define DAGCAST_SIM_BLOCKS_H

#include "sim/simulate_impl.h"

/* -1: nodes that come and go together with failures or several pilots, or blocks larger than the
 * platform. */
int blocks_check(const struct scenario *s, struct error *err);
struct blocks;
/* NULL: all nodes are there from the start */
struct blocks *blocks_new(struct simulator *s);
void blocks_free(struct blocks *b);                      /* NULL allowed */
void blocks_begin(struct blocks *b, uint32_t replica);
void blocks_on_event(struct blocks *b, uint32_t subject);                /* EVENT_NODE is due */

#endif
