/* cli/front_picture.h - advice as a picture: what to ask for against what it costs. */
#ifndef DAGCAST_CLI_FRONT_PICTURE_H
#define DAGCAST_CLI_FRONT_PICTURE_H

#include "base/error.h"
#include "core/scenario.h"

struct front_point { /* a row of advice that a queue accepts */
    enum mode mode;
    double nodes, charge, walltime_s;    /* charge: node-hours */
};
struct front {
    const char *title;                   /* NULL: one that says `what` */
    const char *what;                    /* "ddmd on summit"; NULL: not known */
    double confidence;                   /* share of sessions within the walltime; NAN: not known */
    const struct front_point *points;
    size_t n;
};
/* -1 also if there is no point. */
int front_draw(const struct front *f, const char *path, struct error *err);

#endif
