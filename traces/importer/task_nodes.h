/* traces/importer/task_nodes.h - lists of nodes as batch systems write them, with each node's share
 * where the list has it. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_NODES_H
#define DAGCAST_TRACES_IMPORTER_TASK_NODES_H

#include <stdbool.h>
#include <stddef.h>

/* NAN: the list does not give the share. A node may come several times. */
typedef void task_nodes_fn(void *context, const char *name, double cores, double gpus);

/* Calls add() for each node, at most `most` times. Nodes before a mistake have been added. false:
 * not a list, or longer.
 *   Slurm   n[001-003,7],m1 r[1-2]n[01-04]     several brackets multiply; blanks and semicolons may
 *                                              separate too
 *   LSF     42*h01n01:42*h01n02                slots*node
 *   PBS     (n1:ncpus=32:ngpus=4)+(n2:ncpus=32), n1/0*32+n2/1 */
bool task_nodes_read(const char *text, size_t most, task_nodes_fn *add, void *context);

#endif
