#include "traces/station_fit.h"

#include <math.h>
#include <stdlib.h>

#include "num/rng.h"
#include "tests/support/unit.h"

static const struct shared_error none = { 0, 0 };

static void clear(struct sample_list *lists, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(lists[i].at);
}

static void session_means_and_their_interval(void)
{
    struct sample_list lists[4] = { { 0, 0, NULL } };
    const double x[3][2] = { { 1, 3 }, { 2, 6 }, { 4, 8 } };     /* the last session has none */
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 0; i < 2; i++)
            samples_add(&lists[s], x[s][i], x[s][i]);
    struct station_fit f;
    station_fit(&f, lists, 4, 0, "", none);
    unit_is(f.session_mean[0], ==, 2);
    unit_is(f.session_mean[1], ==, 4);
    unit_is(f.session_mean[2], ==, 6);
    unit_near(f.session_mean[3], NAN, 0);
    unit_is(f.n_sessions, ==, 3);
    unit_is(f.n_samples, ==, 6);
    unit_is(f.n_censored, ==, 0);
    unit_alike(f.level.mean, 4, 1e-9);
    unit_is(f.degrees, ==, 2);
    /* t with 2 degrees, sd 2 of 3 means */
    unit_alike(f.level.ci95.high - 4, 4.302653 * 2 / sqrt(3), 1e-5);
    station_fit_clear(&f);
    clear(lists, 4);
}

/* Exponential of mean 3, cut off at 4: those cut off count with what is expected of them. */
static void values_cut_off_are_not_lost(void)
{
    enum { EACH = 600 };
    struct sample_list lists[3] = { { 0, 0, NULL } };
    struct rng_stream r = rng_stream(3, 0, RNG_TEST, 9);
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 0; i < EACH; i++) {
            double x = -3 * log(rng_uniform(&r, s * EACH + i, 0));
            samples_add(&lists[s], fmin(x, 4), x > 4 ? INFINITY : x);
        }
    struct station_fit f;
    station_fit(&f, lists, 3, 0, "", none);
    unit_is(f.n_censored, >, 300);
    unit_alike(f.level.mean, 3, 0.08);
    station_fit_clear(&f);
    clear(lists, 3);
}

/* Polled: middles of ranges, though their lower ends are negative. */
static void polled_means_are_those_of_the_middles(void)
{
    struct sample_list lists[3] = { { 0, 0, NULL } };
    for (size_t s = 0; s < 3; s++) {
        samples_add(&lists[s], -0.6, 0.4);
        samples_add(&lists[s], 0.1, 1.1);
    }
    struct station_fit f;
    station_fit(&f, lists, 3, 1, "", none);
    unit_alike(f.level.mean, 0.25, 1e-9);
    unit_is(f.n_censored, ==, 6);
    CU_ASSERT(dist_is_constant(f.dist));
    station_fit_clear(&f);
    clear(lists, 3);
}

/* Waits of 1 s have the variance 1 / 12. Shown within sessions, it is divided by the number of
 * values; else all values of a session have it in common. */
static void phases_of_polls_are_noise(void)
{
    struct sample_list apart[2] = { { 0, 0, NULL } }, alike[2] = { { 0, 0, NULL } };
    for (size_t s = 0; s < 2; s++)
        for (int i = 0; i < 4; i++) {
            double at = 0.5 * i, shift = 0.2 * (double)s;
            samples_add(&apart[s], at, at + 1);
            samples_add(&alike[s], shift, shift + 1);
        }
    struct station_fit f;
    station_fit(&f, apart, 2, 1, "", none);
    unit_alike(f.noise, 5.0 / 12 / 4, 1e-9);
    station_fit_clear(&f);
    station_fit(&f, alike, 2, 1, "", none);
    unit_alike(f.noise, 1.0 / 12, 1e-9);
    unit_near(f.level.between, 0, 0);
    station_fit_clear(&f);
    clear(apart, 2);
    clear(alike, 2);
}

static void errors_in_common_widen_the_interval(void)
{
    struct sample_list lists[4] = { { 0, 0, NULL } };
    const double x[4] = { 10, 11, 12, 13 };
    for (size_t s = 0; s < 4; s++)
        samples_add(&lists[s], x[s], x[s]);
    struct station_fit alone, shared;
    station_fit(&alone, lists, 4, 0, "", none);
    station_fit(&shared, lists, 4, 0, "",
                (struct shared_error){ alone.level.se * alone.level.se, 3 });
    unit_alike(shared.level.se, sqrt(2) * alone.level.se, 1e-12);
    unit_alike(shared.degrees, 6, 1e-12);
    station_fit_clear(&alone);
    station_fit_clear(&shared);
    clear(lists, 4);
}

static void nothing_gives_nothing(void)
{
    struct sample_list lists[2] = { { 0, 0, NULL } };
    struct station_fit f;
    station_fit(&f, lists, 2, 0, "", none);
    unit_is(f.n_sessions, ==, 0);
    CU_ASSERT_PTR_NULL(f.dist);
    CU_ASSERT_PTR_NULL(f.family);
    unit_near(f.level.mean, NAN, 0);
    station_fit_clear(&f);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(session_means_and_their_interval),
        UNIT_TEST(values_cut_off_are_not_lost),
        UNIT_TEST(polled_means_are_those_of_the_middles),
        UNIT_TEST(phases_of_polls_are_noise),
        UNIT_TEST(errors_in_common_widen_the_interval),
        UNIT_TEST(nothing_gives_nothing),
        { NULL, NULL },
    };
    return unit_run("station_fit", tests);
}
