#include "num/rng.h"

#include <assert.h>
#include <string.h>

#include <Random123/philox.h>

struct rng_stream rng_stream(uint64_t seed, uint32_t replica, enum rng_purpose purpose,
                             uint64_t stream)
{
    return (struct rng_stream){ .seed = seed, .stream = stream, .replica = replica,
                                .purpose = purpose };
}

static philox4x64_ctr_t words_of(const struct rng_stream *s, uint64_t block, uint32_t attempt)
{
    philox4x64_key_t key = { { s->seed, s->stream } };
    philox4x64_ctr_t counter = { { block, attempt, s->purpose, s->replica } };
    return philox4x64(counter, key);
}

/* The upper 52 bits k of a word as (2 k + 1) 2^-53: symmetric about 1/2, never 0 or 1, and 1 - u is
 * exact too. */
static double uniform_of(uint64_t word)
{
    return (double)(int64_t)(word >> 11 | 1) * 0x1p-53;
}

double rng_uniform(const struct rng_stream *s, uint64_t index, uint32_t attempt)
{
    return uniform_of(words_of(s, index / 4, attempt).v[index % 4]);
}

void rng_uniform_block(const struct rng_stream *s, uint64_t first, size_t n, uint32_t attempt,
                       double *out)
{
    size_t i = 0;
    for (; i < n && (first + i) % 4 != 0; i++)
        out[i] = rng_uniform(s, first + i, attempt);
    for (; n - i >= 4; i += 4) {
        philox4x64_ctr_t words = words_of(s, (first + i) / 4, attempt);
        for (size_t k = 0; k < 4; k++)
            out[i + k] = uniform_of(words.v[k]);
    }
    for (; i < n; i++)
        out[i] = rng_uniform(s, first + i, attempt);
}

struct philox_state { /* of a gsl_rng: the whole key and counter, and the words of the block it is
                         in */
    struct rng_stream stream;
    uint64_t index;                      /* of the next word */
    uint64_t words[4];                   /* valid unless index is the first of its block */
};

static uint64_t philox_next(struct philox_state *state)
{
    if (state->index % 4 == 0)
        memcpy(state->words, words_of(&state->stream, state->index / 4, 0).v, sizeof state->words);
    return state->words[state->index++ % 4];
}

static void philox_place(struct philox_state *state, const struct rng_stream *s, uint64_t index)
{
    state->stream = *s;
    state->index = index;
    memcpy(state->words, words_of(s, index / 4, 0).v, sizeof state->words);
}

static void philox_set(void *state, unsigned long seed)
{
    struct rng_stream s = rng_stream(seed, 0, 0, 0);
    philox_place(state, &s, 0);
}

static unsigned long philox_get(void *state)
{
    return (unsigned long)(philox_next(state) >> 32);
}

static double philox_get_double(void *state)
{
    return uniform_of(philox_next(state));
}

static const gsl_rng_type philox_type = {
    .name = "philox4x64", .max = 0xffffffffUL, .min = 0, .size = sizeof(struct philox_state),
    .set = philox_set, .get = philox_get, .get_double = philox_get_double,
};
const gsl_rng_type *const rng_gsl_philox = &philox_type;

gsl_rng *rng_gsl_new(const struct rng_stream *s, uint64_t index)
{
    gsl_rng *r = gsl_rng_alloc(rng_gsl_philox);
    assert(r);
    philox_place(gsl_rng_state(r), s, index);
    return r;
}
