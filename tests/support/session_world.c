#include "tests/support/session_world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

const char session_world_platform[] =
    "{\"name\": \"ornl.summit\", \"slots\": \"threads\", "
    "\"nodes\": [{\"count\": 3, \"cores\": 10, \"threads_per_core\": 4, \"gpus\": 4}]}";

const char session_world_staged[] =
    "{\"name\": \"staged\", \"task_sets\": ["
    "{\"name\": \"sim\", \"tasks\": 4, \"ranks\": 1, \"threads\": 4, \"gpus\": 1, \"duration\": "
    "30.25},"
    "{\"name\": \"train\", \"tasks\": 3, \"ranks\": 2, \"threads\": 3, \"duration\": 12.5},"
    "{\"name\": \"infer\", \"tasks\": 2, \"ranks\": 1, \"threads\": 2, \"duration\": 7.125}],"
    "\"pipelines\": [{\"name\": \"p\", \"stages\": [[\"sim\"], [\"train\"]]},"
    " {\"name\": \"q\", \"stages\": [[\"infer\"]], \"after\": [\"p\"]}]}";

const char session_world_bare[] =
    "{\"name\": \"bare\", \"task_sets\": ["
    "{\"name\": \"sim\", \"tasks\": 4, \"threads\": 4, \"gpus\": 1, \"duration\": 30.25},"
    "{\"name\": \"train\", \"tasks\": 3, \"ranks\": 2, \"threads\": 3, \"duration\": 12.5, "
    "\"after\": [\"sim\"]},"
    "{\"name\": \"infer\", \"tasks\": 2, \"threads\": 2, \"duration\": 7.125, \"after\": "
    "[\"train\"]}]}";

void session_world_ran(struct world *w, int set, uint32_t task, double submitted_s,
                       unsigned attempt, enum task_status status)
{
    const struct task_set *s = &w->workflow->sets[set];
    struct timeline *t = w->timeline;
    uint32_t number = s->first_task + task, node = number % 3;
    double start = submitted_s + 2.5 + 0.010 * task;
    struct timeline_record r = {
        .submitted_s = submitted_s, .arrived_s = submitted_s + 1.5, .scheduled_s = start - 0.5,
        .started_s = start,
        .stopped_s = start + dist_mean(s->duration) + 0.001 * number, .task = number,
    };
    r.freed_s = r.stopped_s + 0.125;
    r.notified_s = r.freed_s + 1;
    if (status == TASK_CUT)
        r.stopped_s = r.freed_s = r.notified_s = NAN;
    if (status == TASK_CANCELLED)
        r.arrived_s = r.scheduled_s = r.started_s = r.stopped_s = r.freed_s = NAN;
    size_t i = timeline_add(t, &r, status, attempt);
    if (status != TASK_CANCELLED)
        world_slots(w, (struct world_place){ node, 4 + (int)(number / 3) * 8,
                                             s->traits->demand.ranks * s->traits->demand.threads,
                                             s->traits->demand.gpus ? (int)(number / 3) : -1 });
    if (!t->launched_s)
        t->launched_s = xcalloc(t->room, sizeof *t->launched_s);
    t->launched_s[i] = status == TASK_CANCELLED ? (double)NAN : start - 0.25;
}

struct world session_world_new(const char *workflow_json)
{
    static const double submitted_s[] = { 100.5, 137, 160 };
    struct world w = world_new(workflow_json, session_world_platform);
    for (int set = 0; set < 3; set++)
        for (uint32_t task = 0; task < w.workflow->sets[set].n_tasks; task++)
            session_world_ran(&w, set, task, submitted_s[set], 0, TASK_DONE);
    return w;
}

struct session *session_world_load(const char *folder, struct session_writer *writer)
{
    struct error err = { "" };
    char *path = str_format("%s/rp.session.host.user.019000.0000", folder);
    writer->cut_s = writer->cut_s > 0 ? writer->cut_s : INFINITY;
    CU_ASSERT_EQUAL_FATAL(session_write(path, writer, &err), 0);
    struct session *s = importer_radical_session.load(path, &err);
    if (!s)
        puts(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    free(path);
    return s;
}
