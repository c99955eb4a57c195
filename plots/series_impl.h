/* plots/series_impl.h - what the pictures of series share. */
#ifndef DAGCAST_PLOTS_SERIES_IMPL_H
#define DAGCAST_PLOTS_SERIES_IMPL_H

#include "plots/series.h"
#include "plots/sheet.h"

enum { SERIES_LEFT = 92, SERIES_HEIGHT = 420 };

/* A sheet with the picture's title. -1: no series has a finite point. */
int series_begin(struct sheet *s, const struct series_picture *p, struct error *err);

/* Adds the points in order of x as a data block "$series<k>": x y low high, finite ones only; the
 * interval of a point without one is empty. */
void series_add_data(struct str *row, const struct series *s, size_t k);
bool series_point_known(const struct series *s, size_t i);

/* The smallest and largest of all finite values; an empty range is widened. */
struct series_range { double low, high; };
struct series_range series_range_x(const struct series_picture *p);
struct series_range series_range_y(const struct series_picture *p);      /* intervals included */

int series_draw(struct sheet *s, const char *path, struct error *err);   /* and clears the sheet */

#endif
