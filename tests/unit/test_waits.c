#include "num/waits.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

enum { JOBS = 600, NEW_JOBS = 2000 };

static size_t level_of(double p)
{
    size_t best = 0;
    for (size_t l = 1; l < WAITS_LEVELS; l++)
        if (fabs(waits_level(l) - p) < fabs(waits_level(best) - p))
            best = l;
    return best;
}

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

/* A queue of its own kind: waits grow with nodes, and their tail is of index `tail`. */
static struct past_wait random_job(uint64_t *state, double tail)
{
    double nodes = pow(2, floor(6 * uniform(state))),
           hours = 0.5 * pow(2, floor(4 * uniform(state)));
    return (struct past_wait){ .size = nodes,
                               .length_s = 3600 * hours,
                               .submitted_s = uniform(state),
                               .wait_s = 10 * nodes * pow(uniform(state), -1 / tail) };
}

static struct waits *random_queue(uint64_t *state, double tail, size_t n)
{
    struct past_wait *jobs = xcalloc(n, sizeof *jobs);
    for (size_t i = 0; i < n; i++)
        jobs[i] = random_job(state, tail);
    struct waits *w = waits_new(jobs, n);
    free(jobs);
    return w;
}

/* The share of jobs that were not among the past ones. */
static double share_covered(const struct waits *w, uint64_t *state, double tail, double level)
{
    size_t inside = 0;
    for (size_t i = 0; i < NEW_JOBS; i++) {
        struct past_wait job = random_job(state, tail);
        inside += job.wait_s <= waits_quantile(w, job.size, job.length_s, level_of(level));
    }
    return (double)inside / NEW_JOBS;
}

/* Over several queues: their sd is 0.03 a queue at the median, 0.014 at 95 %. */
static void quantiles_cover_jobs_that_were_not_seen(void)
{
    static const double tails[] = { 0.5, 1.2, 3 }; /* without a mean, without a variance, light */
    enum { QUEUES = 8 };
    for (size_t i = 0; i < 3; i++) {
        uint64_t state = 2385 + i;
        double half = 0, most = 0;
        for (int k = 0; k < QUEUES; k++) {
            struct waits *w = random_queue(&state, tails[i], JOBS);
            half += share_covered(w, &state, tails[i], 0.5) / QUEUES;
            most += share_covered(w, &state, tails[i], 0.95) / QUEUES;
            waits_free(w);
        }
        unit_near(half, 0.5, 0.035);
        unit_near(most, 0.95, 0.015);
    }
}

static void jobs_left_out_are_covered_as_asked(void)
{
    uint64_t state = 17;
    struct waits *w = random_queue(&state, 0.7, JOBS);
    for (size_t l = 0; l < WAITS_LEVELS; l++) {
        unit_near(waits_coverage(w, l).left_out, waits_level(l), 0.01);
        unit_near(waits_coverage(w, l).forecast, waits_level(l), 0.06);
    }
    CU_ASSERT_EQUAL(waits_coverage(w, 0).n, JOBS);
    waits_free(w);
}

static void more_nodes_wait_longer_where_they_did(void)
{
    uint64_t state = 5;
    struct waits *w = random_queue(&state, 3, JOBS);
    size_t median = level_of(0.5);
    unit_is(waits_quantile(w, 32, 3600, median), >, 5 * waits_quantile(w, 1, 3600, median));
    waits_free(w);
}

/* What was submitted last counts: the queue has become twenty times as slow. */
static void the_last_jobs_count(void)
{
    struct past_wait jobs[80];
    for (size_t i = 0; i < 80; i++)
        jobs[i] = (struct past_wait){ 16, 7200, (double)(80 - i),
                                      (i < 40 ? 20 : 1) * (100 + (double)(i % 40)) };
    struct waits *w = waits_new(jobs, 80);
    unit_is(waits_quantile(w, 16, 7200, level_of(0.5)), >, 1500);
    waits_free(w);
}

static void waits_of_one_length_are_known(void)
{
    struct past_wait jobs[WAITS_LEAST];
    for (size_t i = 0; i < WAITS_LEAST; i++)
        jobs[i] = (struct past_wait){ 4, NAN, NAN, 23.85 };
    struct waits *w = waits_new(jobs, WAITS_LEAST);
    struct dist *d = waits_dist(w, 7, NAN);
    unit_near(waits_quantile(w, 4, NAN, level_of(0.5)), 23.85, 1e-9);
    unit_near(dist_quantile(d, 0.1), 23.85, 1e-9);
    unit_near(dist_quantile(d, 1), 23.85, 1e-9);
    /* 20 jobs say nothing of 99 %, and no forecast is tested by 30 earlier ones */
    CU_ASSERT(isnan(waits_quantile(w, 4, NAN, level_of(0.99))));
    CU_ASSERT(isnan(waits_coverage(w, level_of(0.99)).left_out));
    CU_ASSERT(isnan(waits_coverage(w, level_of(0.5)).forecast));
    dist_free(d);
    waits_free(w);
}

static void the_distribution_has_the_quantiles(void)
{
    uint64_t state = 99;
    struct waits *w = random_queue(&state, 1, JOBS);
    struct dist *d = waits_dist(w, 4, 7200);
    double last = 0;
    for (size_t l = 0; l < WAITS_LEVELS; l++) {
        double q = waits_quantile(w, 4, 7200, l);
        unit_near(dist_quantile(d, waits_level(l)), q, 1e-9 * q);
        unit_is(q, >=, last);
        last = q;
    }
    dist_free(d);
    waits_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(quantiles_cover_jobs_that_were_not_seen),
        UNIT_TEST(jobs_left_out_are_covered_as_asked),
        UNIT_TEST(more_nodes_wait_longer_where_they_did),
        UNIT_TEST(the_last_jobs_count),
        UNIT_TEST(waits_of_one_length_are_known),
        UNIT_TEST(the_distribution_has_the_quantiles),
        { NULL, NULL },
    };
    return unit_run("waits", tests);
}
