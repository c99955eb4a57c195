/* cli/calibrate_doc.h - a calibration as members of a result, and its pictures: each station's
 * samples against its fit. */
#ifndef DAGCAST_CLI_CALIBRATE_DOC_H
#define DAGCAST_CLI_CALIBRATE_DOC_H

#include "base/error.h"
#include "doc/doc.h"
#include "traces/calibrate.h"
#include "traces/task_durations.h"

struct station_picture {                 /* what a picture draws */
    const struct calibration *calibration;
    enum station_parameter parameter;
};
struct station_pictures {
    size_t n;
    struct station_picture at[STATION_PARAMETERS];
};
/* Of the stations whose values vary within sessions. */
struct station_pictures station_pictures_of(const struct calibration *c);
/* FOLDER/STATION.svg and .png; makes the folder. */
int station_pictures_draw(const struct station_pictures *p, const char *folder, struct error *err);

/* The members "profile", "stations", "durations" (unless there are none), "notes"; and the
 * pictures, which must live until the doc is rendered. */
void calibrate_doc_add(struct doc *d, const struct calibration *c,
                       const struct task_durations *durations,
                       const struct station_pictures *pictures);

#endif
