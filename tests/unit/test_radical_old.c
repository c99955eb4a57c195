/* Small sessions as RADICAL-Pilot before 0.5 leaves them, by hand: states in words, slots that are
 * opaque, times that count from a record. */
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

/* 0.42: times count from the second part of `sync abs`, 0.25 s before the record; states in words;
 * no slots in the JSON. */
static const char words[] =
    "#time,name,uid,state,event,msg\n"
    "0.0000,agent_0.AgentExecutingComponent.0.child:,,,sync "
    "abs,1500000000.25:1500000000.0:1500000000.0:ntp\n"
    "10.0,agent_0.AgentExecutingComponent.0.child:MainThread,unit.000000,Executing,advance,\n"
    "10.5,agent_0.AgentExecutingComponent.0.child:MainThread,unit.000000,,exec,unit launch\n"
    "11.0,agent_0.AgentExecutingComponent.0.child:MainThread,unit.000000,,spawn,unit spawn\n"
    "11.1,agent_0.AgentExecutingComponent.0.child:MainThread,unit.000000,,spawn,spawning passed to "
    "popen\n"
    "12.0,agent_0.AgentExecutingComponent.0.child:MainThread,unit.000001,,spawn,unit spawn\n"
    "71.5,agent_0.AgentExecutingComponent.0.child:Watcher,unit.000000,,exec,execution complete\n"
    "94.75,agent_0.AgentExecutingComponent.0.child:Watcher,unit.000001,,exec,execution complete\n";
static const char words_client[] =
    "#time,name,uid,state,event,msg\n"
    "0.0000,rp.session.old.0001:,,,sync abs,1499999000.0:1499999000.0:1499999000.0:sys\n"
    "1001.0,rp.session.old.0001:Thread-3,unit.000000,New,advance,New\n"
    "1002.0,rp.session.old.0001:Thread-3,unit.000000,PendingInputStaging,advance,"
    "PendingInputStaging\n"
    "1072.5,rp.session.old.0001:OutputFileTransferWorker-2,unit.000000,Done,advance,Done\n";
static const char words_json[] =
    "{\"pilot\": [{\"description\": {\"resource\": \"ncsa.bw_aprun\", \"cores\": 64}, "
    "\"statehistory\": [{\"state\": \"Active\", "
    "\"timestamp\": 1500000003}]}], \"unit\": ["
    "{\"_id\": \"unit.000000\", \"state\": \"Done\", \"description\": {\"cores\": 8, \"mpi\": "
    "true}, \"statehistory\": []},"
    "{\"_id\": \"unit.000001\", \"state\": \"Failed\", \"description\": {\"cores\": 4, \"mpi\": "
    "false}, \"statehistory\": ["
    "{\"state\": \"PendingInputStaging\", \"timestamp\": 1500000001.5}, {\"state\": \"Failed\", "
    "\"timestamp\": 1500000095}]}]}";

static void states_in_words_and_relative_times(void)
{
    char *folder = scratch_new();
    radical_file(folder, "rp.session.old.0001.json", words_json);
    radical_file(folder, "rp.session.old.0001.prof", words_client);
    radical_file(folder, "pilot.0000/agent_0.AgentExecutingComponent.0.child.prof", words);
    struct session *s = radical_loaded(folder);
    scratch_free(folder);
    size_t first, second;
    CU_ASSERT_EQUAL(s->generation, GENERATION_SPAWN);
    CU_ASSERT_STRING_EQUAL(s->version, "0.42");
    unit_near(timeline_makespan(s->timeline), 83.75, 1e-6);
    const struct demand *d = radical_demand(s, "unit.000000", &first);
    CU_ASSERT_EQUAL(d->ranks, 8); /* processes of MPI, which may lie on several nodes */
    CU_ASSERT_EQUAL(d->cores, 1);
    d = radical_demand(s, "unit.000001", &second);
    CU_ASSERT_EQUAL(d->ranks, 1);
    CU_ASSERT_EQUAL(d->cores, 4);
    CU_ASSERT_EQUAL(s->timeline->status[first], TASK_DONE);
    CU_ASSERT_EQUAL(s->timeline->status[second], TASK_FAILED);
    unit_near(s->timeline->records[first].started_s - s->timeline->records[first].submitted_s, 9,
              1e-6);
    unit_near(s->timeline->records[second].started_s - s->timeline->records[second].submitted_s,
              10.5, 1e-6); /* by statehistory */
    unit_near(s->timeline->records[first].started_s - s->pilot_active_s, 8, 1e-6);
    CU_ASSERT_EQUAL(s->platform->n_nodes, 2);            /* 64 cores of Blue Waters */
    CU_ASSERT_EQUAL(platform_node(s->platform, 0)->n_slots, 32);
    CU_ASSERT_EQUAL(noted_count(s, "cores of a node", "not recorded"), 1);
    session_free(s);
}

static void a_history_of_states_is_a_run(void)
{
    static const char json[] = "{\"unit\": [{\"_id\": \"unit.000000\", \"state\": \"Done\", "
                               "\"description\": {\"cores\": 1}, \"statehistory\": ["
                               "{\"state\": \"PendingInputStaging\", \"timestamp\": 1500000001}, "
                               "{\"state\": \"Executing\", \"timestamp\": 1500000004},"
                               "{\"state\": \"AgentStagingOutputPending\", \"timestamp\": "
                               "1500000064.5}, {\"state\": \"Done\", \"timestamp\": "
                               "1500000066}]}]}";
    char *folder = scratch_new();
    radical_file(folder, "rp.session.old.0002.json", json);
    struct session *s = radical_loaded(folder);
    scratch_free(folder);
    unit_near(timeline_makespan(s->timeline), 60.5, 1e-6);
    CU_ASSERT_EQUAL(s->tasks[0].clock, CLOCK_STATES);
    CU_ASSERT_EQUAL_FATAL(s->n_bulks, 1);
    unit_near(s->bulks[0].arrived_s - s->bulks[0].submitted_s, 3, 1e-6);
    CU_ASSERT_EQUAL(noted_count(s, "starts and stops", "statehistory"), 1);
    session_free(s);
}

/* 0.46 and 0.47: slots of "node:core"; here the client's profiles alone, which poll the states of
 * tasks. */
static void opaque_slots_and_states_seen_by_the_client(void)
{
    static const char json[] =
        "{\"pilot\": [{\"description\": {\"cores\": 11}, \"cfg\": {\"cores_per_node\": 4}}], "
        "\"unit\": [{\"uid\": \"unit.000000\", "
        "\"state\": \"DONE\", \"description\": {\"cores\": 6, \"mpi\": true}, \"opaque_slots\": "
        "{\"task_offsets\": 2, \"task_slots\": "
        "[\"smic1:2\", \"smic1:3\", \"smic2:0\", \"smic2:1\", \"smic2:2\", \"smic2:3\"]}}]}";
    static const char client[] =
        "#time,name,uid,state,event,msg\n"
        "1500000001.0,umgr.0000:MainThread,unit.000000,UMGR_SCHEDULING_PENDING,advance,\n"
        "1500000005.0,umgr.0000:umgr.0000.idler._state_pull_cb,unit.000000,AGENT_EXECUTING,advance,"
        "\n"
        "1500000038.0,umgr.0000:umgr.0000.idler._state_pull_cb,unit.000000,AGENT_STAGING_OUTPUT_"
        "PENDING,advance,\n"
        "1500000040.0,umgr.staging.output.0.child:MainThread,unit.000000,DONE,advance,\n";
    char *folder = scratch_new();
    radical_file(folder, "rp.session.old.0003.json", json);
    radical_file(folder, "umgr.0000.prof", client);
    struct session *s = radical_loaded(folder);
    scratch_free(folder);
    CU_ASSERT_STRING_EQUAL(s->version, "0.47");
    unit_near(timeline_makespan(s->timeline), 33, 1e-6);
    CU_ASSERT_EQUAL(s->tasks[0].clock, CLOCK_STATES);
    unit_near(s->bulks[0].arrived_s - s->bulks[0].submitted_s, 4, 1e-6);
    CU_ASSERT_EQUAL(noted_count(s, "starts and stops", "polled every second"), 1);
    CU_ASSERT_EQUAL(s->platform->n_nodes, 3);            /* 11 cores asked for, nodes come whole */
    CU_ASSERT_EQUAL(noted_count(s, "nodes", "no task ran there"), 1);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[1], "smic2");
    struct timeline_slots slots;
    CU_ASSERT_FATAL(timeline_slots_first(s->timeline, 0, &slots));
    CU_ASSERT_EQUAL_FATAL(slots.n_cores, 2);
    CU_ASSERT_EQUAL(slots.cores[0], 2);
    CU_ASSERT_FATAL(timeline_slots_next(&slots));
    CU_ASSERT_EQUAL(slots.n_cores, 4);
    CU_ASSERT(!timeline_slots_next(&slots));
    session_free(s);
}

static void broken_places_are_counted(void)
{
    static const char *const places[] = { "\"smic1\"",      "\"smic1:\"", "\"smic1:x\"", "\":3\"",
                                          "\"smic1:2048\"", "3",          "null" };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *folder = scratch_new();
        char *json = str_format("{\"unit\": [{\"uid\": \"unit.0\", \"opaque_slots\": "
                                "{\"task_slots\": [\"smic1:0\", %s]}}]}",
                                places[i]);
        radical_file(folder, "rp.session.old.0004.json", json);
        struct session *s = radical_loaded(folder);
        CU_ASSERT_EQUAL(noted_count(s, "tasks whose slots make no sense", ""), 1);
        session_free(s);
        free(json);
        scratch_free(folder);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(states_in_words_and_relative_times),
        UNIT_TEST(a_history_of_states_is_a_run),
        UNIT_TEST(opaque_slots_and_states_seen_by_the_client),
        UNIT_TEST(broken_places_are_counted),
        { NULL, NULL },
    };
    return unit_run("radical_old", tests);
}
