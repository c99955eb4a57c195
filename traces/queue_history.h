/* traces/queue_history.h - how long jobs of a site waited: sacct's text, an SWF trace, or a CSV.
 *
 * A table is read by its headings (docs/formats.md, "Queue histories"): what was asked for (nodes
 * or cores, walltime), when it was submitted, and how long it waited or when it started. Slurm's
 * wait begins when a job is eligible. Steps, jobs that never started (or were cancelled before
 * they did) and rows without a size, a walltime or a wait are skipped and counted. */
#ifndef DAGCAST_TRACES_QUEUE_HISTORY_H
#define DAGCAST_TRACES_QUEUE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "num/waits.h"

struct queue_job {
    struct past_wait past;
    int machine, queue; /* into the lists below; -1: the row says nothing */
};

/* Many members: columns side by side, and one count for each kind of row left out. */
struct queue_history {
    size_t n, n_machines, n_queues;
    struct queue_job *jobs;
    char **machines, **queues;
    bool in_nodes; /* sizes are nodes, not cores */
    bool has_walltimes; /* else no row has one */
    size_t steps, not_started, no_size, no_walltime, bad; /* rows skipped */
    char first_bad[120]; /* "line 3: start 'x'" */
    const char *damage; /* of a packed file: why what follows could not be read; NULL: all was */
    size_t room; /* private */
};

/* -1: no such file, needed headings are missing, or no job is left. Clear in any case. */
int queue_history_load(const char *path, struct queue_history *h, struct error *err);
/* The same from (*text)[size] == '\0', of malloc(), which is changed or replaced; `name` stands in
 * errors. */
int queue_history_read(char **text, size_t size, const char *name, struct queue_history *h,
                       struct error *err);
void queue_history_clear(struct queue_history *h);

/* The jobs of a machine and a queue (-1: of all), new; free() them. */
struct past_wait *queue_history_jobs(const struct queue_history *h, int machine, int queue,
                                     size_t *n);

#endif
