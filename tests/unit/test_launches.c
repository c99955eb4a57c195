#include "traces/samples_impl.h"

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
        unit_must_be(x.of[STATION_LAUNCH].n, >, 50);
        unit_alike(mean_of(&x.of[STATION_LAUNCH]), 0.1, 1e-6);
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
    unit_alike(mean_of(&x.of[STATION_LAUNCH]), 0.01, 1e-6);
    CU_ASSERT(startups_are(&x, 0.11, 2.05));
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
    unit_must_be(x.n_stalls, ==, 1);
    unit_alike(mean_of(&x.of[STATION_LAUNCH]), 0.01, 1e-6);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

static void first_on_a_node_and_first_wave_are_seen(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 2);
    struct samples x;
    size_t first = 0, wave = 0, gpu = 0, change = 0, changes = 0;
    samples_init(&x, s, 1);
    for (size_t i = 0; i < x.n_tasks; i++) {
        first += x.tasks[i].first_on_node;
        wave += x.tasks[i].first_wave;
        change += x.tasks[i].node_change;
        gpu += x.tasks[i].gpu;
        unit_alike(x.tasks[i].offset_s, x.tasks[i].first_wave ? 0.666 : 0.066, 1e-6);
    }
    unit_is(first, ==, 8);
    unit_is(wave, ==, 48);
    unit_is(gpu, ==, 48);
    for (size_t i = 1; i < s->timeline->n; i++) {        /* all are launched in order of start */
        struct timeline_slots a, b;
        changes += timeline_slots_first(s->timeline, i - 1, &a) &&
                   timeline_slots_first(s->timeline, i, &b) && a.node != b.node;
    }
    CU_ASSERT_EQUAL(change, changes);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* Three wait for an end; the first begins 0.6 s later, of which 0.06 s is its start-up. One
 * launched 0.2 s after the end was kept until 170 s: by then the first had tried. */
static void a_kept_task_tells_when_it_tried_again(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 2);
    struct timeline_record *r = s->timeline->records;
    size_t last = s->timeline->n - 1;
    double until_s = r[last - 4].started_s;
    for (size_t i = last - 3; i <= last - 1; i++) {
        s->tasks[i].kept_until_s = until_s;
        s->tasks[i].kept = true;
        r[i].started_s = until_s + 0.6 + 0.3 * (double)(i - last + 3);
    }
    struct samples x;
    samples_init(&x, s, 1);
    CU_ASSERT_EQUAL_FATAL(x.of[STATION_LAUNCH_RETRY].n, 1);
    unit_near(x.of[STATION_LAUNCH_RETRY].at[0].low, 0.6 - 0.06, 1e-6);
    unit_near(x.of[STATION_LAUNCH_RETRY].at[0].high, 0.6 - 0.06, 1e-6);
    samples_clear(&x);
    s->tasks[last].at[EVENT_LAUNCH_START] = until_s + 0.2;
    s->tasks[last].kept_until_s = until_s + 70;
    s->tasks[last].kept = true;
    samples_init(&x, s, 1);
    unit_near(x.of[STATION_LAUNCH_RETRY].at[0].low, 0, 1e-9);
    unit_near(x.of[STATION_LAUNCH_RETRY].at[0].high, 0.2, 1e-6);
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
        UNIT_TEST(a_kept_task_tells_when_it_tried_again),
        { NULL, NULL },
    };
    return unit_run("launches", tests);
}
