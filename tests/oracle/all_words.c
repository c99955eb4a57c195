#include "tests/oracle/all_words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "num/rng.h"

enum { MOST_SETS = 6 };

struct dice {
    struct rng_stream stream;
    uint64_t at;
};

static int between(struct dice *d, int low, int high)
{
    return low + (int)(rng_uniform(&d->stream, d->at++, 0) * (high - low + 1));
}

static bool chance(struct dice *d, double p)
{
    return rng_uniform(&d->stream, d->at++, 0) < p;
}

static struct json_document *parsed(struct str *text)
{
    struct error err = { "" };
    struct json_document *doc = json_parse(text->text, text->length, "random", &err);
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n%s\n", text->text, err.text);
    str_clear(text);
    assert(doc);
    return doc;
}

struct platform *all_words_platform(uint64_t number)
{
    struct dice d = { .stream = rng_stream(number, 0, RNG_TEST, 17) };
    struct str text = { 0 };
    struct error err = { "" };
    str_addf(&text,
             "{\"name\": \"p\", \"nodes\": [{\"name\": \"thin\", \"count\": %d, \"cores\": 4}, "
             "{\"name\": \"fat\", \"count\": 2, \"cores\": 6, \"gpus\": 2}], ",
             between(&d, 1, 2));
    str_addf(&text,
             "\"flows\": [{\"name\": \"scratch\", \"rate\": %d}, {\"name\": \"nvme\", \"rate\": "
             "%d, \"per\": \"node\"}, "
             "{\"name\": \"tape\", \"rate\": 30, \"at_once\": %d}], ",
             between(&d, 20, 100), between(&d, 20, 60), between(&d, 1, 3));
    str_addf(&text,
             "\"resources\": [{\"name\": \"licence\", \"amount\": %d, \"per\": \"machine\"}, "
             "{\"name\": \"buffer\", \"amount\": %d}]",
             between(&d, 2, 4), between(&d, 4, 8));
    if (chance(&d, 0.5)) {
        str_addf(&text, ", \"failures\": {\"mtbf\": %d", between(&d, 60, 400));
        str_add(&text, chance(&d, 0.5) ? ", \"shape\": 0.7" : "");
        str_add(&text, chance(&d, 0.9) ? ", \"repair\": 7}" : "}");
    }
    str_add(&text, "}");
    struct json_document *doc = parsed(&text);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, &err);
    if (!p)
        fprintf(stderr, "%s\n", err.text);
    assert(p);
    json_free(doc);
    return p;
}

static void add_amount(struct dice *d, struct str *out)
{
    if (chance(d, 0.5))
        str_addf(out, "\"amount\": %d", between(d, 0, 300));
    else
        str_add(out, "\"amount\": {\"distribution\": \"exponential\", \"mean\": 100}");
}

static void add_transfer(struct dice *d, struct str *out, bool may_stage)
{
    static const char *const names[] = { "scratch", "nvme", "tape" };
    int flow = between(d, 0, 2);
    str_addf(out, "{\"flow\": \"%s\", ", names[flow]);
    add_amount(d, out);
    if (chance(d, 0.4))
        str_addf(out, ", \"rate\": %d", between(d, 5, 40));
    if (may_stage && flow != 1 && chance(d, 0.5))
        str_add(out, ", \"staging\": \"outside\"");
    str_add(out, "}");
}

/* A duration, with transfers around it or not; or a list of phases. */
static void add_doing(struct dice *d, struct str *out, bool serves)
{
    int kind = between(d, 0, 3);
    str_add(out, kind == 3
                     ? ", \"phases\": ["
                     : ", \"duration\": {\"distribution\": \"uniform\", \"min\": 1, \"max\": 20}");
    if (kind == 1 || kind == 2) {
        str_add(out, ", \"input\": ");
        add_transfer(d, out, true);
    }
    if (kind == 2) {
        str_add(out, ", \"output\": ");
        add_transfer(d, out, true);
    }
    for (int k = 0, n = kind == 3 ? between(d, 1, 4) : 0; k < n; k++) {
        str_add(out, k ? ", " : "");
        if (serves && chance(d, 0.6))
            str_addf(out, "{\"flow\": \"llm\", \"amount\": %d}", between(d, 1, 3));
        else if (chance(d, 0.5))
            str_add(out, "{\"compute\": {\"distribution\": \"exponential\", \"mean\": 6}}");
        else
            add_transfer(d, out, false);
    }
    str_add(out, kind == 3 ? "]" : "");
    if (chance(d, 0.2))
        str_addf(out, ", \"slowdown\": {\"flow\": \"nvme\", \"rate\": %d}", between(d, 5, 30));
    else if (chance(d, 0.3))
        str_addf(out, ", \"checkpoint\": {\"interval\": %d, \"cost\": %d}", between(d, 1, 6),
                 between(d, 0, 1));
}

static void add_set(struct dice *d, struct str *out, int i, bool serves)
{
    int parent = i > 0 && chance(d, 0.6) ? between(d, 0, i - 1) : -1;
    str_addf(out, "%s{\"name\": \"s%d\", \"cores\": %d", i ? ", " : "", i, between(d, 1, 3));
    if (chance(d, 0.2))
        str_add(out, ", \"ranks\": 2, \"one_node\": false");
    if (chance(d, 0.2))
        str_add(out, ", \"node\": \"fat\", \"gpus\": 1");
    if (chance(d, 0.3))
        str_addf(out, ", \"resources\": [{\"name\": \"licence\"}%s]",
                 chance(d, 0.5) ? ", {\"name\": \"buffer\", \"amount\": 2}" : "");
    if (parent >= 0 && chance(d, 0.3))
        str_addf(
            out,
            ", \"tasks\": {\"per\": \"s%d\", \"distribution\": \"binomial\", \"n\": 2, \"p\": 0.5}",
            parent);
    else
        str_addf(out, ", \"tasks\": %d", between(d, 1, 8));
    if (parent >= 0)
        str_addf(out, ", \"after\": [\"s%d\"]", parent);
    if (chance(d, 0.2))
        str_addf(out, ", \"failure_probability\": 0.2, \"retries\": %d", between(d, 0, 2));
    if (chance(d, 0.2))
        str_add(out, ", \"when\": 0.6");
    if (i > 0 && chance(d, 0.15))
        str_addf(out, ", \"cancels\": [\"s%d\"]", between(d, 0, i - 1));
    add_doing(d, out, serves);
    str_add(out, "}");
}

struct workflow *all_words_workflow(uint64_t number, uint64_t attempt)
{
    struct dice d = { .stream = rng_stream(number, (uint32_t)attempt, RNG_TEST, 18) };
    struct str text = { 0 };
    struct error err = { "" };
    int n = between(&d, 1, MOST_SETS);
    bool serves = chance(&d, 0.6);
    str_add(&text, "{\"name\": \"w\", \"task_sets\": [");
    for (int i = 0; i < n; i++)
        add_set(&d, &text, i, serves);
    if (serves)
        str_addf(&text,
                 ", {\"name\": \"llm\", \"tasks\": %d, \"cores\": 1, \"service\": {"
                 "\"rate\": %d, \"ready\": 3%s%s}}",
                 between(&d, 1, 2), between(&d, 1, 3), chance(&d, 0.5) ? ", \"at_once\": 1" : "",
                 chance(&d, 0.3) ? ", \"session_sd\": 0.2" : "");
    str_add(&text, "]");
    if (chance(&d, 0.3)) {
        int first = between(&d, 0, n - 1), last = between(&d, first, n - 1);
        str_add(&text, ", \"loops\": [{\"name\": \"loop\", \"sets\": [");
        for (int i = first; i <= last; i++)
            str_addf(&text, "%s\"s%d\"", i > first ? ", " : "", i);
        str_add(&text,
                "], \"at_most\": 3, \"decision_time\": 1, \"stop\": {\"probability\": 0.4}}]");
    }
    str_add(&text, "}");
    struct workflow *w = workflow_parse(text.text, text.length, "random", &err);
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n%s\n", text.text, err.text);
    str_clear(&text);
    return w;
}

struct middleware *all_words_middleware(uint64_t number)
{
    static const char *const launchers[] = {
        "", ", \"cap\": 3", ", \"alone\": \"nodes\"",
        ", \"alone\": \"without_gpu\", \"retry\": 0.5", ", \"alone\": \"core\", \"cap\": 4"
    };
    struct error err = { "" };
    struct str text = { 0 };
    if (number % 2 == 0)
        return middleware_ideal();
    str_addf(
        &text,
        "{\"name\": \"slow\", \"stations\": {\"agent\": {\"latency\": {\"distribution\": "
        "\"exponential\", \"mean\": 0.5}}, "
        "\"launch\": {\"servers\": 2, \"service\": 0.25%s}, \"startup\": {\"warm\": 0.5}, "
        "\"execute\": {\"slope\": 1.25, \"offset\": 0.125}, "
        "\"detect\": {\"base\": 0.25}, \"free\": {\"base\": 0.125}, \"notify\": {\"base\": 0.5}}}",
        launchers[number / 2 % (sizeof launchers / sizeof *launchers)]);
    struct json_document *doc = parsed(&text);
    struct json root = json_root(doc);
    struct middleware *m = middleware_from_json(&root, &err);
    if (!m)
        fprintf(stderr, "%s\n", err.text);
    assert(m);
    json_free(doc);
    return m;
}
