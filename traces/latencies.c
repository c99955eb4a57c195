#include "traces/latencies.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/longest_path.h"
#include "num/stats.h"
#include "traces/could_start.h"
#include "traces/latency_levels.h"
#include "traces/samples_impl.h"

struct latency_seen { /* of one task */
    size_t record;
    enum latency_kind kind;
    double from_s, start_s; /* it could start (-INFINITY: one of the first, unknown); it did */
    double closest_s; /* how much earlier the instant before that was: INFINITY, nothing else was
                         waited for */
};

struct seen {
    const struct session *session;
    size_t n;
    struct latency_seen *at; /* in order of from_s, kind, start_s */
    double clock_s; /* resolution of the clock: 1, or 0 */
    struct samples *out;
};

static double latency_s(const struct latency_seen *l)
{
    return l->start_s - l->from_s;
}

/* ---- what each task waited for ---- */

static bool is_whole(double x)
{
    return !is_known(x) || x == floor(x);
}

static double clock_of(const struct session *s)
{
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        if (!is_whole(r->submitted_s) || !is_whole(r->started_s) || !is_whole(r->stopped_s))
            return 0;
    }
    return 1;
}

static void add_seen(struct seen *seen, size_t record, const struct could_start *c)
{
    const struct timeline_record *r = &seen->session->timeline->records[record];
    if (!is_known(r->started_s) || isnan(c->parents_s) || isnan(c->room_s))
        return;
    bool submitted = is_known(c->submitted_s) && c->submitted_s >= c->parents_s;
    double ready_s = submitted ? c->submitted_s : c->parents_s;
    if (ready_s > r->started_s + seen->clock_s) {
        seen->out->n_contrary++;
        return;
    }
    bool room = c->room_s > ready_s;
    seen->at[seen->n++] = (struct latency_seen){
        record,
        room        ? OF_ROOM
        : submitted ? OF_SUBMISSION
                    : OF_PARENTS,
        fmax(ready_s, c->room_s),
        r->started_s,
        fabs(c->room_s - ready_s),
    };
}

SORT_BY_4(by_instant, struct latency_seen, from_s, kind, start_s, record)

/* What was waited for cannot be told where both instants lie closer together than latencies mostly
 * are long. */
static void drop_ambiguous(struct seen *seen)
{
    double *x = xcalloc(seen->n + 1, sizeof *x);
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < seen->n; i++)
        if (isfinite(seen->at[i].from_s))
            x[n++] = latency_s(&seen->at[i]);
    double most_s = n > 0 ? stats_quantile(x, n, 0.99) : 0;
    for (size_t i = 0; i < seen->n; i++)
        if (!(seen->at[i].closest_s < most_s))
            seen->at[kept++] = seen->at[i];
    seen->n = kept;
    free(x);
}

/* ---- a launcher that starts one behind the other ---- */

struct burst {
    size_t first, n;
}; /* of seen->at: tasks that could start at one instant */

static size_t next_burst(const struct seen *seen, struct burst *b)
{
    size_t i = b->first + b->n;
    *b = (struct burst){ i, 0 };
    while (i + b->n < seen->n && seen->at[i + b->n].from_s == seen->at[i].from_s &&
           seen->at[i + b->n].kind == seen->at[i].kind)
        b->n++;
    return b->n;
}

/* How long bursts of n take from their first start to their last: n - 1 services of one server, or
 * the range of n latencies side by side, which grows like sqrt(ln n). The better of both least
 * squares; of bursts of one size the gaps decide, which a server makes alike. */
static bool is_serial(const struct seen *seen)
{
    double xx = 0, xy = 0, rr = 0, ry = 0, yy = 0, gaps = 0, squares = 0, n_gaps = 0;
    size_t smallest = SIZE_MAX, largest = 0;
    for (struct burst b = { 0, 0 }; next_burst(seen, &b) > 0;) {
        if (b.n < 2)
            continue;
        double y = seen->at[b.first + b.n - 1].start_s - seen->at[b.first].start_s,
               x = (double)b.n - 1, r = sqrt(log((double)b.n));
        xx += x * x, xy += x * y, rr += r * r, ry += r * y, yy += y * y;
        smallest = b.n < smallest ? b.n : smallest;
        largest = b.n > largest ? b.n : largest;
        for (size_t i = b.first + 1; i < b.first + b.n; i++, n_gaps++) {
            double gap = seen->at[i].start_s - seen->at[i - 1].start_s;
            gaps += gap;
            squares += gap * gap;
        }
    }
    if (!(yy > 0))
        return false;
    if (largest >= 2 * smallest)
        return yy - xy * xy / xx < yy - ry * ry / rr;
    return n_gaps >= 3 && squares / n_gaps < 1.25 * pow(gaps / n_gaps, 2);
}

/* Of each burst the first stays, the others tell the service. Returns its mean. */
static double take_services(struct seen *seen)
{
    double sum = 0;
    size_t kept = 0, n = 0;
    for (struct burst b = { 0, 0 }; next_burst(seen, &b) > 0;) {
        for (size_t i = b.first + 1; i < b.first + b.n; i++, n++) {
            double gap = seen->at[i].start_s - seen->at[i - 1].start_s;
            samples_add(&seen->out->of[STATION_LAUNCH], fmax(0, gap - seen->clock_s),
                        gap + seen->clock_s);
            sum += gap;
        }
        seen->at[kept++] = seen->at[b.first];
    }
    seen->n = kept;
    return n > 0 ? sum / (double)n : 0;
}

/* ---- stations ---- */

/* The first tasks have told the rate of starts only. */
static void drop_first(struct seen *seen)
{
    size_t kept = 0;
    for (size_t i = 0; i < seen->n; i++)
        if (isfinite(seen->at[i].from_s))
            seen->at[kept++] = seen->at[i];
    seen->n = kept;
}

/* Of tasks whose parents ended at one instant, one value: what they have in common. */
static void fill_levels(struct latency_level of[LATENCY_KINDS], const struct seen *seen,
                        double service_s)
{
    for (struct burst b = { 0, 0 }; next_burst(seen, &b) > 0;) {
        double sum = 0;
        enum latency_kind kind = seen->at[b.first].kind;
        for (size_t i = b.first; i < b.first + b.n; i++) {
            double x = latency_s(&seen->at[i]) - service_s;
            sum += x;
            if (kind != OF_PARENTS)
                latency_level_add(&of[kind], x);
        }
        if (kind == OF_PARENTS)
            latency_level_add(&of[kind], sum / (double)b.n);
    }
    latency_level_summarise(&of[OF_SUBMISSION]);
    latency_level_summarise(&of[OF_ROOM]);
}

/* From the parents' last end to the submission, and on to the start; one value for all that one end
 * made ready. */
static void fill_submissions(struct latency_level of[LATENCY_KINDS], const struct seen *seen,
                             const struct could_start *c)
{
    const struct timeline *t = seen->session->timeline;
    struct sort_key *keys = xcalloc(t->n + 1, sizeof *keys);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (isfinite(c[i].parents_s) && is_known(c[i].submitted_s) &&
            c[i].submitted_s >= c[i].parents_s)
            keys[n++] = (struct sort_key){ sort_key_of(c[i].parents_s), i };
    sort_keys(keys, n);
    for (size_t i = 0, next; i < n; i = next) {
        double first_s = INFINITY;
        for (next = i; next < n && keys[next].key == keys[i].key; next++)
            first_s = fmin(first_s, c[keys[next].item].submitted_s);
        latency_level_add(&of[OF_PARENTS],
                          first_s - c[keys[i].item].parents_s + of[OF_SUBMISSION].mean_s);
    }
    free(keys);
    latency_level_summarise(&of[OF_PARENTS]);
}

/* What a level takes beyond the one before, which is drawn for itself: its values vary by no more
 * than that one leaves of their variance. */
static void add_excess(struct seen *seen, enum station_parameter p, const struct latency_level *l,
                       const struct latency_level *before)
{
    double left = l->variance > before->variance ? sqrt(1 - before->variance / l->variance) : 0;
    for (size_t i = 0; i < l->n; i++) {
        double x = l->mean_s - before->mean_s + left * (l->x[i] - l->mean_s);
        samples_add(&seen->out->of[p], x, x);
    }
}

static void add_stations(struct seen *seen, const struct could_start *c)
{
    double service_s = is_serial(seen) ? take_services(seen) : 0;
    struct latency_level of[LATENCY_KINDS] = { { 0 } };
    enum latency_kind name[LATENCY_KINDS];
    drop_first(seen);
    fill_levels(of, seen, service_s);
    fill_submissions(of, seen, c);
    size_t n = latency_levels_order(of, name);
    for (size_t i = 0; n > 0 && i < of[0].n; i++) {
        double x = of[0].x[i], low = seen->clock_s > 0 ? fmax(0, x - seen->clock_s) : x;
        samples_add(&seen->out->of[STATION_STARTUP_WARM], low, x + seen->clock_s);
    }
    for (size_t k = 1; k < n; k++)
        add_excess(seen, name[k] == OF_ROOM ? STATION_FREE : STATION_NEXT_TASK, &of[k], &of[k - 1]);
    for (size_t k = 0; k < n; k++)
        free(of[k].x);
}

static void sample_tasks(struct samples *out, const struct session *s)
{
    struct could_start *c = could_start_of(s);
    struct seen seen = { .session = s,
                         .at = xcalloc(s->timeline->n + 1, sizeof *seen.at),
                         .clock_s = clock_of(s),
                         .out = out };
    for (size_t i = 0; i < s->timeline->n; i++)
        add_seen(&seen, i, &c[i]);
    drop_ambiguous(&seen);
    qsort(seen.at, seen.n, sizeof *seen.at, by_instant);
    add_stations(&seen, c);
    xfree(seen.at, c);
}

void latencies_sample(struct samples *out, const struct session *s)
{
    double drain_s = s->timeline->session_end_s - timeline_last_stop(s->timeline);
    if (s->window > 0)
        latencies_of_generator(out, s);
    else
        sample_tasks(out, s);
    if (is_known(drain_s) && drain_s >= 0)
        samples_add(&out->of[STATION_DRAIN], drain_s, drain_s);
}

size_t latencies_of_makespan(struct samples *out, const struct session *s, double ideal_s)
{
    int *level = longest_path_levels(s->workflow, path_graph_of(s->workflow, 0)), last = 0;
    for (size_t k = 0; k < s->workflow->n_sets; k++)
        last = level[k] > last ? level[k] : last;
    free(level);
    double each_s = last > 0 ? (s->recorded_makespan_s - ideal_s) / last : (double)NAN;
    if (!(each_s >= 0))
        return 0;
    samples_add(&out->of[STATION_NEXT_TASK], each_s, each_s);
    return (size_t)last + 1;
}
