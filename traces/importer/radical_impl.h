/* traces/importer/radical_impl.h - what the parts of the RADICAL importer share: tasks on their way
 * from records to a session.
 *
 * read (radical_session.c, radical_reader.c) -> describe (radical_describe.c, radical_demand.c,
 * radical_read_pilot.c: the session's JSON, by radical_layout.c) -> times (radical_times.c) ->
 * nodes and slots (radical_nodes.c, radical_node_names.c, radical_slots.c, radical_platform.c) ->
 * groups (radical_pipelines.c, radical_groups.c, radical_waves.c, radical_names.c,
 * radical_edges.c) -> a session (radical_build.c). */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_IMPL_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "core/demand.h"
#include "traces/importer/radical_records.h"
#include "traces/session.h"
#include "traces/task_edges.h"

/* Tasks and pilots of a session's JSON, the same view whatever generation wrote it.
 *
 * RADICAL-Pilot up to 1.3x keeps both in one file, <session>.json; later versions keep tasks in
 * tmgr.0000.json and pilots in pmgr.0000.json. A document that fits neither adds nothing. */

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

enum { RADICAL_MAX_NODES = 65535 };

/* ranges of radical.ids */
struct radical_part { uint32_t node; uint32_t first_core, n_cores, first_gpu, n_gpus; };

struct radical_room {                    /* of a kind of node, as a node list gives it */
    int slots, gpus;
    int64_t memory_mib;                  /* 0: unknown */
    bool down[NODE_MOST_SLOTS];        /* slots that no task may have */
};

struct radical_task {                    /* one attempt */
    /* never NULL; times relative to the session's zero once radical_times() ran */
    struct radical_entity *entity;
    const cJSON *json;                   /* its entry, or NULL */
    const char *uid;
    const char *label;                   /* EnTK's uid, else uid */
    /* of EnTK; NULL without or "None" */
    const char *name, *stage_uid, *stage_name, *pipeline_uid, *pipeline_name;
    struct demand demand;                /* slots a rank in `threads` until the platform is known */
    bool has_demand, gpus_rounded;
    double requested_s;                  /* NAN: none */
    double kept_until_s;                 /* an end that the launcher waited for; NAN */
    bool stages_out;                     /* its description asks for moving output */
    /* a lone number handed to some program: believed if the measurements agree */
    bool requested_guessed;
    const char *executable;
    int exit_code;                       /* INT_MIN: unknown */
    enum radical_state json_state;
    size_t first_part, n_parts;          /* of radical.parts */
    double started_s, stopped_s;
    enum session_clock clock;
    enum task_status status;
    unsigned attempt;
    bool last_attempt;
    bool kept;                           /* waiting by the launcher, for other tasks */
    int run, pipeline, stage;            /* -1: none */
    uint32_t task;                       /* which of the described: its place in radical.order */
    uint32_t arrival, placement;         /* ranks; SESSION_NEVER */
    /* that it waited for, by their names; NULL: none, or names do not say */
    const struct radical_task *before;
};

struct radical_group {                   /* a task set to be: order[first .. first + n - 1] */
    size_t first, n;
    int run, pipeline, stage;            /* pipeline, stage -1: without EnTK */
    const char *base;                    /* its label as written */
    const char *name;                    /* unique; NULL until radical_name_groups() */
    double submitted_s, done_s;          /* first; last, NAN unless all are */
    /* its label was split by these; by role: names of tasks */
    bool by_demand, by_role, by_duration;
};

struct radical_pipeline { const char *uid; int run, n_stages; };
struct radical_run { double started_s; bool inferred; };

/* Many members: the state of one import, which its steps fill one after the other. */
struct radical {
    struct session *session;             /* being filled */
    struct radical_records *records;
    size_t n_documents, documents_room;
    struct json_document **documents;    /* what `layout` points into */
    struct radical_layout layout;
    struct radical_totals totals;
    /* characters of the JSON that json_parse_mended() replaced */
    size_t mended;
    size_t n;
    /* in `memory`: one piece, which lies in huge pages where it is large */
    struct radical_task *tasks;
    struct arena memory;
    uint16_t *ids;                       /* core and GPU ids of all parts */
    size_t n_ids, ids_room;
    struct radical_part *parts;
    size_t n_parts, parts_room;
    char **node_names;
    size_t n_nodes, nodes_room;
    /* while nodes are read: what they are called, and by key which one it is */
    struct name_index *node_keys;
    struct radical_node *nodes;
    size_t n_keys, keys_room;
    uint16_t *rooms;                     /* of nodes: their kind, by radical_kind_of() */
    size_t rooms_room;
    struct radical_room *kinds;
    size_t n_kinds, kinds_room;
    /* of a pilot; else there may be nodes that no task's slots name */
    bool has_node_list;
    int threads_per_core;                /* 1: slots are cores; 0 while unknown */
    size_t n_order;                      /* last attempts only */
    struct radical_task **order;         /* by group, within a group by arrival */
    size_t n_groups, groups_room;
    struct radical_group *groups;
    size_t n_pipelines;
    struct radical_pipeline *pipelines;
    bool chained;                        /* the names of tasks say which waited for which */
    size_t n_runs;
    struct radical_run *runs;
    size_t services_room;
};

/* r->tasks from records and JSON; session's facts */
void radical_describe(struct radical *r);
/* pilot, launcher, version and generation of the session; radical_describe() calls it */
void radical_read_pilot(struct radical *r);
/* zero, starts and stops, statuses, attempts, ranks of arrival */
void radical_times(struct radical *r);
/* from r->tasks to session->services; radical_times() calls it */
void radical_hold_services(struct radical *r);
/* of its description */
void radical_read_demand(struct radical_task *t, const cJSON *description);
/* drops guessed requests that the measurements deny */
void radical_check_requests(struct radical *r);
/* nodes by name, slots of tasks, demands settled by them */
void radical_nodes(struct radical *r);
/* Clocks of nodes against the agent's: corrected, or refused (-1) if they are off by minutes and
 * nothing says by how much. */
int radical_clocks(struct radical *r, struct error *err);
void radical_platform(struct radical *r);                /* session->platform */
/* A node by an entry of a node list or of slots: its number; *added where it is new. UINT32_MAX: no
 * name, or too many nodes. */
uint32_t radical_node_of(struct radical *r, const cJSON *entry, bool *added);
/* The same of a pilot's list, where each entry is a node of its own if nothing tells them apart;
 * *again counts these. */
uint32_t radical_listed_node(struct radical *r, const cJSON *entry, size_t *again);
/* The number of a node's kind in r->kinds, from 1; 0 where no list says its room. */
size_t radical_kind_of(const struct radical *r, size_t node);
/* A task's slots, one part a node, by radical_node_of(). -1: they make no sense. Nodes that are new
 * add to *unlisted. */
int radical_read_slots(struct radical *r, struct radical_task *t, size_t *unlisted);
void radical_pipelines(struct radical *r);               /* runs, pipelines, stages */
/* the tasks' `before`, from names of EnTK before 0.5; without EnTK's uids */
void radical_chains(struct radical *r);
/* the same as edges between the described tasks */
struct task_edge_list radical_chain_edges(const struct radical *r);
/* Tasks that the launcher kept apart: session->alone; starts that were not recorded on the nodes
 * are put where they must have been. */
void radical_alone(struct radical *r);
void radical_alone_by_ends(struct radical *r);           /* where no starts were recorded */
/* All that is known is when the launcher was asked. Before 0.5 the script that asks it records its
 * own start, and no end. */
bool radical_was_handed_over(const struct radical_task *t);
void radical_mark_kept(struct radical *r);
const struct radical_part *radical_part_on(const struct radical *r, const struct radical_task *t,
                                           uint32_t node);   /* or NULL */
bool radical_share_core(const struct radical *r, const struct radical_part *a,
                        const struct radical_part *b);
void radical_groups(struct radical *r);                  /* order, groups */
void radical_name_groups(struct radical *r);
/* without EnTK: dependencies and releases of the workflow's sets, one a group */
void radical_infer_edges(struct radical *r, struct workflow *w);
/* Described tasks and the groups to a session, by task_steps.h: workflow, timeline. Then what only
 * RADICAL knows: tasks, bulks, runs, stages. */
int radical_build(struct radical *r, struct error *err);
void radical_add_details(struct radical *r);             /* bulks, runs, stages, requests */
void radical_note_gaps(struct radical *r);

/* The duration that arguments ask for: sleep 340, sh -c 'sleep 765; echo 1', stress --timeout 900s,
 * gmx mdrun -maxh 0.5 (a limit: *guessed), script.sh 729 (*guessed). A guess is believed if the
 * measurements agree. NAN: none. */
double radical_requested(const char *executable, const cJSON *arguments, bool *guessed);

/* What a name is without its number: "T0" of "T0.71", "unit" of "unit.000012"; length in *n. */
const char *radical_prefix(const char *name, size_t *n);
double radical_first_time(const struct radical_entity *e);
/* Of those that are known, which it sorts to the front; NAN: none is. */
double radical_median(double *values, size_t n);

/* -1, 0, 1 by the time of an event, NAN last, then by row. */
int radical_compare_times(double a, double b, uint64_t row_a, uint64_t row_b);
int radical_compare_submissions(const struct radical_task *a, const struct radical_task *b);

/* Sorts by a number of each task, the least first; ties stay in order, so that the most important
 * number comes last. */
void radical_sort(struct radical_task **list, size_t n,
                  uint64_t (*key)(const struct radical_task *t));
/* looks at no task: they stand in order of their uids */
uint64_t radical_by_uid(const struct radical_task *t);
/* By the time of an event of radical_row_of(), then by row: of CLIENT_SUBMITTED as
 * radical_compare_submissions(). */
void radical_sort_by_event(struct radical_task **list, size_t n, enum session_event event);
struct radical_task **radical_all(struct radical *r);    /* every task, by uid; free() it */

#endif
