/* scheduling/expected_ends.h - when the running tasks are expected to end, soonest first: for rules
 * that reserve.
 *
 * Blocks of a hundred or so entries in a row of blocks: a start or an end moves the entries of one
 * block, whatever the number of running tasks. */
#ifndef DAGCAST_SCHEDULING_EXPECTED_ENDS_H
#define DAGCAST_SCHEDULING_EXPECTED_ENDS_H

#include <stddef.h>
#include <stdint.h>

/* soonest first, at one instant by grant */
struct expected_end { double end_s; uint32_t grant; };
struct ends_block { uint32_t n; struct expected_end *at; };      /* n >= 1 */

struct expected_ends { /* zero-initialised: none runs */
    size_t n, n_blocks, block_room;
    struct ends_block *blocks;
    double *of_grant;                    /* by grant, while it runs */
    size_t grant_room;
};
void expected_ends_clear(struct expected_ends *e);               /* frees; none runs */
void expected_ends_add(struct expected_ends *e, uint32_t grant, double end_s);
/* returns when it was expected to end */
double expected_ends_remove(struct expected_ends *e, uint32_t grant);
/* the first one behind the instant; INFINITY */
double expected_ends_behind(const struct expected_ends *e, double at_s);

/* One after the other: begin with zeros. Valid while none is added or removed. */
struct ends_cursor { size_t block; uint32_t at; };
/* At the first one at or behind the instant. */
struct ends_cursor expected_ends_from(const struct expected_ends *e, double at_s);
/* NULL past the last */
static inline const struct expected_end *expected_ends_at(const struct expected_ends *e,
                                                          const struct ends_cursor *c)
{
    return c->block < e->n_blocks ? &e->blocks[c->block].at[c->at] : NULL;
}

static inline void expected_ends_step(const struct expected_ends *e, struct ends_cursor *c)
{
    if (++c->at == e->blocks[c->block].n)
        *c = (struct ends_cursor){ c->block + 1, 0 };
}

#endif
