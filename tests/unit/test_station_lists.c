#include "traces/station_lists.h"

#include <math.h>
#include <string.h>

#include "tests/support/unit.h"

enum { SESSIONS = 3, BULKS = 4, CLOSES = 4 };

struct given {
    struct samples sessions[SESSIONS];
    struct bulk_sample bulks[SESSIONS][BULKS];
    struct close_sample closes[SESSIONS][CLOSES];
    struct open_sample opens[SESSIONS][CLOSES];
    struct fit_sample bookings[SESSIONS][1], bootstrap[SESSIONS][1];
};

/* Bulks of base + s + per_task n, 6 more for the first; stages closed after 2 s + open_task n; a
 * task is booked in 0.25 s. */
static void fill(struct given *g, double base, double per_task, double open_task)
{
    memset(g, 0, sizeof *g);
    for (size_t s = 0; s < SESSIONS; s++) {
        g->sessions[s].bulks = g->bulks[s];
        g->sessions[s].n_bulks = BULKS;
        g->sessions[s].closes = g->closes[s];
        g->sessions[s].opens = g->opens[s];
        g->sessions[s].n_closes = g->sessions[s].n_opens = CLOSES;
        g->bookings[s][0] = (struct fit_sample){ 0.25, 0.25 };
        g->sessions[s].of[STATION_CLOSE_TASK] = (struct sample_list){ .n = 1,
                                                                      .at = g->bookings[s] };
        g->bootstrap[s][0] = (struct fit_sample){ 99, 100 };
        g->sessions[s].of[STATION_BOOTSTRAP] = (struct sample_list){ .n = 1,
                                                                     .at = g->bootstrap[s] };
        g->sessions[s].n_first = 30;
        for (size_t i = 0; i < BULKS; i++) {
            double n = 10 + 20 * (double)((i + s) % BULKS), wave = i % 2 ? 0.01 : -0.01;
            double took = open_task * n + wave, late = i % 2 ? 0 : 0.25;
            g->bulks[s][i] =
                (struct bulk_sample){ n, base + 0.1 * (double)s + per_task * n + (i == 0 ? 6 : 0),
                                      i == 0 };
            g->opens[s][i] = (struct open_sample){ n, 1 + took };
            g->closes[s][i] = (struct close_sample){
                .n_tasks = n, .delay_s = { 2 + took + late, 2 + took + late }, .booked = i % 2
            };
        }
    }
}

static void costs_of_bulks_come_apart(void)
{
    struct given g;
    struct station_lists l;
    fill(&g, 1.5, 0.02, 0);
    station_lists_init(&l, g.sessions, SESSIONS, 2.3);
    unit_alike(l.per_task.level.mean, 0.02, 1e-9);
    unit_is(l.per_task.n_sessions, ==, SESSIONS);
    for (size_t s = 0; s < SESSIONS; s++) {
        unit_must_be(l.of[STATION_CLIENT_BASE][s].n, ==, BULKS - 1);
        unit_is(l.of[STATION_CLIENT_FIRST][s].n, ==, 1);
        unit_alike(l.of[STATION_CLIENT_BASE][s].at[0].low, 1.5 + 0.1 * (double)s, 1e-9);
        unit_alike(l.of[STATION_CLIENT_FIRST][s].at[0].low, 6, 1e-9);
    }
    station_lists_clear(&l);
}

/* A base below 0 is none: then tasks alone cost, in proportion. */
static void no_bulk_is_free_below_nothing(void)
{
    struct given g;
    struct station_lists l;
    fill(&g, -0.4, 0.05, 0);
    station_lists_init(&l, g.sessions, SESSIONS, 2.3);
    double xy = 0, xx = 0;
    for (size_t s = 0; s < SESSIONS; s++)
        for (size_t i = 1; i < BULKS; i++) {
            xy += g.bulks[s][i].n_tasks * g.bulks[s][i].cost_s;
            xx += g.bulks[s][i].n_tasks * g.bulks[s][i].n_tasks;
        }
    unit_alike(l.per_task.level.mean, xy / xx, 0.05);
    station_lists_clear(&l);
}

/* One bulk a session, the first: its cost beyond the base that is assumed. */
static void a_single_bulk_is_told_from_the_assumed_base(void)
{
    struct given g;
    struct station_lists l;
    fill(&g, 1.5, 0.02, 0);
    for (size_t s = 0; s < SESSIONS; s++)
        g.sessions[s].n_bulks = 1;
    station_lists_init(&l, g.sessions, SESSIONS, 2.3);
    unit_is(l.of[STATION_CLIENT_BASE][0].n, ==, 0);
    unit_is(l.per_task.n_sessions, ==, 0);
    unit_is(l.per_task.level.mean, ==, 0);
    unit_alike(l.of[STATION_CLIENT_FIRST][0].at[0].low, g.bulks[0][0].cost_s - 2.3, 1e-9);
    station_lists_clear(&l);
}

/* Creating tasks is taken out of what follows a stage, and out of the bootstrap; so is the booking
 * of a stage's last task where EnTK did not record when. */
static void creating_each_task_is_taken_only_when_sure(void)
{
    struct given g;
    struct station_lists l;
    fill(&g, 1.5, 0.02, 1.2);
    station_lists_init(&l, g.sessions, SESSIONS, 2.3);
    unit_alike(l.open_task.level.mean, 1.2, 0.01);
    unit_is(l.open_task.n_sessions, ==, SESSIONS);
    unit_is(l.open_task.p, <, 1e-9);
    for (size_t i = 0; i < CLOSES; i++)
        unit_is(fabs(l.of[STATION_NEXT_STAGE][0].at[i].low - 2), <, 0.05);
    unit_alike(l.of[STATION_BOOTSTRAP][0].at[0].high, 100 - 30 * 1.2, 0.01);
    station_lists_clear(&l);
    fill(&g, 1.5, 0.02, 0.00001);
    station_lists_init(&l, g.sessions, SESSIONS, 2.3);
    unit_is(l.open_task.level.mean, ==, 0);
    unit_must_be(l.open_task.n_sessions, ==, 0);
    unit_is(l.of[STATION_NEXT_STAGE][0].n, ==, CLOSES);
    unit_is(l.of[STATION_BOOTSTRAP][0].at[0].high, ==, 100);
    station_lists_clear(&l);
}

/* Three sessions alike but for their brokers: what follows a stage is the same, and all bookings
 * together are known as for the mean broker, with no difference left. */
static void bookings_are_for_the_mean_broker(void)
{
    static const double broker_s[SESSIONS] = { 0.5, 1, 1.5 };
    struct given g;
    struct station_lists l;
    fill(&g, 1.5, 0.02, 0);
    for (size_t s = 0; s < SESSIONS; s++) {
        g.sessions[s].broker_s = broker_s[s];
        g.sessions[s].broker_answers = true;
        g.bookings[s][0].low = g.bookings[s][0].high = 0.8 * broker_s[s];
        for (size_t i = 0; i < CLOSES; i++) {
            double open_s = 1.2 * broker_s[s] * g.opens[s][i].n_tasks, left_s = 2 + open_s;
            g.opens[s][i].took_s = 1 + open_s;
            g.closes[s][i].delay_s = (struct fit_sample){ left_s, left_s };
            g.closes[s][i].booked = true;
        }
    }
    station_lists_init(&l, g.sessions, SESSIONS, 2.3);
    unit_near(l.broker_s, 1, 1e-12);
    unit_near(l.open_task.level.mean, 1.2, 1e-9);
    unit_near(l.open_task.level.between, 0, 1e-9);
    for (size_t s = 0; s < SESSIONS; s++) {
        unit_near(l.open_task.session[s], 1.2, 1e-9);
        unit_near(l.of[STATION_CLOSE_TASK][s].at[0].low, 0.8, 1e-12);
        unit_near(l.of[STATION_CLOSE_TASK][s].at[0].high, 0.8, 1e-12);
        unit_near(l.of[STATION_NEXT_STAGE][s].at[0].low, 2, 1e-9);
        unit_near(l.of[STATION_BOOTSTRAP][s].at[0].high, 100 - 30 * 1.2 * broker_s[s], 1e-9);
    }
    station_lists_clear(&l);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(costs_of_bulks_come_apart),
        UNIT_TEST(no_bulk_is_free_below_nothing),
        UNIT_TEST(a_single_bulk_is_told_from_the_assumed_base),
        UNIT_TEST(creating_each_task_is_taken_only_when_sure),
        UNIT_TEST(bookings_are_for_the_mean_broker),
        { NULL, NULL },
    };
    return unit_run("station_lists", tests);
}
