#include "traces/calibrate_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/broker.h"
#include "core/transfer.h"
#include "traces/calibrate.h"

/* Slots that no session used: blocked on the first node of each. */
static void set_blocked(const struct work *w)
{
    const struct node_shape *first = NULL;
    struct middleware *m = w->out->profile;
    for (size_t s = 0; s < w->n && !first; s++)
        first = w->sessions[s]->platform->n_nodes > 0 ? platform_node(w->sessions[s]->platform, 0)
                                                      : NULL;
    m->blocked = xcalloc((first ? first->n_blocked : 0) + 1, sizeof *m->blocked);
    for (size_t i = 0; first && i < first->n_blocked; i++) {
        bool everywhere = true;
        for (size_t s = 0; s < w->n; s++) {
            const struct platform *p = w->sessions[s]->platform;
            const struct node_shape *shape = p->n_nodes > 0 ? platform_node(p, 0) : first;
            bool found = false;
            for (size_t k = 0; k < shape->n_blocked; k++)
                found |= shape->blocked[k] == first->blocked[i];
            everywhere = everywhere && found;
        }
        if (everywhere)
            m->blocked[m->n_blocked++] = first->blocked[i];
    }
}

/* Appends to a list of names, unless it has this one. */
static void add_seen(char **list, const char *name)
{
    if (!name || (*list && strstr(*list, name)))
        return;
    char *longer = *list ? str_format("%s, %s", *list, name) : xstrdup(name);
    free(*list);
    *list = longer;
}

static void set_seen(const struct work *w)
{
    struct middleware *m = w->out->profile;
    m->client_seen = w->sessions[0]->generation == GENERATION_NONE ? CLIENT_UNKNOWN
                     : w->sessions[0]->has_entk                    ? CLIENT_ENTK
                                                                   : CLIENT_ALONE;
    for (size_t s = 0; s < w->n; s++) {
        const struct session *session = w->sessions[s];
        m->n_nodes_seen = session->platform->n_nodes > m->n_nodes_seen ? session->platform->n_nodes
                                                                       : m->n_nodes_seen;
        m->n_tasks_seen = session->workflow->n_tasks > m->n_tasks_seen ? session->workflow->n_tasks
                                                                       : m->n_tasks_seen;
        /* a plain session's platform is called after its trace */
        add_seen(&m->platform_seen,
                 session_is_plain(session) ? session->resource : session->platform->name);
        add_seen(&m->launcher_seen, session_launcher(session));
        add_seen(&m->releases_seen, session->version);
        if (!m->generation && session->version)
            m->generation = xstrdup(session->version);
    }
}

static char *source_text(const struct work *w)
{
    struct str text = { 0 };
    str_addf(&text, "calibrated on %zu session%s: ", w->n, w->n == 1 ? "" : "s");
    for (size_t s = 0; s < w->n; s++)
        str_addf(&text, "%s%s", s ? ", " : "", w->samples[s].session);
    if (w->options->provenance)
        str_addf(&text, "; %s", w->options->provenance);
    return str_take(&text);
}

static void describe_radical(const struct work *w)
{
    struct middleware *m = w->out->profile;
    m->summary = str_format(
        "RADICAL-Pilot%s%s%s%s%s", m->generation ? " " : "", m->generation ? m->generation : "",
        w->samples[0].has_entk ? " under EnTK" : "", m->launcher_seen ? ", tasks started by " : "",
        m->launcher_seen ? m->launcher_seen : "");
    m->scheduler = xstrdup("radical");
}

/* Nobody is assumed to lie between, and the scheduler is the run's own. */
static void describe_executed(const struct work *w)
{
    struct middleware *m = w->out->profile;
    const struct scheduler_options *o = &w->sessions[0]->scheduler;
    m->summary = str_format("dagcast execute, tasks started by its executor %s", m->launcher_seen);
    if (o->scheduler) {
        m->scheduler = xstrdup(o->scheduler);
        return;
    }
    m->order = xstrdup(o->order);
    m->overtake = xstrdup(o->overtake);
    m->overtake_every_s = o->overtake_every.s;
    m->placement = xstrdup(o->placement);
}

/* The scheduler is not known: the default one. */
static void describe_plain(const struct work *w)
{
    struct middleware *m = w->out->profile;
    m->summary =
        str_format("latencies between recorded starts and ends%s%s", m->launcher_seen ? " of " : "",
                   m->launcher_seen ? m->launcher_seen : "");
    for (size_t s = 0; s < w->n; s++)
        m->window = w->sessions[s]->window > m->window ? w->sessions[s]->window : m->window;
    m->window_seen = m->window;
    m->window_slots = m->window > 0;
    for (size_t s = 0; s < w->n; s++)
        m->window_slots = m->window_slots &&
                          w->sessions[s]->window == platform_usable_slots(w->sessions[s]->platform);
    m->mean_bulk = m->window > 0 ? w->out->lists.mean_bulk : 0;
}

/* Each executor is a launch server. Most sessions' number; of those that are equally frequent the
 * largest. */
static int servers_of(const struct work *w)
{
    int best = 0;
    size_t best_count = 0;
    for (size_t s = 0; s < w->n; s++) {
        int servers = calibration_servers_in(w->sessions[s], w->prior);
        size_t count = 0;
        for (size_t i = 0; i < w->n; i++)
            count += calibration_servers_in(w->sessions[i], w->prior) == servers;
        if (count > best_count || (count == best_count && servers > best)) {
            best = servers;
            best_count = count;
        }
    }
    return best;
}

/* The rules that sessions show; none shows one by chance. Sessions in which nothing could have run
 * together say nothing against them, those do in which tasks that each rule keeps apart ran
 * together. */
static void set_alone(const struct work *w)
{
    struct middleware *m = w->out->profile;
    int shows = 0, random = 0;
    for (size_t s = 0; s < w->n; s++) {
        enum alone_rule r = w->sessions[s]->alone;
        m->alone.sessions[r] += r != ALONE_NEVER;
        shows += r != ALONE_NEVER;
        random += w->sessions[s]->alone_random;
    }
    for (size_t s = 0; s < w->n && shows > 0; s++)
        m->alone.sessions[ALONE_NEVER] += session_excludes_alone(w->sessions[s], &m->alone);
    if (shows == 0)
        return;
    m->alone_random = 2 * random > shows;
    char *rules = alone_text(&m->alone, true);
    str_addf(&w->out->notes, "the launcher %s; %s: shown by %d of %zu session%s\n", rules,
             m->alone_random ? "whichever waits next" : "in order", shows, w->n,
             w->n == 1 ? "" : "s");
    free(rules);
}

void calibration_describe(const struct work *w)
{
    struct middleware *m = w->out->profile;
    m->name = xstrdup(w->options->name ? w->options->name : "calibrated");
    m->source = source_text(w);
    set_seen(w);
    set_blocked(w);
    if (w->sessions[0]->executed)
        describe_executed(w);
    else if (session_is_plain(w->sessions[0]))
        describe_plain(w);
    else
        describe_radical(w);
    m->on_failure = w->sessions[0]->has_entk ? ON_FAILURE_CONTINUE : w->prior->on_failure;
    m->launch_servers = servers_of(w);
    m->live_cap = w->prior->live_cap;
    set_alone(w);
    m->bulk = w->out->lists.singly;
    m->broker_s = w->out->lists.broker_s;
    m->broker_answers = m->broker_s > 0 && broker_answers(m->releases_seen);
    m->execute_slope = 1;
    m->unexplained = m->client_seen == CLIENT_UNKNOWN ? 0 : TRANSFER_UNEXPLAINED;
    m->cold_rule = w->out->lists.cold.rule;
    m->cold_burst = w->out->lists.cold.burst;
    m->cold_bulks = m->cold_rule == COLD_BURST ? w->out->lists.cold.bulks : 1;
    m->cold_gpu_only = w->out->lists.cold.gpu_only;
    for (int p = 0; p < STATION_POLLS; p++)
        m->period_s[p] = w->samples[0].period_s[p];
    m->n_sessions = w->n;
    m->sessions = xcalloc(w->n, sizeof *m->sessions);
    for (size_t s = 0; s < w->n; s++) {
        m->sessions[s].name = xstrdup(w->samples[s].session);
        for (int p = 0; p < STATION_PARAMETERS; p++)
            m->sessions[s].mean[p] = NAN;
    }
}

/* ---- what a station is assumed to take where no session tells ---- */

/* From 163 sessions on Summit and Lassen, RADICAL-Pilot 0.6 to 1.33 (docs/calibration.md). */
struct assumption { enum station_parameter parameter; double mean_s, sd_s; bool entk_only; };

static const struct assumption assumptions[] = {
    { STATION_BOOTSTRAP, 20, 2, false },
    { STATION_CLIENT_BASE, 2.3, 0.2, true },
    { STATION_CLIENT_TASK, 0.0115, 0, true },
    { STATION_CLIENT_FIRST, 5.25, 0.75, true },
    { STATION_NEXT_STAGE, 2.15, 0.75, true },
    { STATION_NEXT_RUN, 5.5, 0, true },
    { STATION_AGENT, 0.5, 0, false },
    { STATION_LAUNCH, 0.011, 0, false },
    { STATION_STARTUP_WARM, 0.06, 0, false },
    { STATION_EXECUTE_OFFSET, 0.06, 0, false },
    { STATION_NOTIFY, 0.8, 0, false },
};

struct middleware *calibrate_prior(bool has_entk)
{
    struct middleware *m = middleware_ideal();
    for (size_t i = 0; i < sizeof assumptions / sizeof *assumptions; i++) {
        const struct assumption *a = &assumptions[i];
        if (!a->entk_only || has_entk)
            m->parameter[a->parameter] =
                a->sd_s > 0 ? dist_normal(a->mean_s, a->sd_s) : dist_constant(a->mean_s);
    }
    return m;
}
