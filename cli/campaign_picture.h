/* cli/campaign_picture.h - results and hits of campaigns over time, a curve a campaign and mode. */
#ifndef DAGCAST_CLI_CAMPAIGN_PICTURE_H
#define DAGCAST_CLI_CAMPAIGN_PICTURE_H

#include "cli/makespans.h"

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

#endif
