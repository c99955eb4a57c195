/* Scenario files: their keys are the rows of settings that say so. */
#include "core/scenario_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "scheduling/names.h"
#include "tests/support/unit.h"

#define PARTS                                                                                      \
    "\"workflow\": {\"task_sets\": [{\"name\": \"a\", \"duration\": 2}]}, \"platform\": "          \
    "{\"nodes\": [{\"cores\": 4}]}"

static const char *const no_folders[] = { NULL };

static struct scenario_file *loaded(const char *text, struct error *err)
{
    char *path = str_format("/tmp/dagcast_scenario_%ld.json", (long)getpid());
    struct scenario_file *f = NULL;
    err->text[0] = '\0';
    if (file_save(path, text, strlen(text), err) == 0)
        f = scenario_file_load(path, no_folders, json_load, policy_names, err);
    unlink(path);
    free(path);
    return f;
}

static const char *example_of(int id)
{
    switch (id) {
    case SETTING_MODE: return "\"pipelined\"";
    case SETTING_SCHEDULER: return "\"easy\"";
    case SETTING_GENERATION: return "\"1.9\"";
    case SETTING_ORDER: return "\"largest\"";
    case SETTING_OVERTAKE: return "\"none\"";
    case SETTING_PLACEMENT: return "\"best_fit\"";
    case SETTING_QUEUE_MACHINE:
    case SETTING_QUEUE_NAME: return "\"batch\"";
    default: return "3";
    }
}

static void every_key_is_a_row(void)
{
    for (int id = 0; id < SETTINGS; id++) {
        const struct setting *s = setting_at((enum setting_id)id);
        if (s->type == SETTING_SOURCE || s->type == SETTING_SWITCH || s->of == SETTING_OF_STATION)
            continue;
        struct error err;
        char *text = str_format("{" PARTS ", \"%s\": %s}", s->name, example_of(id));
        struct scenario_file *f = loaded(text, &err);
        CU_ASSERT_EQUAL(f != NULL, (s->views & SETTING_KEY) != 0);
        if (f)
            CU_ASSERT_TRUE(f->said[id].said);
        if (!f)
            CU_ASSERT_PTR_NOT_NULL(strstr(err.text, s->name));
        scenario_file_free(f);
        free(text);
    }
}

static void mistakes_name_the_place(void)
{
    static const struct { const char *members, *sentence; } wrong[] = {
        { "\"nodes\": 0", ":1: nodes: must be between 1 and 10000000, is 0" },
        { "\"order\": \"larges\"",
          ":1: order: no order is named 'larges'; did you mean 'largest'?" },
        { "\"mode\": \"asynchron\"", ":1: mode: no mode is named 'asynchron'" },
        { "\"walltime\": \"soon\"", ":1: walltime: invalid duration 'soon'; expected seconds" },
        { "\"seed\": -1", ":1: seed: " },
        { "\"nods\": 3", "did you mean 'nodes'" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error err;
        char *text = str_format("{" PARTS ", %s}", wrong[i].members);
        CU_ASSERT_PTR_NULL(loaded(text, &err));
        if (!strstr(err.text, wrong[i].sentence))
            CU_FAIL(err.text);
        free(text);
    }
    struct error err;
    CU_ASSERT_PTR_NULL(loaded("{\"nodes\": 3}", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "needs a `workflow`"));
}

static struct workflow *other_workflow(const char *path, struct error *err)
{
    static const char text[] = "{\"task_sets\": [{\"name\": \"b\", \"duration\": 3}]}";
    (void)path;
    return workflow_parse(text, sizeof text - 1, "other", err);
}

static struct scenario_file *of_text(const char *text, struct error *err)
{
    static const struct file_openers openers = { json_load, other_workflow };
    struct json_document *document =
        json_parse_apart_list(text, strlen(text), "s.json", "workflow.task_sets", err);
    return document ? scenario_file_of(document, no_folders, &openers, policy_names, err) : NULL;
}

/* Sets of a workflow within a scenario are read one by one, and their mistakes named. */
static void a_long_workflow_within_is_read_set_by_set(void)
{
    struct error err = { "" };
    struct str text = { 0 };
    str_add(&text, "{\"seed\": 7, \"workflow\": {\"task_sets\": [\n");
    for (int i = 0; i < 3000; i++)
        str_addf(&text, "{\"name\": \"set %d\", \"duration\": %d.5},\n", i, i);
    size_t length = text.length;
    str_add(&text, "{\"name\": \"last\", \"duration\": 1}]},\n"
                   "\"platform\": {\"nodes\": [{\"cores\": 4}]}}");
    struct scenario_file *f = of_text(text.text, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    unit_is(f->workflow->n_sets, ==, 3001);
    CU_ASSERT_STRING_EQUAL(f->workflow->sets[2999].name, "set 2999");
    scenario_file_free(f);
    text.length = length;
    str_add(&text, "{\"name\": \"last\", \"duration\": -1}]}}");
    CU_ASSERT_PTR_NULL(of_text(text.text, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "s.json:3002: workflow.task_sets[3000].duration"));
    str_clear(&text);
}

static void a_workflow_by_its_path_is_opened_as_asked(void)
{
    struct error err = { "" };
    struct scenario_file *f = of_text("{\"workflow\": \"x.json\"}", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_STRING_EQUAL(f->workflow->sets[0].name, "b");
    scenario_file_free(f);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_key_is_a_row),
        UNIT_TEST(mistakes_name_the_place),
        UNIT_TEST(a_long_workflow_within_is_read_set_by_set),
        UNIT_TEST(a_workflow_by_its_path_is_opened_as_asked),
        { NULL, NULL },
    };
    return unit_run("scenario", tests);
}
