#include "cli/explained.h"

#include "cli/interrupt.h"

static const char interrupted[] = "interrupted; nothing was written";

int explained_modes(struct explained *e, size_t replicas, struct progress *progress, struct error *err)
{
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        struct scenario one = e->set->scenario;
        one.mode = (enum mode)m;
        status = explain(&one, replicas, interrupt_flag(), progress, &e->mode[m], err);
        if (status == 0 && e->mode[m].interrupted)
            status = error_set(err, "%s", interrupted);
    }
    if (status == 0)
        e->table = explain_table_of(e->set->workflow, e->mode);
    return status;
}

/* Of the pipelined mode, whichever the what-ifs are of. */
static int run_orders(struct explained *e, const struct replicate_options *how, struct error *err)
{
    struct scenario pipelined = e->set->scenario;
    pipelined.mode = MODE_PIPELINED;
    return pipeline_orders(&pipelined, how, PIPELINE_ORDERS_MOST, &e->what_if.orders, err);
}

int explained_what_if(struct explained *e, struct progress *progress, struct error *err)
{
    struct what_if *w = &e->what_if;
    struct replicate_options how = {
        .replicas = e->set->replicas, .threads = e->set->threads, .stop = interrupt_flag(), .progress = progress
    };
    w->mode = e->set->scenario.mode;
    e->asked_what_if = true;
    if (counterfactuals(&e->set->scenario, &how, &w->worlds, err) || run_orders(e, &how, err))
        return -1;
    return w->worlds.interrupted || w->orders.interrupted ? error_set(err, "%s", interrupted) : 0;
}

void explained_clear(struct explained *e)
{
    for (int m = 0; m < MODES; m++)
        explanation_clear(&e->mode[m]);
    explain_table_clear(&e->table);
    what_if_clear(&e->what_if);
}
