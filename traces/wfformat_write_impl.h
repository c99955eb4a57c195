/* traces/wfformat_write_impl.h - what is written as WfFormat, shared by its parts: the document,
 * its specification, what has no place in it (wfformat_write.c), and the execution
 * (wfformat_write_execution.c). */
#ifndef DAGCAST_TRACES_WFFORMAT_WRITE_IMPL_H
#define DAGCAST_TRACES_WFFORMAT_WRITE_IMPL_H

#include <cjson/cJSON.h>

#include "traces/wfformat_write.h"

struct wfformat_writer {
    const struct workflow *workflow;
    const struct platform *platform;     /* or NULL */
    const struct session *session;       /* or NULL */
    const struct session_files *files;   /* the session's; or NULL */
    const struct timeline *timeline;     /* NULL: no records */
    size_t *record;                      /* of each task; with a timeline */
    char **node_names;
    char **ids;                          /* of each task */
};

/* wfformat_write_execution.c */
/* Each task that ran to an end, or the whole workflow as its description has it; tasks that did not
 * end are noted as lost. */
cJSON *wfformat_executed_tasks(const struct wfformat_writer *o, struct notes *losses);
cJSON *wfformat_machines(const struct wfformat_writer *o);       /* of a platform that there is */
/* The makespan measured or recorded; 0: never run. */
double wfformat_makespan(const struct wfformat_writer *o);
/* Second 0 of the run; 1970 stands for runs that have no date (simulations). */
double wfformat_zero(const struct wfformat_writer *o);
/* "2024-05-01T00:01:40.500000Z"; without a fraction where it is none. Nothing outside of the years
 * that have a date. */
void wfformat_add_date(const char *key, double epoch_s, cJSON *out);

#endif
