/* Stages that repeat in a recorded run. */
#include "traces/loops.h"

#include <stdlib.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* One pipeline with these stages: letters are kinds of sets. */
static struct repeated_stages *found_in(const char *stages, size_t *n)
{
    struct str text = { 0 };
    str_add(&text, "{\"name\": \"w\", \"task_sets\": [");
    for (size_t i = 0; stages[i]; i++)
        str_addf(&text, "%s{\"name\": \"s%zu\", \"cores\": %d, \"tasks\": %d, \"duration\": %d}",
                 i ? ", " : "", i, (stages[i] | 32) - 'a' + 1, stages[i] < 'a' ? 7 : 3,
                 10 * ((stages[i] | 32) - 'a' + 1));
    str_add(&text, "], \"pipelines\": [{\"stages\": [");
    for (size_t i = 0; stages[i]; i++)
        str_addf(&text, "%s[\"s%zu\"]", i ? ", " : "", i);
    str_add(&text, "]}]}");
    struct workflow *w = given_workflow(text.text);
    struct lanes lanes = lanes_of(w, NULL);
    struct repeated_stages *found = loops_of(w, &lanes, n);
    lanes_clear(&lanes);
    workflow_free(w);
    str_clear(&text);
    return found;
}

static void check(const char *stages, size_t first, size_t period, size_t times, double alike)
{
    size_t n;
    struct repeated_stages *r = found_in(stages, &n);
    CU_ASSERT_EQUAL(n, times > 0);
    if (n > 0 && times > 0) {
        unit_is(r->first, ==, first);
        unit_is(r->period, ==, period);
        unit_is(r->times, ==, times);
        unit_alike(r->alike, alike, 1e-12);
    }
    free(r);
}

static void repeated_stages_are_found(void)
{
    check("aaaa", 0, 1, 4, 1);
    check("ababab", 0, 2, 3, 1);
    check("cabcabcabc", 0, 3, 3, 1);
    check("zabababab", 1, 2, 4, 1);
    check("zyaaaa", 2, 1, 4, 1);         /* what is before it may be longer */
    check("zyxababababw", 3, 2, 4, 1);
    check("abcd", 0, 0, 0, 0);
    check("abab", 0, 0, 0, 0);           /* twice is no loop yet */
}

/* A capital is a stage with another number of tasks. */
static void numbers_may_vary(void)
{
    size_t n;
    struct repeated_stages *r = found_in("abaBabab", &n);
    unit_is(n, ==, 1);
    unit_is(r->period, ==, 2);
    unit_is(r->times, ==, 4);
    CU_ASSERT(r->numbers_vary);
    unit_alike(r->alike, 4.0 / 6, 1e-12);
    free(r);
}

/* Without pipelines the names of sets tell lanes and stages; the last time may be cut. */
static void names_tell_stages(void)
{
    static const char *const names[] = { "p1.1", "p2.1", "p1.2.1", "p1.2.2", "p2.2.1", "p1.3.1",
                                         "p1.2.3", "p1.2.4", "p1.3.2", "p1.2.5",
                                         "p1.3.3", "p1.2.6", "p1.4" };
    struct str text = { 0 };
    size_t n;
    str_add(&text, "{\"name\": \"w\", \"task_sets\": [");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        str_addf(&text, "%s{\"name\": \"%s\", \"cores\": %c, \"duration\": 10}", i ? ", " : "",
                 names[i], names[i][3]);
    str_add(&text, "]}");
    struct workflow *w = given_workflow(text.text);
    struct lanes lanes = lanes_of(w, NULL);
    struct repeated_stages *found = loops_of(w, &lanes, &n);
    CU_ASSERT_EQUAL(lanes.n, 2);
    CU_ASSERT_EQUAL(lanes.at[0].n_steps, 9);
    unit_must_be(n, ==, 1);
    CU_ASSERT_EQUAL(found[0].lane, 0);
    CU_ASSERT_EQUAL(found[0].first, 1);
    CU_ASSERT_EQUAL(found[0].period, 2);
    CU_ASSERT_EQUAL(found[0].times, 3);
    CU_ASSERT(found[0].numbers_vary);
    free(found);
    lanes_clear(&lanes);
    workflow_free(w);
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(repeated_stages_are_found),
                                              UNIT_TEST(numbers_may_vary),
                                              UNIT_TEST(names_tell_stages), { NULL, NULL } };
    return unit_run("loops", tests);
}
