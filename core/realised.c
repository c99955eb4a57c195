#include "core/realised.h"

#include <stdlib.h>

void realised_free(struct realised *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n_points; i++) {
        free(r->points[i].name);
        free(r->points[i].sets);
    }
    for (size_t i = 0; i < r->n_campaigns; i++) {
        free(r->campaigns[i].rounds);
        free(r->campaigns[i].learnings);
    }
    free(r->points);
    free(r->campaigns);
    free(r->base);
    free(r->lane);
    free(r->point);
    free(r);
}
