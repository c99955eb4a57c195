#include "sim/randomness.h"

#include "base/str.h"
#include "scheduling/order.h"

typedef bool varies_fn(const struct scenario *s);

static bool some_set(const struct scenario *s, bool (*varies)(const struct task_set *set))
{
    for (size_t i = 0; i < s->workflow->n_sets; i++)
        if (varies(&s->workflow->sets[i]))
            return true;
    return false;
}

static bool duration_varies(const struct task_set *set)
{
    return !set->durations && !dist_is_constant(set->duration);
}

static bool set_effect_varies(const struct task_set *set)
{
    return set->traits->set_sd > 0 ||
           (set->traits->service.serves && set->traits->service.session_sd > 0);
}

static bool failure_varies(const struct task_set *set)
{
    return set->traits->failure_probability > 0;
}

static bool release_varies(const struct task_set *set)
{
    return set->release.kind == RELEASE_GAPS && !dist_is_constant(set->release.gap);
}

static bool phases_vary_of(const struct task_set *set)
{
    if (set->traits->service.ready && !dist_is_constant(set->traits->service.ready))
        return true;
    for (size_t k = 0, n = phases_count(set); k < n; k++) {
        const struct phase *phase = phases_at(set, k);
        const struct dist *law = phase->flow ? phase->amount : phase->compute;
        if (law && !dist_is_constant(law))
            return true;
    }
    return false;
}

static bool phases_vary(const struct scenario *s)
{
    return some_set(s, phases_vary_of);
}

static bool nodes_fail(const struct scenario *s)
{
    return s->platform->failures.mtbf_s > 0;
}

static bool durations_vary(const struct scenario *s)
{
    return some_set(s, duration_varies);
}

static bool set_effects_vary(const struct scenario *s)
{
    return some_set(s, set_effect_varies);
}

static bool session_effect_varies(const struct scenario *s)
{
    return s->workflow->session_sd > 0;
}

static bool failures_vary(const struct scenario *s)
{
    return some_set(s, failure_varies);
}

static bool releases_vary(const struct scenario *s)
{
    return some_set(s, release_varies);
}

static bool order_varies(const struct scenario *s)
{
    const struct order_ops *order = s->scheduler.order ? order_find(s->scheduler.order) : NULL;
    return order && order->random;
}

/* A middleware that is not ideal counts as random: its clocks have random phases. */
static bool middleware_varies(const struct scenario *s)
{
    return !middleware_is_ideal(s->middleware) || s->values;
}

/* A workflow that decides counts as random, whatever its probabilities. */
static bool decisions_vary(const struct scenario *s)
{
    return workflow_decides(s->workflow) || s->workflow->realised;
}

static bool queue_wait_varies(const struct scenario *s)
{
    return queue_wait_is_random(s->allocation.wait);
}

static bool blocks_vary(const struct scenario *s)
{
    return s->platform->blocks.nodes > 0 && s->platform->blocks.start &&
           !dist_is_constant(s->platform->blocks.start);
}

static bool managers_vary(const struct scenario *s)
{
    return str_equal(s->scheduler.scheduler, "parsl_prefetch") && s->platform->n_nodes > 1;
}

static bool never(const struct scenario *s)
{
    (void)s;
    return false;
}

static varies_fn *const rows[] = {
    [RNG_DURATION] = durations_vary,
    [RNG_FAILURE] = failures_vary,
    [RNG_FAILURE_POINT] = failures_vary,
    [RNG_RELEASE] = releases_vary,
    [RNG_SET_EFFECT] = set_effects_vary,
    [RNG_SESSION_EFFECT] = session_effect_varies,
    [RNG_ORDER] = order_varies,
    [RNG_SESSION] = middleware_varies,
    [RNG_CLIENT_BASE] = middleware_varies,
    [RNG_CLIENT_TASK] = middleware_varies,
    [RNG_CLIENT_FIRST] = middleware_varies,
    [RNG_NEXT_STAGE] = middleware_varies,
    [RNG_NEXT_RUN] = middleware_varies,
    [RNG_AGENT] = middleware_varies,
    [RNG_AGENT_PHASE] = middleware_varies,
    [RNG_LAUNCH] = middleware_varies,
    [RNG_STARTUP] = middleware_varies,
    [RNG_STARTUP_KIND] = middleware_varies,
    [RNG_EXECUTE] = middleware_varies,
    [RNG_DETECT] = middleware_varies,
    [RNG_DETECT_PHASE] = middleware_varies,
    [RNG_FREE] = middleware_varies,
    [RNG_FREE_PHASE] = middleware_varies,
    [RNG_NOTIFY] = middleware_varies,
    [RNG_NOTIFY_PHASE] = middleware_varies,
    [RNG_SCHEDULE_PHASE] = middleware_varies,
    [RNG_BOOTSTRAP] = middleware_varies,
    [RNG_DRAIN] = middleware_varies,
    [RNG_BOOTSTRAP_RESAMPLE] = never,
    [RNG_TEST] = never,
    [RNG_CLOSE_TASK] = middleware_varies,
    [RNG_STARTUP_COLD] = middleware_varies,
    [RNG_EXECUTE_COLD] = middleware_varies,
    [RNG_SESSION_SPREAD] = middleware_varies,
    [RNG_NEXT_TASK] = middleware_varies,
    [RNG_OPEN_TASK] = middleware_varies,
    [RNG_PHASE] = phases_vary,
    [RNG_NODE_FAILURE] = nodes_fail,
    [RNG_NODE_REPAIR] = nodes_fail,
    [RNG_DECISION] = decisions_vary,
    [RNG_COUNT] = decisions_vary,
    [RNG_WHEN] = decisions_vary,
    [RNG_HIT] = decisions_vary,
    [RNG_ALONE] = middleware_varies,
    [RNG_ALONE_RULE] = middleware_varies,
    [RNG_LAUNCH_RETRY] = middleware_varies,
    [RNG_STATION] = middleware_varies,
    [RNG_LAUNCH_UP] = middleware_varies,
    [RNG_PILOT_END] = middleware_varies,
    [RNG_QUEUE_WAIT] = queue_wait_varies,
    [RNG_LEARNED] = never,
    [RNG_BLOCK_START] = blocks_vary,
    [RNG_MANAGER] = managers_vary,
};

bool randomness_is_known(enum rng_purpose purpose)
{
    return (size_t)purpose < sizeof rows / sizeof *rows && rows[purpose];
}

/* True if draws for `purpose` can differ between replicas; also if the purpose has no row. */
static bool randomness_of(const struct scenario *s, enum rng_purpose purpose)
{
    return !randomness_is_known(purpose) || rows[purpose](s);
}

bool scenario_is_random(const struct scenario *s)
{
    for (int p = 0; p < RNG_PURPOSES; p++)
        if (randomness_of(s, (enum rng_purpose)p))
            return true;
    return false;
}
