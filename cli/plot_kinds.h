/* cli/plot_kinds.h - the kinds of pictures of `dagcast plot`. Adding one = one row in cli/plot.c and a function that draws it. */
#ifndef DAGCAST_CLI_PLOT_KINDS_H
#define DAGCAST_CLI_PLOT_KINDS_H

#include "base/error.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "cli/timelines.h"

struct plot_options {
    struct scenario_options scenario;
    struct output_options files;
    const char *output, *title, *chrome_trace;
    const char *x, *y, *by;
};

struct plot_call {
    const struct plot_options *options;
    const struct input *input;
    const char *output;                  /* the picture's path: known to be one that can be drawn */
    const char *const *data_dirs;
};

int plot_call_gantt(const struct plot_call *call, struct error *err);
int plot_call_utilisation(const struct plot_call *call, struct error *err);
int plot_call_concurrency(const struct plot_call *call, struct error *err);
int plot_call_stations(const struct plot_call *call, struct error *err);
int plot_call_comparison(const struct plot_call *call, struct error *err);
int plot_call_makespan(const struct plot_call *call, struct error *err);
int plot_call_sweep(const struct plot_call *call, struct error *err);
/* A sweep's rows, as CSV, which it changes; `name`: of the study. */
int plot_sweep_csv(struct str *csv, const char *name, const char *path, struct error *err);
int plot_call_pareto(const struct plot_call *call, struct error *err);
int plot_call_ecdf(const struct plot_call *call, struct error *err);
int plot_call_dag(const struct plot_call *call, struct error *err);

#endif
