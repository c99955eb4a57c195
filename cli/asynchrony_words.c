#include "cli/asynchrony_words.h"

#include <math.h>

static bool knows(const struct degree *d)
{
    return d->value != DEGREE_UNKNOWN;
}

/* "3 sets", "at least 30 sets": a degree is a number of sets less one. */
static void add_sets(struct str *text, const struct degree *d)
{
    str_addf(text, "%s%d set%s", d->exact ? "" : "at least ", d->value + 1,
             d->value == 0 ? "" : "s");
}

static void add_width(struct str *text, const struct asynchronicity *a)
{
    if (a->width.value == 0) {
        str_add(text, "By their dependencies no two sets are independent of each other (width 0): "
                      "they overlap only if tasks follow single tasks of another set. ");
        return;
    }
    str_add(text, "By their dependencies ");
    add_sets(text, &a->width);
    str_addf(text, " are independent of each other (width%s %d)",
             a->width.exact ? "" : " >=", a->width.value);
    if (a->doa_dep < a->width.value)
        str_addf(text,
                 "; DOA_dep is %d because it counts only branches, the sets that nothing follows, "
                 "less one, and %s",
                 a->doa_dep,
                 a->doa_dep == 0 ? "all branches join again" : "some branches join again");
    str_add(text, ". ");
}

static void add_platform(struct str *text, const struct asynchronicity *a)
{
    if (!knows(&a->doa_res) || a->width.value == 0)
        return;
    if (a->doa_res.value == 0 && a->doa_res.exact) {
        str_add(text, "The platform does not hold two of them whole (DOA_res 0)");
        if (a->doa_res_partial.value > 0) {
            str_add(text, ", but one task of each of ");
            add_sets(text, &a->doa_res_partial);
        }
        str_add(text, ". ");
        return;
    }
    str_addf(text, "The platform holds %s%d of them whole (DOA_res%s %d). ",
             a->doa_res.exact ? "" : "at least ", a->doa_res.value + 1,
             a->doa_res.exact ? "" : " >=", a->doa_res.value);
}

static void add_gain(struct str *text, const struct gain *g)
{
    const char *who = g->source == GAIN_SIMULATED ? "Simulated, asynchronous"
                                                  : "By the closed form, asynchronous";
    double low = g->low, high = g->high;
    if (g->source == GAIN_UNKNOWN || isnan(g->mean))
        return;
    if (g->source == GAIN_CLOSED_FORM || isnan(low) || isnan(high))
        low = high = g->mean;
    if (low > 0 || high < 0)
        str_addf(text, "%s execution %s %.1f %% over sequential. ", who,
                 g->mean > 0 ? "gains" : "loses", 100 * fabs(g->mean));
    else if (low == 0 && high == 0)
        str_addf(text, "%s execution gains nothing over sequential. ", who);
    else
        str_addf(text, "%s execution and sequential do not differ by more than chance. ", who);
}

void asynchrony_add_meaning(struct str *text, const struct asynchronicity *a,
                            const struct gain *gain)
{
    add_width(text, a);
    add_platform(text, a);
    add_gain(text, gain);
}
