/* num/rng.h - random numbers as pure functions of what they are for; Random123's Philox 4x64-10
 * behind them.
 *
 * A draw is named by (seed, replica, purpose, stream, index, attempt): the same task lasts as long
 * under every policy, mode and number of threads (common random numbers), and nothing has to be
 * drawn in order. `stream` is a 64-bit hash of a name (str_hash of the task set's name with its
 * iteration), `index` the task. Nothing is hashed together: the key is (seed, stream), the counter
 * (index / 4, attempt, purpose, replica), and index % 4 selects the word. */
#ifndef DAGCAST_NUM_RNG_H
#define DAGCAST_NUM_RNG_H

#include <stddef.h>
#include <stdint.h>

#include <gsl/gsl_rng.h>

enum rng_purpose { /* the numbers are part of the results: add at the end, never renumber;
                      sim/randomness.c has a row for each */
                   RNG_DURATION,
                   RNG_FAILURE,
                   RNG_FAILURE_POINT,
                   RNG_RELEASE,
                   RNG_SET_EFFECT,
                   RNG_SESSION_EFFECT,
                   RNG_ORDER,
                   RNG_SESSION,
                   RNG_CLIENT_BASE,
                   RNG_CLIENT_TASK,
                   RNG_CLIENT_FIRST,
                   RNG_NEXT_STAGE,
                   RNG_NEXT_RUN,
                   RNG_AGENT,
                   RNG_AGENT_PHASE,
                   RNG_LAUNCH,
                   RNG_STARTUP,
                   RNG_STARTUP_KIND,
                   RNG_EXECUTE,
                   RNG_DETECT,
                   RNG_DETECT_PHASE,
                   RNG_FREE,
                   RNG_FREE_PHASE,
                   RNG_NOTIFY,
                   RNG_NOTIFY_PHASE,
                   RNG_SCHEDULE_PHASE,
                   RNG_BOOTSTRAP,
                   RNG_DRAIN,
                   RNG_BOOTSTRAP_RESAMPLE,
                   RNG_TEST,
                   RNG_CLOSE_TASK,
                   RNG_STARTUP_COLD,
                   RNG_EXECUTE_COLD,
                   RNG_SESSION_SPREAD,
                   RNG_NEXT_TASK,
                   RNG_OPEN_TASK,
                   RNG_PHASE,
                   RNG_DECISION,
                   RNG_COUNT,
                   RNG_WHEN,
                   RNG_HIT,
                   RNG_ALONE,
                   RNG_NODE_FAILURE,
                   RNG_NODE_REPAIR,
                   RNG_QUEUE_WAIT,
                   RNG_LAUNCH_UP,
                   RNG_PILOT_END,
                   RNG_LEARNED,
                   RNG_BLOCK_START,
                   RNG_MANAGER,
                   RNG_LAUNCH_RETRY,
                   RNG_STATION,
                   RNG_ALONE_RULE,
                   RNG_PURPOSES
};

struct rng_stream {                      /* a value; make one with rng_stream() */
    uint64_t seed, stream;
    uint32_t replica, purpose;
};
struct rng_stream rng_stream(uint64_t seed, uint32_t replica, enum rng_purpose purpose,
                             uint64_t stream);

/* in (0, 1): (2 k + 1) 2^-53, k < 2^52 */
double rng_uniform(const struct rng_stream *s, uint64_t index, uint32_t attempt);
/* out[i] = rng_uniform(s, first + i, attempt): the same numbers, a quarter of the cost. */
void rng_uniform_block(const struct rng_stream *s, uint64_t first, size_t n, uint32_t attempt,
                       double *out);

/* The same generator for GSL's own samplers and shuffles: a gsl_rng whose state is the whole key
 * and counter. rng_gsl_new() gives one placed at the stream's `index`, attempt 0; gsl_rng_uniform()
 * walks through the same numbers as rng_uniform(), gsl_rng_get() gives the upper 32 bits of each.
 * Free with gsl_rng_free(). */
extern const gsl_rng_type *const rng_gsl_philox;
gsl_rng *rng_gsl_new(const struct rng_stream *s, uint64_t index);

#endif
