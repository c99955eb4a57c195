#include "scheduling/readiness.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/unit.h"

static struct workflow *parse(const char *text)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "test", &err);
    if (!w)
        CU_FAIL(err.text);
    return w;
}

/* a(4) -> b(4) each, c(2) block of a; d after all of b and c. */
static struct workflow *fine(void)
{
    return parse("{\"task_sets\": [{\"name\": \"a\", \"tasks\": 4, \"duration\": 1}, "
                 "{\"name\": \"b\", \"tasks\": 4, \"duration\": 1, \"after\": [{\"set\": \"a\", "
                 "\"kind\": \"each\"}]}, "
                 "{\"name\": \"c\", \"tasks\": 2, \"duration\": 1, \"after\": [{\"set\": \"a\", "
                 "\"kind\": \"block\"}]}, "
                 "{\"name\": \"d\", \"tasks\": 3, \"duration\": 1, \"after\": [\"b\", \"c\"]}]}");
}

static bool is_run(const struct ready_run *r, uint32_t set, uint32_t first, uint32_t count,
                   enum submit_cause cause)
{
    return r->set == set && r->first == first && r->count == count && r->cause == cause;
}

static void each_and_block_follow_their_own_parents(void)
{
    struct workflow *w = fine();
    struct readiness *r = readiness_new(w, MODE_ASYNCHRONOUS);
    size_t n;
    const struct ready_run *runs = readiness_start(r, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 0, 0, 4, SUBMIT_START));
    runs = readiness_done(r, 0, 3, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 1, 3, 1, SUBMIT_TASK));
    /* c's second task has both of its parents now */
    runs = readiness_done(r, 0, 2, &n);
    unit_must_be(n, ==, 2);
    CU_ASSERT(is_run(&runs[0], 1, 2, 1, SUBMIT_TASK));
    CU_ASSERT(is_run(&runs[1], 2, 1, 1, SUBMIT_TASK));
    readiness_done(r, 0, 0, &n);
    readiness_done(r, 0, 1, &n);
    for (uint32_t t = 0; t < 4; t++)
        readiness_done(r, 1, t, &n);
    unit_is(n, ==, 0);
    readiness_done(r, 2, 0, &n);
    unit_is(n, ==, 0);
    runs = readiness_done(r, 2, 1, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 3, 0, 3, SUBMIT_TASK));
    CU_ASSERT(!readiness_complete(r));
    readiness_free(r);
    workflow_free(w);
}

static void stages_wait_for_whole_stages(void)
{
    struct workflow *w = fine();
    struct readiness *r = readiness_new(w, MODE_SEQUENTIAL);
    size_t n;
    readiness_start(r, &n);
    for (uint32_t t = 0; t < 3; t++)
        readiness_done(r, 0, t, &n);
    unit_is(n, ==, 0);
    const struct ready_run *runs = readiness_done(r, 0, 3, &n);
    unit_must_be(n, ==, 2);
    CU_ASSERT(is_run(&runs[0], 1, 0, 4, SUBMIT_NEXT_STAGE));
    CU_ASSERT(is_run(&runs[1], 2, 0, 2, SUBMIT_NEXT_STAGE));
    unit_is(runs[0].group, ==, runs[1].group);
    readiness_free(r);
    workflow_free(w);
}

static void a_failure_cancels_descendants_and_lifts_barriers(void)
{
    struct workflow *w = fine();
    struct readiness *r = readiness_new(w, MODE_ASYNCHRONOUS);
    size_t n, cancelled;
    readiness_start(r, &n);
    /* b[1], c[0], and with them all of d */
    readiness_failed(r, 0, 1, &cancelled, &n);
    unit_is(cancelled, ==, 5);
    unit_is(n, ==, 0);
    const struct ready_run *runs = readiness_done(r, 0, 0, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 1, 0, 1, SUBMIT_TASK));
    readiness_done(r, 0, 2, &n);
    readiness_done(r, 0, 3, &n);
    readiness_done(r, 1, 0, &n);
    readiness_done(r, 1, 2, &n);
    readiness_done(r, 1, 3, &n);
    CU_ASSERT(!readiness_complete(r));
    readiness_done(r, 2, 1, &n);
    CU_ASSERT(readiness_complete(r));
    unit_is(n, ==, 0);
    readiness_reset(r);                                       /* and all is as at first */
    runs = readiness_start(r, &n);
    unit_must_be(n, ==, 1);
    unit_is(runs[0].count, ==, 4);
    CU_ASSERT(!readiness_complete(r));
    readiness_free(r);
    workflow_free(w);
}

/* What waits for the failed task loses it as if it were done; what waits for its set waits for the
 * others. */
static void a_failure_may_be_no_reason_to_stop(void)
{
    struct workflow *w = fine();
    struct readiness *r = readiness_new(w, MODE_ASYNCHRONOUS);
    size_t n, cancelled;
    readiness_on_failure(r, ON_FAILURE_CONTINUE);
    readiness_start(r, &n);
    const struct ready_run *runs = readiness_failed(r, 0, 1, &cancelled, &n);
    CU_ASSERT_EQUAL(cancelled, 0);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 1, 1, 1, SUBMIT_TASK));
    /* b[0], and c[0], whose other parent failed */
    runs = readiness_done(r, 0, 0, &n);
    unit_must_be(n, ==, 2);
    CU_ASSERT(is_run(&runs[0], 1, 0, 1, SUBMIT_TASK));
    CU_ASSERT(is_run(&runs[1], 2, 0, 1, SUBMIT_TASK));
    readiness_free(r);
    workflow_free(w);
}

/* A set's own word counts before its workflow's, and that before the middleware's; the order of
 * stages alone never cancels unasked. */
static void who_says_decides_what_a_failure_cancels(void)
{
    static const struct {
        const char *set, *workflow;
        enum on_failure middleware;
        const char *structure;
        size_t cancelled;
    } cases[] = {
        { "", "", ON_FAILURE_UNSAID, "after", 3 },
        { "", "", ON_FAILURE_CONTINUE, "after", 0 },
        { "", "cancel", ON_FAILURE_CONTINUE, "after", 3 },
        { "continue", "cancel", ON_FAILURE_CANCEL, "after", 0 },
        { "cancel", "continue", ON_FAILURE_CONTINUE, "after", 3 },
        { "", "", ON_FAILURE_UNSAID, "stages", 0 },
        { "", "", ON_FAILURE_CANCEL, "stages", 3 },
        { "", "cancel", ON_FAILURE_UNSAID, "stages", 3 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool stages = cases[i].structure[0] == 's';
        char set[40] = "", workflow[40] = "", text[400];
        if (cases[i].set[0])
            snprintf(set, sizeof set, ", \"on_failure\": \"%s\"", cases[i].set);
        if (cases[i].workflow[0])
            snprintf(workflow, sizeof workflow, ", \"on_failure\": \"%s\"", cases[i].workflow);
        snprintf(text, sizeof text,
                 "{\"task_sets\": [{\"name\": \"a\", \"tasks\": 2, \"duration\": 1%s}, "
                 "{\"name\": \"b\", \"tasks\": 3, \"duration\": 1%s}]%s%s}",
                 set, stages ? "" : ", \"after\": [\"a\"]",
                 stages ? ", \"stages\": [[\"a\"], [\"b\"]]" : "", workflow);
        struct workflow *w = parse(text);
        for (int mode = 0; mode < MODES; mode++) {
            struct readiness *r = readiness_new(w, (enum mode)mode);
            size_t n, cancelled;
            readiness_on_failure(r, cases[i].middleware);
            readiness_start(r, &n);
            readiness_failed(r, 0, 0, &cancelled, &n);
            CU_ASSERT_EQUAL(cancelled, cases[i].cancelled);
            readiness_done(r, 0, 1, &n);
            CU_ASSERT_EQUAL(n, cases[i].cancelled ? 0 : 1);
            readiness_free(r);
        }
        workflow_free(w);
    }
}

static void a_stage_goes_on_without_what_was_cancelled(void)
{
    struct workflow *w = fine();
    struct readiness *r = readiness_new(w, MODE_SEQUENTIAL);
    size_t n, cancelled;
    readiness_start(r, &n);
    readiness_failed(r, 0, 1, &cancelled, &n);
    readiness_done(r, 0, 0, &n);
    readiness_done(r, 0, 2, &n);
    const struct ready_run *runs = readiness_done(r, 0, 3, &n);
    unit_is(cancelled, ==, 5);
    unit_is(n, ==, 3);
    CU_ASSERT(is_run(&runs[0], 1, 0, 1, SUBMIT_NEXT_STAGE));
    CU_ASSERT(is_run(&runs[1], 1, 2, 2, SUBMIT_NEXT_STAGE));
    CU_ASSERT(is_run(&runs[2], 2, 1, 1, SUBMIT_NEXT_STAGE));
    readiness_free(r);
    workflow_free(w);
}

static void edges_count_each_parent(void)
{
    struct workflow *w = parse("{\"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"duration\": 1}, "
                               "{\"name\": \"b\", \"tasks\": 3, "
                               "\"duration\": 1, \"after\": [{\"set\": \"a\", \"kind\": \"edges\", "
                               "\"edges\": [[2, 0], [0, 0], [1, 1]]}]}]}");
    struct readiness *r = readiness_new(w, MODE_ASYNCHRONOUS);
    size_t n;
    const struct ready_run *runs = readiness_start(r, &n);
    unit_must_be(n, ==, 2);
    CU_ASSERT(is_run(&runs[0], 0, 0, 3, SUBMIT_START));
    CU_ASSERT(is_run(&runs[1], 1, 2, 1, SUBMIT_START));
    readiness_done(r, 0, 0, &n);
    unit_is(n, ==, 0);
    runs = readiness_done(r, 0, 2, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 1, 0, 1, SUBMIT_TASK));
    readiness_free(r);
    workflow_free(w);
}

static void pipelines_as_written_with_runs_between(void)
{
    struct workflow *w = parse("{\"task_sets\": [{\"name\": \"a\", \"duration\": 1}, {\"name\": "
                               "\"b\", \"duration\": 1}, {\"name\": \"c\", "
                               "\"duration\": 1}], \"pipelines\": [{\"name\": \"p\", \"stages\": "
                               "[[\"a\"], [\"b\"]]}, {\"name\": \"q\", "
                               "\"stages\": [[\"c\"]], \"after\": [\"p\"]}]}");
    struct readiness *r = readiness_new(w, MODE_PIPELINED);
    size_t n;
    readiness_start(r, &n);
    const struct ready_run *runs = readiness_done(r, 0, 0, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 1, 0, 1, SUBMIT_NEXT_STAGE));
    runs = readiness_done(r, 1, 0, &n);
    unit_must_be(n, ==, 1);
    CU_ASSERT(is_run(&runs[0], 2, 0, 1, SUBMIT_NEXT_RUN));
    readiness_free(r);
    workflow_free(w);
}

/* before -> loop of 2 -> behind: the repeated part runs iteration by iteration, the rest around it.
 */
static void sequential_puts_a_repeated_part_in_its_place(void)
{
    struct workflow *w =
        parse("{\"iterations\": {\"count\": 2, \"sets\": [\"x\", \"y\"]}, \"task_sets\": ["
              "{\"name\": \"behind\", \"duration\": 1, \"after\": [\"y\"]}, {\"name\": \"x\", "
              "\"duration\": 1, \"after\": "
              "[\"before\"]}, {\"name\": \"y\", \"duration\": 1, \"after\": [\"x\"]}, {\"name\": "
              "\"before\", \"duration\": 1}]}");
    static const char *const order[] = { "before", "x.1", "y.1", "x.2", "y.2", "behind" };
    struct readiness *r = readiness_new(w, MODE_SEQUENTIAL);
    unit_must_be(readiness_group_count(r), ==, 6);
    for (size_t g = 0; g < 6; g++)
        CU_ASSERT_STRING_EQUAL(w->sets[readiness_group(r, g).sets[0]].name, order[g]);
    readiness_free(r);
    /* two iterations, and what lies around them: four pipelines */
    r = readiness_new(w, MODE_PIPELINED);
    int last = -1;
    for (size_t g = 0; g < readiness_group_count(r); g++)
        last = readiness_group(r, g).pipeline > last ? readiness_group(r, g).pipeline : last;
    unit_is(last, ==, 3);
    readiness_free(r);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_and_block_follow_their_own_parents),
        UNIT_TEST(stages_wait_for_whole_stages),
        UNIT_TEST(a_failure_cancels_descendants_and_lifts_barriers),
        UNIT_TEST(a_failure_may_be_no_reason_to_stop),
        UNIT_TEST(who_says_decides_what_a_failure_cancels),
        UNIT_TEST(a_stage_goes_on_without_what_was_cancelled),
        UNIT_TEST(edges_count_each_parent),
        UNIT_TEST(pipelines_as_written_with_runs_between),
        UNIT_TEST(sequential_puts_a_repeated_part_in_its_place),
        { NULL, NULL }
    };
    return unit_run("readiness", tests);
}
