/* A setting applied: what the scenario has then says so, and its base keeps its own. */
#include "core/setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_print.h"
#include "core/variant.h"
#include "scheduling/names.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static const struct setting *row(int id)
{
    return setting_at((enum setting_id)id);
}

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
};

static struct variant variant_of(const struct given *g)
{
    struct variant v;
    variant_init(&v, NULL);
    v.scenario.workflow = g->workflow;
    v.scenario.platform = g->platform;
    v.scenario.middleware = g->middleware;
    return v;
}

/* A variant's open(): of a name, a thing of this name. */
static int open_named(struct variant *v, const struct setting_change *c, struct error *err)
{
    const struct given *g = v->context;
    (void)err;
    if (c->id == SETTING_QUEUE_HISTORY) {
        v->queue_history = c->value.text;
        return 0;
    }
    char **names[] = { &g->workflow->name, &g->platform->name, &g->middleware->name };
    char **name = names[c->id == SETTING_WORKFLOW ? 0 : c->id == SETTING_PLATFORM ? 1 : 2];
    free(*name);
    *name = str_format("%s", c->value.text);
    return 0;
}

static const char *example_of(const struct setting *s, int id)
{
    switch (id) {
    case SETTING_MODE: return "pipelined";
    case SETTING_SCHEDULER: return "radical";
    case SETTING_ORDER: return "largest";
    case SETTING_OVERTAKE: return "easy";
    case SETTING_PLACEMENT: return "best_fit";
    case SETTING_DURATION_CV: return "0.125";
    case SETTING_PRECISION:
    case SETTING_FAILURE_PROBABILITY: return "0.25";
    default:
        return s->type == SETTING_SECONDS                             ? "1:30"
               : s->type == SETTING_SOURCE || s->type == SETTING_TEXT ? "1.9"
                                                                      : "29";
    }
}

/* All that a variant holds, as text: numbers between blanks. */
static char *text_of(const struct variant *v)
{
    const struct scenario *s = &v->scenario;
    const struct scheduler_options *o = &v->said;
    const char *const words[] = { mode_name(s->mode), o->scheduler, o->generation, o->order,
                                  o->overtake, o->placement, v->queue_machine, v->queue_name,
                                  v->queue_history };
    const double numbers[] = { o->overtake_every.s, (double)s->seed, s->walltime_s,
                               s->allocation.jobs,
                               s->allocation.wait ? queue_wait_mean(s->allocation.wait) : 0,
                               (double)v->replicas, v->precision, v->threads,
                               (double)platform_pilots(s->platform) };
    cJSON *parts[] = { workflow_to_json(s->workflow), platform_to_json(s->platform),
                       middleware_to_json(s->middleware) };
    struct str text = { 0 };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        str_addf(&text, "\"%s\"\n", words[i] ? words[i] : "");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        str_add(&text, " ");
        str_add_double(&text, numbers[i]);
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *printed = json_print(parts[i]);
        str_addf(&text, "\n%s", printed);
        free(printed);
        cJSON_Delete(parts[i]);
    }
    return str_take(&text);
}

/* How often it is there, as a number or a whole text. */
static size_t count_value(const char *text, const struct setting_value *value)
{
    size_t n = 0;
    struct str wanted = { 0 };
    if (value->text)
        str_addf(&wanted, "\"%s\"", value->text);
    else
        str_add_double(&wanted, value->number);
    for (const char *at = text; (at = strstr(at, wanted.text)) != NULL; at++) {
        const char *end = at + wanted.length;
        n += value->text || (at > text && !strchr("0123456789.", at[-1]) &&
                             !strchr("0123456789.", *end));
    }
    str_clear(&wanted);
    return n;
}

/* What the changed scenario holds has the example's value once more or oftener; the base keeps its
 * own. */
static void apply_and_look(const struct given *g, int id)
{
    const struct setting *s = row(id);
    struct variant v = variant_of(g), base = v;
    struct error err = { "" };
    struct setting_change c = { .id = (enum setting_id)id,
                                .part = s->of == SETTING_OF_STATION ? "notify.base" : NULL };
    v.open = open_named;
    v.context = g;
    char *before = text_of(&base);
    CU_ASSERT_EQUAL(setting_parse(c.id, policy_names, example_of(s, id), &c.value, &err), 0);
    CU_ASSERT_EQUAL(variant_apply(&v, &c, 1, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    char *after = text_of(&v), *untouched = text_of(&base);
    if (id == SETTING_DURATION_CV)
        unit_near(dist_sd(v.workflow->sets[0].duration), 34.5 * 0.125, 1e-9);
    else
        unit_is(count_value(after, &c.value), >, count_value(before, &c.value));
    if (s->type != SETTING_SOURCE)
        CU_ASSERT_STRING_EQUAL(before, untouched);
    free(before);
    free(after);
    free(untouched);
    variant_clear(&v);
}

static void each_row_sets_what_it_says(void)
{
    struct given g = { given_workflow(
                           "{'task_sets': [{'name': 'a', 'tasks': 7, 'cores': 2, 'duration': "
                           "34.5, 'checkpoint': {'interval': 60, 'cost': 5}}, "
                           "{'name': 'c', 'phases': [{'flow': "
                           "'s', 'amount': 1}]}, {'name': 's', 'service': {'rate': 2}}]}"),
                       given_platform("{'nodes': [{'count': 5, 'cores': 8, 'gpus': 1}], 'flows': "
                                      "[{'name': 'x', 'rate': 7}, {'name': 'y', 'rate': "
                                      "8}], 'failures': {'mtbf': 1000}}"),
                       middleware_ideal() };
    for (int id = 0; id < SETTINGS; id++) {
        bool factor = id == SETTING_TASK_SCALE || id == SETTING_DURATION_SCALE;
        if (factor || id == SETTING_PIPELINES || row(id)->type == SETTING_SWITCH)
            /* no value of its own: see below, unit.setting_pipelines, unit.counterfactual */
            continue;
        apply_and_look(&g, id);
    }
    workflow_free(g.workflow);
    platform_free(g.platform);
    middleware_free(g.middleware);
}

/* One flow alone, one service alone; and what there is not. */
static void parts_are_flows_and_services(void)
{
    struct given g = {
        given_workflow(
            "{'task_sets': [{'name': 'c', 'duration': 1, 'slowdown': {'flow': 'x', 'rate': 1}}, "
            "{'name': 'd', "
            "'phases': [{'flow': 's', 'amount': 1}]}, {'name': 's', 'service': {'rate': 2}}]}"),
        given_platform("{'nodes': [{'cores': 8}], 'flows': [{'name': 'x', 'rate': 7}, {'name': "
                       "'y', 'rate': 8}]}"),
        middleware_ideal()
    };
    struct variant v = variant_of(&g);
    struct error err = { "" };
    struct setting_change y = { SETTING_FLOW_RATE, "y", { true, NULL, 3 } },
                          s = { SETTING_SERVICE_RATE, "s", { true, NULL, 5 } };
    CU_ASSERT_EQUAL(variant_apply(&v, (struct setting_change[]){ y, s }, 2, &err), 0);
    unit_near(v.scenario.platform->flows[0].rate, 7, 0);
    unit_near(v.scenario.platform->flows[1].rate, 3, 0);
    unit_near(v.scenario.workflow->sets[2].traits->service.rate, 5, 0);
    static const struct { struct setting_change change; const char *why; } wrong[] = {
        { { SETTING_FLOW_RATE, "z", { true, NULL, 3 } },
          "flow_rate.z: platform without a name has no such flow" },
        { { SETTING_SERVICE_READY, "c", { true, NULL, 3 } },
          "service_ready.c: workflow without a name has no such service" },
        { { SETTING_REPAIR, NULL, { true, NULL, 3 } },
          "repair: no node of platform without a name fails; set mtbf too" },
        { { SETTING_CHECKPOINT_INTERVAL, "c", { true, NULL, 3 } },
          "task set 'c': has a slowdown, and so no checkpoints" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CU_ASSERT_EQUAL(variant_apply(&v, &wrong[i].change, 1, &err), -1);
        CU_ASSERT_STRING_EQUAL(err.text, wrong[i].why);
    }
    variant_clear(&v);
    workflow_free(g.workflow);
    platform_free(g.platform);
    middleware_free(g.middleware);
}

/* What factors multiply has changed. */
static void factors_multiply(void)
{
    struct given g = { given_workflow("{'task_sets': [{'name': 'a', 'tasks': 7, 'duration': 34.5}, "
                                      "{'name': 'b', 'duration': 2}]}"),
                       NULL, NULL };
    struct variant v = variant_of(&g);
    struct setting_change changes[] = {
        { .id = SETTING_DURATION_SCALE, .value = { true, NULL, 0.5 } },
        { .id = SETTING_DURATION_SCALE, "a", { true, NULL, 3 } },
        { .id = SETTING_TASK_SCALE, .value = { true, NULL, 2.5 } },
    };
    CU_ASSERT_EQUAL(variant_apply(&v, changes, 3, NULL), 0);
    unit_near(dist_mean(v.workflow->sets[0].duration), 103.5, 1e-12);
    unit_near(dist_mean(v.workflow->sets[1].duration), 1, 1e-12);
    CU_ASSERT_EQUAL(v.workflow->sets[0].n_tasks, 18);
    CU_ASSERT_EQUAL(g.workflow->sets[0].n_tasks, 7);
    variant_clear(&v);
    workflow_free(g.workflow);
}

/* The order in which settings are given does not matter: the table's does. */
static void rows_are_applied_in_the_order_of_the_table(void)
{
    struct given g = {
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 7, 'duration': 34.5}]}"), NULL, NULL
    };
    struct setting_change a = { .id = SETTING_TASK_SCALE, .value = { true, NULL, 2 } };
    struct setting_change b = { .id = SETTING_TASKS, .value = { true, NULL, 5 } };
    struct variant one = variant_of(&g), other = variant_of(&g);
    CU_ASSERT_EQUAL(variant_apply(&one, (struct setting_change[]){ a, b }, 2, NULL), 0);
    CU_ASSERT_EQUAL(variant_apply(&other, (struct setting_change[]){ b, a }, 2, NULL), 0);
    CU_ASSERT_EQUAL(one.workflow->sets[0].n_tasks, 10);
    CU_ASSERT_EQUAL(other.workflow->sets[0].n_tasks, 10);
    variant_clear(&one);
    variant_clear(&other);
    workflow_free(g.workflow);
}

static void a_station_is_one_of_the_middlewares(void)
{
    struct middleware *ideal = middleware_ideal();
    struct given g = { NULL, NULL, ideal };
    struct error err = { "" };
    struct variant v = variant_of(&g);
    struct setting_change c = { SETTING_STATION, "colour", { true, NULL, 3 } };
    CU_ASSERT_EQUAL(variant_apply(&v, &c, 1, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "station.colour: no station has this name"));
    c.part = "launch.servers";
    CU_ASSERT_EQUAL(variant_apply(&v, &c, 1, &err), 0);
    CU_ASSERT_EQUAL(v.middleware->launch_servers, 3);
    c.value.number = 2.5;
    CU_ASSERT_EQUAL(variant_apply(&v, &c, 1, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "station.launch.servers: must be a whole number from 1 to 1000, is 2.5");
    c = (struct setting_change){ SETTING_STATION, "free.poll", { true, NULL, 1e-9 } };
    CU_ASSERT_EQUAL(variant_apply(&v, &c, 1, &err), -1);
    CU_ASSERT_STRING_EQUAL(
        err.text,
        "station.free.poll: must be 0 (no poll), or a period from 1e-06 to 1e+06 s, is 1e-09");
    CU_ASSERT_EQUAL(ideal->launch_servers, 1);
    variant_clear(&v);
    middleware_free(ideal);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_row_sets_what_it_says),
        UNIT_TEST(factors_multiply),
        UNIT_TEST(parts_are_flows_and_services),
        UNIT_TEST(rows_are_applied_in_the_order_of_the_table),
        UNIT_TEST(a_station_is_one_of_the_middlewares),
        { NULL, NULL },
    };
    return unit_run("setting_apply", tests);
}
