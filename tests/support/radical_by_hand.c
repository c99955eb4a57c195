#include "tests/support/radical_by_hand.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"

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
