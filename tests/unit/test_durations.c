#include "core/durations.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "num/stats.h"
#include "tests/support/unit.h"

static struct workflow *parsed(const char *json)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(json, strlen(json), "test", &err);

    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    return w;
}

static const char plain[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 2000, \"cores\": 1, "
    "\"duration\": {\"distribution\": \"normal\", \"mean\": 340, \"sd\": 20}}, "
    "{\"name\": \"b\", \"tasks\": 3, \"cores\": 1, \"duration\": 7.5}]}";
static const char shared[] =
    "{\"name\": \"w\", \"session_sd\": 0.05, \"task_sets\": [{\"name\": \"a\", \"tasks\": 2000, "
    "\"cores\": 1, "
    "\"set_sd\": 0.1, \"duration\": {\"distribution\": \"normal\", \"mean\": 340, \"sd\": 20}}, "
    "{\"name\": \"b\", \"tasks\": 3, \"cores\": 1, \"duration\": 7.5}]}";

static void a_block_is_its_single_draws(void)
{
    struct workflow *w = parsed(shared);
    struct durations *d = durations_new(w);
    double block[100];

    durations_begin(d, 42, 3);
    for (uint32_t attempt = 0; attempt < 2; attempt++) {
        durations_block(d, 0, 1203, 100, attempt, block);
        for (uint32_t i = 0; i < 100; i++)
            unit_is(block[i], ==, durations_at(d, 0, 1203 + i, attempt));
    }
    durations_free(d);
    workflow_free(w);
}

static void another_seed_replica_or_attempt_is_another_draw(void)
{
    struct workflow *w = parsed(plain);
    struct durations *d = durations_new(w);

    durations_begin(d, 42, 3);
    double here = durations_at(d, 0, 17, 0), again = durations_at(d, 0, 17, 1);
    durations_begin(d, 42, 4);
    double next_replica = durations_at(d, 0, 17, 0);
    durations_begin(d, 43, 3);
    double other_seed = durations_at(d, 0, 17, 0);
    unit_is(here, !=, again);
    unit_is(here, !=, next_replica);
    unit_is(here, !=, other_seed);
    unit_is(next_replica, !=, other_seed);
    durations_begin(d, 42, 3);
    unit_is(durations_at(d, 0, 17, 0), ==, here);
    unit_is(durations_at(d, 1, 2, 0), ==, 7.5);
    durations_free(d);
    workflow_free(w);
}

static void draws_follow_the_distribution(void)
{
    struct workflow *w = parsed(plain);
    struct durations *d = durations_new(w);
    double x[2000];

    durations_begin(d, 7, 0);
    durations_block(d, 0, 0, 2000, 0, x);
    struct stats_summary s = stats_summarise(x, 2000);
    unit_is(fabs(s.mean - 340), <, 4 * 20 / sqrt(2000)); /* four standard errors */
    unit_is(fabs(s.sd - 20), <, 4 * 20 / sqrt(2 * 2000));
    durations_free(d);
    workflow_free(w);
}

/* With shared effects every task of the set is the same multiple of what it is without; sets share
 * the session's. */
static void shared_effects_multiply_the_whole_set(void)
{
    struct workflow *with = parsed(shared), *without = parsed(plain);
    struct durations *d = durations_new(with), *e = durations_new(without);
    double of_a[400], of_b[400];

    for (uint32_t replica = 0; replica < 400; replica++) {
        durations_begin(d, 42, replica);
        durations_begin(e, 42, replica);
        of_a[replica] = durations_at(d, 0, 5, 0) / durations_at(e, 0, 5, 0);
        of_b[replica] = durations_at(d, 1, 0, 0) / 7.5;
        unit_alike(durations_at(d, 0, 1999, 0), of_a[replica] * durations_at(e, 0, 1999, 0), 1e-12);
        unit_is(durations_at(d, 1, 0, 0), ==, durations_at(d, 1, 2, 0));
    }
    struct stats_summary a = stats_summarise(of_a, 400), b = stats_summarise(of_b, 400);
    /* of a product of independent factors of mean 1 */
    double sd_of_a = sqrt(0.1 * 0.1 + 0.05 * 0.05 + 0.1 * 0.1 * 0.05 * 0.05);
    unit_is(fabs(a.sd / sd_of_a - 1), <, 4 / sqrt(2 * 400));
    unit_is(fabs(a.mean - 1), <, 4 * sd_of_a / sqrt(400));
    unit_is(fabs(b.sd / 0.05 - 1), <, 4 / sqrt(2 * 400));
    unit_is(fabs(b.mean - 1), <, 4 * 0.05 / sqrt(400));
    durations_free(d);
    durations_free(e);
    workflow_free(with);
    workflow_free(without);
}

/* What requests of a service take is one multiple of their amount in a replica. */
static void a_service_has_an_effect_on_all_requests(void)
{
    struct workflow *w = parsed(
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"s\", \"cores\": 1, \"service\": "
        "{\"rate\": 2, \"first\": 1.5, \"session_sd\": 0.1}}, {\"name\": \"c\", \"tasks\": 9, "
        "\"cores\": 1, \"phases\": [{\"flow\": \"s\", \"amount\": 3}, "
        "{\"flow\": \"s\", \"amount\": 1}]}]}");
    struct durations *d = durations_new(w);
    double of[400];
    for (uint32_t replica = 0; replica < 400; replica++) {
        durations_begin(d, 42, replica);
        of[replica] = durations_phase(d, 1, 1, 0, 0);
        unit_near(durations_phase(d, 1, 0, 7, 0), 3 * 1.5 * of[replica], 1e-12);
    }
    struct stats_summary s = stats_summarise(of, 400);
    unit_near(s.sd, 0.1, 4 * 0.1 / sqrt(2 * 400));
    unit_near(s.mean, 1, 4 * 0.1 / sqrt(400));
    durations_free(d);
    workflow_free(w);
}

static void an_effect_never_turns_time_back(void)
{
    struct workflow *w = parsed("{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 1, "
                                "\"cores\": 1, \"set_sd\": 2, "
                                "\"duration\": 5}]}");
    struct durations *d = durations_new(w);
    size_t n_zero = 0;

    for (uint32_t replica = 0; replica < 300; replica++) {
        durations_begin(d, 1, replica);
        unit_is(durations_at(d, 0, 0, 0), >=, 0);
        n_zero += durations_at(d, 0, 0, 0) == 0;
    }
    /* P(z < -1/2) = 0.31 of 300 */
    unit_is(n_zero, >, 50);
    unit_is(n_zero, <, 150);
    durations_free(d);
    workflow_free(w);
}

static void given_durations_are_used_as_given(void)
{
    struct workflow *w = workflow_new("w", 1);
    struct error err = { "" };
    double given[] = { 3.25, 8.5, 1.75 };

    w->sets[0].name = xstrdup("a");
    w->sets[0].n_tasks = 3;
    task_traits_own(&w->sets[0])->demand.cores = 1;
    w->sets[0].durations = xmemdup(given, sizeof given);
    w->sets[0].duration = dist_empirical(given, 3);
    unit_must_be(workflow_finish(w, &err), ==, 0);

    struct durations *d = durations_new(w);
    durations_begin(d, 9, 9);
    for (uint32_t i = 0; i < 3; i++) {
        unit_is(durations_at(d, 0, i, 0), ==, given[i]);
        unit_is(durations_at(d, 0, i, 1), ==, given[i]);
        unit_is(durations_expected(w, 0, i), ==, given[i]);
    }
    durations_free(d);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_block_is_its_single_draws),
        UNIT_TEST(another_seed_replica_or_attempt_is_another_draw),
        UNIT_TEST(draws_follow_the_distribution),
        UNIT_TEST(shared_effects_multiply_the_whole_set),
        UNIT_TEST(a_service_has_an_effect_on_all_requests),
        UNIT_TEST(an_effect_never_turns_time_back),
        UNIT_TEST(given_durations_are_used_as_given),
        { NULL, NULL },
    };
    return unit_run("durations", tests);
}
