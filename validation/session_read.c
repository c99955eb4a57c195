/* What a prediction reads from the session beside its tasks, and what its profile assumes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/broker.h"
#include "traces/session_services.h"
#include "traces/session_workflow.h"
#include "validation/predict_session_impl.h"

static void add_clause(struct str *s, const char *text)
{
    if (s->length)
        str_add(s, "; ");
    str_add(s, text);
}

/* What came first, which nobody could know beforehand. */
static void list_orders(struct session_scenario *out)
{
    if (out->task_order)
        add_clause(&out->read, "order of arrival");
    if (out->begins_after)
        add_clause(&out->read, "who began before whom of those that the launcher keeps apart");
    if (out->pipeline_order)
        add_clause(&out->read,
                   "tasks of a set in order of arrival (the pipelines' order was asked for)");
}

static void list_broker(struct session_scenario *out, const struct session_question *q)
{
    char text[80];
    const double broker_s = q->session->broker_s;
    snprintf(text, sizeof text, "EnTK's broker (%.3g s to set up its queues)", broker_s);
    if (fabs(broker_ratio(broker_s, q->middleware->broker_s) - 1) > 0)
        add_clause(&out->read, text);
}

void session_list_read(struct session_scenario *out, const struct session_question *q)
{
    const struct session *s = q->session;
    const struct node_shape *shape = platform_node(s->platform, 0);
    char text[160];
    snprintf(text, sizeof text, "nodes (%zu of %d slots and %d GPUs), %zu blocked slots a node",
             s->platform->n_nodes, shape->n_slots, shape->n_gpus, shape->n_blocked);
    add_clause(&out->read, text);
    if (platform_has_joins(s->platform))
        add_clause(&out->read, "when nodes joined");
    list_orders(out);
    if (memcmp(&out->middleware->alone, &q->middleware->alone, sizeof q->middleware->alone) != 0) {
        char *rules = alone_text(&out->middleware->alone, false);
        snprintf(text, sizeof text, "tasks that the launcher keeps apart (%s)", rules);
        free(rules);
        add_clause(&out->read, text);
    }
    if (s->n_executors > 1 || (s->n_executors == 1 && q->middleware->launch_servers != 1)) {
        snprintf(text, sizeof text, "%zu executor%s", s->n_executors,
                 s->n_executors == 1 ? "" : "s");
        add_clause(&out->read, text);
    }
    list_broker(out, q);
    if (out->released > 0)
        add_clause(&out->read, "when tasks without dependencies were submitted");
    if (s->window > 0) {
        snprintf(text, sizeof text, "window (%d tasks at once)", s->window);
        add_clause(&out->read, text);
    }
    if (s->n_runs > 1)
        add_clause(&out->read, "run() calls");
    if (s->edges_inferred)
        add_clause(&out->read, "dependencies (inferred from times)");
    if (s->edges_named)
        add_clause(&out->read, "dependencies (from the names of tasks)");
    if (out->scenario.scheduler.scheduler && !session_asks_for(q, SETTING_GENERATION) &&
        s->version) {
        snprintf(text, sizeof text, "generation of the scheduler (%s)", s->version);
        add_clause(&out->read, text);
    }
    if (q->level == INFORMATION_DESCRIPTION)
        add_clause(&out->read, out->measured_durations
                                   ? "moments of each set's measured durations"
                                   : "moments of each set's requested durations");
    if (session_service_set(s, out->workflow) >= 0)
        add_clause(&out->read, out->own_service
                                   ? "requests of each set, and how fast its service answered"
                                   : "requests of each set, when services were launched");
    if (out->never_ran > 0) {
        snprintf(text, sizeof text, "%zu tasks that never ran take no time", out->never_ran);
        add_clause(&out->read, text);
    }
    if (out->imputed > out->never_ran) {
        snprintf(text, sizeof text, "%zu tasks without a known duration",
                 out->imputed - out->never_ran);
        add_clause(&out->read, text);
    }
}

void session_list_assumed(struct session_scenario *out)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (out->middleware->assumed[p] && out->middleware->parameter[p])
            str_addf(&out->assumed, "%s%s (%.3g s)", out->assumed.length ? ", " : "",
                     station_parameter_name((enum station_parameter)p),
                     dist_mean(out->middleware->parameter[p]));
}

/* ---- in which order tasks began that the launcher keeps apart ---- */

/* Who is first when one ends is a race of milliseconds, and no decision of the workflow's; but it
 * may move hours. */
uint32_t *session_begin_order(const struct session *s, const size_t *record, uint32_t n_tasks)
{
    const struct timeline *t = s->timeline;
    size_t n_nodes = s->platform->n_nodes;
    uint32_t *after = xmalloc((n_tasks + 1) * sizeof *after),
             *last = xmalloc((n_nodes + 1) * sizeof *last);
    bool any = false;
    memset(after, 0xff, (n_tasks + 1) * sizeof *after);
    memset(last, 0xff, (n_nodes + 1) * sizeof *last);
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots part;
        uint32_t task = t->records[i].task;
        if (record[task] != i || !is_known(t->records[i].started_s))
            continue;
        size_t before = SIZE_MAX;        /* the last of those on its nodes */
        for (bool more = timeline_slots_first(t, i, &part); more;
             more = timeline_slots_next(&part)) {
            uint32_t other = last[part.node];
            last[part.node] = task;
            if (other == UINT32_MAX || other == task)
                continue;
            before = before == SIZE_MAX || record[other] > before ? record[other] : before;
        }
        if (before == SIZE_MAX)
            continue;
        after[task] = t->records[before].task;
        any = true;
    }
    free(last);
    if (any)
        return after;
    free(after);
    return NULL;
}
