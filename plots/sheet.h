/* plots/sheet.h - a sheet of rows one above the other: title, legend, margins; then gnuplot. The
 * look that all pictures share.
 *
 * Rows are added from the top; the sheet knows its height only at the end, so a row is kept as
 * script until sheet_draw(). In a row's script PX(x) and PY(y) turn pixels from the top left into
 * gnuplot's screen coordinates. */
#ifndef DAGCAST_PLOTS_SHEET_H
#define DAGCAST_PLOTS_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"

/* pixels; of a letter: about */
enum { SHEET_WIDTH = 1200, SHEET_RIGHT = 24, SHEET_GLYPH = 7 };

struct sheet_row {
    /* pixels: of the plot, and the room left above (its title) and below it */
    int height, above, below;
    struct str body;
};
struct sheet {
    /* pixels left of the plots: for names of rows and of the y axis */
    int left;
    char *title;
    /* gnuplot objects and labels in pixels from the top left */
    struct str legend;
    int legend_x, legend_rows, n_entries;
    size_t n_rows, room;
    struct sheet_row *rows;
};
void sheet_init(struct sheet *s, char *title, int left);                 /* takes `title` */
void sheet_clear(struct sheet *s);

/* a box in that fill (plots/style.h) and its text */
void sheet_add_fill_entry(struct sheet *s, size_t fill, const char *text);
/* a line in that style and its text */
void sheet_add_line_entry(struct sheet *s, size_t line, const char *text);

/* The same with a symbol, gnuplot's `point_type`, and a line through it or none. */
void sheet_add_symbol_entry(struct sheet *s, size_t line, int point_type, bool with_line,
                            const char *text);
void sheet_add_note(struct sheet *s, const char *text);                          /* a text alone */

/* A further row, `height` pixels high: a title above it and the name of the x axis with its numbers
 * below it, either may be NULL. The caller adds ranges, y axis and plot commands to the returned
 * script, valid until the next call. */
struct str *sheet_row(struct sheet *s, int height, const char *title, const char *x_name);

/* Names the y axis of the row, along it and left of its numbers. */
void sheet_y_name(struct str *row, const char *name);
/* A y axis of names at 0, 1, ... n - 1 from the top: room for them left of all rows, before
 * anything is added; and the axis of one row. */
void sheet_name_rows(struct sheet *s, const char *const *names, size_t n);
void sheet_rows_axis(struct str *row, const char *const *names, size_t n);
/* The name of a tic, str_shortened(), as a gnuplot string: gnuplot takes it as a format, so % is
 * doubled. */
void sheet_add_tic(struct str *script, const char *text, int most);
/* Adds the text, so shortened, as a gnuplot string. */
void sheet_add_quoted(struct str *script, const char *text, int most);
int sheet_width(const struct sheet *s);                                  /* of the plots, pixels */

/* `head`: script before the first row, "" for none. */
int sheet_draw(const struct sheet *s, const char *head, const char *path, struct error *err);

#endif
