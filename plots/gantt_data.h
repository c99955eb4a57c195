/* plots/gantt_data.h - timelines as the data of an interactive Gantt chart (doc/html/gantt.js).
 *
 * {"slot_kind": "cores",
 *  "labels": [{"name", "colour", "hatched": false}],      as plots/style.h gives them
 *  "sets": [{"name", "label": 0, "demand": "4 threads + 1 GPU"}],
 *  "columns": ["set", "index", "attempt", "status", "submitted", "arrived", "scheduled", "started",
 *              "stopped", "freed", "notified",
 *              "slots"],                                  and "phases" if some task has some
 *  "panels": [{"name", "makespan", "placed": true, "nodes": [{"name", "slots", "gpus"}],
 *              "shaded": [[2, from, to], ...],            every second iteration, of several
 *              "tasks": [[...], ...]}]}
 *
 * Times are seconds since the panel's first start, null where unknown; tasks are in the order of
 * their starts. `slots` holds four numbers for each run of lanes: node, kind (0 core, 1 GPU),
 * first, how many. Where no slots are recorded, `placed` is false and tasks lie side by side on the
 * lanes of one node. */
#ifndef DAGCAST_PLOTS_GANTT_DATA_H
#define DAGCAST_PLOTS_GANTT_DATA_H

#include <cjson/cJSON.h>

#include "base/str.h"
#include "plots/picture.h"

/* records of all panels that a browser holds with ease: some 20 MB */
enum { GANTT_DATA_MOST = 120000 };

size_t gantt_data_records(const struct picture *p);      /* how many there are */
/* Appends the JSON, markup-safe (as html_add_json()). */
void gantt_data_add(struct str *text, const struct picture *p);

#endif
