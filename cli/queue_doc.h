/* cli/queue_doc.h - the result of `dagcast queue`: what a history holds, how well it predicts, and
 * how long a request waits. */
#ifndef DAGCAST_CLI_QUEUE_DOC_H
#define DAGCAST_CLI_QUEUE_DOC_H

#include "base/error.h"
#include "cli/command.h"
#include "core/queue_wait.h"
#include "doc/doc.h"
#include "num/stats.h"
#include "num/waits.h"
#include "traces/queue_history.h"

struct queue_answer {
    const struct invocation *call;
    const char *file;
    const struct queue_history *history;
    const struct queue_model *models; /* n of them, a machine each */
    size_t n;
    double size, length_s; /* of the request; size NAN: none. length NAN: not known */
    double nodes; /* the request's, NAN: it was in cores */
};

struct doc *queue_doc(const struct queue_answer *a);

/* The waits of one machine, or of one of its queues, from a queue's history. */
struct queue_model {
    const char *machine; /* of the history; NULL: it names none */
    size_t n; /* jobs */
    struct stats_interval sizes, lengths_s; /* least and most; lengths NAN: not known */
    struct stats_interval submitted_s; /* first and last; NAN: not known */
    double median_s, q95_s; /* of all waits */
    struct waits *waits; /* NULL: fewer than WAITS_LEAST jobs */
};

/* The machine that `said` names (NULL: none), as a number of the history; -1: it names no machine.
 * *machine is -1 too if none is named and there is one machine or none. Fails on an unknown name.
 */
int queue_model_find_machine(const struct queue_history *h, const char *said, int *machine,
                             struct error *err);
int queue_model_find_queue(const struct queue_history *h, const char *said, int *queue,
                           struct error *err);
/* machine, queue -1: all. Clear it. */
struct queue_model queue_model_of(const struct queue_history *h, int machine, int queue);
void queue_model_clear(struct queue_model *m);

/* The waits of a scenario's jobs: of the machine and queue that are named (NULL: not), else of the
 * machine called as the platform, else of the only one. NULL: there is no such history, or it is
 * not clear whose, or too short. */
struct queue_wait *queue_model_open(const char *path, const char *machine, const char *queue,
                                    const char *platform, struct error *err);

#endif
