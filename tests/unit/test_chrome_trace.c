#include "plots/chrome_trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "num/rng.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"name\": \"n\", \"count\": 3, \"cores\": 4, \"gpus\": 2}]}";
static const char workflow[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a \\\"x\\\"\", \"tasks\": 40, \"cores\": 1, "
    "\"gpus\": 1, "
    "\"duration\": 5}, {\"name\": \"b\", \"tasks\": 20, \"cores\": 2, \"duration\": 3, "
    "\"after\": [{\"set\": \"a \\\"x\\\"\", \"kind\": \"block\"}]}, "
    "{\"name\": \"c\", \"tasks\": 9, \"cores\": 1, \"gpus\": 0.3, \"duration\": 3, \"after\": "
    "[\"b\"]}]}";

static char path[] = "/tmp/dagcast-trace-XXXXXX";

/* a on 6 GPUs in turn, back to back; b after its two parents; c after all b, sharing the GPUs of
 * node 0 by threes. Times are no whole microseconds. */
static struct world busy(void)
{
    struct world w = world_new(workflow, platform);
    double third = 1.0 / 3, end_of_b_s = 0;

    for (uint32_t i = 0; i < 40; i++)
        world_ran_on(&w, 0, i, (i / 6) * third, (i / 6 + 1) * third,
                     (struct world_place){ i % 6 / 2, (int)(i % 2), 1, (int)(i % 2) });
    for (uint32_t i = 0; i < 20; i++) {
        double ready_s = ((2 * i + 1) / 6 + 1) * third;

        world_ran_on(&w, 1, i, ready_s + i * 1e-3, ready_s + i * 1e-3 + 0.9e-3,
                     (struct world_place){ i % 3, 2, 2, -1 });
        end_of_b_s = ready_s + i * 1e-3 + 0.9e-3;
    }
    for (uint32_t i = 0; i < 9; i++) {
        uint16_t core = (uint16_t)(i % 4), gpu = (uint16_t)(i % 2);

        world_ran(&w, 2, i, end_of_b_s + 2.5 * (i / 4), end_of_b_s + 2.5 * (i / 4 + 1));
        timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0, .cores = &core,
                                           .n_cores = 1, .gpus = &gpu, .n_gpus = 1,
                                           .gpu_share = 300000 });
    }
    return w;
}

struct event { int64_t pid, tid, ts, dur; };

static int compare_events(const void *left, const void *right)
{
    const struct event *a = left, *b = right;

    if (a->pid != b->pid)
        return a->pid < b->pid ? -1 : 1;
    if (a->tid != b->tid)
        return a->tid < b->tid ? -1 : 1;
    return (a->ts > b->ts) - (a->ts < b->ts);
}

struct trace { /* a parsed file: its X events, and how many of the other kinds */
    struct event *slices;
    size_t n_slices, n_counts, n_flow_starts, n_flow_ends;
    double slot_us;                      /* of lanes of slots, summed */
    double task_us;                      /* of slices of category "task" */
    double a_us, b_us;                   /* of slices named as sets a and b are */
    size_t n_nodes;                      /* processes of nodes that have a name */
};

static int64_t integer(const struct json *event, const char *key)
{
    int64_t value = -1;

    unit_is(json_need_int(event, key, 0, INT64_MAX / 4, &value, NULL), ==, 0);
    return value;
}

static void add_event(struct trace *t, const struct json *event)
{
    const char *kind = "", *category = "", *name = "";

    unit_is(json_need_string(event, "ph", &kind, NULL), ==, 0);
    t->n_counts += *kind == 'C';
    t->n_flow_starts += *kind == 's';
    t->n_flow_ends += *kind == 'f';
    CU_ASSERT_EQUAL(json_need_string(event, "name", &name, NULL), 0);
    t->n_nodes += strcmp(name, "process_name") == 0 && integer(event, "pid") < 100000 + 3;
    if (*kind != 'X')
        return;
    t->slices = xrealloc(t->slices, t->n_slices + 1, sizeof *t->slices);
    struct event *e = &t->slices[t->n_slices++];

    *e = (struct event){ integer(event, "pid"), integer(event, "tid"), integer(event, "ts"),
                         integer(event, "dur") };
    t->slot_us += e->tid < 3000 ? (double)e->dur : 0;
    CU_ASSERT_EQUAL(json_need_string(event, "cat", &category, NULL), 0);
    t->task_us += strcmp(category, "task") == 0 ? (double)e->dur : 0;
    t->a_us += strcmp(name, "a \"x\"") == 0 ? (double)e->dur : 0;
    t->b_us += strcmp(name, "b") == 0 ? (double)e->dur : 0;
}

static struct trace read_trace(void)
{
    struct error err = { "" };
    struct json_document *doc = json_load(path, &err);
    struct trace t = { 0 };

    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), events = json_member(&root, "traceEvents");

    for (struct json e = json_first(&events); e.value; e = json_next(&e))
        add_event(&t, &e);
    json_free(doc);
    qsort(t.slices, t.n_slices, sizeof *t.slices, compare_events);
    return t;
}

static void assert_no_overlap(const struct trace *t)
{
    for (size_t i = 1; i < t->n_slices; i++) {
        const struct event *a = &t->slices[i - 1], *b = &t->slices[i];

        CU_ASSERT(a->pid != b->pid || a->tid != b->tid || a->ts + a->dur <= b->ts);
    }
}

static void every_lane_holds_one_task_at_a_time(void)
{
    struct world w = busy();

    unit_must_be(chrome_trace_save(w.timeline, path, NULL), ==, 0);
    struct trace t = read_trace();
    struct step_curve slots = curve_of(w.timeline, CURVE_SLOTS, -1), none = { 0 };

    unit_is(t.n_slices, ==, 40 * 2 + 20 * 2 + 9 * 2);
    assert_no_overlap(&t);
    /* the lanes' time is the area under the curve of slots in use, but for half a microsecond at
     * each end */
    unit_is(fabs(t.slot_us - 1e6 * step_curve_area_between(&slots, &none)), <=, (double)t.n_slices);
    unit_is(t.n_counts, >=, slots.n);
    double executed_s = 0;
    for (size_t i = 0; i < w.timeline->n; i++)
        executed_s += w.timeline->records[i].stopped_s - w.timeline->records[i].started_s;
    unit_near(t.task_us * 1e-6, executed_s, 1e-6 * (double)w.timeline->n);
    unit_near(t.a_us * 1e-6, 40 / 3.0, 40e-6);
    unit_near(t.b_us * 1e-6, 20 * 0.9e-3, 20e-6);
    CU_ASSERT_EQUAL(t.n_nodes, 3);
    step_curve_clear(&slots);
    free(t.slices);
    world_clear(&w);
}

static void each_child_has_an_arrow_per_dependency(void)
{
    struct world w = busy();

    unit_must_be(chrome_trace_save(w.timeline, path, NULL), ==, 0);
    struct trace t = read_trace();

    unit_is(t.n_flow_starts, ==, 20 + 9);
    unit_is(t.n_flow_ends, ==, 20 + 9);
    free(t.slices);
    world_clear(&w);
}

/* The arrow to c[0] leaves the lane of b's last task, within its last microsecond, and ends at
 * c[0]'s start on its lane. */
static void an_arrow_leads_from_the_last_parent(void)
{
    struct world w = busy();
    const struct timeline_record *b = &w.timeline->records[59], *c = &w.timeline->records[60];
    bool seen = false;

    unit_must_be(chrome_trace_save(w.timeline, path, NULL), ==, 0);
    struct json_document *doc = json_load(path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), events = json_member(&root, "traceEvents");

    for (struct json e = json_first(&events), f; e.value; e = f) {
        const char *kind = "";

        f = json_next(&e);
        json_need_string(&e, "ph", &kind, NULL);
        if (*kind != 's' || integer(&e, "id") != 21)     /* after b's twenty */
            continue;
        unit_is(integer(&e, "pid"), ==, 100000 + 19 % 3);
        unit_is(integer(&e, "tid"), ==, 1000 + 2);
        unit_is(integer(&e, "ts"), ==, llround(1e6 * b->stopped_s) - 1);
        unit_is(integer(&f, "ts"), ==, llround(1e6 * c->started_s));
        unit_is(integer(&f, "pid"), ==, 100000);
        unit_is(integer(&f, "tid"), ==, 1000);
        seen = true;
    }
    CU_ASSERT(seen);
    json_free(doc);
    world_clear(&w);
}

/* A thousand random intervals without slots: as many lanes as overlap, none twice at once. */
static void tasks_without_slots_lie_side_by_side(void)
{
    struct world w = world_new("{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": "
                               "1000, \"cores\": 1, \"duration\": 5}]}",
                               platform);
    struct rng_stream stream = rng_stream(4, 0, RNG_TEST, 2);

    for (uint32_t i = 0; i < 1000; i++) {
        double start_s = 100 * rng_uniform(&stream, 2 * i, 0);

        world_ran(&w, 0, i, start_s, start_s + 10 * rng_uniform(&stream, 2 * i + 1, 0));
    }
    unit_must_be(chrome_trace_save(w.timeline, path, NULL), ==, 0);
    struct trace t = read_trace();
    int64_t last_lane = 0;

    unit_is(t.n_slices, ==, 1000);
    CU_ASSERT_EQUAL(t.n_nodes, 0);
    assert_no_overlap(&t);
    for (size_t i = 0; i < t.n_slices; i++) {
        unit_is(t.slices[i].pid, ==, 100004);
        last_lane = t.slices[i].tid > last_lane ? t.slices[i].tid : last_lane;
    }
    unit_is(last_lane - 999, ==, (int64_t)metrics_of(w.timeline).max_running);
    free(t.slices);
    world_clear(&w);
}

static void a_file_that_cannot_be_written_is_named(void)
{
    struct world w = busy();
    struct error err = { "" };

    unit_is(chrome_trace_save(w.timeline, "/nonexistent/t.json", &err), ==, -1);
    unit_has(err.text, "/nonexistent/t.json");
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_lane_holds_one_task_at_a_time),
        UNIT_TEST(each_child_has_an_arrow_per_dependency),
        UNIT_TEST(an_arrow_leads_from_the_last_parent),
        UNIT_TEST(tasks_without_slots_lie_side_by_side),
        UNIT_TEST(a_file_that_cannot_be_written_is_named),
        { NULL, NULL },
    };
    int fd = mkstemp(path);

    if (fd < 0)
        return EXIT_FAILURE;
    close(fd);
    int status = unit_run("chrome_trace", tests);
    unlink(path);
    return status;
}
