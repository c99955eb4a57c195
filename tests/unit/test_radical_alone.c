/* Launchers that keep tasks apart, found from pairs and from ends: small sessions written by hand.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/radical_by_hand.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

enum { MOST = 16 };

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
        unit_near(s->alone_open[ALONE_WITHOUT_GPU], kept, 0);
        unit_near(s->alone_open[ALONE_NODES], 0, 0);     /* those with GPUs ran together */
        session_free(s);
    }
}

static void pairs_show_it(void)
{
    struct session *s = mixed(true);
    CU_ASSERT(s->alone == ALONE_WITHOUT_GPU && !s->alone_random && s->n_alone >= 10 &&
              s->n_alone_against == 0 && s->n_alone_moved == 0);
    unit_near(started_s(s, "t.2") - started_s(s, "t.0"), 199.5, 1e-3);
    cJSON *cautions = session_cautions(s);
    CU_ASSERT_PTR_NOT_NULL(strstr(cJSON_GetArrayItem(cautions, 0)->valuestring,
                                  "without GPUs only while nothing else runs on its nodes"));
    cJSON_Delete(cautions);
    session_free(s);
    s = mixed(false);
    CU_ASSERT(s->alone == ALONE_NEVER && s->n_alone == 0);
    session_free(s);
}

/* Twelve tasks handed over at once on two nodes, of which each runs one at a time: they end in
 * pairs. */
static struct session *ends(bool apart)
{
    struct made tasks[12];
    for (int i = 0; i < 12; i++) {
        double wave_s = i % 2 ? 0.4 : -0.4;
        tasks[i] = (struct made){ i % 2, i / 2, -1, 10 + 0.1 * i, NAN,
                                  10.5 + 60 * (apart ? i / 2 + 1 : 1) + wave_s };
    }
    return session_of(tasks, 12, false);
}

static void ends_show_it_and_move_the_starts(void)
{
    struct session *s = ends(true);
    CU_ASSERT(s->alone == ALONE_NODES && s->n_alone_moved == 10);
    for (size_t i = 0; i < s->timeline->n; i++)
        CU_ASSERT(fabs(session_measured_s(s, i) - 60) < 1.6);
    double longest_s = 0;
    for (size_t i = 0; i < s->timeline->n; i++)
        longest_s = fmax(longest_s, session_recorded_s(s, i));
    /* the sixth pair's, from its hand-over on */
    unit_near(longest_s, 360, 1.6);
    unit_near(started_s(s, "t.10") - started_s(s, "t.0"), 300.1, 1);
    session_free(s);
    s = ends(false);
    CU_ASSERT(s->alone == ALONE_NEVER && s->n_alone_moved == 0);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(pairs_show_it),
                                              UNIT_TEST(few_pairs_leave_it_open),
                                              UNIT_TEST(ends_show_it_and_move_the_starts),
                                              { NULL, NULL } };
    return unit_run("radical_alone", tests);
}
