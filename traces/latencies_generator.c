#include "traces/samples_impl.h"

#include <math.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"

#define TOGETHER_S 0.05 /* submissions closer than that left in one bulk, */
#define TOGETHER_SHARE 0.05 /* and than that share of the mean gap */

struct instants {
    size_t n;
    double *at;
};

static struct instants sorted(const struct timeline *t, bool stops)
{
    struct instants out = { .at = xcalloc(t->n + 1, sizeof *out.at) };
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *r = &t->records[i];
        double at_s = stops ? r->stopped_s : known_or(r->submitted_s, r->started_s);
        if (is_known(at_s) && is_known(r->started_s))
            out.at[out.n++] = at_s;
    }
    sort_doubles(out.at, out.n);
    return out;
}

/* Bulk by bulk: it is taken up when the first result is there that no bulk before has answered, and
 * the one before has left. */
static void add_bulks(struct samples *out, const struct session *s, const struct instants *left,
                      const struct instants *over)
{
    double together_s =
        left->n > 1 ? fmin(TOGETHER_S,
                           TOGETHER_SHARE * (left->at[left->n - 1] - left->at[0]) / (double)left->n)
                    : 0;
    double before_s = s->timeline->session_start_s;
    size_t answered = 0;
    for (size_t i = 0, next; i < left->n; i = next) {
        for (next = i + 1; next < left->n && left->at[next] - left->at[next - 1] <= together_s;)
            next++;
        size_t n = next - i;
        bool first = i == 0;
        if (!first && answered + n > over->n)
            break;
        double taken_s = first ? before_s : fmax(over->at[answered], before_s),
               cost_s = left->at[i] - taken_s;
        answered += first ? 0 : n;
        before_s = left->at[next - 1];
        if (cost_s < 0)
            out->n_contrary++;
        else if (is_known(cost_s))
            out->bulks[out->n_bulks++] = (struct bulk_sample){ (double)n, cost_s, first };
    }
}

void latencies_of_generator(struct samples *out, const struct session *s)
{
    struct instants left = sorted(s->timeline, false), over = sorted(s->timeline, true);
    out->bulks = xcalloc(left.n + 1, sizeof *out->bulks);
    add_bulks(out, s, &left, &over);
    xfree(left.at, over.at);
}
