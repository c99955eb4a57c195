/* cli/campaign_picture.h - results and hits of a campaign over time, a curve a mode. */
#ifndef DAGCAST_CLI_CAMPAIGN_PICTURE_H
#define DAGCAST_CLI_CAMPAIGN_PICTURE_H

#include "core/scenario.h"

/* Runs the scenario in each of the n modes, up to CAMPAIGN_REPLICAS times. `title` NULL: from the
 * scenario. -1: it has no campaign, interrupted, or the picture cannot be drawn. */
enum { CAMPAIGN_REPLICAS = 64 };
int campaign_draw(const struct scenario *s, const enum mode *modes, size_t n, const char *title,
                  const char *path, struct error *err);

#endif
