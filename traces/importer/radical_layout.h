/* traces/importer/radical_layout.h - tasks and pilots of a session's JSON, the same view whatever
 * generation wrote it.
 *
 * RADICAL-Pilot up to 1.3x keeps both in one file, <session>.json; later versions keep tasks in
 * tmgr.0000.json and pilots in pmgr.0000.json. A document that fits neither adds nothing. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_LAYOUT_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

/* a task; both live as long as the document */
struct radical_entry { const char *uid; const cJSON *json; };

struct radical_pilot {                   /* every member but `json` may be NULL */
    const cJSON *json;
    const cJSON *description, *config;
    /* cores_per_node, gpus_per_node, threads_per_core, agent_node_list ... */
    const cJSON *resources;
    const cJSON *node_list;
};

struct radical_layout {                  /* zero-initialised */
    size_t n_entries, entries_room;
    struct radical_entry *entries;
    size_t n_pilots, pilots_room;
    struct radical_pilot *pilots;
    const cJSON *session;                /* versions of the software; NULL */
    const char *session_uid;             /* as a manager's JSON names it; NULL */
    size_t nameless;                     /* entries without a uid */
    bool opaque_slots;                   /* a task's slots are "node:core": before 0.5 */
    /* tmgr.*.json or pmgr.*.json was among them: 1.4x or later */
    bool by_managers;
};
/* Adds what the document's root holds. False: it holds no task and no pilot. */
bool radical_layout_add(struct radical_layout *l, const cJSON *root);
void radical_layout_clear(struct radical_layout *l);

/* "a/tmgr.0000.json": a file of tasks or pilots of its own. */
bool radical_layout_is_manager(const char *file_name);

/* NULL: no text, or an empty one */
const char *radical_text(const cJSON *object, const char *key);
/* 0 to 10^6, cut to a whole number; `otherwise`: absent, or nonsense */
int radical_count(const cJSON *object, const char *key, int otherwise);

#endif
