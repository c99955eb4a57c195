/* validation/replay_table.c - a replay's candidates for people. Most of the some 150 explain the
 * same placements, and their names are products: every order with every rule of overtaking and
 * every placement. So those of equal figures become as few products as they are. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/xalloc.h"
#include "validation/replay.h"

enum { PARTS = 3, ORDER = 0, OVERTAKE, PLACEMENT, NAMES_MOST = 32 };
enum {
    COLUMN_SCHEDULER, COLUMN_MANY, COLUMN_EXPLAINED, COLUMN_OF, COLUMN_SHARE, COLUMN_DIFFER,
    COLUMN_OF_DIFFER, COLUMN_LOOP, COLUMN_ERROR, COLUMNS,
};

/* The names that occur among all candidates, of one part: a set of them is a mask. */
struct names { const char *at[NAMES_MOST]; size_t n; };

struct ranges {
    const struct replay *replay;
    struct names names[PARTS];
    struct table *table;
    size_t n_most, n_left_out;
};

static const char *part_of(const struct replay_candidate *c, int part)
{
    return part == ORDER      ? c->options.order
           : part == OVERTAKE ? c->options.overtake
                              : c->options.placement;
}

static size_t number_of(struct names *names, const char *name)
{
    size_t i = 0;
    while (i < names->n && !str_equal(names->at[i], name))
        i++;
    assert(i < NAMES_MOST);
    if (i == names->n)
        names->at[names->n++] = name;
    return i;
}

/* Equal as the table prints them. */
static bool same_figures(const struct replay_candidate *a, const struct replay_candidate *b)
{
    bool same_error = isnan(a->start_error_s)
                          ? isnan(b->start_error_s)
                          : round(1000 * a->start_error_s) == round(1000 * b->start_error_s);
    return a->n_equal == b->n_equal && a->n_equal_where_differ == b->n_equal_where_differ &&
           a->period_s == b->period_s && same_error;
}

/* "first_fit", "first_fit/best_fit", "any placement", "any order but arrival". */
static void add_set(struct str *out, const struct names *names, uint32_t mask, const char *what)
{
    size_t n = (size_t)bits_count(mask), missing = names->n - n;
    bool by_exception = n > 1 && (missing == 0 || (missing <= 2 && names->n > 4));
    uint32_t named = by_exception ? ~mask : mask;
    if (by_exception)
        str_addf(out, "any %s%s", what, missing > 0 ? " but " : "");
    bool first = true;
    for (size_t i = 0; i < names->n; i++) {
        if (!(named >> i & 1))
            continue;
        str_addf(out, "%s%s", first ? "" : "/", names->at[i]);
        first = false;
    }
}

static void add_row(struct ranges *r, const char *name, size_t many,
                    const struct replay_candidate *c)
{
    const struct replay *of = r->replay;
    if (table_rows(r->table) >= r->n_most) {
        r->n_left_out += many;
        return;
    }
    table_add_row(r->table);
    table_set_text(r->table, COLUMN_SCHEDULER, name);
    table_set_number(r->table, COLUMN_MANY, (double)many, 0);
    table_set_number(r->table, COLUMN_EXPLAINED, (double)c->n_equal, 0);
    table_set_number(r->table, COLUMN_OF, (double)of->n_placements, 0);
    table_set_number(
        r->table, COLUMN_SHARE,
        of->n_placements ? 100 * (double)c->n_equal / (double)of->n_placements : (double)NAN, 1);
    table_set_number(r->table, COLUMN_DIFFER, (double)c->n_equal_where_differ, 0);
    table_set_number(r->table, COLUMN_OF_DIFFER, (double)of->n_differ, 0);
    table_set_number(r->table, COLUMN_LOOP, c->period_s > 0 ? c->period_s : (double)NAN, 4);
    table_set_number(r->table, COLUMN_ERROR, c->start_error_s, 3);
}

/* Overtaking rules by placement and order: what of a range is there. */
struct grid { uint32_t overtakes[NAMES_MOST][NAMES_MOST]; };

static bool same_orders(const struct grid *g, size_t a, size_t b)
{
    for (size_t o = 0; o < NAMES_MOST; o++)
        if (g->overtakes[a][o] != g->overtakes[b][o])
            return false;
    return true;
}

/* All of one placement's orders with the same overtaking rules are one product, taken out of the
 * grid for every placement of the mask. */
static void add_product(struct ranges *r, struct grid *g, uint32_t placements, size_t placement,
                        const struct replay_candidate *c)
{
    struct str name = { 0 };
    uint32_t orders = 0, overtakes = 0;
    for (size_t o = 0; o < NAMES_MOST; o++) {
        overtakes = overtakes ? overtakes : g->overtakes[placement][o];
        orders |= overtakes && g->overtakes[placement][o] == overtakes ? UINT32_C(1) << o : 0;
    }
    for (size_t p = 0; p < NAMES_MOST; p++)
        for (size_t o = 0; o < NAMES_MOST; o++)
            if (placements >> p & orders >> o & 1)
                g->overtakes[p][o] = 0;
    add_set(&name, &r->names[ORDER], orders, "order");
    str_add(&name, " + ");
    add_set(&name, &r->names[OVERTAKE], overtakes, "overtaking");
    str_add(&name, ", ");
    add_set(&name, &r->names[PLACEMENT], placements, "placement");
    add_row(r, name.text,
            (size_t)(bits_count(orders) * bits_count(overtakes) * bits_count(placements)), c);
    str_clear(&name);
}

static bool is_empty(const struct grid *g, size_t placement)
{
    for (size_t o = 0; o < NAMES_MOST; o++)
        if (g->overtakes[placement][o])
            return false;
    return true;
}

/* The first and all behind it of equal figures, which are taken: RADICAL's by themselves, then
 * products. */
static void add_range(struct ranges *r, size_t first, bool *taken)
{
    const struct replay_candidate *all = r->replay->candidates;
    struct grid *g = xcalloc(1, sizeof *g);
    for (size_t i = first; i < r->replay->n_candidates; i++) {
        if (taken[i] || !same_figures(&all[first], &all[i]))
            continue;
        taken[i] = true;
        if (all[i].options.scheduler)
            add_row(r, all[i].name, 1, &all[i]);
        else
            g->overtakes[number_of(&r->names[PLACEMENT], all[i].options.placement)]
                        [number_of(&r->names[ORDER], all[i].options.order)] |=
                UINT32_C(1) << number_of(&r->names[OVERTAKE], all[i].options.overtake);
    }
    for (size_t p = 0; p < NAMES_MOST; p++) {
        uint32_t alike = 0;
        for (size_t k = p; k < NAMES_MOST; k++)
            alike |= same_orders(g, p, k) ? UINT32_C(1) << k : 0;
        while (!is_empty(g, p))
            add_product(r, g, alike, p, &all[first]);
    }
    free(g);
}

static struct table *new_table(void)
{
    static const char *const names[COLUMNS] = { "scheduler", "how many", "explained", "of", "%",
                                                "where they differ", "of which", "loop s",
                                                "start error s" };
    struct table *t = table_new();
    for (int c = 0; c < COLUMNS; c++)
        table_add_column(t, names[c], c == COLUMN_SCHEDULER ? TABLE_LEFT : TABLE_RIGHT);
    return t;
}

struct table *replay_table(const struct replay *of, size_t n_most, size_t *n_left_out)
{
    struct ranges r = { .replay = of, .table = new_table(), .n_most = n_most };
    for (size_t i = 0; i < of->n_candidates; i++)
        for (int part = 0; part < PARTS && !of->candidates[i].options.scheduler; part++)
            number_of(&r.names[part], part_of(&of->candidates[i], part));
    bool *taken = xcalloc(of->n_candidates + 1, sizeof *taken);
    for (size_t i = 0; i < of->n_candidates; i++)
        if (!taken[i])
            add_range(&r, i, taken);
    free(taken);
    *n_left_out = r.n_left_out;
    return r.table;
}
