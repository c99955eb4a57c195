#include "num/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_statistics.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { MOST = 20000 };

static void draw(const struct dist *d, uint64_t stream, size_t n, double *x)
{
    struct rng_stream s = rng_stream(31, 0, RNG_TEST, stream);
    rng_uniform_block(&s, 0, n, 0, x);
    dist_at_block(d, x, n, x);
}

static struct fit fit_exact(const char *family, const double *x, size_t n)
{
    struct fit_sample *s = malloc(n * sizeof *s);
    struct fit fit = { 0 };
    struct error err = { "" };
    for (size_t i = 0; i < n; i++)
        s[i] = (struct fit_sample){ x[i], x[i] };
    CU_ASSERT_EQUAL(fit_family(family, s, n, &fit, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(fit.dist);
    free(s);
    return fit;
}

/* Far from 0 the estimates are mean and sd (with n); information n / sd^2 and 2 n / sd^2; log L = -n (ln sd + ln(2 pi e) / 2). */
static void a_normal_fit_has_the_closed_form(void)
{
    static const double truth[][2] = { { 340, 17 }, { 340, 0.005 } };
    for (size_t k = 0; k < 2; k++) {
        enum { N = 200 };
        double x[N];
        struct dist *d = dist_normal(truth[k][0], truth[k][1]);
        draw(d, 1 + k, N, x);
        double mean = gsl_stats_mean(x, 1, N), sd = gsl_stats_sd_with_fixed_mean(x, 1, N, mean);
        struct fit fit = fit_exact("normal", x, N);
        CU_ASSERT(fabs(fit.parameter[0] - mean) < 1e-4 * sd);
        CU_ASSERT(unit_close(fit.parameter[1], sd, 1e-4));
        CU_ASSERT(unit_close(fit.covariance[0][0], sd * sd / N, 5e-3));
        CU_ASSERT(unit_close(fit.covariance[1][1], sd * sd / (2 * N), 5e-3));
        CU_ASSERT(fabs(fit.covariance[0][1]) < 5e-3 * sd * sd / N && fit.covariance[0][1] == fit.covariance[1][0]);
        CU_ASSERT(unit_close(fit.log_likelihood, -N * (log(sd) + 0.5 * log(2 * M_PI * M_E)), 1e-7));
        CU_ASSERT_STRING_EQUAL(dist_family(fit.dist), "normal");
        CU_ASSERT(dist_mean(fit.dist) == fit.parameter[0] && dist_sd(fit.dist) == fit.parameter[1]);
        fit_clear(&fit);
        fit_clear(&fit);
        dist_free(d);
    }
}

/* mu and sigma are moments of the logarithms; mean = exp(mu + sigma^2 / 2). */
static void a_lognormal_fit_has_the_closed_form(void)
{
    enum { N = 300 };
    double x[N], y[N];
    struct dist *d = dist_lognormal(12, 9);
    draw(d, 3, N, x);
    for (int i = 0; i < N; i++)
        y[i] = log(x[i]);
    double mu = gsl_stats_mean(y, 1, N), sigma = gsl_stats_sd_with_fixed_mean(y, 1, N, mu), mean = exp(mu + sigma * sigma / 2);
    struct fit fit = fit_exact("lognormal", x, N);
    CU_ASSERT(unit_close(fit.parameter[0], mean, 1e-4));
    CU_ASSERT(unit_close(fit.parameter[1], mean * sqrt(expm1(sigma * sigma)), 1e-4));
    /* var(ln mean) = sigma^2 / n + sigma^4 / (2 n) */
    CU_ASSERT(unit_close(fit.covariance[0][0], mean * mean * (gsl_pow_2(sigma) + gsl_pow_4(sigma) / 2) / N, 0.02));
    fit_clear(&fit);
    dist_free(d);
}

/* Of the shape's own equation, 1/k = sum x^k ln x / sum x^k - mean ln x; scale^k = mean x^k. */
static void a_weibull_fit_solves_its_likelihood_equations(void)
{
    enum { N = 300 };
    double x[N], power = 0, weighted = 0, logs = 0;
    struct dist *d = dist_weibull(1.7, 33);
    draw(d, 4, N, x);
    struct fit fit = fit_exact("weibull", x, N);
    double k = fit.parameter[0];
    for (int i = 0; i < N; i++) {
        power += pow(x[i], k);
        weighted += pow(x[i], k) * log(x[i]);
        logs += log(x[i]) / N;
    }
    CU_ASSERT(unit_close(1 / k, weighted / power - logs, 1e-4));
    CU_ASSERT(unit_close(pow(fit.parameter[1], k), power / N, 1e-4));
    fit_clear(&fit);
    dist_free(d);
}

/* The mean of a gamma fit is the samples' mean, var(mean) = sd^2 / n. */
static void a_gamma_fit_keeps_the_mean(void)
{
    enum { N = 300 };
    double x[N];
    struct dist *d = dist_gamma(4, 3);
    draw(d, 5, N, x);
    struct fit fit = fit_exact("gamma", x, N);
    CU_ASSERT(unit_close(fit.parameter[0], gsl_stats_mean(x, 1, N), 1e-5));
    CU_ASSERT(unit_close(fit.covariance[0][0], gsl_pow_2(fit.parameter[1]) / N, 5e-3));
    fit_clear(&fit);
    dist_free(d);
}

/* Total time over the number of ends, also when half the tasks were cut off; variance mean^2 / ends. */
static void a_censored_exponential_is_time_over_ends(void)
{
    enum { N = 400 };
    double x[N], time = 0, ends = 0;
    struct fit_sample s[N];
    struct fit fit;
    struct dist *d = dist_exponential(60);
    draw(d, 6, N, x);
    for (int i = 0; i < N; i++) {
        s[i] = x[i] < 45 ? (struct fit_sample){ x[i], x[i] } : (struct fit_sample){ 45, INFINITY };
        time += s[i].low;
        ends += x[i] < 45;
    }
    CU_ASSERT_EQUAL_FATAL(fit_family("exponential", s, N, &fit, NULL), 0);
    CU_ASSERT(unit_close(fit.parameter[0], time / ends, 1e-5));
    CU_ASSERT(unit_close(fit.covariance[0][0], gsl_pow_2(time / ends) / ends, 5e-3));
    CU_ASSERT(unit_close(fit.log_likelihood, -ends * (1 + log(time / ends)), 1e-9));
    CU_ASSERT_EQUAL(fit.n_parameters, 1);
    fit_clear(&fit);
    dist_free(d);
}

/* A clock of whole units: (k, k + 1]. The geometric distribution's estimate is exact: exp(-1 / mean) = sum k / (n + sum k). */
static void an_exponential_of_whole_seconds_is_geometric(void)
{
    enum { N = 400 };
    double x[N], whole = 0;
    struct fit_sample s[N];
    struct fit fit;
    struct dist *d = dist_exponential(2.2);
    draw(d, 7, N, x);
    for (int i = 0; i < N; i++) {
        s[i] = (struct fit_sample){ floor(x[i]), floor(x[i]) + 1 };
        whole += floor(x[i]);
    }
    CU_ASSERT_EQUAL_FATAL(fit_family("exponential", s, N, &fit, NULL), 0);
    CU_ASSERT(unit_close(exp(-1 / fit.parameter[0]), whole / (N + whole), 1e-5));
    fit_clear(&fit);
    dist_free(d);
}

/* ---- recovery: many small samples of which some are cut off and some rounded ---- */

struct recovery {
    const char *family;
    double truth[2];
    double cut;                          /* what runs longer is cut off here */
};

static struct dist *make(const struct recovery *r)
{
    return strcmp(r->family, "normal") == 0 ? dist_normal(r->truth[0], r->truth[1])
         : strcmp(r->family, "lognormal") == 0 ? dist_lognormal(r->truth[0], r->truth[1])
         : strcmp(r->family, "gamma") == 0 ? dist_gamma(r->truth[0], r->truth[1])
         : strcmp(r->family, "weibull") == 0 ? dist_weibull(r->truth[0], r->truth[1]) : dist_exponential(r->truth[0]);
}

/* Two of three seen exactly, the third by a clock of one second; all cut off at `cut`. */
static struct fit_sample observe(double x, size_t i, double cut)
{
    if (x > cut)
        return (struct fit_sample){ cut, INFINITY };
    return i % 3 ? (struct fit_sample){ x, x } : (struct fit_sample){ floor(x), floor(x) + 1 };
}

/* 300 samples of 80: the mean estimate is within 4 of its own standard errors and 2 % (the bias is of order 1 / n) of the truth;
 * 95 % intervals, on the logarithm, cover as often as they say, but for 2.5 binomial standard errors and what n = 80 costs. */
static void check_recovery(const struct recovery *r)
{
    enum { ROUNDS = 300, N = 80 };
    size_t covered[2] = { 0, 0 }, parameters = 0;
    double estimate[2][ROUNDS], x[N];
    struct fit_sample s[N];
    struct dist *d = make(r);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct fit fit;
        draw(d, 1000 + round, N, x);
        for (size_t i = 0; i < N; i++)
            s[i] = observe(x[i], i, r->cut);
        struct error err = { "" };
        CU_ASSERT_EQUAL_FATAL(fit_family(r->family, s, N, &fit, &err), 0);
        parameters = fit.n_parameters;
        for (size_t k = 0; k < parameters; k++) {
            double error = sqrt(fit.covariance[k][k]) / fit.parameter[k];
            estimate[k][round] = fit.parameter[k];
            covered[k] += fabs(log(fit.parameter[k] / r->truth[k])) < 1.96 * error;
        }
        fit_clear(&fit);
    }
    for (size_t k = 0; k < parameters; k++) {
        double mean = gsl_stats_mean(estimate[k], 1, ROUNDS), error = gsl_stats_sd(estimate[k], 1, ROUNDS) / sqrt(ROUNDS);
        CU_ASSERT(fabs(mean - r->truth[k]) < 4 * error + 0.02 * r->truth[k]);
        CU_ASSERT(covered[k] > 0.90 * ROUNDS && covered[k] < 0.985 * ROUNDS);
    }
    dist_free(d);
}

static void fits_recover_what_made_the_samples(void)
{
    static const struct recovery cases[] = {
        { "normal", { 340, 17 }, 355 }, { "normal", { 20, 8 }, 28 }, { "lognormal", { 20, 15 }, 40 }, { "gamma", { 20, 9 }, 28 },
        { "weibull", { 0.9, 15 }, 35 }, { "weibull", { 6, 120 }, 130 }, { "exponential", { 25 }, 50 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_recovery(&cases[i]);
}

static void the_likelihood_prefers_the_family_that_made_the_samples(void)
{
    static double x[MOST];
    static const struct recovery cases[] = {
        { "normal", { 30, 12 }, 0 }, { "lognormal", { 30, 20 }, 0 }, { "gamma", { 30, 20 }, 0 }, { "weibull", { 4, 30 }, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dist *d = make(&cases[i]);
        const char *best = "";
        double most = -INFINITY;
        draw(d, 50 + i, 3000, x);
        for (const char *const *family = fit_families; *family; family++) {
            struct fit fit = fit_exact(*family, x, 3000);
            if (fit.log_likelihood - (double)fit.n_parameters > most)
                best = *family;
            most = fmax(most, fit.log_likelihood - (double)fit.n_parameters);
            fit_clear(&fit);
        }
        CU_ASSERT_STRING_EQUAL(best, cases[i].family);
        dist_free(d);
    }
}

static void what_determines_nothing_is_refused(void)
{
    const double inf = INFINITY;
    static const char *const two[] = { "normal", "lognormal", "gamma", "weibull" };
    const struct fit_sample same[] = { { 85, 85 }, { 85, 85 }, { 85, 85 } }, cut[] = { { 3, inf }, { 5, inf } };
    const struct fit_sample hour[] = { { 3, 4 }, { 3, 4 }, { 3.5, 5 } }, zero[] = { { 0, 0 }, { 2, 2 }, { 3, 3 } };
    const struct fit_sample backwards[] = { { 1, 1 }, { 3, 2 } }, negative[] = { { 1, 1 }, { -1, 2 } }, none[] = { { 0, 1 }, { 0, 2 } };
    struct fit fit;
    struct error err;
    for (size_t i = 0; i < 4; i++) {
        CU_ASSERT(fit_family(two[i], same, 3, &fit, &err) == -1 && strstr(err.text, "the constant 85"));
        CU_ASSERT(fit_family(two[i], hour, 3, &fit, &err) == -1 && strstr(err.text, "no spread"));
        CU_ASSERT(fit_family(two[i], cut, 2, &fit, &err) == -1 && strstr(err.text, "cut off"));
        if (i > 0)
            CU_ASSERT(fit_family(two[i], zero, 3, &fit, &err) == -1 && strstr(err.text, "sample 0 is 0"));
        CU_ASSERT(fit_family(two[i], same, 1, &fit, &err) == -1 && strstr(err.text, "too few"));
    }
    CU_ASSERT(fit_family("exponential", cut, 2, &fit, &err) == -1 && strstr(err.text, "cut off"));
    CU_ASSERT(fit_family("exponential", none, 2, &fit, &err) == -1 && strstr(err.text, "constant 0"));
    CU_ASSERT(fit_family("exponential", NULL, 0, &fit, &err) == -1 && strstr(err.text, "too few"));
    CU_ASSERT(fit_family("normal", backwards, 2, &fit, &err) == -1 && strstr(err.text, "sample 1"));
    CU_ASSERT(fit_family("normal", negative, 2, &fit, &err) == -1 && strstr(err.text, "sample 1"));
    CU_ASSERT(fit_family("gauss", same, 3, &fit, &err) == -1 && strstr(err.text, "gauss"));
}

/* The density falls from 0 on: a truncated normal of any positive mean is worse than one of a smaller mean. */
static void a_likelihood_without_maximum_is_refused(void)
{
    enum { N = 500 };
    double x[N];
    struct fit_sample s[N];
    struct fit fit;
    struct error err = { "" };
    struct dist *d = dist_exponential(10);
    draw(d, 8, N, x);
    for (size_t i = 0; i < N; i++)
        s[i] = (struct fit_sample){ x[i], x[i] };
    CU_ASSERT_EQUAL(fit_family("normal", s, N, &fit, &err), -1);
    CU_ASSERT(strstr(err.text, "no maximum") != NULL);
    dist_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_normal_fit_has_the_closed_form), UNIT_TEST(a_lognormal_fit_has_the_closed_form),
        UNIT_TEST(a_weibull_fit_solves_its_likelihood_equations), UNIT_TEST(a_gamma_fit_keeps_the_mean),
        UNIT_TEST(a_censored_exponential_is_time_over_ends), UNIT_TEST(an_exponential_of_whole_seconds_is_geometric),
        UNIT_TEST(fits_recover_what_made_the_samples), UNIT_TEST(the_likelihood_prefers_the_family_that_made_the_samples),
        UNIT_TEST(what_determines_nothing_is_refused), UNIT_TEST(a_likelihood_without_maximum_is_refused), { NULL, NULL },
    };
    return unit_run("fit", tests);
}
