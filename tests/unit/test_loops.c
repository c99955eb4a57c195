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
        str_addf(&text, "%s{\"name\": \"s%zu\", \"cores\": %d, \"tasks\": %d, \"duration\": %d}", i ? ", " : "", i,
                 (stages[i] | 32) - 'a' + 1, stages[i] < 'a' ? 7 : 3, 10 * ((stages[i] | 32) - 'a' + 1));
    str_add(&text, "], \"pipelines\": [{\"stages\": [");
    for (size_t i = 0; stages[i]; i++)
        str_addf(&text, "%s[\"s%zu\"]", i ? ", " : "", i);
    str_add(&text, "]}]}");
    struct workflow *w = given_workflow(text.text);
    struct repeated_stages *found = loops_of(w, n);
    workflow_free(w);
    str_clear(&text);
    return found;
}

static void check(const char *stages, size_t first, size_t period, size_t times, double alike)
{
    size_t n;
    struct repeated_stages *r = found_in(stages, &n);
    CU_ASSERT_EQUAL(n, times > 0);
    if (n > 0 && times > 0)
        CU_ASSERT(r->first == first && r->period == period && r->times == times && unit_close(r->alike, alike, 1e-12));
    free(r);
}

static void repeated_stages_are_found(void)
{
    check("aaaa", 0, 1, 4, 1);
    check("ababab", 0, 2, 3, 1);
    check("cabcabcabc", 0, 3, 3, 1);
    check("zabababab", 1, 2, 4, 1);
    check("abcd", 0, 0, 0, 0);
    check("abab", 0, 0, 0, 0);           /* twice is no loop yet */
}

/* A capital is a stage with another number of tasks. */
static void numbers_may_vary(void)
{
    size_t n;
    struct repeated_stages *r = found_in("abaBabab", &n);
    CU_ASSERT(n == 1 && r->period == 2 && r->times == 4 && r->numbers_vary && unit_close(r->alike, 4.0 / 6, 1e-12));
    free(r);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(repeated_stages_are_found), UNIT_TEST(numbers_may_vary), { NULL, NULL } };
    return unit_run("loops", tests);
}
