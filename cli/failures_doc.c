
#include "cli/advise_output.h"
#include "core/variant.h"

enum { REPLICAS = 256 };

static int vary_to_row(struct variant *v, const struct advised *a, const struct advice_row *row,
                       struct error *err)
{
    const struct setting_change nodes = { .id = SETTING_NODES,
                                          .value = { .said = true, .number = (double)row->nodes } };
    if (variant_vary(v, &a->set->scenario, &nodes, 1, err))
        return -1;
    v->scenario.mode = row->mode;
    v->scenario.allocation = (struct allocation){ 0 };   /* one session, as in the row */
    return 0;
}

int failures_doc_work_out(struct advised *a, struct error *err)
{
    int choice = advise_choice(a);
    struct variant v;
    if (a->set->platform->failures.mtbf_s <= 0 || choice < 0)
        return 0;
    const struct advice_row *row = &a->advice.rows[choice];
    size_t n = a->how->replicas < REPLICAS ? a->how->replicas : REPLICAS;
    const struct replicate_options how = { .replicas = n, .threads = a->how->threads,
                                           .stop = a->how->stop, .progress = a->how->progress };
    progress_begin(how.progress, "cost of failures, replicas", 0);
    if (vary_to_row(&v, a, row, err))
        return -1;
    int status = failure_cost_of(&v.scenario, &how, &a->failures, err);
    a->fails = status == 0;
    variant_clear(&v);
    return status;
}

static void add_cost(struct str *words, const struct advised *a)
{
    const struct failure_cost *f = &a->failures;
    const struct advice_row *row = &a->advice.rows[advise_choice(a)];
    if (f->incomplete) {
        str_addf(words, "Failures leave tasks undone in some sessions on %zu nodes: more nodes, or "
                        "nodes that are repaired, would do them. ", row->nodes);
        return;
    }
    str_addf(words,
             "Failures of nodes cost %.1f s (%.1f %%) of a mean session of %.1f s on %zu node%s, "
             "checkpoints included; 95 %% interval %.1f .. %.1f s. ",
             f->difference_s, 100 * f->difference_s / f->without_s, f->session_s, row->nodes,
             row->nodes == 1 ? "" : "s", f->ci95.low, f->ci95.high);
}

static double best_interval_s(const struct advised *a, const struct task_set *set)
{
    double mtbf_s =
        a->set->platform->failures.mtbf_s / failure_nodes_of_task(&a->set->scenario, set);
    return checkpoint_best_s(set->traits->checkpoint.cost_s, mtbf_s);
}

/* Daly's best interval of each set that saves. */
static void add_intervals(struct str *words, const struct advised *a)
{
    const struct scenario *s = &a->set->scenario;
    for (size_t i = 0; i < s->workflow->n_sets; i++) {
        const struct task_set *set = &s->workflow->sets[i];
        double mtbf_s = a->set->platform->failures.mtbf_s / failure_nodes_of_task(s, set);
        if (set->traits->checkpoint.interval_s <= 0 || set->traits->checkpoint.cost_s <= 0)
            continue;
        double best_s = best_interval_s(a, set);
        str_addf(words,
                 "Tasks of %s save every %.6g s; best is every %.0f s (Daly: %.6g s for a "
                 "checkpoint, a failure every %.0f s)%s. ",
                 set->name, set->traits->checkpoint.interval_s, best_s,
                 set->traits->checkpoint.cost_s, mtbf_s,
                 best_s >= dist_mean(set->duration)
                     ? ", which is longer than they last: no checkpoint"
                     : "");
    }
}

void failures_doc_add_short(struct doc *d, const struct advised *a)
{
    const struct failure_cost *f = &a->failures;
    const struct scenario *s = &a->set->scenario;
    if (!a->fails)
        return;
    if (f->incomplete)
        doc_factf(d, NULL, "Failures", "leave tasks undone in some sessions");
    else
        doc_factf(d, NULL, "Failures", "cost %.1f s (%.1f %%) of a mean session of %.1f s",
                  f->difference_s, 100 * f->difference_s / f->without_s, f->session_s);
    for (size_t i = 0; i < s->workflow->n_sets; i++) {
        const struct task_set *set = &s->workflow->sets[i];
        if (set->traits->checkpoint.interval_s > 0 && set->traits->checkpoint.cost_s > 0)
            doc_factf(d, NULL, "Checkpoints", "of %s: every %.6g s, best every %.0f s", set->name,
                      set->traits->checkpoint.interval_s, best_interval_s(a, set));
    }
}

void failures_doc_add(struct doc *d, const struct advised *a)
{
    struct str words = { 0 };
    if (!a->fails)
        return;
    add_cost(&words, a);
    add_intervals(&words, a);
    doc_fact(d, "failures/cost", NULL, DOC_SECONDS, doc_number(a->failures.difference_s));
    doc_say_str(d, DOC_PLAIN, "words/failures", &words);
}
