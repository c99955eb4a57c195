/* tests/oracle/executor_agrees.c - the executor's loop with the scripted backend, beside the
 * simulator without middleware: the same random workflow, mode, policy and seed must give the same
 * timeline, record by record: instants, slots, attempts, ends.
 *
 * executor_agrees FIRST COUNT: scenarios FIRST .. FIRST + COUNT - 1, each in every mode under one
 * pair of policies and under RADICAL's scheduler; a third of them once more as a resumed run: cut
 * off at a random record, the rest is done, none of it twice. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>


#include "scheduling/dispatch.h"
#include "sim/simulate.h"
#include "tests/oracle/random_scenario.h"
#include "tests/oracle/range.h"
#include "validation/executor/run.h"

struct tally { unsigned long runs, refused, resumed, records, violations; };

static void complain(struct tally *t, uint64_t number, const struct scenario *s, const char *what)
{
    const struct scheduler_options *o = &s->scheduler;
    printf("scenario %llu, %s, %s/%s/%s: %s\n", (unsigned long long)number, mode_name(s->mode),
           o->scheduler ? o->scheduler : o->order, o->overtake, o->placement, what);
    t->violations++;
}

static bool same_time(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_slots(const struct timeline *a, const struct timeline *b, size_t i)
{
    struct timeline_slots x, y;
    bool more_a = timeline_slots_first(a, i, &x), more_b = timeline_slots_first(b, i, &y);
    for (; more_a && more_b; more_a = timeline_slots_next(&x), more_b = timeline_slots_next(&y))
        if (x.node != y.node || x.n_cores != y.n_cores || x.n_gpus != y.n_gpus ||
            x.gpu_share != y.gpu_share ||
            memcmp(x.cores, y.cores, x.n_cores * sizeof *x.cores) != 0 ||
            memcmp(x.gpus, y.gpus, x.n_gpus * sizeof *x.gpus) != 0)
            return false;
    return more_a == more_b;
}

static bool same_record(const struct timeline *a, const struct timeline *b, size_t i)
{
    const struct timeline_record *x = &a->records[i], *y = &b->records[i];
    return x->task == y->task && a->status[i] == b->status[i] &&
           timeline_attempt(a, i) == timeline_attempt(b, i) &&
           same_time(x->submitted_s, y->submitted_s) && same_time(x->scheduled_s, y->scheduled_s) &&
           same_time(x->started_s, y->started_s) && same_time(x->stopped_s, y->stopped_s) &&
           same_time(x->freed_s, y->freed_s) && same_slots(a, b, i);
}

static bool same(const struct timeline *a, const struct timeline *b)
{
    bool equal = a->n == b->n;
    for (size_t i = 0; equal && i < a->n; i++)
        equal = same_record(a, b, i);
    return equal;
}

static int execute(const struct scenario *s, struct timeline *t, struct run_outcome *out,
                   struct error *err)
{
    char *nothing[] = { NULL };
    const struct executor_setup setup = { .platform = s->platform, .run_id = "test",
                                          .environment = nothing, .task_program = "none" };
    const struct run_plan plan = { .scenario = s, .backend = &executor_scripted, .setup = &setup };
    return run_workflow(&plan, t, out, err);
}

/* A copy of the first `n` records, in the order in which they ended. */
static void take_first(const struct timeline *from, size_t n, struct timeline *to)
{
    timeline_clear(to);
    for (size_t i = 0; i < n; i++) {
        struct timeline_slots s;
        timeline_add(to, &from->records[i], (enum task_status)from->status[i],
                     timeline_attempt(from, i));
        for (bool more = timeline_slots_first(from, i, &s); more; more = timeline_slots_next(&s))
            timeline_add_slots(to, &s);
    }
}

/* `whole` as the executor left it: in the order of the ends, cancelled tasks last. Times start
 * anew, so only what was done is compared. */
static void resume(uint64_t number, const struct scenario *s, const struct timeline *whole,
                   const struct run_outcome *first, struct tally *tally)
{
    struct timeline *t = timeline_new(s->workflow, s->platform);
    struct run_outcome again;
    struct error err = { "" };
    size_t n = 0, kept;
    while (n < whole->n && whole->status[n] != TASK_CANCELLED)
        n++;
    kept = number % (n + 1);
    take_first(whole, kept, t);
    if (execute(s, t, &again, &err)) {
        complain(tally, number, s, err.text);
    } else if (!again.complete || again.n_done != first->n_done ||
               again.n_failed != first->n_failed || again.n_cancelled != first->n_cancelled ||
               t->n != whole->n) {
        complain(tally, number, s, "a resumed run does not come to the same end");
    }
    tally->resumed++;
    timeline_free(t);
}

static void run_one(uint64_t number, const struct scenario *s, struct tally *tally)
{
    struct error err = { "" };
    struct simulator *simulator = simulator_new(s, &err);
    if (!simulator) {
        tally->refused++;
        return;
    }
    struct timeline *simulated = timeline_new(s->workflow, s->platform),
                    *executed = timeline_new(s->workflow, s->platform);
    struct replica r;
    struct run_outcome out;
    simulator_run(simulator, 0, simulated, &r);
    simulator_free(simulator);
    tally->runs++;
    if (execute(s, executed, &out, &err)) {
        complain(tally, number, s, err.text);
    } else {
        if (number % 3 == 0)
            resume(number, s, executed, &out, tally);
        timeline_sort(executed);
        tally->records += executed->n;
        if (timeline_check(executed, &err))
            complain(tally, number, s, err.text);
        if (!out.complete || out.n_done != r.n_done || out.n_failed != r.n_failed ||
            out.n_cancelled != r.n_cancelled || out.n_retries != r.n_retries)
            complain(tally, number, s, "the counts are not the simulator's");
        if (!same(simulated, executed))
            complain(tally, number, s, "the timeline is not the simulator's");
    }
    timeline_free(simulated);
    timeline_free(executed);
}

/* A pair of policies by the scenario's number, so that all pairs have their turn. */
static struct scheduler_options policies(uint64_t number)
{
    struct setting_name order, overtake, placement;
    size_t n[3] = { 0 };
    while (dispatch_order_at(n[0], &order))
        n[0]++;
    while (dispatch_overtake_at(n[1], &overtake))
        n[1]++;
    while (dispatch_placement_at(n[2], &placement))
        n[2]++;
    dispatch_order_at(number % n[0], &order);
    dispatch_overtake_at(number / n[0] % n[1], &overtake);
    dispatch_placement_at(number / (n[0] * n[1]) % n[2], &placement);
    return (struct scheduler_options){ .order = order.name, .overtake = overtake.name,
                                       .placement = placement.name };
}

static void run_scenario(uint64_t number, struct tally *tally)
{
    struct random_scenario r = random_scenario_new(number);
    struct middleware *ideal = middleware_ideal();
    for (int m = 0; m < MODES; m++) {
        struct scenario s = { .workflow = r.workflow, .platform = r.platform, .middleware = ideal,
                              .mode = (enum mode)m,
                              .seed = number, .scheduler = policies(number) };
        run_one(number, &s, tally);
        s.scheduler.scheduler = "radical";
        s.scheduler.generation = number % 2 ? "1.9" : "1.33";
        run_one(number, &s, tally);
    }
    middleware_free(ideal);
    random_scenario_free(&r);
}

int main(int argc, char **argv)
{
    struct oracle_range range;
    if (!oracle_range(argc, argv, "executor_agrees", &range))
        return 2;
    struct tally t = { 0 };
    for (uint64_t i = range.first; i < range.end; i++)
        run_scenario(i, &t);
    printf("%lu runs (%lu refused), %lu records, %lu runs resumed: %lu violations\n", t.runs,
           t.refused, t.records, t.resumed, t.violations);
    return t.violations == 0 && t.runs > 0 && t.resumed > 0 ? 0 : 1;
}
