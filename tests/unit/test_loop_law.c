/* How often a loop repeats, learnt from others. Oracles: Student's t by tables, and coverage over
 * made-up campaigns. */
#include "traces/loop_law.h"

#include <math.h>

#include "num/rng.h"
#include "tests/support/unit.h"

struct span { double low, middle, high; };

static struct span span_of(struct dist *d)
{
    struct span s = { dist_quantile(d, 0.025), dist_quantile(d, 0.5), dist_quantile(d, 0.975) };
    dist_free(d);
    return s;
}

/* Logs 2.303 and 2.773 (twice): mean 2.616, squares 0.147; variance (0.368 + 0.147) / 5, times 4/3:
 * scale 0.371; t(5) at 0.975 is 2.571. */
static void three_loops_give_students_t(void)
{
    struct span s = span_of(loop_law((const double[]){ 16, 10, 16 }, 3));
    unit_near(s.low, 13.7 / exp(2.571 * 0.371), 0.6);
    unit_near(s.middle, 13.7, 0.6);
    unit_near(s.high, 13.7 * exp(2.571 * 0.371), 1.5);
}

static void alone_it_is_about_itself(void)
{
    struct span s = span_of(loop_law_about(16));
    unit_near(s.low, 16 * exp(-1.96 * 0.35), 0.6);
    unit_near(s.high, 16 * exp(1.96 * 0.35), 1);
    s = span_of(loop_law_about(1));
    unit_near(s.low, 1, 0);
}

static void unlike_loops_widen_it(void)
{
    struct span alike = span_of(loop_law((const double[]){ 16, 16, 16, 16, 16 }, 5)),
                unlike = span_of(loop_law((const double[]){ 4, 16, 64, 8, 32 }, 5));
    unit_is(alike.high / alike.low, <, 4);
    unit_is(unlike.high / unlike.low, >, 30);
}

/* Campaigns whose loops differ by `sd` (of logs) about a number of their own: the next one lies
 * within 95 % of what n of them predict, in at least so many of 400 campaigns. */
static void it_covers_campaigns(void)
{
    static const struct { double sd; size_t n; double least; } cases[] = {
        { 0, 1, 396 }, { 0.25, 1, 394 }, { 0.25, 3, 390 }, { 0.5, 1, 380 },
        { 0.5, 4, 370 }, { 1, 4, 330 }, { 1, 10, 360 },
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double held = 0;
        for (uint64_t campaign = 0; campaign < 400; campaign++) {
            struct rng_stream draws = rng_stream(7, (uint32_t)c, RNG_DURATION, campaign);
            double k[11], about = 2.5 + rng_uniform(&draws, 0, 0);
            for (size_t i = 0; i <= cases[c].n; i++) {
                double u = rng_uniform(&draws, 1 + i, 0), v = rng_uniform(&draws, 1 + i, 1);
                k[i] = fmax(1, round(exp(about + cases[c].sd * sqrt(-2 * log(1 - u)) *
                                                     cos(6.283185307179586 * v))));
            }
            struct span s = span_of(loop_law(k, cases[c].n));
            held += k[cases[c].n] >= s.low && k[cases[c].n] <= s.high;
        }
        printf("sd %.2f, %zu known: %.1f %% held\n", cases[c].sd, cases[c].n, held / 4);
        unit_is(held, >=, cases[c].least);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(three_loops_give_students_t), UNIT_TEST(alone_it_is_about_itself),
        UNIT_TEST(unlike_loops_widen_it), UNIT_TEST(it_covers_campaigns), { NULL, NULL },
    };
    return unit_run("loop_law", tests);
}
