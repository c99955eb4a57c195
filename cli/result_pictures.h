/* cli/result_pictures.h - pictures of what --json printed of validate, advise and explain, for plot and report. */
#ifndef DAGCAST_CLI_RESULT_PICTURES_H
#define DAGCAST_CLI_RESULT_PICTURES_H

#include <cjson/cJSON.h>

#include "base/error.h"

/* -1 also where the result does not hold what is to be drawn. `title` NULL: one of its own. */
int result_draw_parity(const cJSON *result, const char *title, const char *path, struct error *err);     /* of validate */
int result_draw_advice(const cJSON *result, const char *title, const char *path, struct error *err);     /* of advise: the front */
int result_draw_explanation(const cJSON *result, const char *title, const char *path, struct error *err);        /* of explain */

/* What makespans consist of, a bar a mode, stacked by part; zero-initialised but for n_modes. */
struct makespan_parts { size_t n, room, n_modes; struct part *at; };
/* Takes `name`; parts of one name are one. */
void makespan_parts_add(struct makespan_parts *p, char *name, size_t mode, double seconds);
/* Sorts, and merges what is too small to be seen. -1 also if there is no part. */
int makespan_parts_draw(struct makespan_parts *p, const char *const *modes, const char *title,
                        const char *path, struct error *err);
void makespan_parts_clear(struct makespan_parts *p);

#endif
