/* cli/run_output.h - what simulate, compare and model say in common: a summary's rows and its JSON, closed forms, pictures. */
#ifndef DAGCAST_CLI_RUN_OUTPUT_H
#define DAGCAST_CLI_RUN_OUTPUT_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/table.h"
#include "cli/scenario_options.h"
#include "core/scenario.h"
#include "model/predict.h"
#include "num/modes.h"
#include "num/stats.h"
#include "study/pipeline_orders.h"
#include "study/summary.h"

/* A table of rows with a name and one value a mode (or one value only). */
struct row_table { struct table *table; size_t n_values; };
struct row_table row_table_new(const char *const *value_names, size_t n);
void row_table_add(struct row_table *t, const char *name);
void row_table_text(struct row_table *t, size_t value, const char *format, ...) PRINTF_LIKE(3, 4);
void row_table_seconds(struct row_table *t, size_t value, double seconds);      /* "1660.1 s"; "-" when NAN */
void row_table_percent(struct row_table *t, size_t value, double share);        /* "51.3 %" */
void row_table_print(struct row_table *t, struct str *out);             /* and frees it */

cJSON *json_of_interval(struct stats_interval i);        /* [low, high] */
cJSON *json_of_sample(const struct stats_summary *s);    /* {mean, sd, ci95, quantiles, min, max} */
cJSON *json_of_summary(const struct summary *s);         /* {makespan, session, utilisation, lower_bound, ...} */
cJSON *json_of_modes(const struct two_modes *m);         /* null, or {low, share_low, high, share_high, gap} */
cJSON *json_of_order(const struct pipeline_orders *o);   /* null: not tried; {submitters, tried, all, file, best, worst, matters} */
cJSON *json_of_scenario(const struct scenario_set *set); /* what runs, as the header says it; how to make it again */
cJSON *json_of_workflow(const struct workflow *w, const struct asynchronicity *a);       /* {name, doa_dep, width, ...} */
/* "notes": sentences that the figures need: cut runs (of n modes, as words_add_cut_runs() says them), one replica. Absent without any. */
void json_add_notes(cJSON *root, const struct scenario *s, const char *const *names, const double *share, size_t n, size_t replicas);
void json_add_note(cJSON *root, const char *words);      /* one more; nothing for NULL or "" */
void json_add_closed_forms(cJSON *object, const struct mode_prediction *p);

/* "Asynchronicity" line of the header. */
void run_output_add_asynchronicity(struct str *text, const struct asynchronicity *a);

/* Replica 0 of the scenario, in order of the tasks' starts. NULL: what simulator_new() refuses. */
struct timeline *run_output_timeline(const struct scenario *s, struct error *err);
/* The same written while it runs, as CSV and as Chrome trace (either may be NULL): what is held does not grow with tasks. -1: as above, or
 * a file cannot be written. */
int run_output_stream(const struct scenario *s, const char *csv, const char *chrome_trace, struct error *err);

#endif
