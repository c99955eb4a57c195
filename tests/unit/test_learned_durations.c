#include "validation/learned_durations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "num/rng.h"
#include "tests/support/unit.h"

enum { TASKS = 400, DRAWS = 200 };

static struct workflow *planned(const char *text)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "w.json", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    return w;
}

/* All tasks begin at 0 and last 130 s on average, 10 % more or less, though 100 s were planned. */
static struct run_state state_at(double now_s, uint32_t n)
{
    const struct rng_stream s = rng_stream(7, 0, RNG_TEST, 0);
    struct run_state st = run_state_new(n, now_s);
    for (uint32_t t = 0; t < TASKS; t++) {
        double duration_s = 130 * (1 + 0.1 * sqrt(3) * (2 * rng_uniform(&s, t, 0) - 1));
        bool done = duration_s <= now_s;
        st.tasks[t] = (struct run_task){ done ? RUN_DONE : RUN_RUNNING, 0,
                                         done ? duration_s : (double)NAN, NAN, NAN };
    }
    run_state_count(&st);
    return st;
}

static double mean_of(struct learned_durations *l, uint32_t n, uint32_t from, uint32_t to)
{
    double sum = 0, *x = xcalloc(n, sizeof *x);
    for (int r = 0; r < DRAWS; r++) {
        learned_durations_draw(l, x);
        for (uint32_t t = from; t < to; t++)
            sum += x[t] / ((to - from) * DRAWS);
    }
    free(x);
    return sum;
}

static const char text[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 400, "
    "\"duration\": {\"distribution\": \"normal\", \"mean\": 100, \"sd\": 10}}, "
    "{\"name\": \"b\", \"tasks\": 100, \"duration\": 50}]}";

/* A third has ended: those are the shortest, and their mean alone is 10 % too short. The censored
 * ones make up for it. */
static void censored_tasks_are_counted(void)
{
    struct workflow *w = planned(text);
    struct run_state st = state_at(122, w->n_tasks);
    double ended_s = 0;
    for (uint32_t t = 0; t < TASKS; t++)
        ended_s +=
            st.tasks[t].phase == RUN_DONE ? st.tasks[t].stopped_s / (double)st.count[RUN_DONE] : 0;
    struct learned_durations *l = learned_durations_new(w, &st, 1);
    double all_s = mean_of(l, w->n_tasks, 0, TASKS);
    printf("\n  of %zu tasks that have ended: %.1f s; learned: %.1f s; true: 130 s",
           st.count[RUN_DONE], ended_s, all_s);
    unit_is(st.count[RUN_DONE], >, 100);
    unit_is(st.count[RUN_DONE], <, 200);
    unit_is(ended_s, <, 119);
    unit_near(all_s, 130, 5);
    learned_durations_free(l);
    run_state_clear(&st);
    workflow_free(w);
}

/* The other kind has not begun, but this run takes longer than planned. */
static void kinds_tell_of_each_other(void)
{
    struct workflow *w = planned(text);
    struct run_state st = state_at(200, w->n_tasks);
    struct learned_durations *l = learned_durations_new(w, &st, 1);
    double other_s = mean_of(l, w->n_tasks, TASKS, TASKS + 100);
    printf("\n  planned 50 s, learned %.1f s", other_s);
    unit_is(other_s, >, 58);
    unit_is(other_s, <, 66);
    learned_durations_free(l);
    run_state_clear(&st);
    workflow_free(w);
}

static void draws_agree_with_what_is_known(void)
{
    struct workflow *w = planned(text);
    struct run_state st = state_at(122, w->n_tasks);
    struct learned_durations *l = learned_durations_new(w, &st, 3);
    double *x = xcalloc(w->n_tasks, sizeof *x);
    for (int r = 0; r < 20; r++) {
        learned_durations_draw(l, x);
        for (uint32_t t = 0; t < TASKS; t++) {
            if (st.tasks[t].phase == RUN_DONE)
                unit_near(x[t], st.tasks[t].stopped_s, 0);
            else
                unit_is(x[t], >=, 122 * (1 - 1e-12));
        }
    }
    free(x);
    learned_durations_free(l);
    run_state_clear(&st);
    workflow_free(w);
}

static void late_tasks_are_named(void)
{
    struct workflow *w = planned(text);
    struct run_state st = state_at(200, w->n_tasks);
    /* 200 s where others took 130 */
    st.tasks[5] = (struct run_task){ RUN_RUNNING, 0, NAN, NAN, NAN };
    st.tasks[6] = (struct run_task){ RUN_RUNNING, 100, NAN, NAN, NAN };
    run_state_count(&st);
    struct learned_durations *l = learned_durations_new(w, &st, 1);
    CU_ASSERT(learned_durations_is_late(l, 5));
    CU_ASSERT(!learned_durations_is_late(l, 6));
    CU_ASSERT(!learned_durations_is_late(l, 7));
    learned_durations_free(l);
    run_state_clear(&st);
    workflow_free(w);
}

/* Nothing is known: no plan to speak of, nothing has ended, or nothing at all. */
static void little_is_no_trouble(void)
{
    struct workflow *w = planned(
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"duration\": 0}]}");
    struct run_state st = run_state_new(3, 0);
    double x[3];
    for (int i = 0; i < 3; i++) {
        st.tasks[0] = (struct run_task){ i == 0 ? RUN_UNSEEN : RUN_RUNNING, i ? 0.0 : (double)NAN,
                                         NAN, NAN, NAN };
        st.tasks[1] = (struct run_task){ i < 2 ? RUN_UNSEEN : RUN_DONE, i < 2 ? (double)NAN : 0.0,
                                         i < 2 ? (double)NAN : 0.0, NAN, NAN };
        st.now_s = 5 * i;
        run_state_count(&st);
        struct learned_durations *l = learned_durations_new(w, &st, 1);
        learned_durations_draw(l, x);
        for (int t = 0; t < 3; t++) {
            CU_ASSERT(isfinite(x[t]));
            unit_is(x[t], >=, 0);
        }
        learned_durations_free(l);
    }
    run_state_clear(&st);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(censored_tasks_are_counted),     UNIT_TEST(kinds_tell_of_each_other),
        UNIT_TEST(draws_agree_with_what_is_known), UNIT_TEST(late_tasks_are_named),
        UNIT_TEST(little_is_no_trouble),           { NULL, NULL },
    };
    return unit_run("learned_durations", tests);
}
