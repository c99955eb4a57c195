/* study/batch_lines.h - the head of a batch script that asks for what a workflow needs. */
#ifndef DAGCAST_STUDY_BATCH_LINES_H
#define DAGCAST_STUDY_BATCH_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "core/platform.h"

enum { BATCH_KINDS_MOST = 8 };
struct batch_kind { const char *name; size_t nodes; int cores, gpus; };

struct batch_request {
    size_t nodes;
    double walltime_s;
    int cores, gpus;                     /* of a node; gpus 0: the workflow needs none */
    /* partition or queue, or options ("--qos=debug"); NULL: not known */
    const char *queue;
    const char *kind;                    /* of the nodes; NULL: any */
    const char *select;                  /* of each node, for PBS; NULL: cores and GPUs */
    /* Nodes of several kinds, each with how many of them; 0: they are of one, or of too many */
    size_t n_kinds;
    struct batch_kind kinds[BATCH_KINDS_MOST];
};
/* What the workflow needs of the first `nodes` nodes of the platform: GPUs if a task set asks for
 * some, the kind of node if all nodes are of one and the platform has several. */
struct batch_request batch_request_of(const struct platform *p, const struct workflow *w,
                                      size_t nodes, double walltime_s,
                                      const struct queue_rule *queue);

/* Adds "#SBATCH --nodes=16\n#SBATCH --time=00:30:00\n..." for "slurm", likewise for "pbs", "lsf"
 * (whose walltime is in minutes) and "flux"; the account is YOUR_ACCOUNT, to be filled in. False,
 * nothing added: NULL or another scheduler. */
bool batch_lines_add(struct str *text, const char *scheduler, const struct batch_request *r);

#endif
