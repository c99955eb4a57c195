#include "plots/style.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/xalloc.h"

/* Lightness (L* of CIELAB) in the order of use: 42 71 31 89 61 22 78 51. */
static const char *const colours[STYLE_COLOURS] = { "#0067A3", "#E69F00", "#00543D", "#F0E442",
                                                    "#CC79A7", "#651A00", "#8FC9EF", "#C85800" };

const char *style_colour(size_t i)
{
    return i == STYLE_LABELS - 1 ? "#9A9A9A" : colours[i % STYLE_COLOURS];
}

static const int patterns[] = { 4, 5, 6, 7, 2 }; /* gnuplot's diagonals */
enum { PATTERNS = sizeof patterns / sizeof *patterns, GREYS = 4 };

static bool is_lost(size_t i)
{
    return i >= STYLE_LOST(0, 0) && i < STYLE_GREY(0);
}

/* The colour, two thirds of the way to white. */
static void add_pale(struct str *script, const char *colour)
{
    long rgb = strtol(colour + 1, NULL, 16);
    str_add(script, "#");
    for (int shift = 16; shift >= 0; shift -= 8)
        str_addf(script, "%02lX", 255 - (255 - (rgb >> shift & 255)) / 3);
}

static bool is_doing(size_t i)
{
    return i > STYLE_HELD && i < STYLE_LOST(0, 0);
}

static const bool dark[STYLE_COLOURS] = { true, false, true, false, false, true, false, true };

static void add_doing(struct str *script, enum style_doing doing, bool over_dark)
{
    int pattern = doing == STYLE_MOVES_DATA ? 4 : doing == STYLE_LOADS ? 5 : 2;
    str_addf(script, "fillstyle transparent pattern %d noborder fillcolor rgb '%s'", pattern,
             doing == STYLE_LOST_WORK ? "#C00000"
             : over_dark              ? "#FFFFFF"
                                      : "#202020");
}

void style_add_fill(struct str *script, size_t i)
{
    static const char *const greys[GREYS] = { "#8C8C8C", "#C4C4C4", "#5A5A5A", "#E0E0E0" };
    str_add(script, "fillstyle solid 1.0 noborder fillcolor rgb '");
    if (i >= STYLE_GREY(0))
        str_add(script, greys[(i - STYLE_GREY(0)) % GREYS]);
    else if (is_lost(i))
        add_pale(script, style_colour((i - STYLE_LOST(0, 0)) % 100));
    else
        str_add(script, i == STYLE_HELD ? "#ECECEC" : is_doing(i) ? "#C8C8C8" : style_colour(i));
    str_add(script, "'");
}

/* Of STYLE_LOST and STYLE_GREY. */
static bool add_other_hatch(struct str *script, size_t i)
{
    size_t k = is_lost(i) ? (i - STYLE_LOST(0, 0)) / 100 : (i - STYLE_GREY(0)) / GREYS;
    if (!is_lost(i) && k == 0)
        return false;
    str_addf(script, "fillstyle transparent pattern %d noborder fillcolor rgb '%s'",
             patterns[(k - !is_lost(i)) % PATTERNS],
             is_lost(i) ? style_colour((i - STYLE_LOST(0, 0)) % 100) : "#202020");
    return true;
}

bool style_add_hatch(struct str *script, size_t i)
{
    size_t round = i / STYLE_COLOURS;
    if (is_lost(i) || i >= STYLE_GREY(0))
        return add_other_hatch(script, i);
    if (i == STYLE_HELD) {
        str_add(script, "fillstyle transparent pattern 5 noborder fillcolor rgb '#808080'");
        return true;
    }
    if (is_doing(i)) {
        add_doing(script, (enum style_doing)i, false);
        return true;
    }
    if (round == 0 || i == STYLE_LABELS - 1)
        return false;
    str_addf(script, "fillstyle transparent pattern %d noborder fillcolor rgb '%s'",
             patterns[(round - 1) % 5], dark[i % STYLE_COLOURS] ? "#FFFFFF" : "#202020");
    return true;
}

void style_add_boxes(struct str *script, const char *boxes, size_t i)
{
    struct str hatch = { 0 };
    str_addf(script, "%s with boxxyerror ", boxes);
    style_add_fill(script, i);
    if (style_add_hatch(&hatch, i))
        str_addf(script, ", \\\n     %s with boxxyerror %s", boxes, hatch.text);
    str_clear(&hatch);
}

void style_add_doing(struct str *script, const char *boxes, size_t i, enum style_doing doing)
{
    style_add_boxes(script, boxes, i);
    if (doing == STYLE_COMPUTES)
        return;
    str_addf(script, ", \\\n     %s with boxxyerror ", boxes);
    add_doing(script, doing, i != STYLE_LABELS - 1 && dark[i % STYLE_COLOURS]);
}

void style_add_line(struct str *script, size_t i)
{
    static const char *const dashes[] = { "1", "'-'", "'.'", "'-.'", "'--..'" };

    str_addf(script, "linecolor rgb '%s' dashtype %s linewidth 1.6", style_colour(i),
             dashes[i % 5]);
}

void style_add_grey_line(struct str *script, size_t i)
{
    static const char *const lines[] = { "'#A8A8A8' dashtype 1 linewidth 3.5",
                                         "'#303030' dashtype '-' linewidth 1.4",
                                         "'#000000' dashtype 1 linewidth 1.2",
                                         "'#606060' dashtype '.' linewidth 2",
                                         "'#808080' dashtype '-.' linewidth 1.4" };

    str_addf(script, "linecolor rgb %s", lines[i % 5]);
}

/* --- labels ----------------------------------------------------------------------------------- */

struct label {
    char *name;
    size_t number;                       /* in file order */
    double work;                         /* expected, in no unit but comparable: it only ranks */
    UT_hash_handle hh;
};

static double expected_work(const struct task_set *s)
{
    const struct demand *d = &s->traits->demand;
    double width =
        d->cores + d->threads + 10.0 * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU);
    return s->n_tasks * dist_mean(s->duration) * d->ranks * width;
}

const char *style_label_of(const struct task_set *set)
{
    return set->label ? set->label : set->name;
}

char *style_family(const char *name)
{
    size_t n = strlen(name), digits = n;
    while (digits > 0 && strchr("0123456789", name[digits - 1]))
        digits--;
    size_t end = digits;
    while (end > 0 && strchr("._-# :", name[end - 1]))
        end--;
    return xstrndup(name, digits < n && end < digits && end > 0 ? end : n);
}

/* All labels, or families, and of_set filled with their numbers. */
static struct label *collect(const struct workflow *w, size_t *of_set, bool families)
{
    struct label *labels = NULL;
    for (size_t s = 0; s < w->n_sets; s++) {
        char *name = families ? style_family(style_label_of(&w->sets[s]))
                              : xstrdup(style_label_of(&w->sets[s]));
        struct label *found;
        HASH_FIND_STR(labels, name, found);
        if (!found) {
            found = xcalloc(1, sizeof *found);
            found->name = name;
            found->number = HASH_COUNT(labels);
            HASH_ADD_KEYPTR(hh, labels, found->name, strlen(found->name), found);
        } else {
            free(name);
        }
        found->work += expected_work(&w->sets[s]);
        of_set[s] = found->number;
    }
    return labels;
}

static int by_work(const struct label *a, const struct label *b)         /* most first */
{
    if (a->work != b->work)
        return a->work > b->work ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

static int by_number(const struct label *a, const struct label *b)
{
    return a->number < b->number ? -1 : 1;
}

/* Fills place_of (number -> place) and names: the `own` labels with most work keep file order, the
 * others share place `own`. */
static void place(struct label **labels, size_t own, size_t *place_of, char **names)
{
    struct label *l;
    size_t next = 0;
    HASH_SORT(*labels, by_work);
    for (l = *labels; l; l = l->hh.next)
        place_of[l->number] = own;
    l = *labels;
    for (size_t rank = 0; rank < own; rank++, l = l->hh.next)
        place_of[l->number] = 0;
    HASH_SORT(*labels, by_number);
    for (l = *labels; l; l = l->hh.next)
        if (place_of[l->number] == 0) {
            names[next] = xstrdup(l->name);
            place_of[l->number] = next++;
        }
}

static void clear(struct label *labels)
{
    struct label *label, *next;
    HASH_ITER(hh, labels, label, next)
    {
        HASH_DEL(labels, label);
        xfree(label->name, label);
    }
}

struct style_labels style_labels_of(const struct workflow *w)
{
    struct style_labels l = { .of_set = xcalloc(w->n_sets, sizeof *l.of_set) };
    struct label *labels = collect(w, l.of_set, false);
    if (HASH_COUNT(labels) > STYLE_LABELS) {
        clear(labels);
        labels = collect(w, l.of_set, true);
    }
    size_t n = HASH_COUNT(labels), own = n > STYLE_LABELS ? STYLE_LABELS - 1 : n;
    size_t *place_of = xcalloc(n, sizeof *place_of);
    l.n = n > own ? own + 1 : own;
    l.names = xcalloc(l.n, sizeof *l.names);
    place(&labels, own, place_of, l.names);
    if (n > own)
        l.names[own] = str_format("%zu other labels", n - own);
    for (size_t s = 0; s < w->n_sets; s++)
        l.of_set[s] = place_of[l.of_set[s]];
    clear(labels);
    free(place_of);
    return l;
}

int style_label_place(const struct style_labels *l, const char *label)
{
    if (!label)
        return -1;
    char *family = style_family(label);
    int place = l->n == STYLE_LABELS ? STYLE_LABELS - 1 : -1;
    for (size_t i = l->n; i-- > 0;)
        if (str_equal(l->names[i], label) || (place != (int)i && str_equal(l->names[i], family)))
            place = (int)i;
    free(family);
    return place;
}

size_t *style_labels_for(const struct style_labels *l, const struct workflow *w)
{
    size_t *of_set = xcalloc(w->n_sets + 1, sizeof *of_set);
    for (size_t s = 0; s < w->n_sets; s++) {
        int place = style_label_place(l, style_label_of(&w->sets[s]));
        of_set[s] = place >= 0 ? (size_t)place : l->n - 1;
    }
    return of_set;
}

void style_labels_clear(struct style_labels *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    xfree(l->names, l->of_set);
    *l = (struct style_labels){ 0 };
}
