/* model/grown_impl.h - degrees of asynchronicity, from the places that a walk gives its sets. */
#ifndef DAGCAST_MODEL_GROWN_IMPL_H
#define DAGCAST_MODEL_GROWN_IMPL_H

#include "model/grown.h"

struct grown_member { int base, iteration; uint32_t n_tasks; };
struct grown_level {
    struct grown_member *members;
    size_t n, n_kept, n_same, room;      /* n_same: like the last */
};

struct grown_degrees {
    const struct workflow *from, *workflow;
    size_t n_sinks;
    bool *used, *has_child;              /* of each place */
    bool *before_late;                   /* of each described set: one in no loop comes after it */
    /* Levels below `first` stay open: as many as there are described sets. level[i] is level
     * first + i. */
    int first, n_low;
    size_t n, room;
    struct grown_level *low, *level;
    struct grown_level fullest;
    size_t *most;                        /* of each described set: what the platform holds */
};

/* Of the description `from`, whose sets have places in `w`. */
void grown_degrees_init(struct grown_degrees *d, const struct workflow *from,
                        const struct workflow *w, const struct platform *p);
/* A place is given to the next set; the one that had it is complete. */
void grown_degrees_add(struct grown_degrees *d, int set, const struct growing_set *at);
/* Levels below `least` are complete: the fullest is kept. */
void grown_degrees_close(struct grown_degrees *d, int least);
/* After the walk. */
void grown_degrees_end(struct grown_degrees *d, const struct grown_question *q,
                       struct asynchronicity *out);
void grown_degrees_clear(struct grown_degrees *d);

#endif
