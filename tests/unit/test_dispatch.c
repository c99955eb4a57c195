/* Decisions of the queue scheduler against a plain list of waiting tasks and plain sets of slots,
 * under random arrivals, ends, several at one instant, and drained nodes: who starts, where, on
 * which slots and devices. */
#include "scheduling/dispatch.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { NODES = 4, CORES = 8, GPUS = 2, SETS = 4, MOST = 200 };
/* cores, GPUs */
static const int demands[SETS][2] = { { 1, 0 }, { 8, 0 }, { 3, 1 }, { 0, 1 } };

struct task { uint32_t set, task; };
struct started { struct task task; uint32_t node; uint64_t slots, gpus; };

struct plain {
    bool backfills, rotates;
    struct task waiting[MOST];
    size_t n_waiting;
    uint64_t slots[NODES], gpus[NODES];          /* free */
    bool drained[NODES];
    uint32_t last;
};

static uint64_t lowest(uint64_t set, int count)
{
    uint64_t rest = set;
    for (int i = 0; i < count; i++)
        rest &= rest - 1;
    return set & ~rest;
}

static int size_of(uint64_t set)
{
    int n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

static bool place(struct plain *p, struct task task, struct started *out)
{
    const int *d = demands[task.set];
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t node = (i + (p->rotates ? p->last : 0)) % NODES;
        if (p->drained[node] || size_of(p->slots[node]) < d[0] || size_of(p->gpus[node]) < d[1])
            continue;
        *out = (struct started){ task, node, lowest(p->slots[node], d[0]),
                                 lowest(p->gpus[node], d[1]) };
        p->slots[node] &= ~out->slots;
        p->gpus[node] &= ~out->gpus;
        p->last = node;
        return true;
    }
    return false;
}

static size_t pass(struct plain *p, struct started *out)
{
    size_t n = 0, left = 0;
    bool goes_on = true;
    for (size_t i = 0; i < p->n_waiting; i++) {
        bool starts = goes_on && place(p, p->waiting[i], &out[n]);
        n += starts;
        goes_on &= starts || p->backfills;
        if (!starts)
            p->waiting[left++] = p->waiting[i];
    }
    p->n_waiting = left;
    return n;
}

static bool same(struct dispatch *d, const struct decision *got, const struct started *want)
{
    struct grant_part part = pool_grant_part(dispatch_pool(d), got->grant);
    return got->set == want->task.set && got->task == want->task.task && part.node == want->node &&
           grant_part_slots(&part, 0) == want->slots && part.gpus == want->gpus;
}

struct world {
    struct dispatch *d;
    struct plain p;
    struct started running[MOST];
    uint32_t grants[MOST], next_task[SETS];
    size_t n_running;
};

static void arrive(struct world *w, uint32_t set, uint32_t count)
{
    dispatch_ready(w->d, set, w->next_task[set], count, 0);
    for (uint32_t i = 0; i < count; i++)
        w->p.waiting[w->p.n_waiting++] = (struct task){ set, w->next_task[set]++ };
}

static void end(struct world *w, size_t k)
{
    const struct started *r = &w->running[k];
    dispatch_freed(w->d, w->grants[k]);
    w->p.slots[r->node] |= r->slots;
    w->p.gpus[r->node] |= r->gpus;
    w->n_running--;
    w->running[k] = w->running[w->n_running];
    w->grants[k] = w->grants[w->n_running];
}

static bool pass_agrees(struct world *w)
{
    struct started want[MOST];
    size_t n, n_want = pass(&w->p, want);
    const struct decision *got = dispatch_pass(w->d, 0, &n, NULL);
    bool ok = n == n_want;
    for (size_t i = 0; ok && i < n; i++) {
        ok = same(w->d, &got[i], &want[i]);
        w->running[w->n_running] = want[i];
        w->grants[w->n_running++] = got[i].grant;
    }
    return ok;
}

static void agrees(struct scheduler_options options, uint64_t number)
{
    struct workflow *workflow = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 20000, 'cores': 1, 'duration': 1},"
        "{'name': 'b', 'tasks': 20000, 'cores': 8, 'duration': 1}, {'name': 'c', 'tasks': 20000, "
        "'cores': 3, 'gpus': 1, 'duration': 1},"
        "{'name': 'd', 'tasks': 20000, 'cores': 0, 'gpus': 1, 'duration': 1}]}");
    struct platform *platform =
        given_platform("{'name': 'p', 'nodes': [{'count': 4, 'cores': 8, 'gpus': 2}]}");
    struct error err = { "" };
    struct world w = { .d = dispatch_new(workflow, platform, &options, &err) };
    CU_ASSERT_PTR_NOT_NULL_FATAL(w.d);
    w.p.backfills = options.overtake[0] == 'b';
    w.p.rotates = options.placement[0] == 'n';
    for (size_t n = 0; n < NODES; n++) {
        w.p.slots[n] = (1u << CORES) - 1;
        w.p.gpus[n] = (1u << GPUS) - 1;
    }
    bool ok = true;
    for (uint64_t step = 0; ok && step < 8000; step++) {
        bool mixed = step / 1000 % 2;                    /* one kind, then all of them */
        uint32_t set =
            mixed ? (uint32_t)given_choice(number, 8 * step, 0, SETS - 1) : (uint32_t)(step / 2000);
        if (w.p.n_waiting < MOST / 2)
            arrive(&w, set, (uint32_t)given_choice(number, 8 * step + 1, 1, 5));
        for (int ends = given_choice(number, 8 * step + 2, 0, 8) == 0 ? 3 : 1;
             ends > 0 && w.n_running > 0; ends--)
            end(&w, (size_t)given_choice(number, 8 * step + 2 + (uint64_t)ends, 0,
                                         (int)w.n_running - 1));
        if (step % 2500 == 2499 && step < 7000) { /* between an end and the pass */
            dispatch_drain_node(w.d, (uint32_t)(step / 2500));
            w.p.drained[step / 2500] = true;
        }
        ok = pass_agrees(&w);
    }
    CU_ASSERT(ok);
    dispatch_free(w.d);
    platform_free(platform);
    workflow_free(workflow);
}

static void each_rule_decides_as_a_plain_list_does(void)
{
    static const char *const overtakes[] = { "none", "backfill" }, *const placements[] = {
        "first_fit", "next_fit"
    };
    for (uint64_t i = 0; i < 4; i++)
        for (uint64_t number = 0; number < 5; number++)
            agrees((struct scheduler_options){ .order = "arrival",
                                               .overtake = overtakes[i / 2],
                                               .placement = placements[i % 2] },
                   10 * i + number);
}

/* All GPU tasks have started when one of them comes back: slots beside its device are left to it
 * again. */
static void what_fails_has_slots_reserved_again(void)
{
    struct workflow *workflow =
        given_workflow("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 2, "
                       "'gpus': 1, 'duration': 1, 'retries': 1},"
                       "{'name': 'b', 'tasks': 9, 'cores': 1, 'duration': 1}]}");
    struct platform *platform =
        given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 4, 'gpus': 1}]}");
    struct scheduler_options options = { .order = "arrival", .overtake = "backfill",
                                         .placement = "reserve_gpu" };
    struct error err = { "" };
    struct dispatch *d = dispatch_new(workflow, platform, &options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    size_t n;
    dispatch_ready(d, 0, 0, 1, 0);
    dispatch_ready(d, 1, 0, 9, 0);
    const struct decision *got = dispatch_pass(d, 0, &n, NULL);
    unit_must_be(n, ==, 3);
    unit_must_be(got[0].set, ==, 0);
    uint32_t failed = got[0].grant, others[2] = { got[1].grant, got[2].grant };
    dispatch_freed(d, failed);
    dispatch_ready(d, 0, 0, 1, 1);
    got = dispatch_pass(d, 1, &n, NULL);
    /* and not two of those that came before it */
    unit_must_be(n, ==, 1);
    unit_is(got[0].set, ==, 0);
    unit_is(got[0].attempt, ==, 1);
    for (size_t i = 0; i < 2; i++)
        dispatch_freed(d, others[i]);
    got = dispatch_pass(d, 2, &n, NULL);
    /* nothing is left to reserve for */
    unit_must_be(n, ==, 2);
    unit_is(got[0].set, ==, 1);
    dispatch_free(d);
    platform_free(platform);
    workflow_free(workflow);
}

/* Each task starts once, in order, on a grant of its own; the next free node is filled first. */
static void many_decisions_are_runs_of_tasks(void)
{
    enum { TASKS = 100000, A_NODE = 100 };
    struct workflow *workflow = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 60000, 'duration': 1}, {'name': 'b', 'tasks': "
        "40000, 'duration': 1}]}");
    struct platform *platform = given_platform("{'nodes': [{'count': 1000, 'cores': 100}]}");
    struct scheduler_options options = { .order = "arrival", .overtake = "backfill",
                                         .placement = "first_fit" };
    struct dispatch *d = dispatch_new(workflow, platform, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    dispatch_ready(d, 0, 0, 60000, 0);
    dispatch_ready(d, 1, 0, 40000, 0);
    size_t n, started = 0, misplaced = 0;
    const struct decision *got = dispatch_pass(d, 0, &n, NULL);
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < got[i].count; k++, started++) {
            size_t task = workflow->sets[got[i].set].first_task + got[i].task + k;
            misplaced += task != started;
            misplaced +=
                pool_grant_node(dispatch_pool(d), got[i].grant + k) != started / A_NODE;
        }
    unit_is(started, ==, TASKS);
    unit_is(misplaced, ==, 0);
    unit_is(n, <, TASKS / 10);
    dispatch_free(d);
    platform_free(platform);
    workflow_free(workflow);
}

/* RADICAL's pool is permuted by passes that place nothing: who is found when slots come free
 * depends on how many there were, and not on whether they were made or counted. */
static void counted_passes_are_passes_made(void)
{
    struct workflow *workflow = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 70, 'cores': 1, 'duration': 1}, {'name': 'b', "
        "'tasks': 70, 'cores': 3, 'duration': 1}, {'name': 'c', 'tasks': 70, 'cores': 3, "
        "'memory_mib': 100, 'duration': 1}]}");
    struct platform *platform =
        given_platform("{'nodes': [{'count': 2, 'cores': 6, 'memory_mib': 300}]}");
    struct scheduler_options options = { .scheduler = "radical" };
    struct dispatch *made = dispatch_new(workflow, platform, &options, NULL),
                    *counted = dispatch_new(workflow, platform, &options, NULL);
    uint32_t running[2][MOST];
    size_t n_running = 0, n_counted = 0, n_left = 210;
    for (uint32_t set = 0; set < 3; set++) {
        dispatch_ready(made, set, 0, 70, 0);
        dispatch_ready(counted, set, 0, 70, 0);
    }
    for (uint64_t step = 0; n_left > 0 && step < 2000; step++) {
        size_t n, n_other;
        const struct decision *a = dispatch_pass(made, 0, &n, NULL),
                              *b = dispatch_pass(counted, 0, &n_other, NULL);
        CU_ASSERT_EQUAL_FATAL(n, n_other);
        for (size_t i = 0; i < n; i++) {
            unit_near(b[i].set, a[i].set, 0);
            unit_near(b[i].task, a[i].task, 0);
            running[0][n_running] = a[i].grant;
            running[1][n_running++] = b[i].grant;
        }
        n_left -= n;
        if (dispatch_is_idle(counted)) {
            size_t idle = (size_t)given_choice(1, 2 * step, 1, 50);
            for (size_t i = 0; i < idle; i++) {
                dispatch_pass(made, 0, &n, NULL);
                CU_ASSERT_EQUAL_FATAL(n, 0);
            }
            dispatch_count_idle(counted, idle);
            n_counted += idle;
        }
        size_t k = (size_t)given_choice(1, 2 * step + 1, 0, (int)n_running - 1);
        dispatch_freed(made, running[0][k]);
        dispatch_freed(counted, running[1][k]);
        n_running--;
        running[0][k] = running[0][n_running];
        running[1][k] = running[1][n_running];
    }
    unit_near((double)n_left, 0, 0);
    unit_is(n_counted, >, 500);
    dispatch_free(made);
    dispatch_free(counted);
    platform_free(platform);
    workflow_free(workflow);
}

static void refuses_what_is_no_version_of_radical(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 1}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'name': 'n', 'cores': 10}]}");
    struct error err = { "" };
    struct scheduler_options o = { .scheduler = "radical", .generation = "new" };
    CU_ASSERT_PTR_NULL(dispatch_new(w, p, &o, &err));
    unit_has(err.text, "new: no generation of RADICAL-Pilot");
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_rule_decides_as_a_plain_list_does),
        UNIT_TEST(what_fails_has_slots_reserved_again),
        UNIT_TEST(many_decisions_are_runs_of_tasks),
        UNIT_TEST(counted_passes_are_passes_made),
        UNIT_TEST(refuses_what_is_no_version_of_radical),
        { NULL, NULL },
    };
    return unit_run("dispatch", tests);
}
