#include "traces/importer/radical_reader.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/archive.h"
#include "traces/importer/importers.h"
#include "traces/importer/radical_choice.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/radical_profile.h"
#include "traces/importer/radical_records.h"

enum { MAX_MANAGERS = 64, MAX_JSON_BYTES = 1 << 30 };

static bool is_json(const char *name)
{
    return str_ends(name, ".json") && !str_ends(name, ".reg.json");
}

static void begin_counting(struct radical_reader *rd, const char *name)
{
    struct radical_totals totals = radical_records_totals(rd->profile.records);
    free(rd->profile_name);
    rd->profile_name = xstrdup(name);
    radical_records_begin_file(rd->profile.records, name);
    rd->submissions = totals.submissions;
    rd->launches = totals.launches;
}

static void end_counting(struct radical_reader *rd)
{
    struct radical_totals totals = radical_records_totals(rd->profile.records);
    if (!rd->siblings.chosen)
        radical_siblings_count(&rd->siblings, rd->profile_name,
                               totals.submissions - rd->submissions,
                               totals.launches - rd->launches);
}

static bool reader_begin(void *context, const char *name)
{
    struct radical_reader *rd = context;
    bool profile = str_ends(name, ".prof");
    rd->json = NULL;
    rd->in_manager = false;
    if (radical_choice_is_foreign(name)) {
        rd->foreign += profile || is_json(name);
        return false;
    }
    if ((profile || is_json(name)) && radical_siblings_skip(&rd->siblings, name))
        return false;
    if (profile) {
        begin_counting(rd, name);
        rd->profiles++;
        radical_choice_learn_uid(&rd->choice, name);
        radical_profile_begin(&rd->profile);
        return true;
    }
    if (radical_layout_is_manager(str_file_name(name)) && rd->n_managers < MAX_MANAGERS) {
        xgrow(&rd->managers, &rd->managers_room, rd->n_managers + 1, sizeof *rd->managers);
        rd->managers[rd->n_managers] = (struct manager_file){ .name = xstrdup(name) };
        return rd->in_manager = true;
    }
    rd->json = is_json(name) ? radical_choice_add(&rd->choice, name) : NULL;
    return rd->json != NULL;
}

static void reader_data(void *context, const char *bytes, size_t size)
{
    struct radical_reader *rd = context;
    struct str *json = rd->in_manager ? &rd->managers[rd->n_managers].text : rd->json;
    if (!json)
        radical_profile_feed(&rd->profile, bytes, size);
    else if (json->length + size <= MAX_JSON_BYTES)
        str_add_n(json, bytes, size);
    else
        rd->too_long = 1;
}

static void reader_end(void *context)
{
    struct radical_reader *rd = context;
    if (rd->in_manager) {
        rd->n_managers++;
    } else if (!rd->json) {
        radical_profile_end(&rd->profile);
        end_counting(rd);
    }
}

void radical_reader_clear(struct radical_reader *rd)
{
    radical_profile_clear(&rd->profile);
    radical_choice_clear(&rd->choice);
    for (size_t i = 0; i < rd->n_managers; i++) {
        free(rd->managers[i].name);
        str_clear(&rd->managers[i].text);
    }
    xfree(rd->managers, rd->profile_name);
}

int radical_reader_walk(struct radical_reader *rd, const char *path, struct archive_counts *counts,
                        struct error *err)
{
    struct archive_visitor visitor = { reader_begin, reader_data, reader_end, rd };
    return archive_walk(path, &visitor, NULL, counts, err);
}
