/* cli/what_if_doc.c - the member "what_if" of an explanation: what would change the makespan, the
 * largest gain first, and what the order of submission changes. */
#include "cli/explained.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "core/setting.h"

struct world {                           /* one row; the first is the world as it is */
    const char *key, *words, *why_not;
    double makespan_s, difference_s, share;
    struct stats_interval ci95;
};

SORT_BY(by_difference, struct world, difference_s)      /* the largest gain first */

DOC_TEST(is_possible, const struct world *w = r->item, !w->why_not)

static bool is_as_it_is(const struct doc_record *r)
{
    return r->index == 0;
}

static const char *world_key(const struct doc_record *r)
{
    return ((const struct world *)r->item)->key;
}

static const struct doc_field world_fields[] = {
    { .key = "words", DOC_MEMBER(struct world, words) },
    { .key = "cannot", DOC_MEMBER(struct world, why_not) },
    { .key = "makespan", DOC_MEMBER(struct world, makespan_s) },
    { .key = "difference", DOC_MEMBER(struct world, difference_s) },
    { .key = "ci95", DOC_MEMBER_INTERVAL(struct world, ci95) },
    DOC_FIELDS_END,
};

static const struct doc_field shown_fields[] = {
    { .label = "what if", DOC_MEMBER(struct world, words) },
    { DOC_COLUMN(NULL, "makespan", DOC_SECONDS, struct world, makespan_s) },
    { .label = "difference", .format = { .unit = DOC_SECONDS, .sign = true },
      DOC_MEMBER(struct world, difference_s) },
    { .label = "share", .format = { .unit = DOC_SHARE, .sign = true },
      DOC_MEMBER(struct world, share) },
    { .label = "95 % interval, paired", .format = { .unit = DOC_SECONDS, .sign = true },
      DOC_MEMBER_INTERVAL(struct world, ci95) },
    DOC_FIELDS_END,
};

static struct world world_of(const struct counterfactuals *c, int kind)
{
    const struct counterfactual *x = &c->of[kind];
    const struct setting *s = setting_at(x->id);
    struct world w = { s->name, s->help, x->why_not, NAN, NAN, NAN, { NAN, NAN } };
    if (!x->why_not) {
        w.makespan_s = x->makespan_s;
        w.difference_s = x->difference_s;
        w.share = x->difference_s / c->makespan_s;
        w.ci95 = x->ci95;
    }
    return w;
}

static void add_worlds(struct doc *d, const struct explained *e)
{
    struct world all[COUNTERFACTUALS], shown[COUNTERFACTUALS + 1];
    char *title = str_format("What would change it (%s)", mode_name(e->set->scenario.mode));
    size_t n = 1, n_all = 0;
    shown[0] = (struct world){ NULL, "as it is", NULL, e->worlds.makespan_s, NAN, NAN,
                               { NAN, NAN } };
    for (int k = 0; k < COUNTERFACTUALS; k++) {
        if (e->worlds.of[k].left_out)
            continue;
        all[n_all++] = world_of(&e->worlds, k);
        if (!all[n_all - 1].why_not)
            shown[n++] = all[n_all - 1];
    }
    qsort(shown + 1, n - 1, sizeof *shown, by_difference);
    doc_table(d, &(struct doc_table){ .key = "worlds", .fields = world_fields,
                                      DOC_ITEMS(all, n_all), .name = world_key });
    doc_table(d, &(struct doc_table){ .title = title, .fields = shown_fields, DOC_ITEMS(shown, n),
                                      .main = is_as_it_is, .shown = is_possible });
    for (size_t k = 0; k < n_all; k++)
        if (all[k].why_not)
            doc_sayf(d, DOC_NOTE, NULL, "(%s: %s)", all[k].words, all[k].why_not);
    free(title);
}

static const struct doc_field order_fields[] = {
    { .key = "pipelines", DOC_MEMBER(struct pipeline_orders, n_pipelines) },
    { .key = "tried", DOC_MEMBER(struct pipeline_orders, n_orders) },
    { DOC_COLUMN("all", NULL, DOC_FLAG, struct pipeline_orders, all) },
    { .key = "file", DOC_MEMBER(struct pipeline_orders, file_s) },
    { .key = "best", DOC_MEMBER(struct pipeline_orders, best_s) },
    { .key = "worst", DOC_MEMBER(struct pipeline_orders, worst_s) },
    { .key = "best_difference_ci95", DOC_MEMBER_INTERVAL(struct pipeline_orders, best_ci95) },
    { .key = "worst_difference_ci95", DOC_MEMBER_INTERVAL(struct pipeline_orders, worst_ci95) },
    DOC_FIELDS_END,
};

static void add_orders(struct doc *d, const struct workflow *w, const struct pipeline_orders *o)
{
    struct str words = { 0 };
    if (o->n_orders == 0) {
        doc_data(d, "orders", cJSON_CreateNull());
        return;
    }
    explained_add_orders(&words, w, o);
    doc_open(d, "orders");
    doc_say(d, DOC_PLAIN, "words", words.text);
    doc_facts(d, order_fields, o, NULL);
    doc_data(d, "best_order", cJSON_CreateIntArray(o->best, (int)o->n_pipelines));
    doc_close(d);
    str_clear(&words);
}

void what_if_doc_add(struct doc *d, const struct explained *e)
{
    doc_open(d, "what_if");
    doc_fact(d, "mode", NULL, DOC_TEXT, doc_text(mode_name(e->set->scenario.mode)));
    doc_fact(d, "makespan", NULL, DOC_SECONDS, doc_number(e->worlds.makespan_s));
    add_worlds(d, e);
    add_orders(d, e->set->workflow, &e->orders);
    doc_close(d);
}
