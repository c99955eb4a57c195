/* cli/queue_doc.h - the result of `dagcast queue`: what a history holds, how well it predicts, and
 * how long a request waits. */
#ifndef DAGCAST_CLI_QUEUE_DOC_H
#define DAGCAST_CLI_QUEUE_DOC_H

#include "cli/command.h"
#include "cli/queue_model.h"
#include "doc/doc.h"

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

#endif
