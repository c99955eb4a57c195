#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "doc/doc_impl.h"
#include "doc/render.h"

/* "q05|q50|q95": the names of a value's numbers. */
static size_t names_in(const char *key)
{
    size_t n = 1;
    for (; *key; key++)
        n += *key == '|';
    return n;
}

/* A table and its name. */
struct named { char *name; const struct doc_grid *grid; bool in_json; };

/* The field's name in the CSV; NULL: not in it. What the JSON does not hold goes by its labels. */
static const char *key_of(const struct named *t, size_t column)
{
    const struct column *c = &t->grid->columns[column];
    return t->in_json ? c->key : c->key ? c->key : c->label;
}

/* How many columns of the CSV a field takes: as many as its values have numbers. */
static size_t width_of(const struct named *t, size_t column)
{
    const char *key = key_of(t, column);
    size_t most = key ? names_in(key) : 0;
    for (size_t r = 0; key && r < t->grid->n_records; r++) {
        size_t n = doc_grid_cell(t->grid, r, column)->n;
        most = n > most ? n : most;
    }
    return most;
}

/* "session.mean" of "session/mean"; of several numbers, by its name, else by `index`. */
static void add_heading(struct str *out, const char *key, size_t index, size_t width)
{
    const char *part = str_file_name(key);
    bool named = strchr(part, '|') != NULL;
    struct str name = { 0 };
    for (; key < part; key++)
        if (*key != '?')
            str_add_n(&name, *key == '/' ? "." : key, 1);
    for (size_t i = 0; named && i < index; i++)
        part = strchr(part, '|') + 1;
    str_add_n(&name, part, strcspn(part, "|"));
    if (!named && width > 1)
        str_addf(&name, ".%zu", index);
    escape_csv(out, name.text);
    str_clear(&name);
}

static void add_part(struct str *out, const struct doc_value *v, enum doc_unit unit, size_t index)
{
    if (v->text && index == 0)
        escape_csv(out, v->text);
    else if (!v->text && index < v->n && unit == DOC_FLAG)
        str_add(out, v->x[index] != 0 ? "true" : "false");
    else if (!v->text && index < v->n)
        str_add_double(out, v->x[index]);
}

/* The row of a record, or of the headings (NULL). */
static void add_row(struct str *out, const struct named *t, const size_t *widths,
                    const size_t *record)
{
    const struct doc_grid *g = t->grid;
    const char *before = "";
    if (g->named) {
        escape_csv(out, !record ? "name" : g->records[*record].name);
        before = ",";
    }
    for (size_t c = 0; c < g->n_columns; c++)
        for (size_t i = 0; i < widths[c]; i++, before = ",") {
            str_add(out, before);
            if (record)
                add_part(out, doc_grid_cell(g, *record, c), g->columns[c].format.unit, i);
            else
                add_heading(out, key_of(t, c), i, widths[c]);
        }
    str_add(out, "\n");
}

static void add_table(struct str *out, const struct named *t)
{
    const struct doc_grid *g = t->grid;
    size_t *widths = xcalloc(g->n_columns + 1, sizeof *widths);
    for (size_t c = 0; c < g->n_columns; c++)
        widths[c] = width_of(t, c);
    add_row(out, t, widths, NULL);
    for (size_t r = 0; r < g->n_records; r++)
        add_row(out, t, widths, &r);
    free(widths);
}

/* ---- facts ---- */

static bool is_fact(const struct block *b)
{
    return b->kind == BLOCK_FACT && (b->grid->columns[0].key || b->grid->columns[0].label);
}

/* One row a number: its name, the number or words, the unit. */
static void add_fact(struct str *out, const struct doc_grid *g)
{
    const struct column *c = &g->columns[0];
    const char *key = c->key ? c->key : c->label;
    const struct doc_value *v = doc_grid_cell(g, 0, 0);
    size_t n = v->text || v->n == 0 ? 1 : v->n, names = names_in(key);
    for (size_t i = 0; i < n; i++) {
        add_heading(out, key, i, n > names ? n : names);
        str_add(out, ",");
        add_part(out, v, c->format.unit, i);
        str_addf(out, ",%s\n", v->text ? "" : doc_unit_name(c->format.unit));
    }
}

static bool add_facts(struct str *out, const struct doc *d)
{
    size_t before = out->length;
    for (size_t i = 0; i < d->n; i++) {
        if (is_fact(&d->blocks[i]) && out->length == before)
            str_add(out, "name,value,unit\n");
        if (is_fact(&d->blocks[i]))
            add_fact(out, d->blocks[i].grid);
    }
    return out->length > before;
}

/* ---- which table ---- */

/* "/modes/pipelined" and "parts" give "modes.pipelined.parts". */
static char *name_of(const struct way *w, const struct block *b, size_t index)
{
    if (!b->key)
        return str_format("table-%zu", index + 1);
    char *name = str_format("%s/%s", w->pointer.text ? w->pointer.text : "", b->key);
    memmove(name, name + 1, strlen(name));
    for (char *c = name; *c; c++)
        *c = *c == '/' ? '.' : *c;
    return name;
}

/* A table of a name that was there adds to its records: it is called by its place. */
static void add_named(struct named *all, size_t *n, const struct way *w, const struct block *b)
{
    char *name = name_of(w, b, *n);
    for (size_t i = 0; i < *n; i++)
        if (str_equal(all[i].name, name)) {
            free(name);
            name = str_format("table-%zu", *n + 1);
            break;
        }
    all[(*n)++] = (struct named){ name, b->grid, b->key != NULL };
}

static struct named *find_all(const struct doc *d, size_t *n)
{
    struct named *all = xcalloc(d->n + 1, sizeof *all);
    struct way w = { 0 };
    for (size_t i = *n = 0; i < d->n; i++) {
        const struct block *b = &d->blocks[i];
        if (b->kind == BLOCK_OPEN || b->kind == BLOCK_OPEN_LIST)
            way_enter(&w, b->key ? b->key : "", b->kind == BLOCK_OPEN_LIST);
        else if (b->kind == BLOCK_CLOSE)
            way_leave(&w);
        else if (b->kind == BLOCK_TABLE && (b->key || doc_grid_is_visible(b->grid)))
            add_named(all, n, &w, b);
    }
    str_clear(&w.pointer);
    return all;
}

static const struct named *find(const struct named *all, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (name ? str_equal(all[i].name, name) : all[i].in_json)
            return &all[i];
    return name || n == 0 ? NULL : &all[0];
}

static int refuse(const struct named *all, size_t n, const char *name, struct error *err)
{
    struct str names = { 0 };
    for (size_t i = 0; i < n; i++)
        str_addf(&names, "%s, ", all[i].name);
    str_add(&names, "facts");
    int status = name ? error_set(err, "no table '%s' in this result; it has: %s", name, names.text)
                      : error_set(err, "the result holds no table");
    str_clear(&names);
    return status;
}

int doc_render_csv(const struct doc *d, const char *name, struct str *out, struct error *err)
{
    size_t n;
    int status = 0;
    struct named *all = find_all(d, &n);
    const struct named *t = find(all, n, name);
    if (t)
        add_table(out, t);
    else if ((name && !str_equal(name, "facts")) || !add_facts(out, d))
        status = refuse(all, n, name, err);
    for (size_t i = 0; i < n; i++)
        free(all[i].name);
    free(all);
    return status;
}
