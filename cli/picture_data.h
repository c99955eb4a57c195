/* cli/picture_data.h - what the pictures of runs are drawn from: taken from the runs at hand, or
 * from the result that --picture-data stored it in.
 *
 * The member "pictures" of a result: {"workflow", "platform", "makespans", "campaign" if there is
 * one, "timelines": [{"name", "workflow" if it was decided at run time, and the columns of
 * core/timeline_columns.h}]}: replica 0 of each mode. */
#ifndef DAGCAST_CLI_PICTURE_DATA_H
#define DAGCAST_CLI_PICTURE_DATA_H

#include "base/error.h"
#include "base/schema.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "doc/doc.h"
#include "doc/render.h"
#include "plots/picture.h"
#include "study/replicate.h"

/* ---- the distribution of makespans over replicas, drawn ---- */

struct mode_runs { enum mode mode; const struct replicas *runs; };       /* not owned */

enum makespan_kind { OF_MAKESPAN, OF_SESSION, OF_SOLUTION };
/* A mode's replicas: of those that ended their times, how many did not, the share in time. */
struct makespan_line { char *name; struct number_list times; int not_ended; double in_time; };
struct makespans {
    char *title;
    int of;                              /* enum makespan_kind */
    double walltime_s;                   /* of a job; 0: none */
    size_t n;
    struct makespan_line *lines;
};
/* How results store it; clear with schema_clear(). */
extern const struct schema makespans_schema;

/* Makespans; of a scenario with a walltime sessions; of jobs that wait, or several, times to the
 * solution. */
struct makespans makespans_of(const struct scenario_set *set, const struct mode_runs *of, size_t n);
/* A line a mode, the walltime in red. `title` NULL: its own. */
int makespans_draw(const struct makespans *m, const char *title, const char *path,
                   struct error *err);

/* ---- results and hits of campaigns over time, a curve a campaign and mode ---- */

enum { CAMPAIGN_REPLICAS = 64 };         /* of as many at most: what replicate() is asked for */

struct campaign_counts { struct number_list mean, low, high; };          /* low, high: 5 and 95 % */
struct campaign_line {
    char *name;                          /* the mode; of several campaigns "campaign, mode" */
    struct campaign_counts results, hits;                /* hits: empty if there is none */
};
struct campaign_curves {
    char *title;
    struct number_list times;            /* where all curves have their points */
    size_t n;                            /* 0: the workflow has no campaign */
    struct campaign_line *lines;
};
/* How results store it; clear with schema_clear(). */
extern const struct schema campaign_curves_schema;

/* None if the runs collected none (replicate_options.campaign). */
struct campaign_curves campaign_curves_of(const struct scenario *s, const struct mode_runs *of,
                                          size_t n);
/* `title` NULL: its own. -1: no campaign, or the picture cannot be drawn. */
int campaign_draw(const struct campaign_curves *c, const char *title, const char *path,
                  struct error *err);

/* ---- what all of them need ---- */

#define PICTURE_DATA_ROW(type, member)                                                             \
    { .name = "picture-data", OPTION_AT(type, member),                                             \
      .help = "keep in what --json prints the timelines and makespans that pictures are drawn "    \
              "from: 'plot' and 'report' draw that without a run (up to 120,000 tasks)" }

/* records of all timelines together that a result stores */
enum { PICTURE_DATA_MOST = 120000 };

struct picture_data {
    struct picture picture;              /* `panels` below */
    struct picture_panel panels[MODES];
    struct makespans makespans;
    struct campaign_curves campaign;
    const struct workflow *workflow;
    struct stored_pictures *stored;      /* owns what was read; NULL: of runs */
};

/* Of runs that outlive it, each with its `first` (replicate()). The panels point into *p. */
void picture_data_of(struct picture_data *p, const struct scenario_set *set,
                     const struct mode_runs *of, size_t n);
/* From a stored result, `root`: no panels if it holds none. -1: broken. */
int picture_data_read(struct picture_data *p, const struct json *root, struct error *err);
/* The same; -1 also if it holds none. */
int picture_data_need(struct picture_data *p, const struct json *root, struct error *err);
void picture_data_clear(struct picture_data *p);

/* The member "pictures". */
void picture_data_store(struct doc *d, const struct picture_data *p);
/* -1: the runs of this workflow in `modes` modes have more tasks than PICTURE_DATA_MOST, or nothing
 * prints JSON. */
int picture_data_check(const struct workflow *w, size_t modes, const struct output_options *o,
                       struct error *err);

/* Pictures of a page, as a doc's blocks. What *p shows must live until it is rendered. */
void picture_data_add_makespans(struct doc *d, const struct picture_data *p);
void picture_data_add_workflow(struct doc *d, const struct workflow *w);
/* Those that a stored page names and *p can draw: for doc_load(). free() it. */
struct doc_drawing *picture_data_drawings(const struct picture_data *p);

/* ---- pictures of timelines as blocks of a doc, for all commands that show some: what they show
 * must live until the doc is rendered ---- */

/* A Gantt chart to zoom into, unless there are more records than a browser holds. */
void page_add_gantt(struct doc *d, const struct picture *p);
/* Gantt chart, utilisation and running tasks. `caption` NULL: one that says so. */
void page_add_comparison(struct doc *d, const char *caption, const struct picture *p);
void page_add_utilisation(struct doc *d, const struct picture *p);
/* The section "Task by task": the chart, of the last panel where all are too many, and pictures. */
void page_add_timelines(struct doc *d, const struct picture *p);

/* What draws those of page_add_timelines() in a stored page (doc_load()): writes up to
 * PAGE_DRAWINGS of them, returns how many. */
enum { PAGE_DRAWINGS = 3 };
size_t page_drawings(const struct picture *p, struct doc_drawing out[static PAGE_DRAWINGS]);

#endif
