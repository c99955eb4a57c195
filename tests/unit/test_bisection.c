#include "scheduling/bisection.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "num/rng.h"
#include "tests/support/unit.h"

/* A pool written as "a10 b9 ...", largest first; a task fits while its size is free. */
struct sizes {
    char *names[32];
    int size[32];
    size_t n;
    int free;
    struct str transcript;
};

static void read_sizes(struct sizes *s, char *text, int free_slots)
{
    *s = (struct sizes){ .free = free_slots };
    for (char *name = strtok(text, " "); name; name = strtok(NULL, " ")) {
        s->names[s->n] = name;
        s->size[s->n++] = atoi(name + 1);
    }
}

static bool take(void *user, size_t i)
{
    struct sizes *s = user;
    bool fits = s->size[i] <= s->free;
    s->free -= fits ? s->size[i] : 0;
    str_addf(&s->transcript, "%s%c ", s->names[i], fits ? '+' : '-');
    return fits;
}

/* Worked by hand and by an independent program: what is tried, in which order, and the pool that is
 * left. */
static void follows_worked_transcripts(void)
{
    static const struct { const char *pool; int free; const char *tried, *left;
    } cases[] = {
        { "a10 b9 c8 d7 e6 f5 g4 h3 i2 j1", 12, "j1+ i2+ h3+ g4+ f5- d7- c8- b9- a10- ",
          "f5 d7 e6 c8 b9 a10 " },
        { "a9 b9 c9 d9 e9 f9 g9", 20, "g9+ f9+ e9- d9- c9- b9- a9- ", "e9 d9 c9 b9 a9 " },
        { "a30 b28 c26 d24 e22 f20 g18 h16 i14 j12 k10 l8 m6 n4 o2", 25,
          "o2+ n4+ m6+ l8+ k10- g18- e22- d24- c26- b28- a30- ",
          "k10 g18 j12 i14 h16 e22 f20 d24 c26 b28 a30 " },
        { "a8 b7 c6 d5 e4 f3 g2 h1", 0, "h1- e4- d5- c6- b7- a8- ", "h1 e4 g2 f3 d5 c6 b7 a8 " },
        { "a12 b11 c10 d9 e8 f7 g6 h5 i4 j3 k2 l1", 3, "l1+ k2+ j3- f7- d9- c10- b11- a12- ",
          "j3 f7 i4 h5 g6 d9 e8 c10 b11 a12 " },
        { "a16 b16 c8 d8 e8 f4 g4 h4 i4 j2 k2 l2", 30,
          "l2+ k2+ j2+ i4+ h4+ g4+ f4+ e8+ d8- c8- b16- a16- ", "d8 c8 b16 a16 " },
    };
    struct bisection b = { 0 };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char text[256];
        struct sizes s;
        strcpy(text, cases[c].pool);
        read_sizes(&s, text, cases[c].free);
        bisection_run(&b, s.n, take, &s);
        CU_ASSERT_STRING_EQUAL(s.transcript.text, cases[c].tried);
        struct str left = { 0 };
        for (size_t i = 0; i < b.n_refused; i++)
            for (size_t at = b.refused[i].high + 1; at-- > b.refused[i].low;)
                str_addf(&left, "%s ", s.names[at]);
        CU_ASSERT_STRING_EQUAL(left.text, cases[c].left);
        str_clear(&left);
        str_clear(&s.transcript);
    }
    bisection_clear(&b);
}

/* The rules as written down, on plain arrays: what was decided, index by index. */
struct plain {
    size_t n, n_tried, n_refused;
    const bool *fits;
    char decided[64];                    /* 0, '+' or '-' */
    size_t tried[64], refused[64];
};

static bool plain_try(struct plain *p, size_t i)
{
    if (!p->decided[i]) {
        p->tried[p->n_tried++] = i;
        p->decided[i] = p->fits[i] ? '+' : '-';
        if (!p->fits[i])
            p->refused[p->n_refused++] = i;
    }
    return p->decided[i] == '+';
}

static void plain_run(struct plain *p)
{
    const int none = -1;
    int good = none, bad = none;
    if (p->n == 0)
        return;
    *(plain_try(p, p->n - 1) ? &good : &bad) = (int)p->n - 1;
    for (;;) {
        if (bad == none) {
            if (good == 0)
                return;
            *(plain_try(p, (size_t)good - 1) ? &good : &bad) = good - 1;
            continue;
        }
        if (bad == 0)
            return;
        if (good != none && good > bad)
            good = none;
        int i = good != none ? good + (bad - good + 2) / 2 : (bad + 2) / 2;
        i = i == good ? good + 1 : i;
        i = i == bad ? bad - 1 : i;
        if (plain_try(p, (size_t)i)) {
            good = bad < i ? none : i;
            bad = bad > i && bad - i == 1 ? none : bad;
            continue;
        }
        for (int j = bad - 1; j > i; j--)
            if (!p->decided[j]) {
                p->decided[j] = '-';
                p->refused[p->n_refused++] = (size_t)j;
            }
        bad = i;
        if (good != none && good > bad)
            good = none;
    }
}

struct recorded { const bool *fits; size_t n, tried[64]; };

static bool record(void *user, size_t i)
{
    struct recorded *r = user;
    r->tried[r->n++] = i;
    return r->fits[i];
}

static void compare_with_plain(struct bisection *b, const bool *fits, size_t n)
{
    struct plain p = { .n = n, .fits = fits };
    struct recorded r = { .fits = fits };
    size_t at = 0;
    plain_run(&p);
    bisection_run(b, n, record, &r);
    unit_is(r.n, ==, p.n_tried);
    unit_is(memcmp(r.tried, p.tried, r.n * sizeof *r.tried), ==, 0);
    for (size_t i = 0; i < b->n_refused; i++)
        for (size_t j = b->refused[i].high + 1; j-- > b->refused[i].low; at++) {
            unit_is(at, <, p.n_refused);
            unit_is(p.refused[at], ==, j);
        }
    unit_is(at, ==, p.n_refused);
    unit_is(b->n_fitted + at, ==, n);
    unit_is(b->n_tried, ==, p.n_tried);
}

static void agrees_with_the_plain_rules_on_every_pattern_of_ten(void)
{
    struct bisection b = { 0 };
    for (size_t n = 0; n <= 10; n++)
        for (unsigned pattern = 0; pattern < 1u << n; pattern++) {
            bool fits[10];
            for (size_t i = 0; i < n; i++)
                fits[i] = pattern >> i & 1;
            compare_with_plain(&b, fits, n);
        }
    bisection_clear(&b);
}

static void agrees_with_the_plain_rules_on_long_ones(void)
{
    struct bisection b = { 0 };
    for (uint32_t round = 0; round < 3000; round++) {
        struct rng_stream stream = rng_stream(81, round, RNG_TEST, 0);
        size_t n = 1 + (size_t)(rng_uniform(&stream, 100, 0) * 63);
        double share = rng_uniform(&stream, 101, 0);
        bool fits[64];
        for (size_t i = 0; i < n; i++)
            fits[i] = rng_uniform(&stream, i, 0) < share;
        compare_with_plain(&b, fits, n);
    }
    bisection_clear(&b);
}

static bool never(void *user, size_t i)
{
    (void)i;
    ++*(size_t *)user;
    return false;
}

static void tries_few_where_nothing_fits(void)
{
    struct bisection b = { 0 };
    size_t tries = 0;
    bisection_run(&b, 1000000, never, &tries);
    unit_is(tries, ==, b.n_tried);
    unit_is(tries, <=, 24);
    unit_is(b.n_fitted, ==, 0);
    bisection_clear(&b);
}

static void refusing_all_is_a_run_where_nothing_fits(void)
{
    struct bisection run = { 0 }, all = { 0 };
    size_t tries = 0;
    for (size_t n = 0; n <= 300; n++) {
        bisection_run(&run, n, never, &tries);
        bisection_refuse_all(&all, n);
        CU_ASSERT_EQUAL(all.n_tried, run.n_tried);
        CU_ASSERT_EQUAL(all.n_fitted, 0);
        CU_ASSERT_EQUAL_FATAL(all.n_refused, run.n_refused);
        size_t bytes = run.n_refused * sizeof *run.refused;
        CU_ASSERT(n == 0 || memcmp(all.refused, run.refused, bytes) == 0);
    }
    bisection_clear(&run);
    bisection_clear(&all);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(follows_worked_transcripts),
        UNIT_TEST(agrees_with_the_plain_rules_on_every_pattern_of_ten),
        UNIT_TEST(agrees_with_the_plain_rules_on_long_ones),
        UNIT_TEST(tries_few_where_nothing_fits),
        UNIT_TEST(refusing_all_is_a_run_where_nothing_fits),
        { NULL, NULL },
    };
    return unit_run("bisection", tests);
}
