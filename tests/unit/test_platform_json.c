#include "core/platform.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

static struct platform *parse(const char *text, struct error *err)
{
    struct json_document *doc = json_parse(text, strlen(text), "p", err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, err);
    json_free(doc);
    return p;
}

static void refuse(const char *text, const char *sentence)
{
    struct error err = { "" };
    struct platform *p = parse(text, &err);
    if (strcmp(err.text, sentence) != 0)
        printf("got: %s\n", err.text);
    CU_ASSERT_PTR_NULL(p);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    platform_free(p);
}

/* Usable slots and GPUs of a node: what is known of the machines, beside their files. */
static void presets_hold_what_is_known(void)
{
    static const struct {
        const char *name;
        enum slot_kind kind;
        int usable, gpus;
        size_t machine;
        bool retired;
    } known[] = { { "summit", SLOT_THREAD, 164, 6, 4608, true },
                  { "frontier", SLOT_CORE, 56, 8, 9408, false },
                  { "perlmutter", SLOT_CORE, 64, 4, 1536, false },
                  { "polaris", SLOT_CORE, 32, 4, 560, false },
                  { "lassen", SLOT_THREAD, 156, 4, 795, true },
                  { "aurora", SLOT_CORE, 102, 12, 10624, false } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct error err = { "" };
        char path[64];
        snprintf(path, sizeof path, "core/platforms/%s.json", known[i].name);
        struct platform *p = platform_load(path, json_load, &err);
        CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
        CU_ASSERT_STRING_EQUAL(p->name, known[i].name);
        unit_is(p->slot_kind, ==, known[i].kind);
        unit_is(node_shape_usable(platform_node(p, 0)), ==, known[i].usable);
        unit_must_be(platform_node(p, 0)->n_gpus, ==, known[i].gpus);
        unit_is(p->machine_nodes, ==, known[i].machine);
        unit_is(p->retired, ==, known[i].retired);
        CU_ASSERT_PTR_NOT_NULL(p->source);
        CU_ASSERT_PTR_NOT_NULL(p->scheduler);
        unit_is(p->n_queues, >, 0);
        platform_free(p);
    }
}

static void every_field_comes_back(void)
{
    static const char text[] =
        "{\"name\": \"p\", \"source\": \"made up\", \"slots\": \"threads\", \"machine_nodes\": 9, "
        "\"retired\": true, \"scheduler\": "
        "\"pbs\", \"nodes\": [{\"name\": \"fat\", \"count\": 2, \"cores\": 6, "
        "\"threads_per_core\": 2, \"gpus\": 3, \"memory_mib\": 77, "
        "\"blocked\": [1, {\"from\": 4, \"to\": 6}],"
        " \"names\": [\"x\", \"y\"]}, {\"name\": \"thin\", \"cores\": 2, \"names\": [\"z\"]}],"
        "\"queues\": [{\"name\": \"q\", \"min_nodes\": 2, \"max_nodes\": 5, \"max_walltime\": "
        "3600, \"charge_factor\": 0.5}]}";
    struct error err = { "" };
    struct platform *p = parse(text, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    unit_is(platform_usable_slots(p), ==, 2 * (12 - 4) + 2);
    unit_is(platform_gpus(p), ==, 6);
    unit_is(p->n_nodes, ==, 3);
    cJSON *saved = platform_to_json(p);
    char *first = json_print(saved);
    struct platform *again = parse(first, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    cJSON *saved_again = platform_to_json(again);
    CU_ASSERT(cJSON_Compare(saved, saved_again, 1));
    unit_has(first, "\"charge_factor\"");
    unit_has(first, "\"retired\"");
    unit_has(first, "\"z\"");
    unit_has(first, "77");
    unit_must_be(again->shapes[0].n_blocked, ==, 4);
    unit_is(again->shapes[0].blocked[3], ==, 6);
    cJSON_Delete(saved);
    cJSON_Delete(saved_again);
    free(first);
    platform_free(again);
    platform_free(p);
}

static void errors(void)
{
    refuse("{\"nodes\": [{\"cores\": 4, \"gpu\": 1}]}",
           "p:1: nodes[0].gpu: unknown field 'gpu'; did you mean 'gpus'?");
    refuse("{\"nodes\": [{\"cores\": 2, \"blocked\": [0, 1]}]}",
           "p:1: nodes[0].blocked: blocks all 2 slots of the node");
    refuse("{\"nodes\": [{\"cores\": 4, \"blocked\": [2, 1]}]}",
           "p:1: nodes[0].blocked[1]: slots must ascend; 1 comes after 2");
    refuse("{\"nodes\": [{\"cores\": 4, \"count\": 2, \"names\": [\"n\", \"n\"]}]}",
           "p:1: nodes: two nodes are called 'n'");
    refuse("{\"nodes\": [{\"cores\": 4, \"count\": 2, \"names\": [\"n\", 7]}]}",
           "p:1: nodes[0].names[1]: must be a string, is the number 7");
    refuse("{\"nodes\": [{\"cores\": 4, \"count\": 2, \"names\": [\"n\"]}]}",
           "p:1: nodes[0].names: has 1 names for 2 nodes");
    refuse("{\"machine_nodes\": 2, \"nodes\": [{\"cores\": 4, \"count\": 3}]}",
           "p:1: lists 3 nodes of a machine of 2");
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(presets_hold_what_is_known),
                                              UNIT_TEST(every_field_comes_back),
                                              UNIT_TEST(errors), { NULL, NULL } };
    return unit_run("platform_json", tests);
}
