/* traces/importer/radical_requests.h - what tasks themselves record while they run: spans that
 * begin with an event X_start (or X_begin) and end with X_stop (X_end), in the task's own name.
 *
 * A client of a service records its requests so: ollama_prompt_start, ollama_prompt_stop. Spans
 * that hold others (a whole conversation) are not requests. Beside them, the agent's stagers record
 * what they move for a task: staging_in_start, staging_in_stop, likewise staging_out. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_REQUESTS_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_REQUESTS_H

#include "traces/importer/radical_records.h"
#include "traces/importer/radical_uids.h"

struct radical_span {
    uint32_t task, name;                 /* numbers in `tasks` and `names` */
    double start_s, stop_s;              /* as recorded; stop NAN: open */
};
struct radical_requests {
    struct radical_uids tasks, names;    /* names without their endings */
    size_t n, room;
    struct radical_span *spans;
};
void radical_requests_init(struct radical_requests *r);
void radical_requests_clear(struct radical_requests *r);

/* Looks at a record that no rule knows. O(spans that are open) */
void radical_requests_add(struct radical_requests *r, const struct radical_row *row);

/* The spans of the name on which most time was spent, of those that hold no other; into
 * session->requests by their ends, with times since its zero. Tasks that the session does not have
 * are left out. Once its timeline is built. */
void radical_requests_give(struct radical_requests *r, struct session *s);

/* radical_phases.c: what the spans say of each task's phases, into the session's timeline, which is
 * a new one then. `record_of`: of r->tasks, SIZE_MAX: of none. */
void radical_phases_give(const struct radical_requests *r, const size_t *record_of,
                         struct session *s);

#endif
