/* core/run_record.h - through which RADICAL a run was recorded, or will be made: kept by workflow
 * and platform files.
 *
 * The key `radical` of both. Importers write it, users may: the closest shipped profile is chosen
 * by it (core/closest_profile.h). */
#ifndef DAGCAST_CORE_RUN_RECORD_H
#define DAGCAST_CORE_RUN_RECORD_H

#include <stdbool.h>

#include "base/schema.h"

/* that fed the agent: RADICAL-Pilot's alone, or EnTK above it */
enum client { CLIENT_UNKNOWN, CLIENT_ALONE, CLIENT_ENTK };
/* "alone" "entk", NULL: number + 1 is the enum's */
extern const char *const client_names[];

/* Whether a task's duration is what it asked for, or also holds what its launcher took while it
 * executed. */
enum recorded_durations { DURATIONS_REQUESTED, DURATIONS_MEASURED };

struct run_record {                      /* zeroed: nothing is known */
    char *version, *launcher;            /* RADICAL-Pilot's; NULL: unknown */
    enum client client;
    enum recorded_durations durations;   /* of a workflow */
};
bool run_record_known(const struct run_record *r);
extern const struct schema run_record_schema;
/* A copy that owns its texts. */
struct run_record run_record_copy(const struct run_record *r);

#endif
