/* Task sets of unnamed tasks of one shape: told apart by when they were submitted. Oracle:
 * histories of two bulks. */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

enum { BULK = 4, BULKS = 2 };
static const double zero = 1500000000, lasts_s = 100;

struct history {
    /* second bulk: submitted after the first, starts so long after its submission */
    double second_s, waits_s;
    bool lost_done;                      /* of a task of the first */
    size_t sets;
    double release_s;                    /* of the last set; NAN none */
};

static void add_task(struct str *json, const struct history *h, int i)
{
    double submitted = zero + 1 + (i < BULK ? 0.001 * i : h->second_s),
           started = submitted + (i < BULK ? 3 : h->waits_s);
    str_addf(json,
             "%s{\"_id\": \"unit.%06d\", \"state\": \"Done\", \"description\": {\"cores\": 1}, "
             "\"statehistory\": ["
             "{\"state\": \"Scheduling\", \"timestamp\": %.3f}, {\"state\": \"Executing\", "
             "\"timestamp\": %.3f}, "
             "{\"state\": \"AgentStagingOutputPending\", \"timestamp\": %.3f}",
             i ? ", " : "", i, submitted, started, started + lasts_s);
    if (!h->lost_done || i != 1)
        str_addf(json, ", {\"state\": \"Done\", \"timestamp\": %.3f}", started + lasts_s + 1);
    str_add(json, "]}");
}

static void bulks_are_sets_if_they_lie_apart(void)
{
    static const struct history histories[] = {
        { 106, 3, false, 2, NAN },       /* submitted when the first was done: it waited for it */
        { 106, 3, true, 2, NAN },        /* the same, though one DONE was lost */
        { 60, 44, false, 2, 60 },        /* submitted earlier, started when the first had stopped */
        { 60, 3, false, 1, NAN },        /* ran beside the first */
        { 60, 42, false, 1, NAN },       /* started a second too early */
        { 5, 99, false, 1, NAN },        /* one bulk, split by the client */
    };
    for (size_t k = 0; k < sizeof histories / sizeof *histories; k++) {
        char *folder = scratch_new();
        struct str json = { 0 };
        struct error err = { "" };
        str_add(&json, "{\"pilot\": [{}], \"unit\": [");
        for (int i = 0; i < BULK * BULKS; i++)
            add_task(&json, &histories[k], i);
        str_add(&json, "]}");
        free(scratch_file(folder, "rp.session.bulks.json", json.text, json.length));
        struct session *s = importer_radical_session.load(folder, &err);
        if (!s)
            CU_FAIL_FATAL(err.text);
        const struct task_set *last = &s->workflow->sets[s->workflow->n_sets - 1];
        unit_near((double)s->workflow->n_sets, (double)histories[k].sets, 0);
        unit_near(last->release.kind == RELEASE_TIME ? last->release.time_s : 0,
                  known_or(histories[k].release_s, 0), 0.01);
        session_free(s);
        str_clear(&json);
        scratch_free(folder);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(bulks_are_sets_if_they_lie_apart),
                                              { NULL, NULL } };
    return unit_run("radical_groups", tests);
}
