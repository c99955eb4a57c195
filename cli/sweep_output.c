#include "cli/sweep_output.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/table.h"
#include "cli/output.h"
#include "cli/words.h"
#include "study/contrast.h"

/* ---- tables ---- */

static void add_axis_column(struct table *t, const struct sheet *s, size_t axis)
{
    bool numbers = s->n_rows > 0 && !sheet_value(s, 0, axis)->text;
    table_add_column(t, s->axes[axis], numbers ? TABLE_RIGHT : TABLE_LEFT);
}

static void set_value(struct table *t, size_t column, const struct axis_value *v)
{
    if (v->text)
        table_set_text(t, column, v->text);
    else
        table_set_number(t, column, v->number, -1);
}

/* Every column, in full. */
static struct table *full_table(const struct sheet *s)
{
    struct table *t = table_new();
    table_add_column(t, "point", TABLE_RIGHT);
    for (size_t i = 0; i < s->n_axes; i++)
        add_axis_column(t, s, i);
    table_add_column(t, "error", TABLE_LEFT);
    for (int f = 0; f < FIGURES; f++)
        table_add_column(t, figure_name((enum figure)f), TABLE_RIGHT);
    for (size_t r = 0; r < s->n_rows; r++) {
        size_t column = 0;
        table_add_row(t);
        table_set_number(t, column++, (double)s->rows[r]->point, 0);
        for (size_t i = 0; i < s->n_axes; i++)
            set_value(t, column++, sheet_value(s, r, i));
        if (s->rows[r]->error)
            table_set_text(t, column, s->rows[r]->error);
        column++;
        for (int f = 0; f < FIGURES; f++)
            table_set_number(t, column++, s->rows[r]->figures[f], -1);
    }
    return t;
}

/* What a person wants to see of each row. */
static const struct { const char *name; enum figure figure; int decimals; double factor; } shown[] = {
    { "makespan, s", FIGURE_MAKESPAN, 1, 1 },
    { "sd, s", FIGURE_MAKESPAN_SD, 2, 1 },
    { "95 % quantile, s", FIGURE_MAKESPAN_Q95, 1, 1 },
    { "slots, %", FIGURE_UTILISATION_SLOTS, 1, 100 },
    { "GPUs, %", FIGURE_UTILISATION_GPUS, 1, 100 },
    { "node-hours", FIGURE_NODE_HOURS, 2, 1 },
    { "retries", FIGURE_RETRIES, 2, 1 },
    { "incomplete, %", FIGURE_SHARE_INCOMPLETE, 1, 100 },
    { "in time, %", FIGURE_SHARE_IN_TIME, 1, 100 },
    { "replicas", FIGURE_REPLICAS, 0, 1 },
};
enum { N_SHOWN = sizeof shown / sizeof *shown };

/* Columns that say the same of every row say nothing: no failures, one number of replicas. */
static bool worth_showing(const struct sheet *s, enum figure f)
{
    double usual = f == FIGURE_RETRIES || f == FIGURE_SHARE_INCOMPLETE ? 0 : f == FIGURE_SHARE_IN_TIME ? 1 : NAN;
    for (size_t r = 0; r < s->n_rows; r++) {
        double x = s->rows[r]->figures[f];
        if (!isnan(x) && (isnan(usual) || x != usual))
            return true;
    }
    return false;
}

static struct table *short_table(const struct sheet *s)
{
    struct table *t = table_new();
    bool show[N_SHOWN], errors = false;
    for (size_t i = 0; i < s->n_axes; i++)
        if (sheet_varies(s, i))
            add_axis_column(t, s, i);
    for (size_t k = 0; k < N_SHOWN; k++) {
        show[k] = worth_showing(s, shown[k].figure);
        if (show[k])
            table_add_column(t, shown[k].name, TABLE_RIGHT);
    }
    for (size_t r = 0; r < s->n_rows; r++)
        errors = errors || s->rows[r]->error;
    if (errors)
        table_add_column(t, "cannot run", TABLE_LEFT);
    for (size_t r = 0; r < s->n_rows; r++) {
        size_t column = 0;
        table_add_row(t);
        for (size_t i = 0; i < s->n_axes; i++)
            if (sheet_varies(s, i))
                set_value(t, column++, sheet_value(s, r, i));
        for (size_t k = 0; k < N_SHOWN; k++)
            if (show[k])
                table_set_number(t, column++, shown[k].factor * s->rows[r]->figures[shown[k].figure], shown[k].decimals);
        if (s->rows[r]->error)
            table_set_text(t, column, s->rows[r]->error);
    }
    return t;
}

/* Columns of a group behind its settings. `decimals` < 0: in full, for programs. */
static void fill_group(struct table *t, size_t column, const struct contrast_group *g, bool full)
{
    int decimals = full ? -1 : 1;
    bool compared = g->verdict > CONTRAST_BEST;
    table_set_number(t, column++, g->mean_s, decimals);
    table_set_number(t, column++, compared ? g->difference_s : NAN, decimals);
    table_set_number(t, column++, compared ? g->ci95.low : NAN, decimals);
    table_set_number(t, column++, compared ? g->ci95.high : NAN, decimals);
    if (compared && !full && g->p < 1e-4)
        table_set_text(t, column++, "< 0.0001");
    else
        table_set_number(t, column++, compared ? g->p : NAN, full ? -1 : 4);
    table_set_text(t, column++, contrast_verdict_name(g->verdict));
    table_set_number(t, column++, g->n_rows > 0 ? 100 * g->share_incomplete : NAN, full ? -1 : 1);
    table_set_number(t, column++, (double)g->n_conditions, 0);
    table_set_number(t, column++, (double)g->n, 0);
    table_set_number(t, column, (double)g->n_errors, 0);
}

static struct table *group_table(const struct sheet *s, const struct contrast *c, bool full)
{
    static const char *const people[] = { "makespan, s", "to the best, s", "95 % from", "to", "p", "", "incomplete, %", "conditions",
                                          "replicas", "cannot run" };
    static const char *const programs[] = { "makespan_s", "difference_s", "difference_ci95_low_s", "difference_ci95_high_s", "p_corrected",
                                            "verdict", "incomplete_percent", "conditions", "replicas", "cannot_run" };
    struct table *t = table_new();
    for (size_t i = 0; i < c->n_axes; i++)
        add_axis_column(t, s, c->axes[i]);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        table_add_column(t, full ? programs[i] : people[i], i == 5 ? TABLE_LEFT : TABLE_RIGHT);
    for (size_t g = 0; g < c->n_groups; g++) {
        table_add_row(t);
        for (size_t i = 0; i < c->n_axes; i++)
            set_value(t, i, sheet_value(s, c->groups[g].row, c->axes[i]));
        fill_group(t, c->n_axes, &c->groups[g], full);
    }
    return t;
}

/* ---- sentences ---- */

static void add_settings(struct str *text, const struct sheet *s, const struct contrast *c, size_t group)
{
    for (size_t i = 0; i < c->n_axes; i++) {
        str_addf(text, "%s%s ", i ? ", " : "", s->axes[c->axes[i]]);
        axis_value_add(text, sheet_value(s, c->groups[group].row, c->axes[i]));
    }
}

/* The group that comes next after the best and those that are the same as it; n_groups if there is none. */
static size_t runner_up(const struct contrast *c)
{
    size_t next = c->n_groups;
    for (size_t g = 0; g < c->n_groups; g++)
        if (c->groups[g].verdict > CONTRAST_SAME && (next == c->n_groups || c->groups[g].mean_s < c->groups[next].mean_s))
            next = g;
    return next;
}

static size_t count(const struct contrast *c, enum contrast_verdict v)
{
    size_t n = 0;
    for (size_t g = 0; g < c->n_groups; g++)
        n += c->groups[g].verdict == v;
    return n;
}

static void add_rivals(struct str *words, const struct sheet *s, const struct contrast *c)
{
    size_t next = runner_up(c), open = count(c, CONTRAST_OPEN);
    if (next == c->n_groups)
        return;
    const struct contrast_group *g = &c->groups[next];
    str_add(words, " Next: ");
    add_settings(words, s, c, next);
    if (isnan(g->ci95.low)) {
        str_addf(words, ", %.1f s more in the one replica that both have: one replica does not show that this is more than chance.",
                 g->difference_s);
        return;
    }
    str_addf(words, ", %.1f s more (paired 95 %% interval %.1f .. %.1f s).", g->difference_s, g->ci95.low, g->ci95.high);
    if (open > 0)
        str_addf(words, " That it is better than %zu of the others is not shown.", open);
    else
        str_add(words, " The difference to each of the others is real.");
    if (c->n_groups > 2)
        str_addf(words, " (%zu comparisons with a best that was chosen by looking: p is corrected by Holm over all %.0f pairs; real means "
                 "p < %g.)", c->n_groups - 1, c->n_pairs, CONTRAST_LEVEL);
}

/* "Best: mode asynchronous, 1234.5 s. Next: ... */
static void add_verdict(struct str *words, const struct sheet *s, const struct contrast *c)
{
    if (c->best == c->n_groups || c->n_axes == 0)
        return;
    const struct contrast_group *best = &c->groups[c->best];
    size_t same = count(c, CONTRAST_SAME);
    str_add(words, "Best: ");
    add_settings(words, s, c, c->best);
    str_addf(words, ", %.1f s", best->mean_s);
    if (same > 0)
        escape_addf(words, "; %zu other%s the same in every replica", same, same > 1 ? "s are" : " is");
    str_add(words, best->share_incomplete > 0 ? ". Everywhere some replicas are incomplete, and left out." : ".");
    add_rivals(words, s, c);
}

/* Fixed settings in one line; how much of the study is there. */
static void add_head(struct str *text, const struct sheet *s)
{
    size_t errors = 0;
    for (size_t r = 0; r < s->n_rows; r++)
        errors += s->rows[r]->error != NULL;
    escape_addf(text, "Study      %s\n", *s->name ? s->name : "without a name");
    str_addf(text, "Points     %zu of %zu are there", s->n_rows, s->n_points);
    if (errors)
        str_addf(text, "; %zu cannot run", errors);
    for (size_t i = 0, n = 0; s->n_rows > 0 && i < s->n_axes; i++) {
        if (sheet_varies(s, i) || !axis_value_said(sheet_value(s, 0, i)))
            continue;
        str_addf(text, "%s%s ", n++ ? ", " : "\nEverywhere ", s->axes[i]);
        axis_value_add(text, sheet_value(s, 0, i));
    }
    str_add(text, "\n");
}

/* ---- the three forms ---- */

static int print_text(const struct sheet *s, const struct contrast *c, bool groups, struct error *err)
{
    struct str text = { 0 }, verdict = { 0 };
    struct table *t = groups ? group_table(s, c, false) : short_table(s);
    add_head(&text, s);
    str_add(&text, "\n");
    if (s->n_rows > 0)
        table_print(t, &text, 0);
    table_free(t);
    add_verdict(&verdict, s, c);
    if (verdict.length) {
        str_add(&text, "\n");
        output_paragraph(&text, verdict.text);
    }
    str_clear(&verdict);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static int print_csv(const struct sheet *s, const struct contrast *c, bool groups, struct error *err)
{
    struct str text = { 0 };
    struct table *t = groups ? group_table(s, c, true) : full_table(s);
    table_print_csv(t, &text);
    table_free(t);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static int print_json(const struct sheet *s, const struct contrast *c, const struct invocation *call, struct error *err)
{
    cJSON *root = output_json_new("sweep");
    command_add_call(root, call);
    struct table *rows = full_table(s), *groups = group_table(s, c, true);
    struct str verdict = { 0 };
    cJSON_AddStringToObject(root, "study", s->name);
    cJSON_AddNumberToObject(root, "points", (double)s->n_points);
    add_verdict(&verdict, s, c);
    cJSON_AddItemToObject(root, "verdict", verdict.length ? cJSON_CreateString(verdict.text) : cJSON_CreateNull());
    str_clear(&verdict);
    cJSON_AddItemToObject(root, "rows", table_to_json(rows));
    cJSON *by = cJSON_AddArrayToObject(root, "group_by");
    for (size_t i = 0; i < c->n_axes; i++)
        cJSON_AddItemToArray(by, cJSON_CreateString(s->axes[c->axes[i]]));
    cJSON_AddItemToObject(root, "groups", table_to_json(groups));
    cJSON_AddNumberToObject(root, "pairs", c->n_pairs);
    cJSON_AddItemToObject(root, "best", c->best < c->n_groups ? cJSON_CreateNumber((double)c->best) : cJSON_CreateNull());
    table_free(rows);
    table_free(groups);
    return output_json(root, err);
}

int sweep_print(const struct sheet *s, const struct sweep_view *view, struct error *err)
{
    struct contrast c;
    if (contrast_of(s, view->group_by, &c, err))
        return error_prefix(err, "--group-by: ");
    bool groups = view->group_by != NULL;
    int status = view->json  ? print_json(s, &c, view->call, err)
                 : view->csv ? print_csv(s, &c, groups, err)
                             : print_text(s, &c, groups, err);
    contrast_clear(&c);
    return status;
}
