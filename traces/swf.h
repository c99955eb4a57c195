/* traces/swf.h - the Standard Workload Format 2.2: a job a line of 18 numbers, facts of the machine
 * in comments behind ';'. */
#ifndef DAGCAST_TRACES_SWF_H
#define DAGCAST_TRACES_SWF_H

#include <stdbool.h>
#include <stddef.h>

enum swf_column {
    SWF_JOB, SWF_SUBMIT, SWF_WAIT, SWF_RUN, SWF_PROCS, SWF_CPU_USED, SWF_MEMORY_USED,
    SWF_PROCS_ASKED, SWF_TIME_ASKED, SWF_MEMORY_ASKED, SWF_STATUS, SWF_USER, SWF_GROUP,
    SWF_EXECUTABLE, SWF_QUEUE, SWF_PARTITION, SWF_PRECEDING, SWF_THINK, SWF_COLUMNS,
};
/* 2 to 4: parts of a job */
enum swf_status {
    SWF_FAILED, SWF_DONE, SWF_PARTIAL, SWF_LAST_PARTIAL, SWF_PARTIAL_FAILED, SWF_CANCELLED,
};

struct swf_reader {
    char *at;                            /* the text that is left; changed as it is read */
    size_t line;                         /* of the last job, from 1 */
    size_t torn, first_torn;             /* lines that are neither; the first of them */
    double max_nodes, max_procs, unix_start_s;           /* as the comments so far say; NAN */
    const char *computer;                /* of the text; NULL: not said */
};

/* `text` ends with a NUL, is changed, and outlives the reader. */
struct swf_reader swf_open(char *text);
/* The next job: all numbers finite and at most 1e12 in size, -1 for what is unknown. false: there
 * is none. */
bool swf_next(struct swf_reader *r, double x[SWF_COLUMNS]);

/* Does a text begin as such a log? Sure: the first line that is not a comment is a job; perhaps: it
 * has comments of such logs. */
enum swf_likeness { SWF_NO, SWF_PERHAPS, SWF_SURE };
enum swf_likeness swf_likeness(const char *head);

#endif
