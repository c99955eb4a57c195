/* Launchers that keep tasks apart, found from pairs and from ends: small sessions written by hand.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "num/rng.h"
#include "tests/support/radical_by_hand.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/calibrate.h"
#include "traces/importer/importers.h"
#include "traces/session_cautions.h"

enum { MOST_DRAWN = 24, MOST_NODES_DRAWN = 8, MADE = 20 };

struct made { int node, core, gpu; double handed_s, start_s, stop_s; };  /* gpu -1: none */

/* RADICAL-Pilot 1.33; `on_node`: starts and stops are recorded there, else only the agent's. */
static struct session *session_of(const struct made *tasks, int n, bool on_node)
{
    struct radical_by_hand made = radical_by_hand_new(1);
    const double zero = 1600000000.0;
    for (int i = 0; i < n; i++) {
        const struct made *t = &tasks[i];
        str_addf(&made.json,
                 "%s{\"uid\": \"t.%d\", \"state\": \"DONE\", \"description\": {\"ranks\": 1, "
                 "\"cores_per_rank\": 1, "
                 "\"gpus_per_rank\": %d}, \"slots\": {\"ranks\": [{\"node_name\": \"n%d\", "
                 "\"core_map\": [[%d]], \"gpu_map\": [%s%s%s]}]}}",
                 i ? ", " : "", i, t->gpu >= 0, t->node, t->core, t->gpu >= 0 ? "[" : "",
                 t->gpu < 0 ? ""
                 : t->gpu   ? "1"
                            : "0",
                 t->gpu >= 0 ? "]" : "");
        str_addf(&made.agent, "%.7f,schedule_ok,agent_scheduling.0,M,t.%d,,\n", zero + t->handed_s,
                 i);
        str_addf(&made.agent,
                 "%.7f,task_run_start,agent_executing.0,M,t.%d,,\n%.7f,task_run_stop,agent_"
                 "executing.0,M,t.%d,,\n",
                 zero + t->handed_s, i, zero + t->stop_s, i);
        str_addf(&made.agent, "%.7f,unschedule_stop,agent_scheduling.0,M,t.%d,,\n",
                 zero + t->stop_s, i);
        if (!on_node)
            continue;
        radical_by_hand_ran(&made, i, zero + t->start_s, zero + t->stop_s);
    }
    char *folder = radical_by_hand_end(&made);
    struct error err = { "" };
    struct session *s = importer_radical_session.load(folder, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    scratch_free(folder);
    return s;
}

static double started_s(const struct session *s, const char *uid)
{
    for (size_t i = 0; i < s->timeline->n; i++)
        if (str_equal(s->tasks[i].uid, uid))
            return s->timeline->records[i].started_s;
    CU_FAIL_FATAL("no such task");
    return NAN;
}

/* `n` tasks without GPUs, handed over while two with GPUs run on the node: kept back until both
 * have ended, one after another; or not. */
static struct session *mixed_of(int n, bool kept)
{
    struct made tasks[12] = { { 0, 0, 0, 0, 1, 100, }, { 0, 1, 1, 0, 1.5, 200 } };
    for (int i = 0; i < n; i++) {
        double handed_s = 20 + 2 * i, start_s = kept ? 200.5 + 10 * i : handed_s + 1;
        tasks[2 + i] = (struct made){ 0, 2 + i, -1, handed_s, start_s, start_s + 9.5 };
    }
    return session_of(tasks, 2 + n, true);
}

static struct session *mixed(bool kept) { return mixed_of(10, kept); }

/* Three pairs show too little for a rule, but speak against none that a profile may have; three
 * that ran together do. */
static void few_pairs_leave_it_open(void)
{
    for (int kept = 0; kept < 2; kept++) {
        struct session *s = mixed_of(3, kept);
        unit_near(s->alone, ALONE_NEVER, 0);
        unit_near(s->alone_says[ALONE_WITHOUT_GPU], kept ? ALONE_POSSIBLE : ALONE_EXCLUDED, 0);
        /* those with GPUs ran together */
        unit_near(s->alone_says[ALONE_OWN_NODES], ALONE_EXCLUDED, 0);
        session_free(s);
    }
}

static void pairs_show_it(void)
{
    struct session *s = mixed(true);
    unit_is(s->alone, ==, ALONE_WITHOUT_GPU);
    CU_ASSERT_FALSE(s->alone_random);
    unit_is(s->n_alone, >=, 10);
    unit_is(s->n_alone_against, ==, 0);
    unit_is(s->n_alone_moved, ==, 0);
    unit_near(started_s(s, "t.2") - started_s(s, "t.0"), 199.5, 1e-3);
    cJSON *cautions = session_cautions(s);
    CU_ASSERT_PTR_NOT_NULL(strstr(cJSON_GetArrayItem(cautions, 0)->valuestring,
                                  "without GPUs only while nothing else runs on its nodes"));
    cJSON_Delete(cautions);
    session_free(s);
    s = mixed(false);
    unit_is(s->alone, ==, ALONE_NEVER);
    unit_is(s->n_alone, ==, 0);
    session_free(s);
}

/* Twelve tasks of a minute handed over at once. They end in pairs, whose slots lie on one node, if
 * the launcher finds nodes itself; on both, if each task has its own. */
static struct session *pairs_of_ends(bool own)
{
    struct made tasks[12];
    for (int i = 0; i < 12; i++)
        tasks[i] = (struct made){ own ? i % 2 : i / 6, i, -1, 10 + 0.1 * i, NAN,
                                  10.5 + 60 * (i / 2 + 1) + (i % 2 ? 0.4 : -0.4) };
    return session_of(tasks, 12, false);
}

static void ends_show_it_and_move_the_starts(void)
{
    for (int own = 0; own < 2; own++) {
        struct session *s = pairs_of_ends(own);
        unit_near(s->alone, own ? ALONE_OWN_NODES : ALONE_NODES, 0);
        unit_near((double)s->n_alone_moved, 10, 0);
        double longest_s = 0;
        for (size_t i = 0; i < s->timeline->n; i++) {
            unit_near(session_measured_s(s, i), 60, 1.6);
            longest_s = fmax(longest_s, session_recorded_s(s, i));
        }
        /* the sixth pair's, from its hand-over on */
        unit_near(longest_s, 360, 1.6);
        unit_near(started_s(s, "t.10") - started_s(s, "t.0"), 300.1, 1);
        session_free(s);
    }
}

static void ends_together_show_nothing(void)
{
    struct made tasks[12];
    for (int i = 0; i < 12; i++)
        tasks[i] = (struct made){ i % 2, i / 2, -1, 10 + 0.1 * i, NAN, 70.5 };
    struct session *s = session_of(tasks, 12, false);
    unit_near(s->alone, ALONE_NEVER, 0);
    unit_near((double)s->n_alone_moved, 0, 0);
    session_free(s);
}

static double log_normal(const struct rng_stream *draw, uint32_t i, double log_sd)
{
    double radius = sqrt(-2 * log(1 - rng_uniform(draw, i, 1)));
    return exp(log_sd * radius * cos(2 * 3.14159265358979 * rng_uniform(draw, i, 2)));
}

/* Tasks of about a minute, handed over within some seconds, slots on drawn nodes, and when they end
 * by the rule; those that wait go in order (even numbers), or the last first. */
static enum alone_rule found(uint64_t number, enum alone_rule rule, int n_nodes, double log_sd)
{
    struct made tasks[MOST_DRAWN];
    double free_s[MOST_NODES_DRAWN] = { 0 };
    struct rng_stream draw = rng_stream(number, 0, RNG_TEST, str_hash("launchers"));
    for (int turn = 0; turn < MOST_DRAWN; turn++) {
        int i = turn < n_nodes || number % 2 == 0 ? turn : MOST_DRAWN - 1 - (turn - n_nodes);
        uint32_t k = (uint32_t)i;
        int node = i < n_nodes ? i : (int)(rng_uniform(&draw, k, 0) * n_nodes), at = node;
        for (int n = 0; n < n_nodes && rule == ALONE_NODES; n++)
            at = free_s[n] < free_s[at] ? n : at;
        double handed_s = 1 + 0.3 * i, lasts_s = 60 * log_normal(&draw, k, log_sd),
               start_s = rule == ALONE_NEVER ? handed_s : fmax(handed_s, free_s[at]);
        free_s[at] = start_s + lasts_s;
        tasks[i] = (struct made){ node, i % 16, -1, handed_s, NAN, free_s[at] };
    }
    struct session *s = session_of(tasks, MOST_DRAWN, false);
    enum alone_rule out = s->alone;
    session_free(s);
    return out;
}

static int count_found(enum alone_rule rule, int n_nodes, double log_sd)
{
    int n = 0;
    for (uint64_t number = 0; number < MADE; number++)
        n += found(number, rule, n_nodes, log_sd) == rule;
    return n;
}

/* On many nodes too, where a launcher that finds nodes itself would let nobody wait. However
 * unequal tasks are, none is found where there is none. */
static void each_rule_is_found_in_its_own_sessions(void)
{
    for (int n_nodes = 2; n_nodes <= MOST_NODES_DRAWN; n_nodes += 3) {
        unit_near(count_found(ALONE_NODES, n_nodes, 0.1), MADE, 0);
        unit_near(count_found(ALONE_OWN_NODES, n_nodes, 0.1), MADE, 0);
        unit_near(count_found(ALONE_NODES, n_nodes, 0.2), MADE, 1);
        unit_near(count_found(ALONE_OWN_NODES, n_nodes, 0.2), MADE, 1);
        unit_near(count_found(ALONE_NEVER, n_nodes, 0.1), MADE, 0);
        unit_near(count_found(ALONE_NEVER, n_nodes, 0.6), MADE, 0);
    }
}

/* Ten tasks on one node of two, of which the other runs one: each by itself, or all together. */
static struct session *ten_on_a_node(bool kept)
{
    struct made tasks[11] = { { 1, 0, -1, 0, 1, 500 } };
    for (int i = 0; i < 10; i++) {
        double start_s = kept ? 1 + 40 * i : 4 + i;
        tasks[1 + i] = (struct made){ 0, i, -1, i ? 2 + 0.1 * i : 0, start_s, start_s + 39.9 };
    }
    return session_of(tasks, 11, true);
}

static void pairs_of_whole_nodes(void)
{
    for (int kept = 0; kept < 2; kept++) {
        struct session *s = ten_on_a_node(kept);
        unit_near(s->alone, kept ? ALONE_OWN_NODES : ALONE_NEVER, 0);
        unit_near(s->alone_says[ALONE_OWN_NODES], kept ? ALONE_UNKNOWN : ALONE_EXCLUDED, 0);
        unit_near(s->alone_says[ALONE_NODES], ALONE_UNKNOWN, 0);
        session_free(s);
    }
}

/* Three sessions that show a rule, one that contradicts both: a replica draws one of four. */
static void a_profile_counts_what_its_sessions_show(void)
{
    struct session *s[] = { pairs_of_ends(false), pairs_of_ends(true), pairs_of_ends(true),
                            ten_on_a_node(false) };
    struct calibration c;
    struct error err = { "" };
    if (calibrate((const struct session *const *)s, 4, NULL, &c, &err) != 0)
        CU_FAIL_FATAL(err.text);
    const int *shown = c.profile->alone.sessions;
    unit_near(shown[ALONE_NEVER], 0, 0);                 /* `nodes` may hold there, elsewhere */
    unit_near(shown[ALONE_NODES], 1, 0);
    unit_near(shown[ALONE_OWN_NODES], 2, 0);
    calibration_clear(&c);
    if (calibrate((const struct session *const *)s + 1, 3, NULL, &c, &err) != 0)
        CU_FAIL_FATAL(err.text);
    unit_near(c.profile->alone.sessions[ALONE_NEVER], 1, 0);
    unit_near(c.profile->alone.sessions[ALONE_OWN_NODES], 2, 0);
    calibration_clear(&c);
    for (size_t i = 0; i < sizeof s / sizeof *s; i++)
        session_free(s[i]);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(pairs_show_it),
                                              UNIT_TEST(few_pairs_leave_it_open),
                                              UNIT_TEST(ends_show_it_and_move_the_starts),
                                              UNIT_TEST(ends_together_show_nothing),
                                              UNIT_TEST(each_rule_is_found_in_its_own_sessions),
                                              UNIT_TEST(pairs_of_whole_nodes),
                                              UNIT_TEST(a_profile_counts_what_its_sessions_show),
                                              { NULL, NULL } };
    return unit_run("radical_alone", tests);
}
