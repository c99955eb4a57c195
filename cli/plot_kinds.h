/* cli/plot_kinds.h - the pictures one can ask for by name, for `plot` and `list`. Adding one of
 * timelines: a row in plots/picture.h; of a table: a row in plot_kinds.c; and a file in plots/. */
#ifndef DAGCAST_CLI_PLOT_KINDS_H
#define DAGCAST_CLI_PLOT_KINDS_H

#include "base/error.h"
#include "cli/columns.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "cli/timelines.h"
#include "doc/doc.h"
#include "plots/picture.h"
#include "plots/series.h"

enum plot_needs {
    PLOT_TIMELINES,                      /* `timelines`: of a record, or simulated of a scenario */
    PLOT_REPLICAS,                       /* a scenario's makespans over its replicas */
    PLOT_WORKFLOW,                       /* task sets and dependencies */
    PLOT_SERIES,                         /* `series`: columns of a table, CSV or a result's */
    PLOT_FRONT,                          /* `series`, or a result's table of advice */
    PLOT_SESSIONS,                       /* a result's table of advice */
    PLOT_PARITY,                         /* a result's table of measured and predicted makespans */
    PLOT_CAMPAIGN,                       /* a scenario with a campaign, over its replicas */
    /* a result's table of parts of makespans, a column a mode */
    PLOT_PARTS,
};

struct plot_kind {
    const char *name, *summary;
    enum plot_needs needs;
    int (*timelines)(const struct picture *p, const char *path, struct error *err);
    int (*series)(const struct series_picture *p, const char *path, struct error *err);
    /* Of a picture of series: the title's first word, the columns it looks for
     * (NULL-terminated), and what makes a series. `y` NULL: the picture has no y. */
    const char *word, *const *x, *const *y, *by;
    /* x is a setting that varies; one line per other settings */
    bool over_settings;
};
const struct plot_kind *plot_kind_at(size_t i);          /* NULL past the end */
const struct plot_kind *plot_kind_find(const char *name);        /* NULL: none */

struct plot_options {
    struct scenario_options scenario;
    struct output_options files;
    const char *output, *title, *chrome_trace;
    const char *x, *y, *by;
};

struct plot_call {
    const struct plot_kind *kind;
    const struct plot_options *options;
    const struct input *input;
    const cJSON *result;                 /* the input, if it is one; or a result at hand */
    const char *name;                    /* what a title calls the input */
    const char *output;                  /* the picture's path; its extension is valid */
    const char *const *data_dirs;
};

/* For each of enum plot_needs; the last one for all that need a table. */
int plot_of_timelines(const struct plot_call *call, struct error *err);
int plot_of_replicas(const struct plot_call *call, struct error *err);
int plot_of_workflow(const struct plot_call *call, struct error *err);
int plot_of_campaign(const struct plot_call *call, struct error *err);
int plot_of_table(const struct plot_call *call, struct error *err);

/* The title of the result that is drawn; NULL: it is none, or has none. */
const char *plot_stored_title(const struct plot_call *call);

/* Draws a table of a result, new or stored. A doc_plot_fn. */
int plot_of_result(const cJSON *result, const struct doc_plot *plot, const char *path,
                   struct error *err);
int plot_of_doc(const struct doc *d, const struct doc_plot *plot, const char *path,
                struct error *err);

/* Columns of any table as series: those that options name, else those that the kind looks for. -1
 * also if a column that is asked for, or needed, is not there. */
int columns_draw_series(const struct plot_call *call, const struct columns *c, struct error *err);

/* Pictures of the rows of `advise`: what to ask for, and sessions over nodes. */

/* Walltimes that a queue accepts against their cost. -1 also if there are none. */
int advice_draw_front(const struct plot_call *call, const struct columns *c, struct error *err);
int advice_draw_sessions(const struct plot_call *call, const struct columns *c,
                         struct error *err);

#endif
