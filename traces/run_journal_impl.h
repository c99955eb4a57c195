/* traces/run_journal_impl.h - what run_journal.c, which reads a journal, and run_journal_line.c,
 * which reads its lines, share. */
#ifndef DAGCAST_TRACES_RUN_JOURNAL_IMPL_H
#define DAGCAST_TRACES_RUN_JOURNAL_IMPL_H

#include "traces/run_journal.h"

/* One line, without its end. False: it is none of a journal of this workflow and platform. */
bool run_journal_read_line(const char *line, struct timeline *t, struct run_journal *j);
/* A line "decided ...": into what is known. False: it cannot be read. */
bool run_journal_read_decided(const char *line, struct outcomes *known);

#endif
