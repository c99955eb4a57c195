#include "traces/samples_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "num/stats.h"

#define UP_S 1.0                         /* servers that begin sooner were there */
/* a gap of so many median services is no service: a cap, a full disk, a restart */
#define STALL 20

struct launch {
    size_t record;
    double scheduled_s, launched_s;
    /* read where most of the session's are: else that record was lost, and a later one stands in */
    bool usual;
};

/* Where launches are read, the best first; behind them the start itself. */
static const enum session_event signs[] = { EVENT_LAUNCH_START, EVENT_LAUNCH_OK, EVENT_NODE_START };
enum { SIGNS = sizeof signs / sizeof *signs };

static size_t sign_of(const struct session *s, size_t record)
{
    size_t i = 0;
    while (i < SIGNS && !is_known(s->tasks[record].at[signs[i]]))
        i++;
    return i;
}

static size_t usual_sign(const struct session *s)
{
    size_t count[SIGNS + 1] = { 0 }, best = 0;
    for (size_t i = 0; i < s->timeline->n; i++)
        count[sign_of(s, i)] += is_known(s->timeline->records[i].started_s);
    for (size_t k = 1; k <= SIGNS; k++)
        best = count[k] > count[best] ? k : best;
    return best;
}

SORT_BY_2(compare_launches, struct launch, launched_s, record)

static struct launch *launches_of(const struct session *s, size_t *n)
{
    struct launch *list = xcalloc(s->timeline->n + 1, sizeof *list);
    size_t usual = usual_sign(s);
    *n = 0;
    for (size_t i = 0; i < s->timeline->n; i++) {
        size_t sign = sign_of(s, i);
        double at_s =
            sign < SIGNS ? s->tasks[i].at[signs[sign]] : s->timeline->records[i].started_s;
        if (is_known(at_s))
            list[(*n)++] =
                (struct launch){ i, s->timeline->records[i].scheduled_s, at_s, sign == usual };
    }
    qsort(list, *n, sizeof *list, compare_launches);
    return list;
}

/* Placed until launched, of the tasks that found a server free. */
static size_t idle_waits(const struct launch *list, size_t n, size_t servers, double *out)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        double wait_s = list[i].launched_s - list[i].scheduled_s;
        if (wait_s >= 0 && (i < servers || list[i].scheduled_s >= list[i - servers].launched_s))
            out[found++] = wait_s;
    }
    return found;
}

static size_t busy_gaps(const struct launch *list, size_t n, size_t servers, double way_s,
                        double *out)
{
    size_t found = 0;
    for (size_t i = servers; i < n; i++)
        if (list[i].scheduled_s + way_s <= list[i - servers].launched_s)
            out[found++] = list[i].launched_s - list[i - servers].launched_s;
    return found;
}

/* Placed until launched, with the service, of tasks that found a server free when all had been up
 * for long; 0: none did. */
static double usual_wait(const struct launch *list, size_t n, size_t servers, double *scratch)
{
    size_t found = 0;
    for (size_t i = servers; i < n; i++)
        if (list[i].scheduled_s > list[i - servers].launched_s)
            scratch[found++] = list[i].launched_s - list[i].scheduled_s;
    return found > 0 ? stats_quantile(scratch, found, 0.5) : 0;
}

/* Servers of sub-agents come up long after the first task was placed: until then tasks wait for
 * that, not for a launch. */
static void wait_for_servers(struct samples *out, struct launch *list, size_t n, size_t servers)
{
    double first_s = INFINITY, *scratch = xcalloc(n + 1, sizeof *scratch);
    for (size_t i = 0; i < n; i++)
        first_s = earlier_known(first_s, list[i].scheduled_s);
    size_t busy = busy_gaps(list, n, servers, 0, scratch);
    double service_s = busy > 0 ? stats_quantile(scratch, busy, 0.5) : (double)NAN;
    double wait_s = fmax(usual_wait(list, n, servers, scratch), service_s);
    double took_s = n > 0 ? list[0].launched_s - first_s - wait_s : (double)NAN;
    if (took_s > UP_S && took_s > STALL * service_s) {
        samples_add(&out->of[STATION_LAUNCH_UP], took_s, took_s);
        for (size_t i = 0; i < n; i++)
            list[i].scheduled_s = later_of_both(list[i].scheduled_s, first_s + took_s);
    }
    free(scratch);
}

/* Adds the services; returns the way to the launcher, without service: the mean over those that
 * found a server free. */
static double sample_service(struct samples *out, const struct launch *list, size_t n,
                             size_t servers)
{
    double *x = xcalloc(n + 1, sizeof *x), sum = 0;
    size_t idle = idle_waits(list, n, servers, x);
    double way_s = known_or(stats_mean(x, idle), 0),
           median = idle > 0 ? stats_quantile(x, idle, 0.5) : 0;
    size_t busy = busy_gaps(list, n, servers, median, x), kept = 0;
    double most = busy > 0 ? STALL * stats_quantile(x, busy, 0.5) : 0;
    for (size_t i = 0; i < busy; i++) {
        if (x[i] > most) {
            out->n_stalls++;
            continue;
        }
        samples_add(&out->of[STATION_LAUNCH], x[i], x[i]);
        sum += x[i];
        kept++;
    }
    free(x);
    return kept > 0 ? way_s - sum / (double)kept : way_s;
}

static double first_stop(const struct session *s)
{
    double first = INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++)
        first = earlier_known(first, s->timeline->records[i].stopped_s);
    return first;
}

static bool has_gpu(const struct session *s, size_t record)
{
    int set = s->tasks[record].set;
    return set >= 0 && (s->workflow->sets[set].traits->demand.gpus > 0 ||
                        s->workflow->sets[set].traits->demand.gpu_share > 0);
}

static struct task_sample sample_task(const struct session *s, const struct launch *l, double way_s)
{
    const struct session_task *t = &s->tasks[l->record];
    const struct timeline_record *r = &s->timeline->records[l->record];
    bool done = s->timeline->status[l->record] == TASK_DONE;
    double own_s = l->usual && !t->kept ? r->started_s - l->launched_s : (double)NAN;
    return (struct task_sample){
        .startup_s = is_known(own_s) && own_s >= 0 ? fmax(0, own_s + way_s) : (double)NAN,
        .offset_s = done ? r->stopped_s - r->started_s - t->requested_s : NAN,
        .bulk = t->bulk, .bulk_tasks = t->bulk >= 0 ? s->bulks[t->bulk].n_tasks : 0,
        .gpu = has_gpu(s, l->record),
    };
}

/* ---- kept apart ---- */

/* The quickest start-up seen of tasks with GPUs, or of those without; 0: none was. */
static double quickest_startup(const struct samples *x, bool gpu)
{
    double least_s = NAN;
    for (size_t i = 0; i < x->n_tasks; i++)
        if (x->tasks[i].gpu == gpu)
            least_s = earlier_known(least_s, x->tasks[i].startup_s);
    return known_or(least_s, 0);
}

/* Begun before `i`; of equals the one listed first. */
static bool began_before(const struct session *s, const struct launch *list, size_t k, size_t i)
{
    double sooner_s = s->timeline->records[list[i].record].started_s -
                      s->timeline->records[list[k].record].started_s;
    return k != i && (sooner_s > 0 || (sooner_s == 0 && k < i));
}

/* An end at `until_s` for which `i`, first of several, waited, until it tried again: no later than
 * its start less a start-up, and than the launch of any that it then kept waiting in its turn. */
static struct fit_sample retry_of(const struct session *s, const struct launch *list, size_t n,
                                  size_t i, double startup_s)
{
    double until_s = s->tasks[list[i].record].kept_until_s,
           start_s = s->timeline->records[list[i].record].started_s,
           tried_s = fmax(0, start_s - until_s - startup_s);
    struct fit_sample out = { tried_s, tried_s };
    for (size_t k = 0; k < n; k++) {
        double after_s = list[k].launched_s - until_s,
               kept_until_s = s->tasks[list[k].record].kept_until_s;
        if (after_s > 0 && after_s < out.high && kept_until_s > start_s)
            out = (struct fit_sample){ 0, after_s };
    }
    return out;
}

static void sample_retries(struct samples *out, const struct session *s, const struct launch *list,
                           size_t n)
{
    const double startup_s[2] = { quickest_startup(out, false), quickest_startup(out, true) };
    for (size_t i = 0; i < n; i++) {
        double until_s = s->tasks[list[i].record].kept_until_s;
        bool first = is_known(until_s);
        for (size_t k = 0; k < n && first; k++)
            first = s->tasks[list[k].record].kept_until_s != until_s ||
                    !began_before(s, list, k, i);
        if (!first)
            continue;
        struct fit_sample x = retry_of(s, list, n, i, startup_s[out->tasks[i].gpu]);
        samples_add(&out->of[STATION_LAUNCH_RETRY], x.low, x.high);
    }
}

void launches_sample(struct samples *out, const struct session *s, int servers)
{
    size_t n;
    struct launch *list = launches_of(s, &n);
    wait_for_servers(out, list, n, (size_t)servers);
    double way_s = sample_service(out, list, n, (size_t)servers), stop_s = first_stop(s);
    bool *seen = xcalloc(s->platform->n_nodes + 1, sizeof *seen);
    long last = -1;
    out->tasks = xcalloc(n + 1, sizeof *out->tasks);
    out->n_tasks = n;
    for (size_t i = 0; i < n; i++) {
        struct task_sample *t = &out->tasks[i];
        struct timeline_slots slots;
        *t = sample_task(s, &list[i], way_s);
        out->n_lost[STATION_STARTUP_WARM] += !list[i].usual;
        t->first_wave = list[i].launched_s < stop_s;
        if (timeline_slots_first(s->timeline, list[i].record, &slots)) {
            t->first_on_node = !seen[slots.node];
            t->node_change = last >= 0 && slots.node != last;
            seen[slots.node] = true;
            last = slots.node;
        }
    }
    sample_retries(out, s, list, n);
    xfree(seen, list);
}
