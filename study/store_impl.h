/* study/store_impl.h - an open store, for what creates, fills and reads it. */
#ifndef DAGCAST_STUDY_STORE_IMPL_H
#define DAGCAST_STUDY_STORE_IMPL_H

#include <sqlite3.h>

#include "study/store.h"

enum { STORE_APPLICATION_ID = 0x44676361 };              /* "Dgca", in the head of the file */

struct store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *insert;
};

/* NULL: it cannot be opened. `flags`: of sqlite3_open_v2(). */
struct store *store_connect(const char *path, int flags, struct error *err);
/* The sentence of what went wrong last; returns -1. */
int store_fail(const struct store *s, struct error *err);
int store_execute(struct store *s, const char *sql, struct error *err);
sqlite3_stmt *store_prepare(struct store *s, const char *sql, struct error *err);  /* or NULL */
/* A text of table `study`; NULL: not there. free() it. */
char *store_study_text(struct store *s, const char *key, struct error *err);
/* Ours, or empty (0 in *ours). -1: another program's. */
int store_look(struct store *s, bool *ours, struct error *err);

#endif
