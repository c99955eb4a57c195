#include "doc/fit_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/xalloc.h"

enum { GAP = 2, UNBROKEN = 24, READABLE = 16 }; /* characters */

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- widths ---- */

struct fit {
    const struct table *t;
    char **cells;                        /* escaped; the head, then row by row */
    size_t *natural, *folded, *tight,
        *widths; /* by column: on one line, folded, folded most, as printed */
    size_t *shown, n_shown;              /* columns */
    size_t indent;
};

static const char *cell(const struct fit *f, size_t line, size_t column)
{
    return f->cells[line * table_columns(f->t) + column];
}

static void measure(struct fit *f)
{
    size_t n = table_columns(f->t), lines = table_rows(f->t) + 1;
    f->cells = xcalloc(n * lines + 1, sizeof *f->cells);
    f->natural = xcalloc(n + 1, sizeof *f->natural);
    f->folded = xcalloc(n + 1, sizeof *f->folded);
    f->tight = xcalloc(n + 1, sizeof *f->tight);
    f->widths = xcalloc(n + 1, sizeof *f->widths);
    f->shown = xcalloc(n + 1, sizeof *f->shown);
    for (size_t i = 0; i < n * lines; i++) {
        struct str text = { 0 };
        const char *plain = i < n ? table_column(f->t, i) : table_text(f->t, i / n - 1, i % n);
        escape_terminal(&text, *plain || i < n ? plain : "-");
        f->cells[i] = str_take(&text);
        f->natural[i % n] = most(f->natural[i % n], str_characters(f->cells[i]));
        f->tight[i % n] = most(f->tight[i % n], fit_longest_piece(f->cells[i]));
    }
    for (size_t c = 0; c < n; c++) {
        bool words = table_align(f->t, c) == TABLE_LEFT;
        f->tight[c] = least(f->tight[c], words ? least(f->natural[c], UNBROKEN) : f->natural[c]);
        f->folded[c] = words ? most(f->tight[c], least(f->natural[c], READABLE)) : f->tight[c];
    }
}

static size_t sum_of(const struct fit *f, const size_t *widths)
{
    size_t sum = f->indent;
    for (size_t i = 0; i < f->n_shown; i++)
        sum += widths[f->shown[i]] + (i > 0 ? GAP : 0);
    return sum;
}

/* What room there is goes to the narrowest columns first: numbers stay on a line, words fold. */
static void share(struct fit *f, size_t width)
{
    const size_t *from = sum_of(f, f->folded) > width ? f->tight : f->folded;
    for (size_t i = 0; i < f->n_shown; i++)
        f->widths[f->shown[i]] = from[f->shown[i]];
    for (size_t sum = sum_of(f, f->widths); sum < width; sum++) {
        size_t *narrowest = NULL;
        for (size_t i = 0; i < f->n_shown; i++) {
            size_t c = f->shown[i];
            if (f->widths[c] < f->natural[c] && (!narrowest || f->widths[c] < *narrowest))
                narrowest = &f->widths[c];
        }
        if (!narrowest)
            return;
        ++*narrowest;
    }
}

/* ---- lines ---- */

static void add_aligned(struct str *out, const char *text, size_t bytes, size_t pad, bool right)
{
    fit_add_blanks(out, right ? pad : 0);
    str_add_n(out, text, bytes);
    fit_add_blanks(out, right ? 0 : pad);
}

/* How far the further lines of a cell are indented: those of names. */
static size_t hang_of(const struct fit *f, size_t line, size_t column)
{
    size_t blanks = strspn(cell(f, line, column), " ");
    return column == 0 ? least(FIT_HANG + blanks, f->widths[column] / 2) : 0;
}

/* One line of a cell, of which *rest is left. */
static void add_part(struct str *out, const struct fit *f, size_t column, const char **rest,
                     size_t hang)
{
    const char *text = *rest;
    bool right = table_align(f->t, column) == TABLE_RIGHT;
    size_t width = f->widths[column];
    fit_add_blanks(out, hang);
    size_t n = fit_line_length(text, width - hang), wide = fit_characters(text, n);
    add_aligned(out, text, n, width - hang - wide, right);
    *rest = text + n;
    *rest += n > 0 ? strspn(*rest, " ") : 0;
}

static size_t lines_of(const struct fit *f, size_t line, size_t column)
{
    struct str unused = { 0 };
    size_t n = 0;
    const char *rest = cell(f, line, column);
    do
        add_part(&unused, f, column, &rest, n++ == 0 ? 0 : hang_of(f, line, column));
    while (*rest);
    str_clear(&unused);
    return n;
}

static void end_line(struct str *out)
{
    while (out->length > 0 && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
    str_add(out, "\n");
}

/* Row `line` of the cells; the head (0) is aligned at its lower end. */
static void add_row(struct str *out, const struct fit *f, size_t line)
{
    size_t n = f->n_shown, height = 1, *skip = xcalloc(n + 1, sizeof *skip);
    const char **rest = xcalloc(n + 1, sizeof *rest);
    for (size_t i = 0; i < n; i++) {
        rest[i] = cell(f, line, f->shown[i]);
        skip[i] = lines_of(f, line, f->shown[i]);
        height = most(height, skip[i]);
    }
    for (size_t y = 0; y < height; y++) {
        fit_add_blanks(out, f->indent);
        for (size_t i = 0; i < n; i++) {
            size_t before = line == 0 ? height - skip[i] : 0, hang = hang_of(f, line, f->shown[i]);
            fit_add_blanks(out, i > 0 ? GAP : 0);
            if (y < before)
                fit_add_blanks(out, f->widths[f->shown[i]]);
            else
                add_part(out, f, f->shown[i], &rest[i], y == before ? 0 : hang);
        }
        end_line(out);
    }
    xfree(rest, skip);
}

static void add_panel(struct str *out, struct fit *f, size_t width)
{
    share(f, width);
    add_row(out, f, 0);
    fit_add_blanks(out, f->indent);
    for (size_t i = 0; i < f->n_shown; i++) {
        fit_add_blanks(out, i > 0 ? GAP : 0);
        for (size_t k = 0; k < f->widths[f->shown[i]]; k++)
            str_add_n(out, "-", 1);
    }
    end_line(out);
    for (size_t r = 0; r < table_rows(f->t); r++)
        add_row(out, f, r + 1);
}

/* ---- columns without room ---- */

/* Of the columns shown, where the next to leave out is: the last that need not be kept. */
static size_t last_but(const struct fit *f, const bool *keep)
{
    for (size_t i = f->n_shown - 1; keep && i > 0; i--)
        if (!keep[f->shown[i]])
            return i;
    return f->n_shown - 1;
}

static void leave_out(struct fit *f, const struct fit_options *o, struct str *left_out)
{
    bool *gone = xcalloc(table_columns(f->t) + 1, sizeof *gone);
    while (f->n_shown > 2 && sum_of(f, f->folded) > o->width) {
        size_t at = last_but(f, o->keep);
        gone[f->shown[at]] = true;
        memmove(&f->shown[at], &f->shown[at + 1], (f->n_shown - at - 1) * sizeof *f->shown);
        f->n_shown--;
    }
    for (size_t c = 0; c < table_columns(f->t); c++)
        if (gone[c])
            str_addf(left_out, "%s%s", left_out->length ? ", " : "", cell(f, 0, c));
    free(gone);
}

/* Panels below each other, each of the first column and the next ones that have room. */
static void add_panels(struct str *out, struct fit *f, size_t width)
{
    size_t n = table_columns(f->t);
    for (size_t c = 1; c < n;) {
        str_add(out, c > 1 ? "\n" : "");
        f->shown[0] = 0;
        for (f->n_shown = 1; c < n; c++) {
            f->shown[f->n_shown++] = c;
            if (f->n_shown > 2 && sum_of(f, f->folded) > width) {
                f->n_shown--;
                break;
            }
        }
        add_panel(out, f, width);
    }
}

void fit_table(struct str *out, const struct table *t, const struct fit_options *o,
               struct str *left_out)
{
    struct fit f = { .t = t, .indent = o->indent };
    size_t n = table_columns(t);
    measure(&f);
    for (; f.n_shown < n; f.n_shown++)
        f.shown[f.n_shown] = f.n_shown;
    if (o->repeat && n > 2 && sum_of(&f, f.folded) > o->width) {
        add_panels(out, &f, o->width);
    } else {
        leave_out(&f, o, left_out);
        add_panel(out, &f, o->width);
    }
    for (size_t i = 0; i < n * (table_rows(t) + 1); i++)
        free(f.cells[i]);
    xfree(f.cells, f.natural, f.folded, f.tight, f.widths, f.shown);
}
