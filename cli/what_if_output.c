#include "cli/what_if_output.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/table.h"
#include "cli/output.h"
#include "cli/run_output.h"

enum { NAMES_MOST = 8 };

void what_if_clear(struct what_if *w)
{
    counterfactuals_clear(&w->worlds);
    pipeline_orders_clear(&w->orders);
}

static void add_row(struct table *t, const char *name, double makespan_s, double difference_s, const struct stats_interval *ci95)
{
    table_add_row(t);
    table_set_text(t, 0, name);
    table_set_number(t, 1, makespan_s, 1);
    if (!ci95)
        return;
    char *interval = str_format("%+.1f .. %+.1f", ci95->low, ci95->high), *difference = str_format("%+.1f", difference_s);
    table_set_text(t, 2, difference);
    if (!isnan(ci95->low))
        table_set_text(t, 3, interval);
    free(difference);
    free(interval);
}

/* Nothing where there is one order only. */
static void add_orders(struct str *words, const struct pipeline_orders *o)
{
    if (o->n_orders == 0)
        return;
    escape_addf(words,
                "Order of submission (pipelined): of %s%zu orders of the %zu pipelines the best takes %.1f s, the worst %.1f s, the file's "
                "%.1f s: %.1f s (%.1f %%) hang on it.",
                o->all ? "all " : "", o->n_orders, o->n_pipelines, o->best_s, o->worst_s, o->file_s, o->worst_s - o->best_s,
                o->file_s > 0 ? 100 * (o->worst_s - o->best_s) / o->file_s : 0);
    if (o->best_s < o->file_s && o->n_pipelines <= NAMES_MOST) {
        str_add(words, " Best first:");
        for (size_t i = 0; i < o->n_pipelines; i++)
            str_addf(words, " %d", o->best[i] + 1);
        str_add(words, " (numbers of the pipelines as they stand).");
    }
}

void what_if_add_text(struct str *text, const struct what_if *w)
{
    struct table *t = table_new();
    char *head = str_format("what if (%s)", mode_name(w->mode));
    table_add_column(t, head, TABLE_LEFT);
    table_add_column(t, "makespan [s]", TABLE_RIGHT);
    table_add_column(t, "difference [s]", TABLE_RIGHT);
    table_add_column(t, "95 % interval, paired", TABLE_RIGHT);
    add_row(t, "as it is", w->worlds.makespan_s, 0, NULL);
    for (int k = 0; k < COUNTERFACTUALS; k++) {
        const struct counterfactual *c = &w->worlds.of[k];
        if (!c->why_not)
            add_row(t, setting_at(c->id)->help, c->makespan_s, c->difference_s, &c->ci95);
    }
    table_print(t, text, 0);
    table_free(t);
    free(head);
    for (int k = 0; k < COUNTERFACTUALS; k++)
        if (w->worlds.of[k].why_not)
            escape_addf(text, "(%s: %s)\n", setting_at(w->worlds.of[k].id)->help, w->worlds.of[k].why_not);
    str_add(text, "\n");
    struct str orders = { 0 };
    add_orders(&orders, &w->orders);
    if (orders.length)
        output_paragraph(text, orders.text);
    str_clear(&orders);
}

static void add_number(cJSON *object, const char *key, double x)
{
    cJSON_AddItemToObject(object, key, output_json_number(x));
}

static cJSON *json_of_orders(const struct pipeline_orders *o)
{
    if (o->n_orders == 0)
        return cJSON_CreateNull();
    cJSON *orders = cJSON_CreateObject();
    struct str words = { 0 };
    add_orders(&words, o);
    cJSON_AddStringToObject(orders, "words", words.text);
    str_clear(&words);
    add_number(orders, "pipelines", (double)o->n_pipelines);
    add_number(orders, "tried", (double)o->n_orders);
    cJSON_AddBoolToObject(orders, "all", o->all);
    add_number(orders, "file", o->file_s);
    add_number(orders, "best", o->best_s);
    add_number(orders, "worst", o->worst_s);
    cJSON_AddItemToObject(orders, "best_difference_ci95", json_of_interval(o->best_ci95));
    cJSON_AddItemToObject(orders, "worst_difference_ci95", json_of_interval(o->worst_ci95));
    cJSON_AddItemToObject(orders, "best_order", cJSON_CreateIntArray(o->best, (int)o->n_pipelines));
    return orders;
}

void what_if_add_json(cJSON *root, const struct what_if *w)
{
    cJSON *what_if = cJSON_AddObjectToObject(root, "what_if");
    cJSON_AddStringToObject(what_if, "mode", mode_name(w->mode));
    add_number(what_if, "makespan", w->worlds.makespan_s);
    cJSON *worlds = cJSON_AddObjectToObject(what_if, "worlds");
    for (int k = 0; k < COUNTERFACTUALS; k++) {
        const struct counterfactual *c = &w->worlds.of[k];
        cJSON *o = cJSON_AddObjectToObject(worlds, setting_at(c->id)->name);
        cJSON_AddStringToObject(o, "words", setting_at(c->id)->help);
        if (c->why_not) {
            cJSON_AddStringToObject(o, "cannot", c->why_not);
            continue;
        }
        add_number(o, "makespan", c->makespan_s);
        add_number(o, "difference", c->difference_s);
        cJSON_AddItemToObject(o, "ci95", json_of_interval(c->ci95));
    }
    cJSON_AddItemToObject(what_if, "orders", json_of_orders(&w->orders));
}
