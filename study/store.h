/* study/store.h - the rows of a sweep in an SQLite file, each there or not, whatever happens.
 *
 * Write-ahead log, one transaction a row unless store_begin() was called: a killed process loses no
 * row that store_put() or store_commit() returned from, and a row's number is its primary key, so
 * none is there twice. (A machine that loses power may lose its last rows; they are run again.)
 * Tables: `study` (key, value), `axes` (position, name), `points` (point, one column an axis,
 * error, profile, one a figure, makespans: doubles). */
#ifndef DAGCAST_STUDY_STORE_H
#define DAGCAST_STUDY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "study/grid.h"
#include "study/result.h"
#include "study/sheet.h"

struct store;
/* New, or one of the same study to go on with. -1: a file that is no store, or that of another
 * study or program version. */
struct store *store_open(const char *path, const struct grid *g, uint64_t study_hash,
                         const char *version, struct error *err);
void store_close(struct store *s);                       /* NULL allowed */
/* `profile`: that "auto" took there (study/sources.h); NULL: none. */
int store_put(struct store *s, const struct grid *g, const struct result *r, const char *profile,
              struct error *err);
/* Rows that are put between them come in one transaction: safe once store_commit() returns. */
int store_begin(struct store *s, struct error *err);
int store_commit(struct store *s, struct error *err);
/* done[point] = true for those there */
int store_mark_done(struct store *s, bool *done, size_t n_points, struct error *err);

/* All rows of a store, to look at. NULL: there is no such file, or it is no store. */
struct sheet *store_load(const char *path, struct error *err);

#endif
