#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

/* A session of one task, of which the JSON says no more than what is given. */
static struct session *load(const char *pilot, const char *task)
{
    char *folder = scratch_new();
    char *json = str_format(
        "{\"pilot\": [%s], \"unit\": [{\"uid\": \"unit.0\", \"state\": \"DONE\"%s}]}", pilot, task);
    free(scratch_file(folder, "rp.session.x.json", json, strlen(json)));
    struct session *s = importer_radical_session.load(folder, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    free(json);
    scratch_free(folder);
    return s;
}

static struct session *load_node(const char *resource, int slots, const char *more)
{
    char *pilot = str_format("{\"description\": {\"resource\": \"%s\"}, \"resource_details\": "
                             "{\"rm_info\": {\"cores_per_node\": %d%s, "
                             "\"node_list\": [[\"a\", \"1\"], [\"b\", 2], \"c\"]}}}",
                             resource, slots, more);
    struct session *s = load(pilot, "");
    free(pilot);
    return s;
}

static void slots_are_threads_where_they_divide(void)
{
    static const struct {
        const char *resource;
        int slots;
        const char *more;
        int want_slots, want_threads;
    } cases[] = {
        { "ornl.summit", 168, ", \"smt\": 4", 168, 4 },
        { "x", 128, ", \"smt\": 2", 128, 2 },
        { "ornl.summit", 167, ", \"smt\": 4", 168, 4 }, /* one kept to itself */
        { "llnl.lassen", 159, "", 160, 4 },
        { "ornl.summit_prte", 168, "", 168, 4 },
        /* cores after all */
        { "ornl.summit", 42, "", 42, 1 },
        { "ornl.summit", 42, ", \"smt\": 4", 42, 1 },
        { "local.localhost", 28, "", 28, 1 },
        { "x", 56, ", \"threads_per_core\": 2", 56, 2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session *s = load_node(cases[i].resource, cases[i].slots, cases[i].more);
        const struct node_shape *shape = platform_node(s->platform, 0);
        CU_ASSERT_EQUAL(shape->n_slots, cases[i].want_slots);
        CU_ASSERT_EQUAL(shape->threads_per_core, cases[i].want_threads);
        CU_ASSERT_EQUAL(shape->cores * shape->threads_per_core, shape->n_slots);
        CU_ASSERT_EQUAL(s->platform->slot_kind,
                        cases[i].want_threads > 1 ? SLOT_THREAD : SLOT_CORE);
        /* pairs, a number for a uid, a bare name */
        CU_ASSERT_EQUAL(s->platform->n_nodes, 3);
        session_free(s);
    }
}

static void nodes_nobody_named_are_as_many_as_asked_for(void)
{
    struct session *s = load(
        "{\"description\": {\"cores\": 768, \"gpus\": 96}, \"resource_details\": {\"rm_info\": "
        "{\"cores_per_node\": 168, \"gpus_per_node\": 6, \"smt\": 4}}}",
        "");
    CU_ASSERT_EQUAL(s->platform->n_nodes, 16);           /* 96 / 6; 768 cores alone would be 5 */
    CU_ASSERT_EQUAL(platform_gpus(s->platform), 96);
    session_free(s);
    s = load("null", ", \"slots\": {\"nodes\": [{\"name\": \"n7\", \"uid\": 3, \"core_map\": [[0, "
                     "1], [5]], \"gpu_map\": [[2]]}, "
                     "{\"name\": \"n7\", \"uid\": 3, \"core_map\": [[7]], \"gpu_map\": [[2]]}]}");
    CU_ASSERT_EQUAL(s->platform->n_nodes, 1);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[0], "n7");
    const struct node_shape *shape = platform_node(s->platform, 0);
    /* 2 3 4 6 were skipped */
    unit_is(shape->n_slots, ==, 8);
    unit_is(shape->n_gpus, ==, 3);
    unit_is(shape->n_blocked, ==, 4);
    struct timeline_slots slots;
    CU_ASSERT_FATAL(timeline_slots_first(s->timeline, 0, &slots));
    /* one part a node */
    unit_is(slots.n_cores, ==, 4);
    unit_is(slots.n_gpus, ==, 1);
    CU_ASSERT_FALSE(timeline_slots_next(&slots));
    session_free(s);
}

static void slots_that_make_no_sense_are_counted(void)
{
    static const char *const broken[] = {
        ", \"slots\": {\"nodes\": [{\"uid\": 3, \"core_map\": [[0]]}]}",
        ", \"slots\": {\"nodes\": [{\"name\": \"n\", \"core_map\": [[-1]]}]}",
        ", \"slots\": {\"nodes\": [{\"name\": \"n\", \"core_map\": [[1e9]]}]}",
        ", \"slots\": {\"ranks\": [{\"node_name\": \"n\", \"core_map\": [[\"a\"]]}]}",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct session *s = load("{}", broken[i]);
        bool noted = false;
        for (size_t k = 0; k < s->notes.n; k++)
            noted |= str_equal(s->notes.at[k].what, "tasks whose slots make no sense");
        CU_ASSERT(noted);
        unit_is(s->timeline->records[0].slots, ==, TIMELINE_NO_SLOTS);
        session_free(s);
    }
}

/* Nodes of one name are told apart by their ids, else by their place in the list; slots find theirs
 * by either. */
static void nodes_of_one_name_are_as_many_as_their_ids(void)
{
    static const struct { const char *nodes, *slot; size_t want_nodes, want_node;
    } cases[] = {
        { "{\"node_name\": \"l\", \"node_id\": \"l_0\"}, {\"node_name\": \"l\", \"node_id\": "
          "\"l_1\"}",
          "\"node_id\": \"l_1\"", 2, 1 },
        { "[\"l\", \"1\"], [\"l\", \"2\"]", "\"node_id\": \"2\"", 2, 1 },
        { "{\"name\": \"l\", \"index\": 0}, {\"name\": \"l\", \"index\": 1}", "\"node_index\": 1",
          2, 1 },
        { "{\"name\": \"l\", \"index\": 0}, {\"name\": \"l\", \"index\": 1}",
          "\"node_index\": 1, \"node_id\": \"x\"", 2, 1 },
        { "\"l\", \"l\", \"l\"", "\"node_id\": null", 3, 0 },
        { "\"l\"", "\"node_id\": \"1\"", 1, 0 }, /* the list has no ids, the slots have */
        { "[\"l\", \"1\"]", "\"node_id\": \"2\"", 2, 1 },
        { "[\"l\", \"1\"], [\"l-2\", \"2\"], [\"l\", \"3\"]", "\"node_id\": \"3\"", 3, 2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *pilot = str_format(
            "{\"resource_details\": {\"rm_info\": {\"cores_per_node\": 4, \"node_list\": [%s]}}}",
            cases[i].nodes);
        char *task = str_format(", \"slots\": {\"ranks\": [{"
                                "\"node_name\": \"l\", %s, \"core_map\": [[0]], \"gpu_map\": []}]}",
                                cases[i].slot);
        struct session *s = load(pilot, task);
        struct timeline_slots slots = { 0 };
        CU_ASSERT_EQUAL(s->platform->n_nodes, cases[i].want_nodes);
        CU_ASSERT_FATAL(timeline_slots_first(s->timeline, 0, &slots));
        CU_ASSERT_EQUAL(slots.node, cases[i].want_node);
        session_free(s);
        free(pilot);
        free(task);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(slots_are_threads_where_they_divide),
                                              UNIT_TEST(
                                                  nodes_nobody_named_are_as_many_as_asked_for),
                                              UNIT_TEST(slots_that_make_no_sense_are_counted),
                                              UNIT_TEST(nodes_of_one_name_are_as_many_as_their_ids),
                                              { NULL, NULL } };
    return unit_run("radical_platform", tests);
}
