#include "doc/doc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "doc/doc_impl.h"

static char *copy(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

struct doc *doc_new(const char *command, const char *version)
{
    struct doc *d = xcalloc(1, sizeof *d);
    d->command = xstrdup(command);
    d->version = xstrdup(version);
    return d;
}

static void clear_block(struct block *b)
{
    xfree(b->key, b->text, b->figure, b->note, b->plot_kind, b->plot_table);
    doc_grid_free(b->grid);
    cJSON_Delete(b->data);
}

void doc_free(struct doc *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->n; i++)
        clear_block(&d->blocks[i]);
    xfree(d->blocks, d->command, d->version, d->title, d);
}

struct block *doc_add_block(struct doc *d, enum block_kind kind, const char *key, const char *text)
{
    xgrow(&d->blocks, &d->room, d->n + 1, sizeof *d->blocks);
    struct block *b = &d->blocks[d->n++];
    *b = (struct block){ .kind = kind, .key = copy(key), .text = copy(text) };
    return b;
}

void doc_title(struct doc *d, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    free(d->title);
    d->title = str_format_args(format, list);
    va_end(list);
}

void doc_section(struct doc *d, const char *title)
{
    doc_add_block(d, BLOCK_SECTION, NULL, title);
}

void doc_subsection(struct doc *d, const char *title)
{
    doc_add_block(d, BLOCK_SUBSECTION, NULL, title);
}

/* ---- sentences ---- */

void doc_say(struct doc *d, enum doc_role role, const char *key, const char *words)
{
    doc_add_block(d, BLOCK_SAY, key, words && *words ? words : NULL)->role = role;
}

void doc_sayf(struct doc *d, enum doc_role role, const char *key, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *words = str_format_args(format, list);
    va_end(list);
    doc_say(d, role, key, words);
    free(words);
}

void doc_say_str(struct doc *d, enum doc_role role, const char *key, struct str *words)
{
    while (words->length > 0 && strchr(" \n", words->text[words->length - 1]))
        words->text[--words->length] = '\0';
    doc_say(d, role, key, words->text);
    str_clear(words);
}

/* ---- facts and tables ---- */

static struct doc_value value_of(const struct doc_field *f, const struct doc_record *r)
{
    if (f->when && !f->when(r))
        return doc_none();
    if (f->get)
        return f->get(r);
    const char *at = r->item;
    if (f->via)
        memcpy(&at, at + f->via - 1, sizeof at);
    if (!at)
        return doc_none();
    at += f->offset;
    switch (f->source) {
    case DOC_DOUBLE:
        return doc_number(*(const double *)(const void *)at);
    case DOC_INT:
        return doc_number(*(const int *)(const void *)at);
    case DOC_UINT32:
        return doc_number(*(const uint32_t *)(const void *)at);
    case DOC_SIZE:
        return doc_number((double)*(const size_t *)(const void *)at);
    case DOC_BOOL:
        return doc_flag(*(const bool *)(const void *)at);
    case DOC_STRING:
        return doc_text(*(const char *const *)(const void *)at);
    case DOC_INTERVAL:
        return doc_range(((const double *)(const void *)at)[0],
                         ((const double *)(const void *)at)[1]);
    case DOC_TRIPLE:
        return doc_triple(((const double *)(const void *)at)[0],
                          ((const double *)(const void *)at)[1],
                          ((const double *)(const void *)at)[2]);
    default:
        return doc_none();
    }
}

struct doc_value doc_field_value(const struct doc_field *f, const void *item)
{
    return value_of(f, &(struct doc_record){ .item = item, .field = f });
}

static size_t count(const struct doc_field *fields)
{
    size_t n = 0;
    while (fields[n].key || fields[n].label)
        n++;
    return n;
}

static struct record record_of(const struct doc_table *t, const struct doc_record *r, size_t *shown)
{
    bool wanted = !t->shown || t->shown(r), room = t->most == 0 || *shown < t->most;
    *shown += wanted && room;
    return (struct record){ .name = copy(t->name ? t->name(r) : NULL),
                            .shown = wanted && room,
                            .main = t->main && t->main(r) };
}

static struct doc_grid *grid_of(const struct doc_table *t)
{
    size_t shown = 0;
    struct doc_grid *g = doc_grid_new(t->layout, t->name != NULL, count(t->fields), t->n);
    for (size_t c = 0; c < g->n_columns; c++) {
        const struct doc_field *f = &t->fields[c];
        g->columns[c] = (struct column){ copy(f->key), copy(f->label), f->format, f->optional,
                                         f->main };
    }
    for (size_t i = 0; i < t->n; i++) {
        const void *item = t->items ? (const char *)t->items + i * t->size : NULL;
        struct doc_record r = { item, i, t->context, NULL };
        g->records[i] = record_of(t, &r, &shown);
        for (size_t c = 0; c < g->n_columns; c++) {
            r.field = &t->fields[c];
            if (!g->records[i].shown && !r.field->key)   /* neither people nor programs see it */
                continue;
            doc_grid_set(g, i, c, value_of(r.field, &r));
        }
    }
    g->left_out = t->n - shown;
    return g;
}

void doc_table(struct doc *d, const struct doc_table *t)
{
    doc_add_block(d, BLOCK_TABLE, t->key, t->title)->grid = grid_of(t);
}

void doc_facts(struct doc *d, const struct doc_field *fields, const void *item, const void *context)
{
    for (const struct doc_field *f = fields; f->key || f->label; f++) {
        const struct doc_record r = { item, 0, context, f };
        struct doc_value v = value_of(f, &r);
        const char *label = f->optional && doc_value_is_none(&v) ? NULL : f->label;
        doc_fact(d, f->key, label, f->format.unit, v);
        d->blocks[d->n - 1].grid->columns[0].format = f->format;
        d->blocks[d->n - 1].grid->columns[0].main = f->main;
    }
}

void doc_fact(struct doc *d, const char *key, const char *label, enum doc_unit unit,
              struct doc_value value)
{
    struct doc_grid *g = doc_grid_new(DOC_COLUMNS, false, 1, 1);
    g->columns[0] = (struct column){ copy(key), copy(label), { .unit = unit }, false, false };
    g->records[0].shown = true;
    doc_grid_set(g, 0, 0, value);
    doc_add_block(d, BLOCK_FACT, NULL, NULL)->grid = g;
}

void doc_factf(struct doc *d, const char *key, const char *label, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *words = str_format_args(format, list);
    va_end(list);
    doc_fact(d, key, label, DOC_TEXT, doc_take(words));
}

/* ---- structure and HTML ---- */

void doc_open(struct doc *d, const char *key)
{
    assert(++d->depth < DOC_DEEPEST);
    doc_add_block(d, BLOCK_OPEN, key, NULL);
}

void doc_open_list(struct doc *d, const char *key)
{
    assert(++d->depth < DOC_DEEPEST);
    doc_add_block(d, BLOCK_OPEN_LIST, key, NULL);
}

void doc_close(struct doc *d)
{
    assert(d->depth-- > 0);
    doc_add_block(d, BLOCK_CLOSE, NULL, NULL);
}

void doc_data(struct doc *d, const char *key, cJSON *value)
{
    doc_add_block(d, BLOCK_DATA, key, NULL)->data = value;
}

void doc_figure(struct doc *d, const char *name, const char *figure, const char *note)
{
    struct block *b = doc_add_block(d, BLOCK_FIGURE, NULL, name);
    b->figure = copy(figure);
    b->note = copy(note);
}

void doc_details(struct doc *d, const char *summary)
{
    doc_add_block(d, BLOCK_DETAILS, NULL, summary);
}

void doc_details_end(struct doc *d)
{
    doc_add_block(d, BLOCK_DETAILS_END, NULL, NULL);
}

void doc_page_only(struct doc *d)
{
    doc_add_block(d, BLOCK_PAGE_ONLY, NULL, NULL);
}

void doc_picture(struct doc *d, const char *caption, doc_draw_fn *draw, const void *what)
{
    struct block *b = doc_add_block(d, BLOCK_PICTURE, NULL, caption);
    b->draw = draw;
    b->what = what;
}

void doc_plot(struct doc *d, const char *caption, doc_plot_fn *draw, const struct doc_plot *plot)
{
    struct block *b = doc_add_block(d, BLOCK_PICTURE, NULL, caption);
    b->plot = draw;
    b->plot_kind = copy(plot->kind);
    b->plot_table = copy(plot->table);
}

void doc_explore(struct doc *d, cJSON *data)
{
    doc_add_block(d, BLOCK_EXPLORE, NULL, NULL)->data = data;
}

void doc_gantt(struct doc *d, doc_write_fn *write, const void *what)
{
    struct block *b = doc_add_block(d, BLOCK_GANTT, NULL, NULL);
    b->write = write;
    b->what = what;
}
