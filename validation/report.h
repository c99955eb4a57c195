/* validation/report.h - what validations say, as tables, sentences and JSON. */
#ifndef DAGCAST_VALIDATION_REPORT_H
#define DAGCAST_VALIDATION_REPORT_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/str.h"
#include "base/table.h"
#include "validation/validate.h"

struct table *report_makespans(const struct validation *v, size_t n);    /* a row a session: measured, predicted, interval */
struct table *report_details(const struct validation *v, size_t n);      /* a row a session: starts, areas, placements */
struct table *report_baselines(const struct validation *v, size_t n);    /* a row a session: errors of the simpler predictions */
struct table *report_stages(const struct validation *v);                 /* a row a stage: measured and predicted start and end */

/* A line each: that it was interrupted, what was read from the run, what it was calibrated on, EXTRAPOLATION, in sample, chaotic, an
 * interval that is a prior. */
void report_notes(const struct validation *v, struct str *out);
/* A sentence for each session that was interrupted: its makespan is no measure. Nothing where none was. */
void report_interruptions(const struct validation *v, size_t n, struct str *out);
/* The mean absolute errors over the sessions that were not interrupted, and in how many of them the interval holds. */
void report_verdict(const struct validation *v, size_t n, struct str *out);

/* [{"session", "measured", "predicted": {"mean", "sd", "pi95"}, "error", ...}, ...], a new tree. */
cJSON *report_json(const struct validation *v, size_t n);

#endif
