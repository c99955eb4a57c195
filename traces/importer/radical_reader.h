/* traces/importer/radical_reader.h - reads a RADICAL session's folder or archive file by file:
 * which of its files count, and what is kept of them. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_READER_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "traces/archive.h"
#include "traces/importer/radical_choice.h"
#include "traces/importer/radical_profile.h"

/* What goes by while the archive streams: profiles are taken record by record, of all JSON the
 * likeliest is kept. */
struct radical_reader {
    struct radical_profile profile;
    struct radical_choice choice;        /* of the session's JSON */
    const char *json_name;               /* of the chosen one, in `choice`; NULL until then */
    struct str *json;                    /* the one in hand, or NULL */
    bool in_manager;
    size_t n_managers, managers_room;    /* tmgr.0000.json, pmgr.0000.json: all of them count */
    struct manager_file { char *name; struct str text; } *managers;
    size_t profiles, too_long, foreign;
    struct radical_siblings siblings;
    char *profile_name;                  /* of the one in hand, */
    /* ... and how many records of tasks there were before it */
    uint64_t submissions, launches;
};

/* Reads all that lies at the path, into the reader and its profile's records. -1: there is nothing
 * that can be read. */
int radical_reader_walk(struct radical_reader *rd, const char *path, struct archive_counts *counts,
                        struct error *err);
/* Frees all but `siblings`. */
void radical_reader_clear(struct radical_reader *rd);

#endif
