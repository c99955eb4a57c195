#include "sim/session_means.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/xalloc.h"
#include "num/random_effects.h"
#include "num/rng.h"
#include "num/stats.h"
#include "tests/support/unit.h"

enum { DRAWS = 20000 };

/* A profile of n sessions with these means of two parameters, both estimated from them as
 * calibration does. */
static struct middleware *profile(const double *base, const double *stage, size_t n)
{
    const enum station_parameter which[2] = { STATION_CLIENT_BASE, STATION_NEXT_STAGE };
    const double *means[2] = { base, stage };
    struct middleware *m = middleware_ideal();
    m->n_sessions = n;
    m->sessions = xcalloc(n, sizeof *m->sessions);
    for (size_t s = 0; s < n; s++)
        for (int p = 0; p < STATION_PARAMETERS; p++)
            m->sessions[s].mean[p] = NAN;
    for (int k = 0; k < 2; k++) {
        double v[16] = { 0 };
        struct random_effects r = random_effects_fit(means[k], v, n);
        m->parameter[which[k]] = dist_constant(r.mean);
        m->estimate[which[k]] = (struct station_estimate){ true, r.between, r.se, (int)n - 1 };
        for (size_t s = 0; s < n; s++)
            m->sessions[s].mean[which[k]] = means[k][s];
    }
    return m;
}

static void draw(const struct middleware *m, enum station_parameter p, double *x, size_t n)
{
    double mean[STATION_PARAMETERS];
    for (size_t i = 0; i < n; i++) {
        session_means_draw(m, TRANSFER_KIND, 7, (uint32_t)i, mean);
        x[i] = mean[p];
    }
}

/* Mean, sd and 95 % quantiles are those of Student's t for one more session. */
static void draws_spread_as_a_new_session_would(void)
{
    const double base[] = { 99, 101, 102, 98, 100, 97, 103, 104, 96, 100, 100, 100 },
                 flat[12] = { 0 };
    struct middleware *m = profile(base, flat, 12);
    double *x = xcalloc(DRAWS, sizeof *x), sd = stats_summarise(base, 12).sd * sqrt(1 + 1.0 / 12);
    draw(m, STATION_CLIENT_BASE, x, DRAWS);
    struct stats_summary s = stats_summarise(x, DRAWS);
    unit_alike(s.mean, 100, 0.001);
    /* Student's t with 11 degrees */
    unit_alike(s.sd, sd * sqrt(11.0 / 9), 0.03);
    double wide = stats_quantile(x, DRAWS, 0.975) - stats_quantile(x, DRAWS, 0.025);
    unit_alike(wide, 2 * gsl_cdf_tdist_Pinv(0.975, 11) * sd, 0.08);
    free(x);
    middleware_free(m);
}

/* Half of the middle half of the draws: the middle half of a t with 3 degrees is 2 x 0.7649 sd
 * wide. */
static double half_width(const struct middleware *m, enum transfer transfer,
                         enum station_parameter p, double *x)
{
    double mean[STATION_PARAMETERS];
    for (size_t i = 0; i < DRAWS; i++) {
        session_means_draw(m, transfer, 7, (uint32_t)i, mean);
        x[i] = mean[p];
    }
    return (stats_quantile(x, DRAWS, 0.75) - stats_quantile(x, DRAWS, 0.25)) / 2;
}

/* Outside of what the profile was fitted on: about what such sessions are expected to have, as wide
 * as they were measured to differ. */
static void beyond_the_profile_draws_are_wider(void)
{
    const double alike[] = { 10, 10, 10, 10 };           /* sessions that do not differ at all */
    struct middleware *m = profile(alike, alike, 4);
    m->client_seen = CLIENT_ENTK;
    double *x = xcalloc(DRAWS, sizeof *x),
           before = half_width(m, TRANSFER_KIND, STATION_NEXT_STAGE, x);
    unit_near(before, 0, 1e-9);
    for (enum transfer t = TRANSFER_NEAR; t < TRANSFERS; t++) {
        double within = transfer_sd(CLIENT_ENTK, STATION_NEXT_STAGE, TRANSFER_KIND, 10);
        double beyond = transfer_sd(CLIENT_ENTK, STATION_NEXT_STAGE, t, 10);
        within *= transfer_spread(CLIENT_ENTK, STATION_NEXT_STAGE, t).keeps;
        double width = half_width(m, t, STATION_NEXT_STAGE, x);
        if (width <= before)
            unit_is(beyond, ==, within);
        unit_near(width, 0.7649 * sqrt(beyond * beyond - within * within), 0.12 * beyond);
        unit_near(stats_summarise(x, DRAWS).mean,
                  transfer_mean(CLIENT_ENTK, STATION_NEXT_STAGE, t, 10), 0.2);
    }
    free(x);
    middleware_free(m);
}

/* What is typical of a booking, and by how much it differs, is of brokers that are near: through
 * one 70 times as far away it is 70 times that. */
static void bookings_beyond_the_profile_are_a_brokers(void)
{
    const double alike[] = { 1.4, 1.4, 1.4, 1.4 };
    const enum station_parameter p = STATION_OPEN_TASK, as = STATION_CLOSE_TASK;
    struct middleware *m = profile(alike, alike, 4);
    m->client_seen = CLIENT_ENTK;
    m->parameter[p] = dist_constant(1.4);
    m->estimate[p] = m->estimate[STATION_NEXT_STAGE];
    double *x = xcalloc(DRAWS, sizeof *x);
    for (enum transfer t = TRANSFER_NEAR; t < TRANSFERS; t++) {
        m->broker_s = 1.4;
        m->broker_answers = true;
        struct transfer_spread s = transfer_spread(CLIENT_ENTK, as, t);
        double centre = 70 * transfer_mean(CLIENT_ENTK, as, t, 0.02),
               beyond = hypot(s.share * centre, s.seconds),
               within = s.keeps * transfer_sd(CLIENT_ENTK, as, TRANSFER_KIND, 1.4),
               more = sqrt(beyond * beyond - within * within);
        unit_near(half_width(m, t, p, x), 0.7649 * more, 0.12 * beyond);
        unit_near(stats_summarise(x, DRAWS).mean, centre, 0.03 * centre);
        m->broker_s = 0;                 /* nothing known of it */
        double plain = half_width(m, t, p, x);
        if (t == TRANSFER_FARTHEST)      /* about half of it, as other bookings are */
            unit_is(stats_summarise(x, DRAWS).mean, <, 0.6 * centre);
        else
            unit_near(plain, 0.7649 * more, 0.15 * beyond);
    }
    free(x);
    middleware_free(m);
}

/* A station that took no time in the profile's sessions may take some in another generation and
 * through another launcher; a dropped one does not. */
static void what_took_no_time_may_take_some(void)
{
    const double none[] = { 0, 0, 0, 0 };
    struct middleware *m = profile(none, none, 4);
    m->client_seen = CLIENT_ALONE;
    double *x = xcalloc(DRAWS, sizeof *x);
    half_width(m, TRANSFER_FARTHEST, STATION_CLIENT_BASE, x);
    unit_near(stats_quantile(x, DRAWS, 0.25), 0, 1e-9);
    unit_is(stats_quantile(x, DRAWS, 0.9), >, 0.35);
    middleware_set_constant(m, STATION_CLIENT_BASE, 0);
    half_width(m, TRANSFER_FARTHEST, STATION_CLIENT_BASE, x);
    unit_near(stats_quantile(x, DRAWS, 0.9), 0, 1e-9);
    free(x);
    middleware_free(m);
}

/* A hand-made profile of one session, no spread given: as sessions of a kind differ, once for it
 * and once for the new one. */
static void one_session_says_nothing_of_the_spread(void)
{
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_LAUNCH] = dist_constant(0.2);
    m->n_sessions = 1;
    m->sessions = xcalloc(1, sizeof *m->sessions);
    for (int p = 0; p < STATION_PARAMETERS; p++)
        m->sessions[0].mean[p] = NAN;
    double *x = xcalloc(DRAWS, sizeof *x);
    /* nothing is known of its client */
    unit_near(half_width(m, TRANSFER_KIND, STATION_LAUNCH, x), 0, 1e-12);
    m->client_seen = CLIENT_ALONE;
    double sd = sqrt(2) * transfer_sd(CLIENT_ALONE, STATION_LAUNCH, TRANSFER_KIND, 0.2);
    /* the upper quartile of Student's t with the degrees of a launcher */
    double quartile =
        gsl_cdf_tdist_Pinv(0.75, transfer_degrees(CLIENT_ALONE, STATION_LAUNCH));
    unit_near(half_width(m, TRANSFER_KIND, STATION_LAUNCH, x), quartile * sd, 0.05 * sd);
    half_width(m, TRANSFER_KIND, STATION_NOTIFY, x);
    /* a station that it does not have */
    unit_near(stats_quantile(x, DRAWS, 0.99), 0, 1e-12);
    free(x);
    middleware_free(m);
}

/* Twice the tasks, and the launcher takes 1 to 2^1.5 times as long, differently in each replica; up
 * to the tasks that it was seen with it does not slow down. */
static void launchers_slow_down_with_the_tasks(void)
{
    struct middleware *m = middleware_ideal();
    m->launch_slows_from = 64;
    unit_near(session_means_slowing(m, 128, 7, 0), 1, 0);
    m->launch_slows = 1.5;
    unit_near(session_means_slowing(m, 64, 7, 0), 1, 0);
    double least = INFINITY, most = 0, sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        double exponent = log2(session_means_slowing(m, 128, 7, i));
        least = fmin(least, exponent);
        most = fmax(most, exponent);
        sum += exponent;
    }
    unit_near(least, 0, 0.01);
    unit_near(sum / DRAWS, 0.75, 0.02);
    unit_near(most, 1.5, 0.01);
    middleware_free(m);
}

/* `unexplained` moves all stations of a replica by one factor. */
static void the_unexplained_is_shared(void)
{
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_CLIENT_BASE] = dist_constant(4);
    m->parameter[STATION_LAUNCH] = dist_constant(0.5);
    m->unexplained = 0.06;
    double *x = xcalloc(DRAWS, sizeof *x), mean[STATION_PARAMETERS];
    unit_near(half_width(m, TRANSFER_KIND, STATION_CLIENT_BASE, x), 4 * 0.06 * 0.7649, 0.01);
    for (uint32_t i = 0; i < 100; i++) {
        session_means_draw(m, TRANSFER_KIND, 7, i, mean);
        unit_near(mean[STATION_LAUNCH], mean[STATION_CLIENT_BASE] / 8, 1e-12);
    }
    free(x);
    middleware_free(m);
}

/* Stations that went up and down together do so in replicas. */
static void stations_keep_their_dependence(void)
{
    /* stage = 46 - 2 base */
    const double base[] = { 10, 12, 11, 13.5 }, stage[] = { 26, 22, 24, 19 };
    struct middleware *m = profile(base, stage, 4);
    double mean[STATION_PARAMETERS];
    for (uint32_t i = 0; i < 1000; i++) {
        session_means_draw(m, TRANSFER_KIND, 7, i, mean);
        if (mean[STATION_CLIENT_BASE] > 0 && mean[STATION_NEXT_STAGE] > 0)
            unit_alike(mean[STATION_NEXT_STAGE], 46 - 2 * mean[STATION_CLIENT_BASE], 1e-9);
    }
    middleware_free(m);
}

/* Two sessions differ along one line, whatever the truth is. Where a prior says how much stations
 * differ, half of the variance of a draw is along it, and half each station's own. */
static void two_sessions_say_little_of_what_goes_together(void)
{
    const double base[] = { 99, 101 }, stage[] = { 203, 197 };
    const enum station_parameter which[2] = { STATION_CLIENT_BASE, STATION_NEXT_STAGE };
    struct middleware *m = profile(base, stage, 2);
    double *x = xcalloc(DRAWS, sizeof *x), *y = xcalloc(DRAWS, sizeof *y), sum[3] = { 0 };
    for (int k = 0; k < 2; k++)
        m->estimate[which[k]] = (struct station_estimate){ true, 2, 1, 9 };
    draw(m, which[0], x, DRAWS);
    draw(m, which[1], y, DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        sum[0] += (x[i] - 100) * (x[i] - 100);
        sum[1] += (x[i] - 100) * (y[i] - 200);
        sum[2] += (y[i] - 200) * (y[i] - 200);
    }
    unit_near(sum[1] / sqrt(sum[0] * sum[2]), -0.5, 0.02);
    unit_alike(sum[0] / DRAWS, (4 + 1) * 9.0 / 7, 0.03);
    xfree(x, y);
    middleware_free(m);
}

/* Where the sessions are alike but for the noise of few samples, only the mean's own uncertainty is
 * left. */
static void without_spread_between_sessions_the_mean_is_uncertain(void)
{
    const double base[] = { 99, 101, 100, 100 }, flat[4] = { 0 };
    struct middleware *m = profile(base, flat, 4);
    m->estimate[STATION_CLIENT_BASE] = (struct station_estimate){ true, 0, 0.4, 3 };
    double *x = xcalloc(DRAWS, sizeof *x);
    draw(m, STATION_CLIENT_BASE, x, DRAWS);
    double wide = stats_quantile(x, DRAWS, 0.975) - stats_quantile(x, DRAWS, 0.025);
    unit_alike(wide, 2 * gsl_cdf_tdist_Pinv(0.975, 3) * 0.4, 0.08);
    free(x);
    middleware_free(m);
}

/* Four sessions of a normal population, one more that nobody has seen: the 95 % range of draws
 * holds it in 93 to 97 of 100. */
static void a_new_session_lies_where_the_profile_says(void)
{
    enum { TRIALS = 800, SESSIONS = 4, EACH = 400 };
    struct rng_stream s = rng_stream(11, 0, RNG_TEST, 2);
    double *x = xcalloc(EACH, sizeof *x);
    size_t held = 0;
    for (size_t t = 0; t < TRIALS; t++) {
        double z[SESSIONS + 1], flat[SESSIONS] = { 0 };
        for (size_t i = 0; i <= SESSIONS; i++)
            z[i] = 100 + 3 * gsl_cdf_ugaussian_Pinv(rng_uniform(&s, t * (SESSIONS + 1) + i, 0));
        struct middleware *m = profile(z, flat, SESSIONS);
        draw(m, STATION_CLIENT_BASE, x, EACH);
        held += stats_quantile(x, EACH, 0.025) <= z[SESSIONS] &&
                z[SESSIONS] <= stats_quantile(x, EACH, 0.975);
        middleware_free(m);
    }
    struct stats_interval share = stats_binomial_ci95(held, TRIALS);
    unit_is(share.low, <, 0.97);
    unit_is(share.high, >, 0.93);
    free(x);
}

/* Without an estimate: one of the sessions as it is, and the parameter's own where it has none. */
static void given_sessions_are_drawn_as_they_are(void)
{
    const double base[] = { 10, 12, 11 }, stage[] = { 1, 2, 3 };
    struct middleware *m = profile(base, stage, 3);
    m->estimate[STATION_CLIENT_BASE].known = m->estimate[STATION_NEXT_STAGE].known = false;
    m->sessions[1].mean[STATION_NEXT_STAGE] = NAN;
    double mean[STATION_PARAMETERS];
    size_t seen[3] = { 0 };
    for (uint32_t i = 0; i < 300; i++) {
        session_means_draw(m, TRANSFER_KIND, 7, i, mean);
        int k = mean[STATION_CLIENT_BASE] == 10 ? 0 : mean[STATION_CLIENT_BASE] == 12 ? 1 : 2;
        seen[k]++;
        unit_is(mean[STATION_CLIENT_BASE], ==, base[k]);
        unit_is(mean[STATION_NEXT_STAGE], ==,
                k == 1 ? dist_mean(m->parameter[STATION_NEXT_STAGE]) : stage[k]);
    }
    unit_is(seen[0], >, 60);
    unit_is(seen[1], >, 60);
    unit_is(seen[2], >, 60);
    middleware_free(m);
}

/* A prior, and a profile without any session: no crash, the spread that is said. */
static void a_prior_needs_no_sessions(void)
{
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_NEXT_RUN] = dist_constant(50);
    m->estimate[STATION_NEXT_RUN] = (struct station_estimate){ true, 3, 0, 0 };
    double *x = xcalloc(DRAWS, sizeof *x);
    draw(m, STATION_NEXT_RUN, x, DRAWS);
    struct stats_summary s = stats_summarise(x, DRAWS);
    unit_alike(s.mean, 50, 0.005);
    unit_alike(s.sd, 3, 0.03);
    free(x);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(draws_spread_as_a_new_session_would),
        UNIT_TEST(beyond_the_profile_draws_are_wider),
        UNIT_TEST(bookings_beyond_the_profile_are_a_brokers),
        UNIT_TEST(what_took_no_time_may_take_some),
        UNIT_TEST(one_session_says_nothing_of_the_spread),
        UNIT_TEST(launchers_slow_down_with_the_tasks),
        UNIT_TEST(the_unexplained_is_shared),
        UNIT_TEST(stations_keep_their_dependence),
        UNIT_TEST(two_sessions_say_little_of_what_goes_together),
        UNIT_TEST(without_spread_between_sessions_the_mean_is_uncertain),
        UNIT_TEST(a_new_session_lies_where_the_profile_says),
        UNIT_TEST(given_sessions_are_drawn_as_they_are),
        UNIT_TEST(a_prior_needs_no_sessions),
        { NULL, NULL },
    };
    return unit_run("session_means", tests);
}
