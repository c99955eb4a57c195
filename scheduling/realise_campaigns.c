/* The rounds of a campaign. Each round is a set of `every` candidates in all modes, so that
 * candidate i is the same task in each: in asynchronous mode the rounds are ready at once, and the
 * driver lets candidates in one by one. */

#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/realise_impl.h"

static const struct campaign *described(const struct realiser *r, size_t i)
{
    return &r->from->decisions.campaigns[i];
}

static uint32_t capacity(const struct realiser *r, int set)
{
    struct slot_demand d = platform_slots(r->options->platform, &r->from->sets[set].traits->demand);
    int64_t n = platform_capacity(r->options->platform, &d);
    return n < 1 ? 1 : n > 1000000000 ? 1000000000 : (uint32_t)n;
}

static int64_t candidates_of(struct realiser *r, const struct campaign *c)
{
    int64_t n;
    double expected = campaign_expected(c);
    if (r->options->expected)
        return expected < DECISIONS_MOST_SETS ? (int64_t)expected : r->options->horizon;
    if (outcomes_get(r->options->known, OUTCOME_CANDIDATES, c->name, &n))
        return n;
    if (c->budget == 0 || c->budget > r->options->horizon)
        r->made->open |= c->hits > 0 || c->time_s > 0;
    n = r->options->horizon;
    return c->budget > 0 && (c->budget < n || (c->hits == 0 && c->time_s == 0)) ? c->budget : n;
}

static size_t rounds_up(int64_t n, uint32_t every)
{
    return (size_t)((n + every - 1) / every);
}

/* To those that are written out. */
static void cut_rounds(struct realiser *r, size_t campaign, struct realised_campaign *c)
{
    const struct realise_window *w =
        &r->options->window[r->from->decisions.n_loops + campaign];
    size_t before = (size_t)(r->rounds_before[campaign] = w->first - 1);
    c->n_rounds = (size_t)w->n;
    c->n_learnings = c->n_learnings > before ? c->n_learnings - before : 0;
    c->n_learnings = c->n_learnings < c->n_rounds ? c->n_learnings : c->n_rounds;
}

void realise_campaigns(struct realiser *r)
{
    size_t n = r->from->decisions.n_campaigns;
    r->made->n_campaigns = n;
    r->made->campaigns = xcalloc(n + 1, sizeof *r->made->campaigns);
    r->candidates = xcalloc(n + 1, sizeof *r->candidates);
    r->rounds_before = xcalloc(n + 1, sizeof *r->rounds_before);
    for (size_t i = 0; i < n; i++) {
        const struct campaign *c = described(r, i);
        struct realised_campaign *to = &r->made->campaigns[i];
        bool stream = r->options->mode == MODE_ASYNCHRONOUS;
        uint32_t holds = c->in_flight > 0 ? (uint32_t)c->in_flight
                                          : capacity(r, workflow_find_set(r->from, c->candidates));
        to->campaign = (int)i;
        to->in_flight = stream || c->in_flight > 0 ? holds : 0;
        to->every = c->every > 0 ? (uint32_t)c->every : holds;
        to->by_count = stream;
        r->candidates[i] = candidates_of(r, c);
        to->n_rounds = rounds_up(r->candidates[i], to->every);
        to->n_learnings = c->learn ? (size_t)(r->candidates[i] / to->every) : 0;
        if (r->options->window)
            cut_rounds(r, i, to);
        to->rounds = xcalloc(to->n_rounds + 1, sizeof *to->rounds);
        to->learnings = xcalloc(to->n_learnings + 1, sizeof *to->learnings);
    }
}

static bool is_learning(const struct realiser *r, int base)
{
    return str_equal(described(r, (size_t)r->campaign_of[base])->learn, r->from->sets[base].name);
}

size_t realise_campaign_instances(const struct realiser *r, int base)
{
    const struct realised_campaign *c = &r->made->campaigns[r->campaign_of[base]];
    return is_learning(r, base) ? c->n_learnings : c->n_rounds;
}

uint32_t realise_campaign_tasks(const struct realiser *r, const struct instance *x)
{
    const struct realised_campaign *c = &r->made->campaigns[r->campaign_of[x->base]];
    int64_t before = (int64_t)(x->k - 1 + r->rounds_before[r->campaign_of[x->base]]) * c->every,
            left = r->candidates[r->campaign_of[x->base]] - before;
    if (is_learning(r, x->base))
        return r->from->sets[x->base].n_tasks;
    return left < c->every ? (uint32_t)left : c->every;
}

/* sequential: round, learning, round ...; pipelined: the next round runs beside the learning, which
 * learns one round late; asynchronous: learning after learning, and rounds as candidates come. */
void realise_campaign_order(struct realiser *r, size_t instance)
{
    const struct instance *x = &r->at[instance];
    const struct realised_campaign *c = &r->made->campaigns[r->campaign_of[x->base]];
    size_t k = (size_t)x->k - 1;
    bool learns = is_learning(r, x->base);
    if (learns && k > 0)
        realise_add(r, instance, (size_t)c->learnings[k - 1], 0);
    if (c->by_count)
        return;
    if (learns)
        realise_add(r, instance, (size_t)c->rounds[k], 0);
    else if (k > 0)
        realise_add(r, instance, (size_t)c->rounds[k - 1], 0);
    size_t stale = r->options->mode == MODE_SEQUENTIAL ? 1 : 2;
    if (!learns && k >= stale && k - stale < c->n_learnings)
        realise_add(r, instance, (size_t)c->learnings[k - stale], 0);
}
