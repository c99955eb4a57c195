#include "traces/session_services.h"

#include <math.h>

#include "base/xalloc.h"
#include "traces/service_fit.h"

enum { MOST_PHASES = 4096 };             /* requests of a task that become phases of their own */

double *session_request_s(const struct session *s)
{
    double *sum_s = xcalloc(s->timeline->n, sizeof *sum_s);
    for (size_t i = 0; i < s->n_requests; i++)
        sum_s[s->requests[i].record] += s->requests[i].stopped_s - s->requests[i].started_s;
    return sum_s;
}

static const struct session_service *known_service(const struct session *s)
{
    for (size_t i = 0; i < s->n_services; i++)
        if (s->services[i].has_demand)
            return &s->services[i];
    return NULL;
}

/* Requests of a set's tasks, mean. */
static double requests_a_task(const struct session *s, const struct task_set *set)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_requests; i++) {
        uint32_t task = s->timeline->records[s->requests[i].record].task;
        n += task >= set->first_task && task - set->first_task < set->n_tasks;
    }
    return (double)n / set->n_tasks;
}

static struct phase request(const char *service, double amount)
{
    return (struct phase){ .flow = xstrdup(service), .amount = dist_constant(amount) };
}

/* First what it computes itself, then its requests, one after the other. */
static void make_client(struct task_set *set, const char *service, double requests)
{
    size_t n = (size_t)lround(requests);
    if (n == 0 || task_phases_of(set)->n > 0)
        return;
    size_t phases = n <= MOST_PHASES ? n : 1;
    struct task_phases *p = task_phases_own(set);
    p->list = xcalloc(phases + 1, sizeof *p->list);
    p->n = phases + 1;
    for (size_t k = 1; k <= phases; k++)
        p->list[k] = request(service, phases == n ? 1 : (double)n);
}

static bool any_client(const struct session *s)
{
    for (size_t k = 0; k < s->workflow->n_sets; k++)
        if (lround(requests_a_task(s, &s->workflow->sets[k])) > 0)
            return true;
    return false;
}

static struct stage stage_of(int set)
{
    return (struct stage){ .n_sets = 1, .sets = xmemdup(&set, sizeof set) };
}

/* Where sets stand in stages or pipelines, all must: it begins with the first stage. */
static void add_place(struct workflow *w, int set)
{
    if (w->n_pipelines > 0) {
        w->pipelines = xrealloc(w->pipelines, w->n_pipelines + 1, sizeof *w->pipelines);
        struct pipeline own = { .name = xstrdup(w->sets[set].name), .n_stages = 1 };
        own.stages = xcalloc(1, sizeof *own.stages);
        own.stages[0] = stage_of(set);
        w->pipelines[w->n_pipelines++] = own;
    }
    if (w->n_stages > 0) {
        struct stage *first = &w->stages[0];
        first->sets = xrealloc(first->sets, first->n_sets + 1, sizeof *first->sets);
        first->sets[first->n_sets++] = set;
    }
}

double session_service_lead_s(const struct session *s)
{
    double service_s = NAN, task_s = NAN;
    for (size_t i = 0; i < s->n_services; i++)
        service_s = fmin(service_s, s->services[i].launched_s);
    for (size_t i = 0; s->tasks && s->timeline && i < s->timeline->n; i++)
        task_s = fmin(task_s, s->tasks[i].at[EVENT_LAUNCH_START]);
    return task_s > service_s ? task_s - service_s : 0;
}

void session_add_services(const struct session *s, struct workflow *w, double prior_spread)
{
    const struct session_service *service = known_service(s);
    struct service_fit fit;
    if (!service || !service_fit_of(&s, 1, &fit) || !any_client(s))
        return;
    fit.ready_s -= session_service_lead_s(s);
    w->sets = xrealloc(w->sets, w->n_sets + 1, sizeof *w->sets);
    for (size_t k = 0; k < w->n_sets; k++)
        make_client(&w->sets[k], service->uid, requests_a_task(s, &s->workflow->sets[k]));
    struct demand demand = { .ranks = service->ranks, .threads = service->slots,
                             .gpus = service->gpus };
    if (s->platform->slot_kind == SLOT_CORE) {
        demand.cores = demand.threads;
        demand.threads = 0;
    }
    w->sets[w->n_sets++] = (struct task_set){
        .name = xstrdup(service->uid), .n_tasks = (uint32_t)s->n_services,
        .traits = task_traits_new(&(struct task_traits){
            .demand = demand, .service = service_fit_rule(&fit, NAN, prior_spread) }) };
    add_place(w, (int)w->n_sets - 1);
}

int session_service_set(const struct session *s, const struct workflow *w)
{
    return w->n_sets > s->workflow->n_sets ? (int)s->workflow->n_sets : -1;
}
