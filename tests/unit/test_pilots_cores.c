/* Jobs side by side. Oracle: a plain list of cores that come and go. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/pilot_world.h"
#include "tests/support/unit.h"

enum { PILOTS = 3, CORES = 2, JOBS = 4 };

struct plain { /* tasks of one core and one duration */
    double task_s, walltime_s;
    double up_s[PILOTS], down_s[PILOTS];
    int job[PILOTS];
    double busy_until_s[PILOTS][CORES]; /* 0: idle */
    int waiting;
};

/* The next instant after now_s at which something ends or comes. */
static double next_instant(const struct plain *p, double now_s)
{
    double next_s = INFINITY;
    for (int i = 0; i < PILOTS; i++) {
        next_s = p->up_s[i] > now_s ? fmin(next_s, p->up_s[i]) : next_s;
        next_s = p->down_s[i] > now_s ? fmin(next_s, p->down_s[i]) : next_s;
        for (int c = 0; c < CORES; c++)
            next_s = p->busy_until_s[i][c] > now_s ? fmin(next_s, p->busy_until_s[i][c]) : next_s;
    }
    return next_s;
}

/* Returns the last end; INFINITY: jobs run out. After the first ones all wait for `wait_s`. */
static double plain_end(struct plain *p, int tasks, double wait_s)
{
    double last_s = INFINITY;
    p->waiting = tasks;
    for (double now_s = 0; now_s < INFINITY; now_s = next_instant(p, now_s)) {
        int running = 0;
        for (int i = 0; i < PILOTS; i++) {
            for (int c = 0; c < CORES; c++)
                if (p->busy_until_s[i][c] > 0 && p->busy_until_s[i][c] <= now_s) {
                    p->busy_until_s[i][c] = 0;
                    last_s = now_s;
                }
            if (p->down_s[i] <= now_s && p->up_s[i] < p->down_s[i]) {
                for (int c = 0; c < CORES; c++) {
                    p->waiting += p->busy_until_s[i][c] > 0;
                    p->busy_until_s[i][c] = 0;
                }
                p->up_s[i] = ++p->job[i] < JOBS ? now_s + wait_s : INFINITY;
                p->down_s[i] = p->up_s[i] + p->walltime_s;
            }
            for (int c = 0; c < CORES; c++) {
                bool free = p->up_s[i] <= now_s && p->busy_until_s[i][c] == 0;
                if (free && p->waiting > 0) {
                    p->waiting--;
                    p->busy_until_s[i][c] = now_s + p->task_s;
                }
                running += p->busy_until_s[i][c] > 0;
            }
        }
        if (running == 0 && p->waiting == 0)
            return last_s;
    }
    return INFINITY;
}

/* Waits are constant, but for the first ones: nodes that join at times of their own. */
static void nodes_that_come_and_go_are_a_list_of_cores(void)
{
    size_t complete = 0, cut = 0;
    for (uint64_t number = 0; number < 200; number++) {
        double task_s = 10 + 30 * given_draw(number, 1),
               walltime_s = 50 + 200 * given_draw(number, 2);
        int tasks = given_choice(number, 3, 1, 60);
        char *text =
            str_format("{'task_sets': [{'name': 'a', 'cores': 1, 'duration': %.9f, 'tasks': %d}]}",
                       task_s, tasks);
        struct pilot_world x =
            pilot_world_given(text, "{'nodes': [{'count': 1, 'cores': 2}]}", "{}", PILOTS,
                              number % 2 ? dist_uniform(0, 300) : dist_constant(35));
        x.scenario.walltime_s = number % 3 ? walltime_s : 0;
        x.scenario.allocation.jobs = number % 2 || x.scenario.walltime_s == 0 ? 0 : JOBS;
        pilot_world_open(&x);
        pilot_world_run(&x, (uint32_t)number);
        size_t n;
        const struct job_span *jobs = simulator_each_job(x.simulator, &n);
        struct plain p = { .task_s = strtod(strstr(text, "duration': ") + 11, NULL),
                           .walltime_s =
                               x.scenario.walltime_s > 0 ? x.scenario.walltime_s : INFINITY };
        for (size_t i = 0; i < PILOTS; i++) {
            double up_s = number % 2 ? i < n ? jobs[i].started_s : INFINITY : 35;
            p.up_s[i] = up_s;
            p.down_s[i] = up_s + p.walltime_s;
            p.job[i] = number % 2 ? JOBS - 1 : 0;
        }
        double expected_s = plain_end(&p, tasks, 35);
        CU_ASSERT_EQUAL(x.out.complete, expected_s < INFINITY);
        if (x.out.complete)
            unit_near(x.out.jobs.solution_s, expected_s, 1e-6);
        complete += x.out.complete;
        cut += x.out.jobs.n_cut;
        free(text);
        pilot_world_clear(&x);
    }
    unit_is(complete, >, 100);
    unit_is(complete, <, 200);
    unit_is(cut, >, 100);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(nodes_that_come_and_go_are_a_list_of_cores),
        { NULL, NULL },
    };
    return unit_run("pilots_cores", tests);
}
