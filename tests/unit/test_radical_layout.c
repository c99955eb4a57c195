/* Small sessions as RADICAL-Pilot of each generation leaves them, by hand: nodes, demands, slots,
 * services, times. */
#include "traces/importer/radical_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cli/session_doc.h"
#include "doc/render.h"
#include "tests/support/imported.h"
#include "tests/support/radical_by_hand.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

static char *pilots_json(const char *service_nodes, const char *more_nodes)
{
    return str_format("{\"cfg\": {}, \"uid\": \"pmgr.0000\", \"pilots\": [{\"uid\": "
                      "\"pilot.0000\", \"session\": \"rp.session.here.0001\", "
                      "\"description\": {\"resource\": \"x.here\", \"nodes\": 4, \"runtime\": 60, "
                      "\"services\": [{\"uid\": \"\", \"ranks\": 1, "
                      "\"cores_per_rank\": 8, \"gpus_per_rank\": 2}]}, \"resource_details\": "
                      "{\"cores_per_node\": 8, \"gpus_per_node\": 2, "
                      "\"threads_per_core\": 1, \"launch_methods\": {\"order\": [\"MPIEXEC\"]}, "
                      "\"agent_node_list\": [], "
                      "\"service_node_list\": [%s], \"node_list\": ["
                      "{\"node_name\": \"n0\", \"node_id\": \"1\", \"cores\": [0, 0, 0, 0, 0, 0, "
                      "0, 0], \"gpus\": [0, 0], \"mem\": 512},"
                      "{\"node_name\": \"n1\", \"node_id\": \"2\", \"cores\": [0, 0, 0, 0, 0, 0, "
                      "0, 0], \"gpus\": [0, 0], \"mem\": 512}%s]}}]}",
                      service_nodes, more_nodes);
}

#define TASK(uid, more, slots)                                                                     \
    "\"" uid "\": {\"uid\": \"" uid "\", \"state\": \"DONE\", \"exit_code\": 0, \"slots\": " slots \
    ", "                                                                                           \
    "\"description\": {\"executable\": \"work\", " more "}}"

/* Three tasks: slots as {ranks: [...]}, as a list of {index, occupation}, and a service of its own.
 */
static const char
    tmgr
        [] =
            "{\"cfg\": {}, \"uid\": \"tmgr.0000\", \"tasks\": {" TASK(
                "task.000000",
                "\"mode\": \"task.executable\", \"ranks\": 2, \"cores_per_rank\": 3, "
                "\"gpus_per_rank\": 0.5, \"mem_per_rank\": 64",
                "{\"partition_id\": null, \"ranks\": [{\"node_name\": \"n0\", \"node_id\": \"1\", "
                "\"core_map\": [[0, 1, 2]], \"gpu_map\": [[1]]},"
                "{\"node_name\": \"n0\", \"node_id\": \"1\", \"core_map\": [[3, 4, 5]], "
                "\"gpu_map\": [[1]]}]}") ", " TASK("task.000001",
                                                   "\"mode\": \"task.executable\", \"ranks\": 1, "
                                                   "\"cores_per_rank\": 2, \"gpus_per_rank\": 1.0",
                                                   "[{\"node_name\": \"n1\", \"node_id\": \"2\", "
                                                   "\"cores\": [{\"index\": 5, \"occupation\": "
                                                   "1.0}, {\"index\": 6, \"occupation\": 1.0}], "
                                                   "\"gpus\": [{\"index\": 0, \"occupation\": "
                                                   "1.0}]}]") ", " TASK("task.000002",
                                                                        "\"mode\": "
                                                                        "\"task.service\", "
                                                                        "\"ranks\": 1, "
                                                                        "\"cores_per_rank\": 1",
                                                                        "null") "}}";

static const char agent[] =
    "#time,event,comp,thread,uid,state,msg\n"
    "1700000000.0,task_run_start,agent_executing.0000,T,service.0000,,\n"
    "1700000001.0,task_run_start,agent_executing.0000,T,task.000000,,\n"
    "1700000001.5,task_run_start,agent_executing.0000,T,task.000001,,\n"
    "1700000001.6,task_run_start,agent_executing.0000,T,task.000002,,\n"
    "1700000011.5,task_run_stop,agent_executing.0000,T,task.000000,,\n"
    "1700000031.75,task_run_stop,agent_executing.0000,T,task.000001,,\n"
    "1700000090.0,task_run_stop,agent_executing.0000,T,service.0000,,\n"
    "1700000091.0,task_run_stop,agent_executing.0000,T,task.000002,,\n";

/* Names of files are what fetching leaves; `service_nodes`, `more_nodes` go into the pilot's lists.
 */
static struct session *load_managers(const char *service_nodes, const char *more_nodes)
{
    char *folder = scratch_new(), *pilots = pilots_json(service_nodes, more_nodes);
    radical_file(folder, "tmgr.0000.json", tmgr);
    radical_file(folder, "pmgr.0000.json", pilots);
    radical_file(folder, "rp.session.here.0001.reg.json", "{\"cfg\": {}, \"components\": {}}");
    radical_file(folder, "agent_executing.0000.prof", agent);
    struct session *s = radical_loaded(folder);
    free(pilots);
    scratch_free(folder);
    return s;
}

static void managers_give_tasks_nodes_and_demands(void)
{
    struct session *s = load_managers("", "");
    CU_ASSERT_STRING_EQUAL(s->name, "rp.session.here.0001");
    CU_ASSERT_STRING_EQUAL(s->launcher, "mpiexec");
    CU_ASSERT_STRING_EQUAL(s->version, "1.60");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    CU_ASSERT_EQUAL_FATAL(s->platform->n_nodes, 2);
    const struct node_shape *node = platform_node(s->platform, 0);
    CU_ASSERT_EQUAL(node->n_slots, 8);
    CU_ASSERT_EQUAL(node->n_gpus, 2);
    CU_ASSERT_EQUAL(node->memory_mib, 512);
    unit_near(timeline_makespan(s->timeline), 30.75, 1e-6);
    size_t first, second;
    const struct demand *d = radical_demand(s, "task.000000", &first);
    CU_ASSERT_EQUAL(d->ranks, 2);
    CU_ASSERT_EQUAL(d->cores, 3);
    CU_ASSERT_EQUAL(d->gpu_share, DEMAND_WHOLE_GPU / 2);
    CU_ASSERT_EQUAL(d->memory_mib, 64);
    CU_ASSERT_EQUAL(radical_demand(s, "task.000001", &second)->gpus, 1);
    struct timeline_slots slots;
    CU_ASSERT_FATAL(timeline_slots_first(s->timeline, second, &slots));
    CU_ASSERT_EQUAL(slots.node, 1);
    CU_ASSERT_EQUAL_FATAL(slots.n_cores, 2);
    CU_ASSERT_EQUAL(slots.cores[1], 6);
    CU_ASSERT_EQUAL(slots.n_gpus, 1);
    CU_ASSERT_FATAL(timeline_slots_first(s->timeline, first, &slots));
    CU_ASSERT_EQUAL(slots.n_cores, 6);
    CU_ASSERT_EQUAL(slots.n_gpus, 1);
    session_free(s);
}

static void services_are_held_apart(void)
{
    struct session *s = load_managers("", "");
    CU_ASSERT_EQUAL_FATAL(s->n_services, 2);
    CU_ASSERT_STRING_EQUAL(s->services[0].uid, "service.0000");
    CU_ASSERT_EQUAL(s->services[0].slots, 8);
    CU_ASSERT_EQUAL(s->services[0].gpus, 2);
    unit_near(s->services[0].stopped_s - s->services[0].started_s, 90, 1e-6);
    CU_ASSERT_STRING_EQUAL(s->services[1].uid, "task.000002");
    CU_ASSERT_EQUAL(noted_count(s, "services", "held apart"), 2);
    struct doc *d = doc_new("import", "0");
    struct str text = { 0 };
    session_doc_add(d, s, 0);
    doc_render_text(d, &(struct doc_text_options){ 0 }, &text);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text.text, "services, held apart: no tasks, no part of the makespan"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text.text, "service.0000"));
    doc_free(d);
    str_clear(&text);
    session_free(s);
}

static void nodes_of_services_and_unlike_nodes(void)
{
    static const char big[] = "{\"node_name\": \"n2\", \"node_id\": \"3\", \"cores\": [0, null, 0, "
                              "0], \"gpus\": [0, 0, 0]}";
    char *more = str_format(", %s", big);
    struct session *s = load_managers(big, more); /* listed, but a service's: no node of tasks */
    CU_ASSERT_EQUAL(s->platform->n_nodes, 2);
    CU_ASSERT_EQUAL(noted_count(s, "nodes of the pilot", "service"), 1);
    session_free(s);
    s = load_managers("", more);
    CU_ASSERT_EQUAL_FATAL(s->platform->n_nodes, 3);
    CU_ASSERT_EQUAL(s->platform->n_shapes, 2);
    const struct node_shape *node = platform_node(s->platform, 2);
    CU_ASSERT_EQUAL(node->n_slots, 4);
    CU_ASSERT_EQUAL(node->n_gpus, 3);
    CU_ASSERT_EQUAL_FATAL(node->n_blocked, 1);           /* slot 1 is down */
    CU_ASSERT_EQUAL(node->blocked[0], 1);
    session_free(s);
    free(more);
}

/* Two bags, the second submitted 600 s after the first, the pilot active after 1000 s: both wait
 * for it, none is released later. A third comes 100 s after that, and is cut off: its request of
 * 900 s is not what ran. */
static void a_path_is_never_longer_than_the_run(void)
{
    static const char profile[] =
        "#time,event,comp,thread,uid,state,msg\n"
        "1700000000.0,advance,tmgr.0000,T,a.000000,TMGR_SCHEDULING_PENDING,\n"
        "1700000600.0,advance,tmgr.0000,T,b.000000,TMGR_SCHEDULING_PENDING,\n"
        "1700001000.0,advance,agent.0,T,pilot.0000,PMGR_ACTIVE,\n"
        "1700001010.0,exec_start,agent_executing.0000,T,a.000000,,\n"
        "1700001011.0,exec_start,agent_executing.0000,T,b.000000,,\n"
        "1700001060.0,exec_stop,agent_executing.0000,T,a.000000,,\n"
        "1700001071.0,exec_stop,agent_executing.0000,T,b.000000,,\n"
        "1700001100.0,advance,tmgr.0000,T,c.000000,TMGR_SCHEDULING_PENDING,\n"
        "1700001102.0,exec_start,agent_executing.0000,T,c.000000,,\n"
        "1700001102.0,exec_start,agent_executing.0000,T,c.000001,,\n"
        "1700001122.0,exec_stop,agent_executing.0000,T,c.000001,,\n";
    static const char json[] =
        "{\"task\": [{\"uid\": \"c.000000\", \"description\": {\"executable\": \"sleep\", "
        "\"arguments\": [\"900\"], \"ranks\": 1, "
        "\"cores_per_rank\": 1}}]}";
    char *folder = scratch_new();
    radical_file(folder, "rp.session.paths.json", json);
    radical_file(folder, "a.prof", profile);
    struct session *s = radical_loaded(folder);
    scratch_free(folder);
    unit_near(timeline_makespan(s->timeline), 112, 1e-6);
    unit_near(
        session_critical_path_s(s), 112,
        1e-6); /* 100 until c is released, less the 8 s by which a started later than it could */
    size_t record;
    CU_ASSERT_EQUAL(s->workflow->sets[radical_task(s, "b.000000", &record)->set].release.kind,
                    RELEASE_NONE);
    const struct task_set *late = &s->workflow->sets[radical_task(s, "c.000000", &record)->set];
    CU_ASSERT_EQUAL_FATAL(late->release.kind, RELEASE_TIME);
    unit_near(late->release.time_s, 100, 1e-6);
    session_free(s);
}

/* A session of two tasks whose uids every session has, a month after another. */
static void put_session(const char *folder, const char *at, const char *json_at, double zero,
                        double lasts)
{
    char *name = str_format("%s/umgr.0000.prof", at),
         *agent_name = str_format("%s/pilot.0000/agent_0.prof", at);
    char *client = str_format("#time,event,comp,thread,uid,state,msg\n%.1f,advance,umgr.0000,T,"
                              "unit.000000,UMGR_SCHEDULING_PENDING,\n"
                              "%.1f,advance,umgr.0000,T,unit.000001,UMGR_SCHEDULING_PENDING,\n",
                              zero, zero);
    char *agent_text = str_format(
        "#time,event,comp,thread,uid,state,msg\n%.1f,exec_start,agent_0,T,unit.000000,,\n"
        "%.1f,exec_stop,agent_0,T,unit.000000,,\n",
        zero + 5, zero + 5 + lasts);
    radical_file(folder, name, client);
    radical_file(folder, agent_name, agent_text);
    radical_file(folder, json_at,
                 "{\"unit\": [{\"uid\": \"unit.000000\", \"state\": \"DONE\", \"description\": "
                 "{\"cpu_processes\": 3}}]}");
    free(name);
    free(agent_name);
    free(client);
    free(agent_text);
}

static void sessions_in_one_folder_are_not_merged(void)
{
    char *folder = scratch_new();
    put_session(folder, "rp.session.b.0002", "rp.session.b.0002.json", 1600000000, 60);
    put_session(folder, "rp.session.a.0001", "rp.session.a.0001/rp.session.a.0001.json", 1603600000,
                75);
    struct session *s = radical_loaded(folder);
    CU_ASSERT_STRING_EQUAL(s->name, "rp.session.a.0001"); /* as many records: the first by name */
    unit_near(timeline_makespan(s->timeline), 75, 1e-6);   /* 3.6 million seconds if merged */
    CU_ASSERT_EQUAL(noted_count(s, "other sessions", "not read: rp.session.b.0002"), 1);
    session_free(s);
    scratch_free(folder);
    folder = scratch_new();
    put_session(folder, "one", "one/any.json", 1600000000, 60);
    put_session(folder, "two", "two/any.json", 1603600000, 75);
    radical_file(
        folder, "two/pilot.0000/more.prof",
        "#time,event,comp,thread,uid,state,msg\n1603600006.0,exec_start,agent_0,T,unit.000001,,\n");
    s = radical_loaded(folder);
    CU_ASSERT_STRING_EQUAL(s->name, "two");              /* the most records */
    unit_near(timeline_makespan(s->timeline), 75, 1e-6);
    session_free(s);
    scratch_free(folder);
}

/* Client and agent of one session in folders of their own, and a session beside a copy of itself,
 * stay one. */
static void a_session_in_several_folders_is_one(void)
{
    char *folder = scratch_new();
    radical_file(folder, "umgr.0000.prof",
                 "#time,event,comp,thread,uid,state,msg\n1600000000.0,advance,umgr.0000,T,unit."
                 "000000,NEW,\n");
    radical_file(folder, "rp.session.c.0001-pilot.0000/agent_0.prof",
                 "#time,event,comp,thread,uid,state,msg\n"
                 "1600000005.0,exec_start,agent_0,T,unit.000000,,\n1600000025.0,exec_stop,agent_0,"
                 "T,unit.000000,,\n");
    radical_file(folder, "re.session.c.0009/radical.entk.appmanager.0000.prof",
                 "#time,event,comp,thread,uid,state,msg\n");
    struct session *s = radical_loaded(folder);
    scratch_free(folder);
    unit_near(timeline_makespan(s->timeline), 20, 1e-6);
    unit_near(s->timeline->records[0].started_s - s->tasks[0].at[EVENT_CLIENT_NEW], 5, 1e-6);
    CU_ASSERT_EQUAL(noted_count(s, "other sessions", ""), 0);
    session_free(s);
}

/* Six tasks of one shape: as names of four and two, or with names of their own. */
static size_t sets_of(const char *const names[6])
{
    struct str json = { 0 };
    for (int i = 0; i < 6; i++)
        str_addf(&json,
                 "%s{\"uid\": \"task.%06d\", \"state\": \"DONE\", \"description\": {\"name\": "
                 "\"task.%04d,%s,stage.0000,None,"
                 "pipeline.0000,None\", \"ranks\": 1, \"cores_per_rank\": 2}}",
                 i ? ", " : "{\"task\": [", i, i, names[i]);
    str_add(&json, "]}");
    char *folder = scratch_new();
    radical_file(folder, "re.session.roles.json", json.text);
    struct session *s = radical_loaded(folder);
    size_t n = s->workflow->n_sets;
    if (n == 2)
        CU_ASSERT_STRING_EQUAL(s->workflow->sets[0].n_tasks == 4 ? s->workflow->sets[0].name
                                                                 : s->workflow->sets[1].name,
                               "sim");
    session_free(s);
    str_clear(&json);
    scratch_free(folder);
    return n;
}

static void roles_of_one_shape_are_sets_of_their_own(void)
{
    static const char *const roles[] = { "sim.0", "sim.1", "train.0", "sim.2", "train.1", "sim.3" };
    static const char *const alike[] = { "sim.0", "sim.1", "sim.2", "sim.3", "sim.4", "sim.5" };
    static const char *const own[] = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta" };
    CU_ASSERT_EQUAL(sets_of(roles), 2);
    CU_ASSERT_EQUAL(sets_of(alike), 1);
    CU_ASSERT_EQUAL(sets_of(own), 1);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(managers_give_tasks_nodes_and_demands),
        UNIT_TEST(services_are_held_apart),
        UNIT_TEST(nodes_of_services_and_unlike_nodes),
        UNIT_TEST(a_path_is_never_longer_than_the_run),
        UNIT_TEST(sessions_in_one_folder_are_not_merged),
        UNIT_TEST(a_session_in_several_folders_is_one),
        UNIT_TEST(roles_of_one_shape_are_sets_of_their_own),
        { NULL, NULL },
    };
    return unit_run("radical_layout", tests);
}
