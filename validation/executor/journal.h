/* validation/executor/journal.h - writes a run's journal (its lines: traces/run_journal.h).
 *
 * Batch by batch, each in one write; synced to the disk at most every JOURNAL_SYNC_S, which bounds
 * what a crash of the machine can undo. A killed executor loses nothing that was written. Locked
 * while open: no two executors run one folder. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_JOURNAL_H
#define DAGCAST_VALIDATION_EXECUTOR_JOURNAL_H

#include "base/error.h"
#include "base/str.h"
#include "core/timeline.h"
#include "traces/run_journal.h"

#define JOURNAL_SYNC_S 0.1

struct journal;
struct journal *journal_create(const char *path, struct error *err);     /* there must be none */
/* Reads what is there (run_journal_load()), cuts off a half-written last line, and goes on behind
 * it. */
struct journal *journal_resume(const char *path, struct timeline *t, struct run_journal *found,
                               struct error *err);
struct str *journal_batch(struct journal *j);            /* where the next batch collects */
/* Writes the batch. -1: a full disk, ...; the file is as it was before, the batch is kept. */
int journal_write(struct journal *j, double now_s, struct error *err);
/* when what is written should be synced; INFINITY: it is */
double journal_sync_due_s(const struct journal *j);
int journal_sync(struct journal *j, double now_s, struct error *err);
/* NULL allowed; drops a batch that was not written */
void journal_close(struct journal *j);

#endif
