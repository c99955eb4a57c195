/* A simulated task's phases. Oracles: times by hand, conservation, queueing formulas, and the same
 * workflow without the words. */
#include "core/phases.h"

#include <string.h>

#include "model/bounds.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

#define MACHINE                                                                                    \
    "{'nodes': [{'count': 4, 'cores': 8}], 'flows': [{'name': 'scratch', 'rate': 1024}, "          \
    "{'name': 'nvme', 'rate': '2 GiB/s', 'per': 'node'}, {'name': 'serial', 'rate': 2, "           \
    "'at_once': 1}]}"
#define SETS(text) "{'task_sets': [" text "]}"

static struct ran run_seeded(const char *workflow, const char *platform, const char *middleware,
                             double walltime_s, uint64_t seed)
{
    return ran_texts(&(struct ran_scenario){
        .workflow = workflow, .platform = platform, .middleware = middleware,
        .mode = MODE_ASYNCHRONOUS, .walltime_s = walltime_s, .seed = seed, .replica = 3 });
}

static struct ran run_through(const char *workflow, const char *platform, const char *middleware,
                              double walltime_s)
{
    return run_seeded(workflow, platform, middleware, walltime_s, 7);
}

static struct ran run(const char *workflow)
{
    return run_through(workflow, MACHINE, "{}", 0);
}

/* 32 x 2 GiB at 1 GiB/s; 10 s; 8 tasks a node of 1 GiB each at 2 GiB/s: the cap of 512 MiB/s does
 * not bind. */
static void input_and_output_share_their_flows(void)
{
    struct ran r = run(SETS("{'name': 'a', 'tasks': 32, 'duration': 10, 'input': {'flow': "
                            "'scratch', 'amount': '2 GiB'}, 'output': {'flow': 'nvme', 'amount': "
                            "1024, 'rate': 512}}"));
    for (uint32_t t = 0; t < 32; t++) {
        unit_near(ran_record(&r, t)->started_s, 0, 0);
        unit_near(ran_record(&r, t)->stopped_s, 64 + 10 + 4, 1e-9);
    }
    int flow;
    unit_near(flow_load_s(r.workflow, r.platform, NULL, &flow), 64, 1e-12);
    CU_ASSERT_EQUAL(flow, 0);
    unit_near(phases_alone_s(r.workflow, r.platform, &r.workflow->sets[0]), 2 + 2, 1e-12);
    ran_clear(&r);
}

/* Two nodes move half each. */
static void a_task_uses_the_flow_of_each_of_its_nodes(void)
{
    struct ran r = run(SETS("{'name': 'a', 'ranks': 2, 'cores': 8, 'phases': [{'compute': 1.5}, "
                            "{'flow': 'nvme', 'amount': '8 GiB'}, {'compute': 2}]}"));
    unit_near(ran_record(&r, 0)->stopped_s, 1.5 + 2 + 2, 1e-12);
    ran_clear(&r);
}

/* Staged in by 20 s, both at once; one task at a time on the slots; staged out side by side. */
static void staging_outside_holds_no_slots(void)
{
    struct ran r =
        run(SETS("{'name': 'a', 'tasks': 2, 'ranks': 4, 'cores': 8, 'phases': [{'flow': 'scratch', "
                 "'amount': '10 GiB', 'staging': 'outside'}, {'compute': 3}, {'flow': 'scratch', "
                 "'amount': '4 GiB', 'staging': 'outside'}]}, {'name': 'b', 'duration': 1, "
                 "'after': ['a']}"));
    const struct timeline_record *first = ran_record(&r, 0), *second = ran_record(&r, 1);
    unit_near(first->arrived_s, 20, 1e-12);
    unit_near(first->freed_s, 23, 1e-12);
    unit_near(second->started_s, 23, 1e-12);
    unit_near(first->notified_s, 28, 1e-12);     /* 3 s alone, then 1 GiB at half the rate */
    unit_near(second->notified_s, 26 + 2 + 3, 1e-12);
    unit_near(ran_record(&r, 2)->submitted_s, 31, 1e-12);
    unit_near(r.out.session_s, 32, 1e-12);
    unit_near(r.out.wait_s[WAIT_AGENT], 40, 1e-9);
    unit_near(r.out.wait_s[WAIT_NOTIFY], 10, 1e-9);
    ran_clear(&r);
}

static void one_at_once_serves_in_turn(void)
{
    struct ran r = run(SETS("{'name': 'a', 'tasks': 4, 'phases': [{'flow': 'serial', 'amount': 1}, "
                            "{'flow': 'serial', 'amount': 1}]}"));
    for (uint32_t t = 0; t < 4; t++)
        unit_near(ran_record(&r, t)->stopped_s, 0.5 * (4 + t + 1), 1e-12);
    ran_clear(&r);
}

/* Half of what it would take alone (4 s reading, 6 s computing): in the second phase; then the
 * second attempt. */
static void a_failing_attempt_goes_part_of_the_way(void)
{
    struct ran r = run(SETS("{'name': 'a', 'duration': 6, 'input': {'flow': 'scratch', 'amount': "
                            "4096}, 'failure_probability': 1, 'retries': 1}"));
    double share, sum = 0;
    struct durations *d = durations_new(r.workflow);
    durations_begin(d, 7, 3);
    for (uint32_t attempt = 0; attempt < 2; attempt++) {
        CU_ASSERT(durations_fails(d, 0, 0, attempt, &share));
        sum += 10 * share;
    }
    unit_near(r.out.makespan_s, sum, 1e-9);
    CU_ASSERT_EQUAL(r.out.n_failed, 1);
    durations_free(d);
    ran_clear(&r);
}

static void a_walltime_cuts_transfers(void)
{
    struct ran r = run_through(SETS("{'name': 'a', 'tasks': 3, 'duration': 6, 'input': {'flow': "
                                    "'scratch', 'amount': 4096}}"),
                               MACHINE, "{}", 11);
    CU_ASSERT_EQUAL(r.out.n_killed, 3);
    unit_near(r.out.busy_slot_s, 33, 1e-12);
    ran_clear(&r);
}

/* The launcher, cold starts and the rest take what they take beside phases. */
static void middleware_surrounds_phases(void)
{
    static const char stations[] =
        "{'stations': {'launch': {'cap': 3, 'service': 0.25}, 'execute': {'slope': 1.5,"
        " 'offset': 0.5}, 'detect': {'base': 0.125}, 'free': {'base': 0.0625}}}";
    struct ran whole = run_through(SETS("{'name': 'a', 'tasks': 9, 'duration': 6}"), MACHINE,
                                   stations, 0),
               phases = run_through(SETS("{'name': 'a', 'tasks': 9, 'phases': [{'compute': 6}]}"),
                                    MACHINE, stations, 0);
    for (uint32_t t = 0; t < 9; t++) {
        struct timeline_record a = *ran_record(&whole, t), b = *ran_record(&phases, t);
        a.slots = b.slots = 0;
        CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof a), 0);
    }
    ran_clear(&whole);
    ran_clear(&phases);
}

/* The same draws, byte by byte, whichever way a set says what it computes. */
static void only_computing_is_as_without_phases(void)
{
    struct ran plain = run(SETS("{'name': 'a', 'tasks': 100, 'cores': 3, 'set_sd': 0.1, "
                                "'duration': {'distribution': 'normal', 'mean': 30, 'sd': 4}}")),
               listed = run(SETS(
                   "{'name': 'a', 'tasks': 100, 'cores': 3, 'set_sd': 0.1, "
                   "'phases': [{'compute': {'distribution': 'normal', 'mean': 30, 'sd': 4}}]}"));
    CU_ASSERT_EQUAL(memcmp(plain.timeline->records, listed.timeline->records,
                           100 * sizeof *plain.timeline->records), 0);
    unit_is(plain.out.makespan_s, ==, listed.out.makespan_s);
    ran_clear(&plain);
    ran_clear(&listed);
}

/* Poisson arrivals of tasks that only transfer: M/G/1-PS, rho 0.6, mean 2 s alone. */
static double mean_sojourn(const char *amount)
{
    char text[400];
    snprintf(text, sizeof text,
             "{\"task_sets\": [{\"name\": \"a\", \"tasks\": 60000, \"release\": {\"gaps\": "
             "{\"distribution\": \"exponential\", \"mean\": %.17g}}, \"phases\": [{\"flow\": "
             "\"scratch\", \"amount\": %s}]}]}", 2 / 0.6, amount);
    struct ran r = run_through(text, "{'nodes': [{'count': 8, 'cores': 64}], 'flows': [{'name': "
                                     "'scratch', 'rate': 1}]}", "{}", 0);
    CU_ASSERT_EQUAL(r.out.wait_s[WAIT_QUEUE], 0);
    double mean = r.out.busy_slot_s / 60000;
    ran_clear(&r);
    return mean;
}

static void poisson_arrivals_are_insensitive(void)
{
    unit_near(mean_sojourn("2"), 5, 0.35);
    unit_near(mean_sojourn("{\"distribution\": \"exponential\", \"mean\": 2}"), 5, 0.35);
    unit_near(mean_sojourn("{\"distribution\": \"lognormal\", \"mean\": 2, \"sd\": 4}"), 5, 0.35);
}

/* ---- services ---- */

#define CLIENTS                                                                                    \
    "{'name': 'client', 'tasks': 6, 'phases': [{'compute': 0.5}, {'flow': 'llm', 'amount': 1}, "   \
    "{'flow': 'llm', 'amount': 1}, {'compute': 0.25}]}"

/* Requests are served one by one, 0.5 s each, from 9 s on; the service ends with its last client,
 * and the next stage does not wait for it. */
static void a_serial_service_answers_in_turn(void)
{
    struct ran r = run(SETS(CLIENTS ", {'name': 'llm', 'cores': 8, 'service': {'rate': 2, 'ready': "
                                    "9, 'at_once': 1}}, {'name': 'b', 'duration': 1, 'after': "
                                    "['llm']}"));
    for (uint32_t t = 0; t < 6; t++)
        unit_near(ran_record(&r, t)->stopped_s, 9 + 0.5 * (6 + t + 1) + 0.25, 1e-12);
    unit_near(ran_record(&r, 6)->started_s, 0, 0);
    unit_near(ran_record(&r, 6)->stopped_s, 15.25, 1e-12);
    unit_near(ran_record(&r, 7)->started_s, 15.25, 1e-12);
    unit_near(r.out.makespan_s, 16.25, 1e-12);
    int flow;
    unit_near(flow_load_s(r.workflow, r.platform, NULL, &flow), 6, 1e-12);
    CU_ASSERT_EQUAL(flow, 3 + 1);
    ran_clear(&r);
}

/* Two tasks serve two requests at a time: 12 requests in 3 s, half as long as one. */
static void several_tasks_of_a_service_add_up(void)
{
    struct ran r = run(SETS(CLIENTS ", {'name': 'llm', 'tasks': 2, 'cores': 8, 'service': {'rate': "
                                    "2, 'ready': 9, 'at_once': 1}}"));
    unit_near(r.out.makespan_s, 9 + 3 + 0.25, 1e-12);
    CU_ASSERT_EQUAL(r.out.n_done, 8);
    ran_clear(&r);
}

static void a_service_that_shares_serves_all_at_once(void)
{
    struct ran r = run(SETS(CLIENTS ", {'name': 'llm', 'cores': 8, 'service': {'rate': 2}}"));
    for (uint32_t t = 0; t < 6; t++)
        unit_near(ran_record(&r, t)->stopped_s, 0.5 + 12 / 2.0 + 0.25, 1e-12);
    ran_clear(&r);
}

/* All slots are the clients': the service cannot start, nothing can. */
static void clients_without_room_for_their_service_end(void)
{
    struct ran r = run(SETS("{'name': 'client', 'tasks': 4, 'cores': 8, 'phases': [{'flow': 'llm', "
                            "'amount': 1}]}, {'name': 'slow', 'cores': 8, 'duration': 1}, {'name': "
                            "'llm', 'cores': 8, 'after': ['slow'], 'service': {'rate': 2}}"));
    CU_ASSERT_FALSE(r.out.complete);
    CU_ASSERT_EQUAL(r.out.n_killed + r.out.n_cancelled + r.out.n_done, 6);
    ran_clear(&r);
}

/* A client fails after a share of what it would take alone, its request at the service's rate
 * included. */
static void a_client_fails_part_of_the_way(void)
{
    struct ran r =
        run(SETS("{'name': 'client', 'failure_probability': 1, 'phases': [{'compute': 1}, "
                 "{'flow': 'llm', 'amount': 6}]}, {'name': 'llm', 'service': {'rate': 2}}"));
    double share;
    struct durations *d = durations_new(r.workflow);
    durations_begin(d, 7, 3);
    CU_ASSERT(durations_fails(d, 0, 0, 0, &share));
    unit_near(r.out.makespan_s, 4 * share, 1e-9);
    durations_free(d);
    ran_clear(&r);
}

/* Clients that fail for good, and those that are cancelled, come no more. */
static void a_service_ends_when_its_clients_have_failed(void)
{
    struct ran r = run(SETS("{'name': 'a', 'duration': 3, 'failure_probability': 1}, {'name': "
                            "'client', 'after': ['a'], 'phases': [{'flow': 'llm', 'amount': 1}]}, "
                            "{'name': 'llm', 'service': {'rate': 2, 'ready': 1}}"));
    CU_ASSERT_EQUAL(r.out.n_done, 1);
    CU_ASSERT_EQUAL(r.out.n_cancelled, 1);
    unit_is(ran_record(&r, 2)->stopped_s, <, 3);
    ran_clear(&r);
}

/* M/M/1//N, as in unit.flow, but as a workflow: 6 clients think and ask 400 times. */
static void clients_of_a_service_are_a_machine_repairman(void)
{
    char text[120000] = "{\"task_sets\": [{\"name\": \"client\", \"tasks\": 6, \"phases\": [";
    for (int k = 0; k < 400; k++) {
        strcat(text, k ? ", " : "");
        strcat(text,
               "{\"compute\": {\"distribution\": \"exponential\", \"mean\": 4}}, {\"flow\": \"s\", "
               "\"amount\": {\"distribution\": \"exponential\", \"mean\": 1}}");
    }
    strcat(text, "]}, {\"name\": \"s\", \"service\": {\"rate\": 1, \"at_once\": 1}}]}");
    double term = 1, sum = 1, rate = 0;
    for (int i = 0; i < 6; i++)
        sum += term *= (6 - i) / 4.0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct ran r = run_seeded(text, MACHINE, "{}", 0, seed);
        double busy_s = 0;
        for (uint32_t t = 0; t < 6; t++)
            busy_s += ran_record(&r, t)->stopped_s;
        rate += 6 * 400 / (busy_s / 6) / 12;     /* each client's own pace */
        ran_clear(&r);
    }
    unit_near(rate, 1 - 1 / sum, 0.03);
}

static void services_that_cannot_be_are_refused(void)
{
    given_refused(SETS("{'name': 's', 'service': {'rate': 2}}"),
                  "w.json: task set 's': is a service without clients; add a phase {\"flow\": "
                  "\"s\", \"amount\": 1} to the sets that use it");
    given_refused(SETS("{'name': 's', 'service': {'rate': 2}}, {'name': 'm', 'duration': 1, "
                       "'after': ['s']}, {'name': 'c', 'after': ['m'], 'phases': [{'flow': 's', "
                       "'amount': 1}]}"),
                  "w.json: task set 'c': comes after the service 's', which ends only when its "
                  "clients have; leave out the dependency");
    given_refused(SETS("{'name': 's', 'duration': 3, 'service': {'rate': 2}}"),
                  "w.json:1: task_sets[0]: has a duration and is a service, which lasts until no "
                  "client can come; leave one out");
}

/* Eight tasks want 3 each of the 12 of their node: they compute at half speed. On two nodes each
 * half of the task gets its half. */
static void who_shares_a_node_computes_slower(void)
{
    const char *machine =
        "{'nodes': [{'count': 2, 'cores': 8}], 'flows': [{'name': 'memory', "
        "'rate': 12, 'per': 'node'}]}";
    struct ran r =
        run_through(SETS("{'name': 'a', 'tasks': 8, 'duration': 10, "
                         "'slowdown': {'flow': 'memory', 'rate': 3}}"),
                    machine, "{}", 0);
    for (uint32_t t = 0; t < 8; t++)
        unit_near(ran_record(&r, t)->stopped_s, 20, 1e-9);
    ran_clear(&r);
    r = run_through(
        SETS("{'name': 'a', 'tasks': 2, 'ranks': 2, 'cores': 4, 'one_node': false, "
             "'duration': 10, 'slowdown': {'flow': 'memory', 'rate': 12}}, {'name': 'b', "
             "'cores': 4, 'duration': 1, 'after': ['a']}"),
        machine, "{}", 0);
    unit_near(ran_record(&r, 0)->stopped_s, 10, 1e-9);
    ran_clear(&r);
    r = run_through(SETS("{'name': 'a', 'tasks': 3, 'duration': 10, 'slowdown': {'flow': "
                         "'memory', 'rate': 4}}"), machine, "{}", 0);
    unit_near(ran_record(&r, 2)->stopped_s, 10, 1e-9);    /* it suffices */
    ran_clear(&r);
}

static void closed_forms_take_transfers_alone(void)
{
    struct ran r = run(SETS("{'name': 'a', 'tasks': 64, 'duration': 10, 'input': {'flow': "
                            "'scratch', 'amount': 1024}, 'output': {'flow': 'nvme', 'amount': "
                            "1024, 'rate': 512}}"));
    struct workflow *folded = phases_folded(r.workflow, r.platform);
    CU_ASSERT_EQUAL(phases_count(&folded->sets[0]), 0);
    unit_near(dist_mean(folded->sets[0].duration), 10 + 1 + 2, 1e-12);
    workflow_free(folded);
    ran_clear(&r);
}

static void mistakes_are_refused(void)
{
    given_refused(
        SETS("{'name': 'a', 'phases': [{'flow': 'x', 'amount': 1, 'staging': 'outside'}]}"),
        "w.json: task set 'a': all its phases are staged outside; at least one must hold "
        "slots");
    given_refused(SETS("{'name': 'a', 'phases': [{'compute': 1}, {'flow': 'x', 'amount': 1, "
                       "'staging': 'outside'}, {'compute': 1}]}"),
                  "w.json: task set 'a': phase 2 is staged outside, but lies between phases that "
                  "hold slots; only the first and the last ones can be");
    given_refused(SETS("{'name': 'a', 'duration': 3, 'phases': [{'compute': 1}]}"),
                  "w.json:1: task_sets[0]: has a duration, but none of its phases computes it; add "
                  "{\"compute\": \"duration\"} to them");
    given_refused(SETS("{'name': 'a', 'phases': [{'compute': 'duration'}]}"),
                  "w.json:1: task_sets[0]: needs a duration: a number of seconds, a distribution, "
                  "or `durations` with a value a task");
    given_refused(SETS("{'name': 'a', 'phases': [{'compute': 2, 'flow': 'x', 'amount': 1}]}"),
                  "w.json:1: task_sets[0].phases[0]: has `compute` and other fields; a phase "
                  "computes or uses a flow");
    struct workflow *w = given_workflow(SETS("{'name': 'a', 'duration': 1, 'input': {'flow': "
                                             "'home', 'amount': 1}}"));
    struct platform *p = given_platform(MACHINE);
    struct error err;
    CU_ASSERT_EQUAL(platform_check(p, w, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "task set 'a': platform without a name has "
                           "no flow 'home'; it has "
                                     "'scratch', 'nvme', 'serial'");
    workflow_free(w);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(input_and_output_share_their_flows),
        UNIT_TEST(a_task_uses_the_flow_of_each_of_its_nodes),
        UNIT_TEST(staging_outside_holds_no_slots),
        UNIT_TEST(one_at_once_serves_in_turn),
        UNIT_TEST(a_failing_attempt_goes_part_of_the_way),
        UNIT_TEST(a_walltime_cuts_transfers),
        UNIT_TEST(middleware_surrounds_phases),
        UNIT_TEST(only_computing_is_as_without_phases),
        UNIT_TEST(poisson_arrivals_are_insensitive),
        UNIT_TEST(a_serial_service_answers_in_turn),
        UNIT_TEST(several_tasks_of_a_service_add_up),
        UNIT_TEST(a_service_that_shares_serves_all_at_once),
        UNIT_TEST(clients_without_room_for_their_service_end),
        UNIT_TEST(a_client_fails_part_of_the_way),
        UNIT_TEST(a_service_ends_when_its_clients_have_failed),
        UNIT_TEST(clients_of_a_service_are_a_machine_repairman),
        UNIT_TEST(services_that_cannot_be_are_refused),
        UNIT_TEST(who_shares_a_node_computes_slower),
        UNIT_TEST(closed_forms_take_transfers_alone),
        UNIT_TEST(mistakes_are_refused),
        { NULL, NULL },
    };
    return unit_run("phases", tests);
}
