/* Counters of flows and services in a Chrome trace. Oracle: their integrals are what was moved, and
 * none is above its rate. */
#include "plots/chrome_trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "core/timeline_phases.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static char path[] = "/tmp/dagcast-rates-XXXXXX";

struct counted {
    double integral, most;
    size_t steps;
};

/* Sums over all processes of a counter's name. */
static struct counted counter(const struct json *events, const char *name, const char *unit)
{
    struct counted out = { 0 };
    double at_s[64] = { 0 }, level[64] = { 0 }; /* by process, modulo 64 */
    const cJSON *event;
    cJSON_ArrayForEach(event, events->value)
    {
        const cJSON *n = cJSON_GetObjectItem(event, "name"),
                    *value = cJSON_GetObjectItem(cJSON_GetObjectItem(event, "args"), unit);
        if (!value || strcmp(n->valuestring, name) != 0)
            continue;
        double now_s = cJSON_GetObjectItem(event, "ts")->valuedouble * 1e-6;
        int pid = (int)cJSON_GetObjectItem(event, "pid")->valuedouble % 64;
        out.integral += level[pid] * (now_s - at_s[pid]);
        at_s[pid] = now_s;
        level[pid] = value->valuedouble;
        out.most = fmax(out.most, level[pid]);
        out.steps++;
    }
    for (int pid = 0; pid < 64; pid++)
        unit_near(level[pid], 0, 0);
    return out;
}

static double moved(const struct timeline *t, const char *flow)
{
    struct timeline_phase *p;
    double sum = 0;
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0, n = timeline_phases_of(t, i, &p); k < n; k++)
            if (!strcmp(timeline_flow_name(t, p[k].name), flow) &&
                (p[k].kind == PHASE_MOVES || p[k].kind == PHASE_ASKS))
                sum += p[k].amount;
    return sum;
}

static void check(const struct timeline *t, const struct json *events, const char *flow,
                  const char *unit, double rate)
{
    char name[100];
    snprintf(name, sizeof name, "%s [%s]", flow, unit);
    struct counted c = counter(events, name, unit);
    unit_is(c.steps, >, 4);
    unit_is(c.most, <=, rate * (1 + 1e-8));
    unit_near(c.integral, moved(t, flow), 1e-4 * moved(t, flow));
}

static void counters_integrate_to_what_was_moved(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 40, 'cores': 2, 'duration': "
                       "{'distribution': 'exponential', 'mean': 9}, 'input': {'flow': "
                       "'disk', 'amount': {'distribution': 'exponential', 'mean': 300}, 'rate': "
                       "40, 'staging': 'outside'}, 'output': {'flow': 'nvme', "
                       "'amount': 80}}, {'name': 'c', 'tasks': 9, 'phases': [{'compute': 3}, "
                       "{'flow': 'llm', 'amount': 2}, {'flow': 'tape', 'amount': "
                       "70, 'rate': 20}]}, {'name': 'llm', 'tasks': 2, 'service': {'rate': 1.5, "
                       "'ready': {'distribution': 'uniform', 'min': 2, 'max': "
                       "9}, 'at_once': 1}}]}");
    struct platform *p =
        given_platform("{'nodes': [{'count': 3, 'cores': 8}], 'flows': [{'name': 'disk', 'rate': "
                       "100}, {'name': 'nvme', 'rate': 30, 'per': 'node'}, "
                       "{'name': 'tape', 'rate': 50, 'at_once': 3}]}");
    struct middleware *m = given_middleware("{'stations': {'notify': {'base': 1}}}");
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 3,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct error err = { "" };
    struct simulator *sim = simulator_new(&s, &err);
    struct timeline *t = timeline_new(w, p);
    struct replica out;
    simulator_run(sim, 0, t, &out);
    CU_ASSERT_TRUE(out.complete);
    CU_ASSERT_EQUAL(timeline_check(t, &err), 0);
    CU_ASSERT_EQUAL_FATAL(chrome_trace_save(t, path, &err), 0);
    struct json_document *doc = json_load(path, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), events = json_member(&root, "traceEvents");
    check(t, &events, "disk", "MiB/s", 100);
    check(t, &events, "nvme", "MiB/s", 30);
    check(t, &events, "tape", "MiB/s", 50);
    check(t, &events, "llm", "requests/s", 3);
    unit_near(counter(&events, "tape: users", "users").most > 3, 1, 0);
    json_free(doc);
    timeline_free(t);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(counters_integrate_to_what_was_moved),
                                              { NULL, NULL } };
    close(mkstemp(path));
    int status = unit_run("chrome_rates", tests);
    unlink(path);
    return status;
}
