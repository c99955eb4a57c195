/* tests/oracle/growing_sessions.c - random workflows of loops and campaigns of which only what is
 * in flight is written out, against the same written out, bit by bit.
 *
 * growing_sessions FIRST COUNT: scenarios FIRST .. FIRST + COUNT - 1, in each mode in which they
 * can grow, with one of all the profiles and one of several policies. Two in three have durations
 * that tie, of zero too, one in four has a walltime. With SHOW in the environment each description
 * goes to standard error. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#include "base/str.h"
#include "core/presets.h"
#include "core/scenario.h"
#include "scheduling/growing.h"
#include "tests/oracle/range.h"
#include "tests/support/given.h"
#include "tests/support/grown_pair.h"

enum { MOST_SETS = 6, MOST_LOOPS = 3 };

static const char *const data_folders[] = { "traces", NULL };

struct dice { uint64_t number, at; };

static int between(struct dice *d, int low, int high)
{
    return given_choice(d->number, d->at++, low, high);
}

static bool chance(struct dice *d, double p)
{
    return given_draw(d->number, d->at++) < p;
}

/* ---- workflows ---- */

/* What is drawn for all of a workflow. */
struct plan {
    int n_sets, n_loops;
    int loop_of[MOST_SETS];              /* -1 */
    enum { TIE_NEVER, TIE_OFTEN, TIE_AT_ZERO, TIES } ties;
};

static void add_duration(struct dice *d, struct str *out, const struct plan *p)
{
    static const char *const tied[] = { "0", "0", "1", "2", "3.5" };
    if (p->ties == TIE_OFTEN || (p->ties == TIE_AT_ZERO && chance(d, 0.2)))
        str_addf(out, ", \"duration\": %s", tied[between(d, 0, 4)]);
    else if (p->ties == TIE_AT_ZERO)
        str_add(out, ", \"duration\": 0");
    else
        str_addf(out, ", \"duration\": {\"distribution\": \"exponential\", \"mean\": %d}",
                 between(d, 1, 9));
}

static void add_number(struct dice *d, struct str *out, int parent)
{
    int kind = between(d, 0, parent < 0 ? 1 : 2);
    if (kind == 0)
        str_addf(out, ", \"tasks\": %d", between(d, 1, chance(d, 0.2) ? 9 : 4));
    if (kind == 1 && chance(d, 0.3))
        str_addf(out, ", \"tasks\": {\"distribution\": \"poisson\", \"mean\": %d}",
                 between(d, 1, 3));
    if (kind == 2)
        str_addf(out,
                 ", \"tasks\": {\"per\": \"s%d\", \"distribution\": \"binomial\", \"n\": %d, "
                 "\"p\": 0.6}",
                 parent, between(d, 1, 3));
}

static void add_set(struct dice *d, struct str *out, const struct plan *p, int i)
{
    int parent = i > 0 && chance(d, 0.7) ? between(d, 0, i - 1) : -1;
    /* what comes after a loop comes after sets that exist */
    bool late = parent >= 0 && p->loop_of[parent] >= 0 && p->loop_of[i] != p->loop_of[parent];
    struct str number = { 0 };
    if (!late)
        add_number(d, &number, parent);
    bool own = strstr(number.text ? number.text : "", "\"per\"") && chance(d, 0.6);
    str_addf(out, "%s{\"name\": \"s%d\", \"cores\": %d, \"gpus\": %d%s", i ? ", " : "", i,
             between(d, 1, 3), between(d, 0, 2) == 0, number.text ? number.text : "");
    add_duration(d, out, p);
    if (parent >= 0)
        str_addf(out,
                 own ? ", \"after\": [{\"set\": \"s%d\", \"kind\": \"each\"}]"
                     : ", \"after\": [\"s%d\"]",
                 parent);
    if (!late && chance(d, 0.2))
        str_addf(out,
                 chance(d, 0.5) ? ", \"when\": 0.%d"
                                : ", \"when\": {\"probability\": 0.%d, \"per\": \"task\"}",
                 between(d, 1, 8));
    str_add(out, "}");
    str_clear(&number);
}

static void add_loop(struct dice *d, struct str *out, const struct plan *p, int loop)
{
    int decides = -1, n = 0;
    str_addf(out, "%s{\"name\": \"l%d\", \"sets\": [", loop ? ", " : "", loop);
    for (int i = 0; i < p->n_sets; i++)
        if (p->loop_of[i] == loop) {
            str_addf(out, "%s\"s%d\"", n++ ? ", " : "", i);
            decides = chance(d, 0.5) ? i : decides;
        }
    str_addf(out, "], \"stop\": {\"after\": %d}", between(d, 30, 130));
    if (decides >= 0 && chance(d, 0.6))
        str_addf(out, ", \"decided_by\": \"s%d\"", decides);
    if (chance(d, 0.4))
        str_addf(out, ", \"decision_time\": %s", chance(d, 0.5) ? "0.5" : "2");
    str_add(out, "}");
}

/* Sets next to each other are of one loop, or of none. */
static struct plan draw_plan(struct dice *d, bool campaign)
{
    struct plan p = { .n_sets = between(d, 1, MOST_SETS), .ties = between(d, 0, TIES - 1) };
    for (int i = 0; i < p.n_sets; i++)
        p.loop_of[i] = -1;
    for (int i = 0; p.n_loops < MOST_LOOPS && i < p.n_sets;) {
        int n = between(d, 1, p.n_sets - i);
        bool loops = chance(d, 0.75) || (p.n_loops == 0 && !campaign && i + n == p.n_sets);
        for (int k = i; loops && k < i + n; k++)
            p.loop_of[k] = p.n_loops;
        p.n_loops += loops;
        i += n;
    }
    return p;
}

static void add_campaign(struct dice *d, struct str *out, bool learns)
{
    str_addf(out, ", \"campaigns\": [{\"name\": \"k\", \"candidates\": \"c\", \"budget\": %d",
             between(d, 40, 400));
    if (learns)
        str_addf(out, ", \"learn\": \"l\", \"every\": %d", between(d, 1, 6));
    if (chance(d, 0.7))
        str_addf(out, ", \"in_flight\": %d", between(d, 1, 7));
    if (chance(d, 0.5))
        str_add(out, ", \"hit_probability\": 0.05, \"hit_gain\": 1.01");
    str_add(out, "}]");
}

static struct workflow *random_workflow(uint64_t number)
{
    struct dice d = { number, 0 };
    struct str text = { 0 };
    bool campaign = chance(&d, 0.25), learns = chance(&d, 0.7);
    struct plan p = draw_plan(&d, campaign);
    str_addf(&text, "{\"name\": \"w%llu\", \"task_sets\": [", (unsigned long long)number);
    for (int i = 0; i < p.n_sets; i++)
        add_set(&d, &text, &p, i);
    if (campaign) {
        str_add(&text, ", {\"name\": \"c\"");
        add_duration(&d, &text, &p);
        str_add(&text, "}");
    }
    if (campaign && learns) {
        str_addf(&text, ", {\"name\": \"l\", \"gpus\": 1, \"tasks\": %d", between(&d, 1, 2));
        add_duration(&d, &text, &p);
        str_add(&text, "}");
    }
    str_add(&text, "]");
    if (p.n_loops > 0)
        str_add(&text, ", \"loops\": [");
    for (int l = 0; l < p.n_loops; l++)
        add_loop(&d, &text, &p, l);
    if (p.n_loops > 0)
        str_add(&text, "]");
    if (campaign)
        add_campaign(&d, &text, learns);
    str_add(&text, "}");
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n", text.text);
    struct error err = { "" };
    struct workflow *w = workflow_parse(text.text, text.length, "random", &err);
    if (!w && getenv("SHOW"))
        fprintf(stderr, "%s\n", err.text);
    str_clear(&text);
    return w;
}

/* ---- runs ---- */

struct tally { unsigned long runs, refused, many, differences; };

static void run(uint64_t number, const struct scenario *s, struct tally *tally)
{
    struct grown_pair pair;
    if (!growing_can(s->workflow, s->mode)) {
        tally->refused++;
        return;
    }
    grown_pair_run(s, (uint32_t)(number % 3), &pair);
    char *difference = grown_pair_difference(&pair);
    tally->runs++;
    tally->many += pair.most_iterations > growing_least_places(s->workflow);
    tally->differences += difference != NULL;
    if (difference)
        printf("scenario %llu, %s, %s: %s\n", (unsigned long long)number, mode_name(s->mode),
               s->middleware->name, difference);
    free(difference);
}

static void run_scenario(uint64_t number, struct tally *tally)
{
    static const struct scheduler_options policies[] = {
        { .scheduler = NULL },           /* the profile's */
        { .order = "largest", .overtake = "easy", .placement = "best_fit" },
        { .order = "shortest", .overtake = "none", .placement = "worst_fit" },
        { .order = "longest", .overtake = "conservative", .placement = "next_fit" },
    };
    struct dice d = { number, 1000 };
    struct presets profiles = presets_find(PRESET_MIDDLEWARE, data_folders);
    struct error err = { "" };
    struct workflow *w = random_workflow(number);
    struct platform *p = given_platform(
        "{'name': 'p', 'nodes': [{'count': 2, 'cores': 5, 'gpus': 1}]}");
    int profile = between(&d, 0, (int)profiles.n - 1), policy = between(&d, 0, 5);
    double walltime_s = chance(&d, 0.25) ? between(&d, 20, 400) : 0;
    struct middleware *m = middleware_open(profiles.names[profile], data_folders, json_load,
                                           &err);
    tally->refused += !w;
    for (int mode = 0; w && m && mode < MODES; mode++) {
        const struct scheduler_options *said = &policies[policy < 3 ? 0 : policy - 2];
        struct scenario s = { .workflow = w, .platform = p, .middleware = m,
                              .mode = (enum mode)mode, .seed = number,
                              .walltime_s = walltime_s,
                              .scheduler = scheduler_options_resolve(said, m) };
        run(number, &s, tally);
    }
    if (!m)
        printf("%s\n", err.text);
    tally->differences += !m;
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
    presets_clear(&profiles);
}

int main(int argc, char **argv)
{
    struct oracle_range range;
    if (!oracle_range(argc, argv, "growing_sessions", &range))
        return 2;
    struct tally tally = { 0 };
    for (uint64_t i = range.first; i < range.end; i++)
        run_scenario(i, &tally);
    printf("%lu sessions, %lu of them with more than the least places, %lu not to be grown, %lu "
           "differences\n",
           tally.runs, tally.many, tally.refused, tally.differences);
    return tally.differences > 0 || tally.runs == 0;
}
