/* cli/plans_table.c - plans by time to solution as a table: people see the choices and the best of
 * each form and number of nodes. */
#include "cli/advise_output.h"

#include <stdlib.h>

static const struct plan *plan_of(const struct doc_record *r)
{
    return r->item;
}

static const struct advised *advised_of(const struct doc_record *r)
{
    return r->context;
}

static const struct advice_row *row_of(const struct doc_record *r)
{
    return &advised_of(r)->advice.rows[plan_of(r)->row];
}

DOC_GETTER(form, const struct plan *p = r->item, doc_text(plan_form_name(plan_form_of(p))))
DOC_GETTER(mode, const struct advice_row *a = row_of(r), doc_text(mode_name(a->mode)))
DOC_GETTER(queue, const struct plan *p = r->item, doc_text(p->queue ? p->queue->name : NULL))

static struct doc_value marks(const struct doc_record *r)
{
    const struct advised *a = advised_of(r);
    const int i = (int)r->index;
    const struct {
        bool is;
        const char *words;
    } all[] = {
        { i == a->plans.soonest, "soonest" },
        { i == a->plans.soonest_median && i != a->plans.soonest, "soonest at 50 %" },
        { i == a->plans.cheapest, "cheapest" },
        { a->how->deadline_s > 0 && i == plans_choice(a), "for the deadline" },
    };
    struct str text = { 0 };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (all[k].is)
            str_addf(&text, "%s%s", text.length ? ", " : "", all[k].words);
    return doc_words(&text);
}

#define CLOCK(member) .format = { .unit = DOC_CLOCK }, DOC_MEMBER(struct plan, member)
#define NUMBER(member, n)                                                                          \
    .format = { .unit = DOC_NUMBER, .decimals = n }, DOC_MEMBER(struct plan, member)

static const struct doc_field fields[] = {
    { DOC_COLUMN("nodes", "nodes", DOC_COUNT, struct plan, nodes) },
    { DOC_COLUMN("pilots", "at once", DOC_COUNT, struct plan, pilots) },
    { .key = "form", .get = form },
    { .key = "mode", .label = "mode", .get = mode },
    { .key = "walltime", .label = "walltime", CLOCK(walltime_s) },
    { DOC_COLUMN("jobs/q50", "jobs 50 %", DOC_COUNT, struct plan, jobs_q50) },
    { DOC_COLUMN("jobs/quantile", "p", DOC_COUNT, struct plan, jobs_q) },
    { .key = "time_to_solution/q50", .label = "result in 50 %", CLOCK(solution_q50_s) },
    { .key = "time_to_solution/quantile", .label = "p", CLOCK(solution_q_s) },
    { .key = "queue_wait/q50", .label = "queue 50 %", CLOCK(queue_q50_s) },
    { .key = "queue_wait/quantile", .label = "p", CLOCK(queue_q_s) },
    { .key = "charge", .label = "node-hours", NUMBER(charge, 3) },
    { .key = "lost_node_hours", .label = "of it cut", NUMBER(lost_hours, 3) },
    { .key = "energy_kwh", .label = "kWh", .format = { .unit = DOC_NUMBER }, .optional = true,
      DOC_MEMBER(struct plan, energy_kwh) },
    { DOC_COLUMN("share_complete", NULL, DOC_SHARE, struct plan, share_complete) },
    { DOC_COLUMN("share_more_jobs", NULL, DOC_SHARE, struct plan, share_second) },
    { DOC_COLUMN("replicas", NULL, DOC_COUNT, struct plan, replicas) },
    { .key = "queue", .label = "queue", .get = queue },
    { .label = "choice", .get = marks },
    DOC_FIELDS_END,
};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool is_best_of_form(const struct plans *p, int plan)
{
    for (int f = 0; f < PLAN_FORMS; f++)
        if (p->of_form[f] == plan)
            return true;
    return false;
}

/* The best plan of as many nodes, the best of each form; and choices. */
static bool stands_out(const struct doc_record *r)
{
    const struct advised *a = advised_of(r);
    const struct plans *p = &a->plans;
    int i = (int)r->index;
    if (a->how->all || i == p->soonest || i == p->soonest_median || i == p->cheapest ||
        i == plans_choice(a) || is_best_of_form(p, i))
        return true;
    for (size_t k = 0; k < p->n; k++)
        if (a->advice.rows[p->at[k].row].nodes == row_of(r)->nodes &&
            (p->at[k].solution_q_s < plan_of(r)->solution_q_s ||
             (p->at[k].solution_q_s == plan_of(r)->solution_q_s && k < r->index)))
            return false;
    return true;
}

DOC_TEST(is_main, const struct advised *a = r->context, (int)r->index == plans_choice(a))

void plans_doc_add_table(struct doc *d, const struct advised *a)
{
    struct doc_field own[FIELDS];
    char *level = str_format("%g %%", 100 * a->how->confidence);
    for (size_t i = 0; i < FIELDS; i++) {
        own[i] = fields[i];
        if (own[i].label && str_equal(own[i].label, "p"))
            own[i].label = level;
    }
    doc_table(d, &(struct doc_table){ .key = "plans", .fields = own,
                                      DOC_ITEMS(a->plans.at, a->plans.n), .context = a,
                                      .shown = stands_out, .main = is_main });
    free(level);
}
