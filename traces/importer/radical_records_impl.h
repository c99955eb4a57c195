/* traces/importer/radical_records_impl.h - what radical_records.c, which holds the records, and
 * radical_records_add.c, which takes them, share. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_RECORDS_IMPL_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_RECORDS_IMPL_H

#include "base/arena.h"
#include "base/str.h"
#include "traces/importer/radical_records.h"
#include "traces/importer/radical_requests.h"
#include "traces/importer/radical_uids.h"

/* of tasks; of runs, a thousandth */
enum { RADICAL_MAX_ENTITIES = 2000000 };

/* The times of one event, of all entities side by side: records of one kind come in runs, of tasks
 * that are near each other. */
/* NAN: no record; entities from `room` on have none */
struct radical_column { double *at; size_t room; };

/* Many members: columns by event, what a profile's lines refer to, and who launched. */
struct radical_records {
    struct radical_uids uids;
    struct radical_entity *entities;     /* of the uids, by their numbers */
    size_t room;
    struct radical_column columns[SESSION_EVENTS];
    bool gathered;                       /* the entities' rows say what the columns say */
    struct arena times;
    struct radical_requests requests;
    struct radical_totals totals;
    double *runs;
    size_t runs_room;
    /* bootstrap_0_start and sync_rel there; sync_rel at the agent. NAN */
    double relative_start_s, relative_sync_s, sync_s;
    /* pilot and sub-agent that the profile in hand lies below: "pilot.0000/agent.1/"; "" */
    struct str folder;
    char **executors;                    /* each folder and component that launched tasks, once */
    size_t executors_room;
    size_t last_executor;                /* of the launch before: mostly the next one's, too */
};

/* The entity of a uid; its `at` is of no use. NULL: no record names it. */
struct radical_entity *radical_records_known(struct radical_records *r, const char *uid,
                                             size_t length);
/* Where the time of an event of this entity is noted. */
double *radical_records_time(struct radical_records *r, const struct radical_entity *e,
                             enum session_event event);

#endif
