#include "validation/generations.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

enum { N = 6 };

struct world { struct leave_one_out all; struct session *sessions[N]; };

/* Three sessions of EnTK 1.9 and one of 0.70 through jsrun, one that was interrupted, one of
 * dagcast execute; all take 100 s and are predicted as 100 + i s, +-2 s; the critical path errs by
 * -10 s. */
static struct world world_of(void)
{
    static const char *const versions[N] = { "1.9.2", "0.70.3", "1.9.0", "1.10", "1.9.1", NULL };
    struct world w = { .all = { .of = xcalloc(N, sizeof *w.all.of) } };
    for (int i = 0; i < N; i++) {
        struct session *s = w.sessions[i] = session_new("made-up", "made-up", "test");
        s->generation = versions[i] ? GENERATION_TASK : GENERATION_NONE;
        s->version = versions[i];
        s->launcher = versions[i] ? "jsrun" : NULL;
        s->has_entk = versions[i] != NULL;
        s->executed = !versions[i];
        s->n_interruptions = i == 4;
        struct validation *v = &w.all.of[w.all.n++];
        v->session = s;
        v->measured_s = 100;
        v->error_s = i;
        v->forecast.pi95 = (struct stats_interval){ 98 + i, 102 + i };
        v->in_interval = i <= 2;
        v->interval_score = stats_interval_score(v->forecast.pi95, 0.95, 100);
        for (int b = 0; b < BASELINES; b++)
            v->simpler[b] = (struct simpler_prediction){ 90, -10, 0 };
        v->simpler[BASELINE_CLOSED_FORM] = (struct simpler_prediction){ NAN, NAN, NAN };
    }
    return w;
}

static void world_clear(struct world *w)
{
    for (int i = 0; i < N; i++)
        session_free(w->sessions[i]);
    free(w->all.of);
}

static void rows_are_generations_and_all(void)
{
    struct world w = world_of();
    struct generations g = generations_of(&w.all);
    CU_ASSERT_EQUAL_FATAL(g.n, 4);
    CU_ASSERT_STRING_EQUAL(g.rows[0].name, "EnTK 0.70, jsrun");
    CU_ASSERT_STRING_EQUAL(g.rows[1].name, "EnTK 1.9, jsrun");
    CU_ASSERT_STRING_EQUAL(g.rows[2].name, "dagcast execute");
    CU_ASSERT_STRING_EQUAL(g.rows[3].name, "all");
    CU_ASSERT_EQUAL(g.rows[1].n, 3);
    CU_ASSERT_EQUAL(g.rows[1].n_held, 2);                /* errors 0, 2 and 3 s */
    CU_ASSERT_EQUAL(g.rows[3].n, 5);
    unit_near(g.rows[1].error, 0.02, 1e-12);
    unit_near(g.rows[1].error_p90, 0.028, 1e-12);
    unit_near(g.rows[1].width, 0.04, 1e-12);
    /* one misses by 1 s: 40 times that */
    unit_near(g.rows[1].score, (0.04 * 3 + 0.4) / 3, 1e-12);
    generations_clear(&g);
    world_clear(&w);
}

/* All err by a tenth: 1.96 x 1.4826 tenths of 90 s hold the 10 s. Two others of the generation are
 * too few: all others count. */
static void simpler_predictions_get_intervals(void)
{
    struct world w = world_of();
    struct generations g = generations_of(&w.all);
    unit_near(g.rows[3].simpler_error[BASELINE_CRITICAL_PATH], 0.1, 1e-12);
    unit_near(g.rows[3].simpler_score[BASELINE_CRITICAL_PATH],
              2 * 0.9 * 1.959963984540054 * 1.482602218505602 * 0.1, 1e-12);
    CU_ASSERT(isnan(g.rows[3].simpler_score[BASELINE_CLOSED_FORM]));
    CU_ASSERT(isnan(g.rows[3].simpler_error[BASELINE_CLOSED_FORM]));
    generations_clear(&g);
    world_clear(&w);
}

static void nothing_gives_no_rows(void)
{
    struct leave_one_out none = { 0 };
    struct generations g = generations_of(&none);
    CU_ASSERT_EQUAL(g.n, 0);
    generations_clear(&g);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(rows_are_generations_and_all),
        UNIT_TEST(simpler_predictions_get_intervals),
        UNIT_TEST(nothing_gives_no_rows),
        { NULL, NULL },
    };
    return unit_run("generations", tests);
}
