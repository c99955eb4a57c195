#include "traces/wfformat_write_files.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "traces/session_files.h"

enum { INPUT, OUTPUT, SIDES };
static const char *const keys[SIDES] = { "inputFiles", "outputFiles" }, *const endings[SIDES] = {
    "input", "output"
};
static const char *const byte_keys[SIDES] = { "readBytes", "writtenBytes" };

/* Bytes that a set's task moves at that end by its description; NAN: nothing, or not bytes. */
static double described(const struct task_set *set, int side)
{
    const struct task_phases *phases = task_phases_of(set);
    const struct phase *p = side == INPUT ? &phases->input : &phases->output;
    return p->flow && p->bytes ? rint(dist_mean(p->amount) * 1048576) : (double)NAN;
}

static char *described_id(const char *task, int side)
{
    return str_format("%s.%s", task, endings[side]);
}

static void add_side(const struct session_files *f, const struct task_set *set, uint32_t task,
                     const char *id, int side, cJSON *list)
{
    for (size_t k = f ? f->first[2 * (size_t)task + (size_t)side] : 0;
         f && k < f->first[2 * (size_t)task + (size_t)side + 1]; k++)
        cJSON_AddItemToArray(list, cJSON_CreateString(f->at[f->ids[k]].id));
    if (f || isnan(described(set, side)))
        return;
    char *own = described_id(id, side);
    cJSON_AddItemToArray(list, cJSON_CreateString(own));
    free(own);
}

void wfformat_add_task_files(const struct session_files *files, const struct task_set *set,
                             uint32_t task, const char *id, cJSON *out)
{
    for (int side = INPUT; side < SIDES; side++)
        add_side(files, set, task, id, side, cJSON_AddArrayToObject(out, keys[side]));
}

void wfformat_add_bytes(const struct session_files *files, const struct task_set *set,
                        uint32_t task, cJSON *out)
{
    for (int side = INPUT; side < SIDES; side++) {
        double bytes = files ? session_files_bytes(files, task, side) : described(set, side);
        if (!isnan(bytes))
            cJSON_AddNumberToObject(out, byte_keys[side], bytes);
    }
}

static void add_file(cJSON *list, const char *id, double bytes)
{
    cJSON *file = cJSON_CreateObject();
    cJSON_AddStringToObject(file, "id", id);
    cJSON_AddNumberToObject(file, "sizeInBytes", isnan(bytes) ? 0 : bytes);
    cJSON_AddItemToArray(list, file);
}

cJSON *wfformat_files(const struct session_files *files, const struct workflow *w, char *const *ids)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; files && i < files->n; i++)
        add_file(list, files->at[i].id, files->at[i].bytes);
    for (size_t k = 0; !files && k < w->n_sets; k++)
        for (int side = INPUT; side < SIDES; side++)
            for (uint32_t i = 0; !isnan(described(&w->sets[k], side)) && i < w->sets[k].n_tasks;
                 i++) {
                char *own = described_id(ids[w->sets[k].first_task + i], side);
                add_file(list, own, described(&w->sets[k], side));
                free(own);
            }
    return list;
}
