/* traces/queue_history_impl.h - what queue_history.c, which holds the jobs, and queue_rows.c,
 * which reads those of a table, share. */
#ifndef DAGCAST_TRACES_QUEUE_HISTORY_IMPL_H
#define DAGCAST_TRACES_QUEUE_HISTORY_IMPL_H

#include <stddef.h>

#include "traces/queue_history.h"

/* The number of a name in a list, added when it is new; -1: it is empty, or the list is full. */
int queue_history_name(char ***names, size_t *n, const char *name);
void queue_history_add(struct queue_history *h, const struct past_wait *past, int machine,
                       int queue);
/* Adds the jobs of a table; the text is changed. -1: it lacks needed headings. */
int queue_history_read_table(char *text, size_t size, char separator, const char *name,
                             struct queue_history *h, struct error *err);

#endif
