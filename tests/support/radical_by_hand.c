#include "tests/support/radical_by_hand.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

struct radical_by_hand radical_by_hand_new(int pilots)
{
    struct radical_by_hand r = { .folder = scratch_new() };
    str_add(&r.agent, "#time,event,comp,thread,uid,state,msg\n");
    str_add(&r.json, "{\"pilot\": [");
    for (int i = 0; i < pilots; i++)
        str_add(&r.json, i ? ", {}" : "{}");
    str_add(&r.json, "], \"task\": [");
    return r;
}

void radical_by_hand_ran(const struct radical_by_hand *r, int i, double start_s, double stop_s)
{
    char *name = str_format("pilot.0000/t.%d/t.%d.prof", i, i);
    char *rows = str_format("#time,event,comp,thread,uid,state,msg\n%.7f,rank_start,,M,t.%d,,\n"
                            "%.7f,rank_stop,,M,t.%d,,\n",
                            start_s, i, stop_s, i);
    free(scratch_file(r->folder, name, rows, strlen(rows)));
    free(rows);
    free(name);
}

char *radical_by_hand_end(struct radical_by_hand *r)
{
    str_add(&r->json, "]}");
    free(scratch_file(r->folder, "rp.session.x.json", r->json.text, r->json.length));
    free(scratch_file(r->folder, "pilot.0000/agent.prof", r->agent.text, r->agent.length));
    str_clear(&r->json);
    str_clear(&r->agent);
    return r->folder;
}

struct session *radical_loaded(const char *folder)
{
    struct error err = { "" };
    struct session *s = importer_radical_session.load(folder, &err);
    if (!s)
        CU_FAIL(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    return s;
}

void radical_file(const char *folder, const char *name, const char *text)
{
    free(scratch_file(folder, name, text, strlen(text)));
}

const struct session_task *radical_task(const struct session *s, const char *uid, size_t *record)
{
    for (size_t i = 0; i < s->timeline->n; i++)
        if (str_equal(s->tasks[i].uid, uid)) {
            *record = i;
            return &s->tasks[i];
        }
    CU_FAIL_FATAL("no such task");
    return NULL;
}

const struct demand *radical_demand(const struct session *s, const char *uid, size_t *record)
{
    return &s->workflow->sets[radical_task(s, uid, record)->set].traits->demand;
}
