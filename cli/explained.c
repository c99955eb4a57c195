#include "cli/explained.h"

#include "cli/interrupt.h"

static const char interrupted[] = "interrupted; nothing was written";

void explained_take(struct explained *e, enum mode m, struct replicas *runs)
{
    e->mode[m] = runs->explanation;
    runs->explanation = (struct explanation){ 0 };
}

void explained_end(struct explained *e)
{
    e->table = explain_table_of(e->set->workflow, e->mode);
}

int explained_modes(struct explained *e, struct progress *progress, struct error *err)
{
    const struct replicate_options how = {
        .replicas = e->set->replicas, .explain = e->set->replicas, .threads = e->set->threads,
        .stop = interrupt_flag(), .progress = progress,
    };
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        struct scenario one = e->set->scenario;
        struct replicas runs;
        one.mode = (enum mode)m;
        status = replicate(&one, &how, &runs, err);
        if (status)
            break;
        if (runs.interrupted)
            status = error_set(err, "%s", interrupted);
        explained_take(e, one.mode, &runs);
        if (one.mode == e->set->scenario.mode)
            e->real = runs;
        else
            replicas_clear(&runs);
    }
    if (status == 0)
        explained_end(e);
    return status;
}

/* Of the pipelined mode, whichever the what-ifs are of. */
static int run_orders(struct explained *e, const struct replicate_options *how, struct error *err)
{
    struct scenario pipelined = e->set->scenario;
    pipelined.mode = MODE_PIPELINED;
    return pipeline_orders(&pipelined, how, PIPELINE_ORDERS_MOST, &e->orders, err);
}

int explained_what_if(struct explained *e, struct progress *progress, struct error *err)
{
    struct replicate_options how = { .replicas = e->set->replicas,
                                     .threads = e->set->threads,
                                     .stop = interrupt_flag(),
                                     .progress = progress };
    e->asked_what_if = true;
    if (counterfactuals(&e->set->scenario, &how, e->real.n > 0 ? &e->real : NULL, &e->worlds,
                        err) ||
        run_orders(e, &how, err))
        return -1;
    return e->worlds.interrupted || e->orders.interrupted ? error_set(err, "%s", interrupted) : 0;
}

void explained_clear(struct explained *e)
{
    for (int m = 0; m < MODES; m++)
        explanation_clear(&e->mode[m]);
    replicas_clear(&e->real);
    explain_table_clear(&e->table);
    counterfactuals_clear(&e->worlds);
    pipeline_orders_clear(&e->orders);
}
