#include "traces/launches.h"

#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

static double mean_of(const struct sample_list *list)
{
    double sum = 0;
    for (size_t i = 0; i < list->n; i++)
        sum += list->at[i].low;
    return sum / (double)list->n;
}

static bool startups_are(const struct samples *x, double warm_s, double cold_s)
{
    bool are = x->n_tasks > 0;
    for (size_t i = 0; i < x->n_tasks; i++)
        are = are &&
              unit_close(x->tasks[i].startup_s, x->tasks[i].first_wave ? cold_s : warm_s, 1e-6);
    return are;
}

/* Three servers of 0.1 s each: a launch every 0.1 / 3 s, but each task is served for 0.1 s. */
static void servers_share_the_work(void)
{
    for (int servers = 1; servers <= 3; servers++) {
        struct middleware *m = known_middleware();
        m->launch_servers = servers;
        dist_free(m->parameter[STATION_LAUNCH]);
        m->parameter[STATION_LAUNCH] = dist_constant(0.1);
        struct session *s = known_session(m, 2);
        struct samples x;
        samples_init(&x, s, servers);
        CU_ASSERT(x.of[STATION_LAUNCH].n > 50 &&
                  unit_close(mean_of(&x.of[STATION_LAUNCH]), 0.1, 1e-6));
        CU_ASSERT(startups_are(&x, 0.06, 2));
        samples_clear(&x);
        session_free(s);
        middleware_free(m);
    }
}

/* A way of 0.05 s to the launcher delays every launch and is part of start-up, not of service. */
static void the_way_to_the_launcher_belongs_to_start_up(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 2);
    for (size_t i = 0; i < s->timeline->n; i++) {
        s->timeline->records[i].scheduled_s -= 0.05;
        s->tasks[i].at[EVENT_SCHEDULE_OK] -= 0.05;
    }
    struct samples x;
    samples_init(&x, s, 1);
    CU_ASSERT(unit_close(mean_of(&x.of[STATION_LAUNCH]), 0.01, 1e-6) &&
              startups_are(&x, 0.11, 2.05));
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

static void a_launcher_that_stands_still_does_not_serve(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 2);
    for (size_t i = 0; i < s->timeline->n; i++)
        if (s->tasks[i].set == 0 &&
            s->timeline->records[i].task >= 30) /* set a: the rest of its burst comes 7 s later */
            s->tasks[i].at[EVENT_LAUNCH_START] += 7;
    struct samples x;
    samples_init(&x, s, 1);
    CU_ASSERT(x.n_stalls == 1 && unit_close(mean_of(&x.of[STATION_LAUNCH]), 0.01, 1e-6));
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

static void first_on_a_node_and_first_wave_are_seen(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 2);
    struct samples x;
    size_t first = 0, wave = 0, gpu = 0;
    samples_init(&x, s, 1);
    for (size_t i = 0; i < x.n_tasks; i++) {
        first += x.tasks[i].first_on_node;
        wave += x.tasks[i].first_wave;
        gpu += x.tasks[i].gpu;
        CU_ASSERT(unit_close(x.tasks[i].offset_s, x.tasks[i].first_wave ? 0.666 : 0.066, 1e-6));
    }
    CU_ASSERT(first == 8 && wave == 48 && gpu == 48);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(servers_share_the_work),
        UNIT_TEST(the_way_to_the_launcher_belongs_to_start_up),
        UNIT_TEST(a_launcher_that_stands_still_does_not_serve),
        UNIT_TEST(first_on_a_node_and_first_wave_are_seen),
        { NULL, NULL },
    };
    return unit_run("launches", tests);
}
