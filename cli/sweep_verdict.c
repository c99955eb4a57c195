/* cli/sweep_verdict.c - which setting of a sweep is best, in words. */
#include "cli/sweep_output.h"

#include <math.h>

#include "base/escape.h"

static void add_settings(struct str *text, const struct sheet *s, const struct contrast *c,
                         size_t group)
{
    for (size_t i = 0; i < c->n_axes; i++) {
        str_addf(text, "%s%s ", i ? ", " : "", s->axes[c->axes[i]]);
        setting_value_add(text, sheet_value(s, c->groups[group].row, c->axes[i]));
    }
}

/* The group that comes next after the best and those that are the same as it; n_groups if there is
 * none. */
static size_t runner_up(const struct contrast *c)
{
    size_t next = c->n_groups;
    for (size_t g = 0; g < c->n_groups; g++)
        if (c->groups[g].verdict > CONTRAST_SAME &&
            (next == c->n_groups || c->groups[g].mean_s < c->groups[next].mean_s))
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
        str_addf(words,
                 ", %.1f s more in the one replica that both have: one replica does not show that "
                 "this is more than chance.",
                 g->difference_s);
        return;
    }
    str_addf(words, ", %.1f s more (paired 95 %% interval %.1f .. %.1f s).", g->difference_s,
             g->ci95.low, g->ci95.high);
    if (open > 0)
        str_addf(words, " That it is better than %zu of the others is not shown.", open);
    else
        str_add(words, " The difference to each of the others is real.");
    if (c->n_groups > 2)
        str_addf(words,
                 " (%zu comparisons: because the best was picked from the results, p is corrected "
                 "by Holm over all %.0f pairs; real means p < %g.)",
                 c->n_groups - 1, c->n_pairs, CONTRAST_LEVEL);
}

void sweep_add_verdict(struct str *words, const struct sheet *s, const struct contrast *c)
{
    if (c->best == c->n_groups || c->n_axes == 0)
        return;
    const struct contrast_group *best = &c->groups[c->best];
    size_t same = count(c, CONTRAST_SAME);
    str_add(words, "Best: ");
    add_settings(words, s, c, c->best);
    str_addf(words, ", %.1f s", best->mean_s);
    if (same > 0)
        escape_addf(words, "; %zu other%s the same in every replica", same,
                    same > 1 ? "s are" : " is");
    str_add(words, best->share_incomplete > 0
                       ? ". In every group some replicas are incomplete; they are ignored."
                       : ".");
    add_rivals(words, s, c);
}
