/* study/counterfactual_impl.h - worlds with one thing otherwise. */
#ifndef DAGCAST_STUDY_COUNTERFACTUAL_IMPL_H
#define DAGCAST_STUDY_COUNTERFACTUAL_IMPL_H

#include "study/counterfactual.h"

struct other_world {
    struct workflow workflow;            /* shares everything with the real one but `sets` */
    struct dist **durations;             /* one a set, NULL where it is the real one's; or NULL */
    struct platform *platform;           /* NULL: the real one */
    struct middleware *middleware;
    struct scenario scenario;            /* points to the above */
};
/* The real world. */
void other_world_init(struct other_world *o, const struct scenario *s);
void other_world_clear(struct other_world *o);

/* Changes it; NULL, or why that cannot be or is nothing. */
const char *other_world_change(struct other_world *o, enum counterfactual_kind kind);

#endif
