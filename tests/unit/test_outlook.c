#include "validation/outlook.h"

#include <math.h>
#include <string.h>

#include "tests/support/unit.h"

/* Two waves of four 100 s tasks on four cores, then one of 50 s; all as planned. */
static const char text[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 8, \"duration\": 100}, "
    "{\"name\": \"b\", \"tasks\": 1, \"duration\": 50, \"after\": [\"a\"]}]}";
static const char where[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 1, \"cores\": 4}]}";

struct world { struct workflow *w; struct platform *p; struct middleware *m; struct scenario s; };

static struct world world(void)
{
    struct error err = { "" };
    struct world o = { .w = workflow_parse(text, strlen(text), "w.json", &err),
                       .m = middleware_ideal() };
    struct json_document *doc = json_parse(where, strlen(where), "p.json", &err);
    const struct json root = json_root(doc);
    o.p = platform_from_json(&root, &err);
    json_free(doc);
    CU_ASSERT_PTR_NOT_NULL_FATAL(o.w);
    CU_ASSERT_PTR_NOT_NULL_FATAL(o.p);
    o.s = (struct scenario){ .workflow = o.w, .platform = o.p, .middleware = o.m,
                             .mode = MODE_ASYNCHRONOUS, .seed = 1 };
    o.s.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, o.m);
    return o;
}

static void world_clear(struct world *o)
{
    workflow_free(o->w);
    platform_free(o->p);
    middleware_free(o->m);
}

/* The run as planned, `tempo` times as slow between tasks. */
static struct run_state state_at(double now_s, double tempo)
{
    struct run_state st = run_state_new(9, now_s);
    for (uint32_t t = 0; t < 9; t++) {
        double start_s = t < 4   ? 0
                         : t < 8 ? 100 * tempo
                                 : 200 * tempo,
               stop_s = start_s + (t < 8 ? 100 : 50);
        struct run_task *task = &st.tasks[t];
        if (start_s <= now_s)
            task->started_s = start_s;
        if (stop_s <= now_s)
            task->stopped_s = task->freed_s = task->notified_s = stop_s;
        task->phase = stop_s <= now_s ? RUN_DONE : start_s <= now_s ? RUN_RUNNING : RUN_UNSEEN;
    }
    run_state_count(&st);
    return st;
}

static struct outlook look(const struct world *o, double now_s, double tempo, double deadline_s)
{
    struct run_state st = state_at(now_s, tempo);
    struct error err = { "" };
    struct outlook out;
    const struct outlook_question q = { .plan = &o->s, .st = &st, .deadline_s = deadline_s,
                                        .replicas = 300, .seed = 1 };
    CU_ASSERT_EQUAL_FATAL(outlook_run(&out, &q, &err), 0);
    run_state_clear(&st);
    return out;
}

/* The closed form is 250 s; the interval holds it and narrows. */
static void ends_as_planned(void)
{
    struct world o = world();
    double width = INFINITY;
    for (int i = 0; i < 5; i++) {
        double now_s = (const double[]){ 0, 30, 120, 170, 230 }[i];
        struct outlook f = look(&o, now_s, 1, 0);
        printf("\n  at %3.0f s: %.1f s (%.1f to %.1f)", now_s, f.end_s, f.pi95.low, f.pi95.high);
        unit_near(f.end_s, 250, i < 2 ? 25 : 12);
        unit_is(f.pi95.low, <=, 250);
        unit_is(250, <=, f.pi95.high);
        unit_is(f.pi95.high - f.pi95.low, <, width);
        unit_is(f.pi95.low, >=, now_s);
        CU_ASSERT(isnan(f.in_time));
        width = f.pi95.high - f.pi95.low;
        outlook_clear(&f);
    }
    world_clear(&o);
}

static void says_what_comes_next_and_how_likely_it_is_in_time(void)
{
    struct world o = world();
    struct outlook f = look(&o, 120, 1, 400);
    CU_ASSERT_EQUAL(f.next_start, 1);
    unit_near(f.sets[1].first_start_s, 200, 10);
    CU_ASSERT_EQUAL(f.next_end, 0);
    unit_is(f.in_time, >, 0.99);
    outlook_clear(&f);
    f = look(&o, 120, 1, 201);
    unit_is(f.in_time, <, 0.05);
    outlook_clear(&f);
    f = look(&o, 230, 1, 0);
    CU_ASSERT_EQUAL(f.next_start, -1);
    CU_ASSERT_EQUAL(f.next_end, 1);
    outlook_clear(&f);
    world_clear(&o);
}

/* Twice the time between tasks: the rest is expected to go on so. */
static void the_tempo_is_learned(void)
{
    struct world o = world();
    struct outlook f = look(&o, 310, 2, 0);
    unit_is(f.tempo, >, 1.2);
    unit_is(f.tempo, <, 2);
    outlook_clear(&f);
    world_clear(&o);
}

static void a_run_that_is_over_ended_when_it_did(void)
{
    struct world o = world();
    struct outlook f = look(&o, 1000, 1, 260);
    unit_near(f.end_s, 250, 1e-9);
    unit_near(f.pi95.high, 250, 1e-9);
    unit_near(f.in_time, 1, 0);
    CU_ASSERT_EQUAL(f.next_end, -1);
    outlook_clear(&f);
    world_clear(&o);
}

static void the_same_seed_gives_the_same_bytes(void)
{
    struct world o = world();
    struct outlook a = look(&o, 120, 1, 0), b = look(&o, 120, 1, 0);
    unit_near(a.end_s, b.end_s, 0);
    unit_near(a.pi95.low, b.pi95.low, 0);
    outlook_clear(&a);
    outlook_clear(&b);
    world_clear(&o);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(ends_as_planned),
        UNIT_TEST(says_what_comes_next_and_how_likely_it_is_in_time),
        UNIT_TEST(the_tempo_is_learned),
        UNIT_TEST(a_run_that_is_over_ended_when_it_did),
        UNIT_TEST(the_same_seed_gives_the_same_bytes),
        { NULL, NULL },
    };
    return unit_run("outlook", tests);
}
